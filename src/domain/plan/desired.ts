import type { Refused } from '../policy/refusal.ts';
import type { Resolved } from '../spec/resolve.ts';
import type { Freeze, ResolvedExposure, Spec } from '../spec/spec.ts';

/** One feature as the file has it, its lists resolved against the database. */
export interface DesiredFeature {
  spec: Spec;
  exposure: ResolvedExposure;
  resolved: Resolved;
  /** The incident that the entry resumes, by `resumes:` in the file; null: none. */
  resumes: string | null;
  /** `skip_steps: true` stands beside the change. */
  skips_steps?: boolean;
}

/** What is wrong with a feature's part of the file: the first error, and how many more there are. */
export interface FileErrors {
  /** The included file that it is in; left out: the main file. */
  file?: string;
  /** Null: not known. */
  line: number | null;
  message: string;
  more: number;
}

/** What the file asks for. */
export interface Desired {
  /** Commit the file was read from; null outside a repository. */
  revision: string | null;
  features: ReadonlyMap<string, DesiredFeature>;
  /** Features whose part of the file has errors, with the first of them; they are left as they are. */
  broken: ReadonlyMap<string, FileErrors>;
  /** Features whose change breaks the policy; left out: nobody has judged them. */
  refused?: ReadonlyMap<string, Refused>;
  freeze: readonly Freeze[];
  /** A person answers for a file that is in no commit: it is applied, and lifts no hold. */
  adopted: boolean;
}
