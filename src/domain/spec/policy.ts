import type { Hours } from './hours.ts';

/** Keys that a policy may require of a feature. */
export const REQUIRED_KEYS = ['owner', 'steps', 'rollback'] as const;
export type RequiredKey = (typeof REQUIRED_KEYS)[number];

/** Limits for changes of the file, whoever merges them; null or false: no limit. */
export interface Policy {
  largest_raise: {
    /** Percentage points. */
    points: number | null;
    /** Number of subjects that enter. */
    subjects: number | null;
    /** Percentage of the feature's jobs of the last week whose subjects move. */
    job_share: number | null;
  };
  /** Subjects of the largest size may enter only if every smaller size is wholly in. */
  largest_category_last: boolean;
  /** Sorted as in `REQUIRED_KEYS`. */
  require: RequiredKey[];
  /** The hours in which a raise takes effect. */
  hours: Hours | null;
  /** Left out: no proof in another environment is needed. */
  promotes?: Promotes;
}

/** A raise must be proved in another environment first. */
export interface Promotes {
  /** Name of that environment, as in its own file. */
  from: string;
  /** Seconds for which the feature must have been healthy there. */
  soak: number;
}
