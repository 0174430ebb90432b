import type { Refused } from '../policy/refusal.ts';
import type { Resolved } from '../spec/resolve.ts';
import type { Freeze, ResolvedExposure, Spec } from '../spec/spec.ts';

/** One feature of the file, its lists resolved against the database. */
export interface DesiredFeature {
  spec: Spec;
  exposure: ResolvedExposure;
  resolved: Resolved;
  /** The incident that the entry resumes, from `resumes:` in the file; null: none. */
  resumes: string | null;
  /** The entry has `skip_steps: true`. */
  skips_steps?: boolean;
}

/** Errors in a feature's part of the file: the first one, and the number of others. */
export interface FileErrors {
  /** The included file with the error; left out: the main file. */
  file?: string;
  /** Line of the first error; null: not known. */
  line: number | null;
  message: string;
  more: number;
}

/** The desired state from the file. */
export interface Desired {
  /** Commit of the file; null outside a repository. */
  revision: string | null;
  features: ReadonlyMap<string, DesiredFeature>;
  /** Features whose part of the file has errors, with the first error; they are left unchanged. */
  broken: ReadonlyMap<string, FileErrors>;
  /** Features whose change breaks the policy; left out: not judged. */
  refused?: ReadonlyMap<string, Refused>;
  freeze: readonly Freeze[];
  /** A person adopts a file that is in no commit: it is applied, but lifts no hold. */
  adopted: boolean;
}
