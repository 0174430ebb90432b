import type { Verdict } from '../health/judgement.ts';
import type { DayObstacle } from '../spec/days.ts';

/**
 * Why a feature does not go to its next step now: the first obstacle, with its facts. The words for it are made where
 * it is read.
 */
export type Wait =
  | { code: 'no_steps' }
  | { code: 'last_step' }
  | { code: 'held' }
  | { code: 'paused' }
  /** `to` is the last day of the freeze, `reason` the file's. */
  | { code: 'freeze'; to: string; reason: string }
  | DayObstacle
  /** The feature is not healthy; `reason` is that of its judgement. */
  | { code: 'verdict'; verdict: Verdict; reason: string }
  /** Finished treatment jobs of the step, and those that a judgement needs. */
  | { code: 'few_jobs'; jobs: number; needed: number }
  /** More of the step's jobs failed than `advance_error_rate`, in percent, allows. */
  | { code: 'failing'; jobs: number; errors: number; limit: number }
  | { code: 'soak'; left_seconds: number }
  | Silence
  /** Everything is right but the time of day or week; `opens` is when the hours begin. */
  | { code: 'hours'; opens: Date; zone: string }
  /** Everything is right; `advance: manual` leaves the step to a person. */
  | { code: 'person'; percentage: number };

/** Why a quiet soak is silence and not health. */
export type Silence =
  | { code: 'no_job_of_step' }
  /** Age of the newest job at the end of its window, and the most that it may be. */
  | { code: 'newest_job_old'; age_seconds: number; most_seconds: number }
  /** Hours of the soak with a job, of those that had one the day before. */
  | { code: 'silent_hours'; heard: number; expected: number };

/** Does the gate wait for nothing, or for nothing but a person? */
export function waitsForNobodyElse(wait: Wait | null): boolean {
  return wait === null || wait.code === 'person';
}
