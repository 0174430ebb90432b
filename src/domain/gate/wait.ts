import type { CostProblem } from '../evidence/cost.ts';
import type { Excess } from '../evidence/spending.ts';
import type { Verdict } from '../health/judgement.ts';
import type { DayObstacle } from '../spec/days.ts';

/**
 * Why a feature does not go to its next step now: the first obstacle, with its facts. Sentences are made by the
 * reader's side.
 */
export type Wait =
  | { code: 'no_steps' }
  | { code: 'last_step' }
  | { code: 'held' }
  | { code: 'paused' }
  /** `to` is the last day of the freeze; `reason` is the file's. */
  | { code: 'freeze'; to: string; reason: string }
  | DayObstacle
  /** The feature is not healthy; `reason` comes from its judgement. */
  | { code: 'verdict'; verdict: Verdict; reason: string }
  /** Finished treatment jobs of the step, and the number that a judgement needs. */
  | { code: 'few_jobs'; jobs: number; needed: number }
  /** The share of the step's failed jobs exceeds `advance_error_rate`, in percent. */
  | { code: 'failing'; jobs: number; errors: number; limit: number }
  | { code: 'soak'; left_seconds: number }
  | Silence
  /** At present traffic the next step would cost more than `budget` allows. */
  | ({ code: 'over_budget' } & Excess)
  /** There is a budget, but the cost of the next step is not known. */
  | { code: 'cost_unknown'; problem: CostProblem }
  /** Only the time of day or week is wrong; `opens` is when the hours begin. */
  | { code: 'hours'; opens: Date; zone: string }
  /** Every condition holds; `advance: manual` leaves the step to a person. */
  | { code: 'person'; percentage: number };

/** Why a quiet soak counts as silence. */
export type Silence =
  | { code: 'no_job_of_step' }
  /** Age of the newest job, from the end of its window, and the largest allowed age. */
  | { code: 'newest_job_old'; age_seconds: number; most_seconds: number }
  /** Hours of the soak with a job, out of those that had one on the day before. */
  | { code: 'silent_hours'; heard: number; expected: number };

/** Does the gate wait for nothing, or only for a person? */
export function waitsForNobodyElse(wait: Wait | null): boolean {
  return wait === null || wait.code === 'person';
}
