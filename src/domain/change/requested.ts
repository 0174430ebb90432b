import type { Advance } from '../gate/advance.ts';
import type { Breach } from '../policy/breach.ts';

/** The lists of a feature that commands edit. */
export type ListName = 'whitelist' | 'blacklist';
export type ListAction = 'add' | 'remove';

/** How far one feature is resumed. */
export interface Resumed {
  feature: string;
  /** False: the feature was off before the incident, and stays off. */
  active: boolean;
  /** Null where the percentage decides nothing. */
  percentage: number | null;
  /** The open incident that held it, and why; null: only the file had it off. */
  incident: { id: string; reason: string } | null;
  /** What it was before the incident; null: not known. */
  before: { active: boolean; percentage: number } | null;
}

/** A change of the file that was asked for, with the facts of its title, its commit and the question about it. */
export type Requested =
  /** `whitelist`: entries that are exposed at once; 0: nobody is. */
  | { code: 'add'; feature: string; whitelist: number }
  | { code: 'set'; feature: string; from: number; to: number }
  /** `to` is null at the end of the plan and without one; `forced`: the gate would have waited. */
  | {
      code: 'advance';
      feature: string;
      from: number;
      to: number | null;
      gate: Pick<Advance, 'wait' | 'step'>;
      forced: boolean;
    }
  | { code: 'auto_rollback'; feature: string; enabled: boolean }
  | { code: 'list'; list: ListName; action: ListAction; feature: string; entries: readonly string[] }
  | { code: 'test_repositories'; action: 'mark' | 'unmark'; repositories: readonly string[] }
  /** Nobody's resume: there was nothing to do but to lift the stop of everything. */
  | { code: 'resume'; targets: readonly Resumed[] };

/** What a person is asked before exposure is raised. */
export type Asked =
  | Requested
  | { code: 'lift_stop' }
  /** An entry that the policy refused, with what it breaks. */
  | { code: 'allow'; feature: string; breaches: readonly Breach[] }
  /** A file that is in no commit, with the features that it changes; none: test_repositories alone. */
  | { code: 'adopt_file'; path: string; features: readonly string[] }
  /** A subject that is to be erased. */
  | { code: 'forget'; subject: string };

/** Answers a question about a change; false: nothing is done. */
export type Agree = (asked: Asked) => Promise<boolean>;
