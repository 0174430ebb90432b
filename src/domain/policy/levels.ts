import { isOff } from '../spec/at-most.ts';
import { narrowsAtMost } from '../spec/audience/audience.ts';
import type { Exposure } from '../spec/spec.ts';
import { CATEGORIES, type Category, type SubjectType } from '../spec/vocabulary.ts';

/** An exposure and the kind of its subjects. */
export interface Level {
  exposure: Exposure;
  subject: SubjectType;
}

const EVERY_SIZE: readonly (Category | null)[] = [...CATEGORIES, null];

/**
 * By how many percentage points a change raises a feature for the subjects for whom it raises it most. Subjects that are
 * others altogether (another kind, salt, strategy or group) come from 0, and so do those that a filter begins to admit:
 * the sizes one by one, and all of them where `where` or `not` may admit anybody new.
 */
export function raisedPoints(before: Level | null, after: Level): number {
  const sizes = after.subject === 'repository' ? EVERY_SIZE : [null];
  const points = sizes.map((size) => {
    const from = before && areSame(before, after) ? percentageOf(before.exposure, size) : 0;
    return percentageOf(after.exposure, size) - from;
  });
  return hundredths(Math.max(0, ...points));
}

/** The steps of a plan that a raise leaves out. */
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

/** What a feature is at for subjects of a size that are in no list. */
function percentageOf(exposure: Exposure, size: Category | null): number {
  if (isOff(exposure) || exposure.strategy === 'whitelist') return 0;
  const { categories, percentage } = exposure;
  const admits = categories === null || (size !== null && categories.includes(size));
  return exposure.strategy === 'repository_size' || admits ? percentage : 0;
}

/** Percentages have two decimals; differences of doubles have more. */
function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
