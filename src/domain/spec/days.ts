import { isOff } from './at-most.ts';
import { dayIn } from './hours.ts';
import type { Spec } from './spec.ts';

type Days = Pick<Spec, 'not_before' | 'cutoff' | 'hours'>;

/** A date in the file that keeps a feature from its next step. */
export interface DayObstacle {
  /** `not_before`: the day has not come yet. `cutoff`: the day has passed. */
  code: 'not_before' | 'cutoff';
  /** YYYY-MM-DD */
  day: string;
}

/** Returns why no step may be taken on the day of `now`; null: a step may be taken. */
export function dayObstacle(spec: Days, now: Date): DayObstacle | null {
  const { not_before, cutoff } = spec;
  if (cutoff === undefined && not_before === undefined) return null;
  // Days in this form sort as text.
  const today = dayIn(spec.hours?.zone ?? 'UTC', now);
  if (cutoff !== undefined && today > cutoff) return { code: 'cutoff', day: cutoff };
  return not_before !== undefined && today < not_before ? { code: 'not_before', day: not_before } : null;
}

/**
 * Returns the cutoff that passed before the feature was at 100%; null: none has passed, or the file admits nobody.
 * `spec` is the file's: a rolled-back feature is late as well.
 */
export function missedCutoff(spec: Spec, now: Date): string | null {
  if (spec.strategy === 'whitelist' || isOff(spec) || spec.percentage >= 100) return null;
  const obstacle = dayObstacle(spec, now);
  return obstacle?.code === 'cutoff' ? obstacle.day : null;
}
