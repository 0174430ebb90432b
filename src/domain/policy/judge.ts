import { admitsNobody, atMost, strictlyLess } from '../spec/at-most.ts';
import { openingFrom } from '../spec/hours.ts';
import { type Policy, REQUIRED_KEYS, type RequiredKey } from '../spec/policy.ts';
import type { ResolvedExposure, Spec } from '../spec/spec.ts';
import { CATEGORIES, type Category, type SubjectType } from '../spec/vocabulary.ts';
import type { Breach } from './breach.ts';
import { raisedPoints, skippedSteps } from './levels.ts';
import { type Elsewhere, notProved } from './proof.ts';

/** Subjects of one size, before and after a change. */
export interface SizeCount {
  category: string | null;
  total: number;
  before: number;
  entering: number;
  leaving: number;
  /** Subjects in the blacklist after the change. */
  barred: number;
}

/** Counts for a change. */
export interface Counted {
  /** Counts of entering subjects, in total and by size; null: not counted. */
  counts: { entering: number; sizes: readonly SizeCount[] } | null;
  /** Percentage of the feature's jobs of the last week that belong to moving subjects; null: not counted. */
  job_share: number | null;
  /** State of the feature in the other environment; null or left out: not asked. */
  elsewhere?: Elsewhere | null;
}

/** A change of one feature, as input of a policy. */
export interface JudgedChange extends Counted {
  /** Exposure in the database, lists resolved; null: a new feature. */
  before: ResolvedExposure | null;
  subject_before: SubjectType | null;
  /** The last reconciled spec; null: none. */
  spec_before: Spec | null;
  /** Exposure and spec after the change. */
  after: ResolvedExposure;
  spec: Spec;
  /** The entry has `skip_steps: true`. */
  skips_steps: boolean;
}

/**
 * Returns every breach of the policy by a change. A change that lowers exposure breaches nothing, whatever else it
 * does: safety is never refused. With `now` null the hours are not checked, because nobody knows yet when the change
 * will be merged.
 */
export function judgePolicy(policy: Policy, change: JudgedChange, now: Date | null): Breach[] {
  const { before, after, subject_before, spec } = change;
  if (!isJudged(change)) return [];
  if (!raises({ before, after, subject_before, subject: spec.subject })) {
    return missingKeys(policy, change, false);
  }
  return [
    ...tooMuch(policy, change),
    ...largestFirst(policy, change),
    ...missingKeys(policy, change, true),
    ...leftOut(policy, change),
    ...notProved(policy.promotes, spec, change.elsewhere ?? null),
    ...outsideHours(policy, now),
  ];
}

/** May the change admit a subject that was not in? Subjects of another type are all new, whatever the percentage. */
export function raises({
  before,
  after,
  subject_before,
  subject,
}: Pick<JudgedChange, 'before' | 'after' | 'subject_before'> & { subject: SubjectType }): boolean {
  if (before === null || (subject_before !== null && subject_before !== subject)) return !admitsNobody(after);
  return !atMost(after, before);
}

/** Is the policy applied? Not to a change that only lowers exposure. */
function isJudged({ before, after, subject_before, spec }: JudgedChange): boolean {
  return before === null || !strictlyLess(after, before) || subject_before !== spec.subject;
}

function tooMuch(policy: Policy, change: JudgedChange): Breach[] {
  const most = policy.largest_raise;
  const { before, subject_before, after, spec, counts, job_share } = change;
  const from = before && { exposure: before, subject: subject_before ?? spec.subject };
  const points = raisedPoints(from, { exposure: after, subject: spec.subject });
  return [
    ...(most.points !== null && points > most.points
      ? [{ code: 'points', points, most: most.points } as const]
      : []),
    ...largeRaise(policy, counts?.entering ?? 0, job_share ?? 0),
  ];
}

/**
 * Checks the number of entering subjects and the percentage of the last week's jobs that move against the limits of one
 * raise.
 */
export function largeRaise({ largest_raise: most }: Policy, subjects: number, share: number): Breach[] {
  return [
    ...(most.subjects !== null && subjects > most.subjects
      ? [{ code: 'subjects', subjects, most: most.subjects } as const]
      : []),
    ...(most.job_share !== null && share > most.job_share
      ? [{ code: 'job_share', share, most: most.job_share } as const]
      : []),
  ];
}

function largestFirst({ largest_category_last }: Policy, { counts }: JudgedChange): Breach[] {
  if (!largest_category_last || !counts) return [];
  const sizes = CATEGORIES.flatMap((category) => {
    const count = counts.sizes.find((one) => one.category === category);
    return count && count.total > 0 ? [{ ...count, category }] : [];
  });
  const largest = sizes.at(-1);
  if (!largest || largest.entering === 0) return [];
  // Blacklisted subjects never enter, so a size is wholly in without them.
  const waiting: Category[] = sizes
    .slice(0, -1)
    .filter(({ before, leaving, barred, total }) => before - leaving + barred < total)
    .map(({ category }) => category);
  return waiting.length === 0 ? [] : [{ code: 'largest_category', category: largest.category, waiting }];
}

/** A raise needs every required key; a change that raises nothing must not remove one. */
function missingKeys(policy: Policy, { spec, spec_before }: JudgedChange, raises: boolean): Breach[] {
  return REQUIRED_KEYS.filter(
    (key) =>
      policy.require.includes(key) &&
      !hasKey(spec, key) &&
      (raises || (spec_before !== null && hasKey(spec_before, key))),
  ).map((key) => ({ code: 'missing_key', key }));
}

/** Does a feature have the property of a required key, by its own entry or by the defaults? */
export function hasKey(spec: Pick<Spec, 'owner' | 'steps' | 'rollback'>, key: RequiredKey): boolean {
  switch (key) {
    case 'owner':
      return spec.owner !== null;
    case 'steps':
      return spec.steps.length > 0;
    case 'rollback':
      return spec.rollback.enabled;
  }
}

function leftOut({ require }: Policy, { before, spec, skips_steps }: JudgedChange): Breach[] {
  if (!require.includes('steps') || skips_steps) return [];
  const steps = skippedSteps(before, spec);
  return steps.length === 0 ? [] : [{ code: 'skips_steps', to: spec.percentage, steps }];
}

export function outsideHours({ hours }: Policy, now: Date | null): Breach[] {
  if (hours === null || now === null) return [];
  const opens = openingFrom(hours, now);
  return opens <= now ? [] : [{ code: 'outside_hours', opens, zone: hours.zone }];
}
