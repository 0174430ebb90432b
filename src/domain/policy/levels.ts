import { isOff } from '../spec/at-most.ts';
import { narrowsAtMost } from '../spec/audience/audience.ts';
import type { Exposure } from '../spec/spec.ts';
import { CATEGORIES, type Category, type SubjectType } from '../spec/vocabulary.ts';

/** An exposure and its subject type. */
export interface Level {
  exposure: Exposure;
  subject: SubjectType;
}

const EVERY_SIZE: readonly (Category | null)[] = [...CATEGORIES, null];

/**
 * Returns the percentage points of a raise, for the subjects that it raises most. Entirely different subjects (another
 * type, salt, strategy or group) come from 0, and so do those that a filter newly admits: per size, and all of them if
 * `where` or `not` may admit new ones.
 */
export function raisedPoints(before: Level | null, after: Level): number {
  const sizes = after.subject === 'repository' ? EVERY_SIZE : [null];
  const points = sizes.map((size) => {
    const from = before && areSame(before, after) ? percentageOf(before.exposure, size) : 0;
    return percentageOf(after.exposure, size) - from;
  });
  return hundredths(Math.max(0, ...points));
}

/** Returns the steps of a plan that a raise skips. */
export function skippedSteps(
  before: Exposure | null,
  after: Exposure & { steps: readonly { percentage: number }[] },
): number[] {
  if (isOff(after) || after.strategy === 'whitelist') return [];
  const from = before === null || isOff(before) ? 0 : before.percentage;
  return after.steps
    .map(({ percentage }) => percentage)
    .filter((step) => step > from && step < after.percentage);
}

function areSame(one: Level, other: Level): boolean {
  const { salt, strategy, group_by } = one.exposure;
  return (
    one.subject === other.subject &&
    salt === other.exposure.salt &&
    strategy === other.exposure.strategy &&
    group_by === other.exposure.group_by &&
    narrowsAtMost(other.exposure, one.exposure)
  );
}

/** Returns a feature's percentage for unlisted subjects of a size. */
function percentageOf(exposure: Exposure, size: Category | null): number {
  if (isOff(exposure) || exposure.strategy === 'whitelist') return 0;
  const { categories, percentage } = exposure;
  const admits = categories === null || (size !== null && categories.includes(size));
  return exposure.strategy === 'repository_size' || admits ? percentage : 0;
}

/** Rounds to two decimals: percentages have two, but differences of doubles have more. */
function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
