import type { Hours } from './hours.ts';

/** Keys that a policy may require of a feature. */
export const REQUIRED_KEYS = ['owner', 'steps', 'rollback'] as const;
export type RequiredKey = (typeof REQUIRED_KEYS)[number];

/** Limits for changes of the file, whoever merges them; null or false: no limit. */
export interface Policy {
  largest_raise: {
    /** Limit of a raise in percentage points. */
    points: number | null;
    /** Limit of subjects that enter by one raise. */
    subjects: number | null;
    /** Limit, in percent, of the feature's jobs of the last week whose subjects move by one raise. */
    job_share: number | null;
  };
  /** Subjects of the largest size may enter only if every smaller size is wholly in. */
  largest_category_last: boolean;
  /** Sorted as in `REQUIRED_KEYS`. */
  require: RequiredKey[];
  /** The hours in which a raise takes effect. */
  hours: Hours | null;
  /** Required proof in another environment; left out: none. */
  promotes?: Promotes;
}

/** A raise must be proved in another environment first. */
export interface Promotes {
  /** Name of that environment, as in its own file. */
  from: string;
  /** Seconds for which the feature must have been healthy there. */
  soak: number;
}
