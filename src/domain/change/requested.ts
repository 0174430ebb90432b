import type { Advance } from '../gate/advance.ts';
import type { Breach } from '../policy/breach.ts';

/** The lists of a feature that commands edit. */
export type ListName = 'whitelist' | 'blacklist';
export type ListAction = 'add' | 'remove';

/** How far one feature is resumed, and from which state. */
export interface Resumed {
  feature: string;
  /** False: the feature was off before the incident, and stays off. */
  active: boolean;
  /** Percentage to resume at; null if the percentage decides nothing. */
  percentage: number | null;
  /** The open incident that held it, and why; null: only the file had it off. */
  incident: { id: string; reason: string } | null;
  /** State before the incident; null: not known. */
  before: { active: boolean; percentage: number } | null;
}

/** A requested change of the file, with the facts for its title, its commit and its confirmation question. */
export type Requested =
  /** `whitelist`: number of entries that are exposed at once; 0: none. */
  | { code: 'add'; feature: string; whitelist: number }
  | { code: 'set'; feature: string; from: number; to: number }
  /** `to` is null at the end of the plan and for a feature without a plan; `forced`: the gate was skipped. */
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
  /** Empty `targets`: only the global stop was lifted. */
  | { code: 'resume'; targets: readonly Resumed[] };

/** A question that a person must confirm before exposure is raised or something cannot be undone. */
export type Asked =
  | Requested
  | { code: 'lift_stop' }
  /** An entry that the policy refused, with its breaches. */
  | { code: 'allow'; feature: string; breaches: readonly Breach[] }
  /** A file that is in no commit, with the features that it changes; empty: it changes only test_repositories. */
  | { code: 'adopt_file'; path: string; features: readonly string[] }
  /** A subject that is to be erased. */
  | { code: 'forget'; subject: string };

/** Asks a person to confirm a change; false: do nothing. */
export type Agree = (asked: Asked) => Promise<boolean>;
