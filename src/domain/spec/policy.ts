import type { Hours } from './hours.ts';

/** Keys that a policy may require of a feature. */
export const REQUIRED_KEYS = ['owner', 'steps', 'rollback'] as const;
export type RequiredKey = (typeof REQUIRED_KEYS)[number];

/** What no change of the file may do, whoever merges it; null or false: no limit. */
export interface Policy {
  largest_raise: {
    /** Percentage points. */
    points: number | null;
    /** Subjects that enter. */
    subjects: number | null;
    /** Percent of the feature's jobs of the last week, run by subjects that the change moves. */
    job_share: number | null;
  };
  /** Subjects of the largest size enter only where every smaller one is wholly in. */
  largest_category_last: boolean;
  /** Sorted as in `REQUIRED_KEYS`. */
  require: RequiredKey[];
  /** The hours in which a raise takes effect. */
  hours: Hours | null;
  /** Left out: nothing has to be proved elsewhere first. */
  promotes?: Promotes;
}

/** A raise has to be proved in another environment first. */
export interface Promotes {
  /** Name of that environment, as its own file has it. */
  from: string;
  /** Seconds for which the feature must have been healthy there. */
  soak: number;
}
