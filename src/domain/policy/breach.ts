import type { RequiredKey } from '../spec/policy.ts';
import type { Category } from '../spec/vocabulary.ts';

/** One way in which a change breaks the policy, with its facts. */
export type Breach =
  | { code: 'points'; points: number; most: number }
  /** `subjects`: number of subjects that enter. */
  | { code: 'subjects'; subjects: number; most: number }
  /** Percentage of the jobs of the last week. */
  | { code: 'job_share'; share: number; most: number }
  /** Subjects of `category`, the largest, enter, although those of `waiting` are not all in. */
  | { code: 'largest_category'; category: Category; waiting: readonly Category[] }
  | { code: 'missing_key'; key: RequiredKey }
  /** Steps of its plan that a raise skips, although the policy requires steps. */
  | { code: 'skips_steps'; to: number; steps: readonly number[] }
  /** The raise takes effect when the hours begin. */
  | { code: 'outside_hours'; opens: Date; zone: string }
  /** The environment `from` has not proved the change. */
  | { code: 'not_proved'; from: string; because: Unproved };

/** Why a change counts as not proved. */
export type Unproved =
  | { code: 'unknown'; why: string }
  | { code: 'absent' }
  | { code: 'differs'; fields: readonly string[] }
  | { code: 'off' }
  | { code: 'unhealthy'; verdict: string | null }
  | { code: 'old'; seconds: number }
  | { code: 'young'; seconds: number; soak: number };

/** Do all of these breaches end by themselves, with time? */
export function onlyWaits(breaches: readonly Breach[]): boolean {
  return breaches.length > 0 && breaches.every(endsByItself);
}

function endsByItself(breach: Breach): boolean {
  return breach.code === 'outside_hours' || (breach.code === 'not_proved' && breach.because.code === 'young');
}
