import { PRIORITY } from '../../domain/eligibility/category.ts';
import {
  type Audience,
  type AudienceChange,
  type CategoryImpact,
  type Impact,
  type TestsChange,
  testsThatDecide,
} from '../../domain/plan/impact.ts';
import { atMost } from '../../domain/spec/at-most.ts';
import { asResolved, type ResolvedExposure } from '../../domain/spec/spec.ts';
import { CATEGORIES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { audienceColumns } from '../db/audience.ts';
import type { Queryable } from '../db/client.ts';

/** The exposure of a feature that does not exist. */
export const NOBODY = asResolved({
  active: false,
  emergency_stop: false,
  strategy: 'percentage',
  percentage: 0,
  categories: null,
  whitelist: [],
  blacklist: [],
  salt: '',
});

/** SQL that gives both registries the same column names. */
export const REGISTRY: Record<SubjectType, string> = {
  repository: `(select repository_id as id, full_name as name, category, priority_level as priority, star_count as size, facts from repository_categories)`,
  customer: `(select customer_id as id, name, null::text as category, null::int as priority, null::int as size, facts from rollout_customers)`,
};

/**
 * Counts eligible subjects before and after each of these changes. If one of two audiences lies within the other, they
 * are counted separately: all of these in one pass over the registry, or without a pass if their counts are stored.
 */
export async function countImpacts(db: Queryable, changes: readonly AudienceChange[]): Promise<Impact[]> {
  const apart = changes.flatMap((change, place) => (isNested(change) ? [{ change, place }] : []));
  const sides = apart.flatMap(({ change: { before, after } }) => [before, after]);
  const counts = sides.length === 0 ? [] : await countAudiences(db, sides);
  const known = new Map(
    apart.map(({ place }, nth) => [place, bothCounted(counts[2 * nth] ?? [], counts[2 * nth + 1] ?? [])]),
  );
  const impacts: Impact[] = [];
  for (const [place, change] of changes.entries()) {
    const parts = known.get(place);
    const { subject } = change.after;
    impacts.push(
      parts ? summarize(parts.map((part) => ({ subject, ...part }))) : await countImpact(db, change),
    );
  }
  return impacts;
}

/** Does one of the two audiences contain the other, in the same registry? */
function isNested(change: AudienceChange): boolean {
  const { before, after } = change;
  if (before.subject !== after.subject || testsThatDecide(change)) return false;
  const [from, to] = [before.exposure ?? NOBODY, after.exposure ?? NOBODY];
  return atMost(from, to) || atMost(to, from);
}

/** The database's answer for one audience. */
interface Sized {
  category: string | null;
  eligible: number;
  total: number;
}

/** Counts the subjects that each audience admits per category, in the order of the audiences. */
async function countAudiences(db: Queryable, audiences: readonly Audience[]): Promise<Sized[][]> {
  const { rows } = await db.query<Sized & { place: number }>(
    `select place, category, eligible::float8, total::float8 from rollout_count_audiences($1)`,
    [exposuresOf(audiences)],
  );
  const counts = audiences.map((): Sized[] => []);
  for (const { place, ...count } of rows) counts[place - 1]?.push(count);
  return counts;
}

/** Converts audiences to the argument of `rollout_audiences`. */
export function exposuresOf(audiences: readonly Audience[]): string {
  return JSON.stringify(audiences.map(({ subject, exposure }) => ({ ...(exposure ?? NOBODY), subject })));
}

function bothCounted(before: readonly Sized[], after: readonly Sized[]): Omit<CategoryImpact, 'subject'>[] {
  return after.map(({ category, total, eligible }) => {
    const was = before.find((one) => one.category === category)?.eligible ?? 0;
    return {
      ...{ category, total, before: was, after: eligible },
      ...{ entering: Math.max(0, eligible - was), leaving: Math.max(0, was - eligible) },
    };
  });
}

/**
 * Counts eligible subjects before and after a change. If the subject type changes, all of the old type leave and all of
 * the new one enter.
 */
export async function countImpact(db: Queryable, change: AudienceChange): Promise<Impact> {
  const { before, after } = change;
  if (before.subject === after.subject) return summarize(await countParts(db, change));
  const left = await countParts(db, leaving(change));
  const entered = await countParts(db, entering(change));
  const gone = left.filter((part) => part.before > 0).map((part) => ({ ...part, total: 0 }));
  return summarize([...entered, ...gone]);
}

/** The leaving half of a change of subject type: the subjects that were in. */
export function leaving({ before }: AudienceChange): AudienceChange {
  return { before, after: { ...before, exposure: null }, tests: null };
}

/** The entering half of a change of subject type. */
export function entering({ after, tests }: AudienceChange): AudienceChange {
  return { before: { ...after, exposure: null }, after, tests };
}

/**
 * Counts both audiences of one subject type in one pass over the registry. Null stands for an absent feature.
 *
 * Uses `filter` instead of grouping by the two decisions, because PostgreSQL 18 does not hash a long list inside a
 * grouping expression. A sub-query that computes the bucket once for both would lose the parallel plan.
 */
async function countParts(db: Queryable, change: AudienceChange): Promise<CategoryImpact[]> {
  const { subject } = change.after;
  const [from, to] = [change.before.exposure ?? NOBODY, change.after.exposure ?? NOBODY];
  const tests = testsThatDecide(change);
  const world = worldAfter(subject, tests, 19);
  const [was, is] = [admits(1), admits(10, { ...SUBJECT, category: world.category })];
  // A subject in the narrower audience is in both, unless categories change: PostgreSQL evaluates an identical
  // aggregate only once.
  const nested = tests ? null : atMost(from, to) ? was : atMost(to, from) ? is : null;
  const { rows } = await db.query<Counted>(
    `select ${world.priority} as priority, count(*)::float8 as total, count(*) filter (where ${was})::float8 as before,
       count(*) filter (where ${is})::float8 as after, count(*) filter (where ${nested ?? `${was} and ${is}`})::float8 as both
     from ${world.registry} s group by ${world.priority}`,
    [...valuesOf(from), ...valuesOf(to), ...world.values],
  );
  return rows.map(({ both, priority, ...part }) => ({
    subject,
    category: CATEGORIES.find((category) => PRIORITY[category] === priority) ?? null,
    ...part,
    entering: part.after - both,
    leaving: part.before - both,
  }));
}

/** Categories are represented by priority: grouping by a number is faster than by a text. */
interface Counted {
  priority: number | null;
  total: number;
  before: number;
  after: number;
  both: number;
}

/**
 * Returns SQL for a repository's category once the test repositories have changed; parameters: the entries that join or
 * leave, and the list. It recategorises only those entries, with the expression of `categorize_all_repositories`.
 */
export function categoryAfter(first: number): string {
  const named = (parameter: number) => `rollout_is_named(repository_id, full_name, $${parameter}::text[])`;
  return `case when ${named(first)}
    then rollout_category(star_count, contributor_count, pr_count, ${named(first + 1)}) else category end`;
}

/** The registry after a change, with the new category and priority. */
export interface WorldAfter {
  registry: string;
  category: string;
  priority: string;
  /** Values of the parameters from the given number on. */
  values: unknown[];
}

export function worldAfter(subject: SubjectType, tests: TestsChange | null, first: number): WorldAfter {
  if (!tests) {
    return { registry: REGISTRY[subject], category: 's.category', priority: 's.priority', values: [] };
  }
  return {
    registry: `(select *, case next ${CATEGORIES.map((name) => `when '${name}' then ${PRIORITY[name]}`).join(' ')} end as next_priority
      from (select repository_id as id, full_name as name, category, star_count as size, facts, ${categoryAfter(first)} as next
        from repository_categories offset 0) r)`,
    category: 's.next',
    priority: 's.next_priority',
    values: [tests.moved, tests.after],
  };
}

/** Fields of an exposure, in the parameter order of the SQL definition. */
export const FIELDS = [
  ...[
    'active',
    'emergency_stop',
    'strategy',
    'percentage',
    'categories',
    'whitelist',
    'blacklist',
    'salt',
    'audience',
  ],
];
/** SQL types of these fields. */
export const TYPES = ['boolean', 'boolean', 'text', 'numeric', 'text[]', 'text[]', 'text[]', 'text', 'jsonb'];

export const SUBJECT = { id: 's.id', name: 's.name', category: 's.category', facts: 's.facts' };

/** Returns the call of the SQL definition with the nine columns of an exposure from parameter `first` on. */
export function admits(first: number, subject = SUBJECT): string {
  const parameters = TYPES.map((type, index) => `$${first + index}::${type}`);
  return `rollout_admits(${parameters.join(', ')}, ${subject.id}, ${subject.name}, ${subject.category}, ${subject.facts})`;
}

/** Returns the values of these parameters. */
export function valuesOf(exposure: ResolvedExposure): unknown[] {
  const columns = audienceColumns(exposure);
  return [
    exposure.active,
    exposure.emergency_stop,
    columns.strategy,
    exposure.percentage,
    exposure.categories,
    columns.whitelist,
    columns.blacklist,
    exposure.salt,
    columns.audience && JSON.stringify(columns.audience),
  ];
}

function summarize(categories: CategoryImpact[]): Impact {
  const impact: Impact = { ...NONE, categories };
  for (const part of categories) {
    for (const count of COUNTS) impact[count] += part[count];
  }
  return impact;
}

const COUNTS = ['total', 'before', 'after', 'entering', 'leaving'] as const;
const NONE = { total: 0, before: 0, after: 0, entering: 0, leaving: 0 };
