import type { RequiredKey } from '../spec/policy.ts';
import type { Category } from '../spec/vocabulary.ts';

/** One way in which a change breaks the policy, with its facts. */
export type Breach =
  | { code: 'points'; points: number; most: number }
  /** `subjects` enter. */
  | { code: 'subjects'; subjects: number; most: number }
  /** Percent of the jobs of the last week. */
  | { code: 'job_share'; share: number; most: number }
  /** Subjects of `category`, the largest, enter; those of `waiting` are not all in. */
  | { code: 'largest_category'; category: Category; waiting: readonly Category[] }
  | { code: 'missing_key'; key: RequiredKey }
  /** Own steps that a raise leaves out, where the policy requires steps. */
  | { code: 'skips_steps'; to: number; steps: readonly number[] }
  /** It takes effect when the hours begin. */
  | { code: 'outside_hours'; opens: Date; zone: string }
  /** Nothing proves it in the environment `from`. */
  | { code: 'not_proved'; from: string; because: Unproved };

/** Why a feature counts as not proved. */
export type Unproved =
  | { code: 'unknown'; why: string }
  | { code: 'absent' }
  | { code: 'differs'; fields: readonly string[] }
  | { code: 'off' }
  | { code: 'unhealthy'; verdict: string | null }
  | { code: 'old'; seconds: number }
  | { code: 'young'; seconds: number; soak: number };

/** Does everything that is wrong end by itself, with time? */
export function onlyWaits(breaches: readonly Breach[]): boolean {
  return breaches.length > 0 && breaches.every(endsByItself);
}

function endsByItself(breach: Breach): boolean {
  return breach.code === 'outside_hours' || (breach.code === 'not_proved' && breach.because.code === 'young');
}
