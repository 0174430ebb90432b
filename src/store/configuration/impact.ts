import { PRIORITY } from '../../domain/eligibility/category.ts';
import {
  type AudienceChange,
  type CategoryImpact,
  type Impact,
  type MovedSubject,
  type TestsChange,
  testsThatDecide,
} from '../../domain/plan/impact.ts';
import { atMost } from '../../domain/spec/at-most.ts';
import { asResolved, type ResolvedExposure } from '../../domain/spec/spec.ts';
import { CATEGORIES, type SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Queryable } from '../db/client.ts';

/** A feature that is not there. */
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

/** The registries under one set of names. */
export const REGISTRY: Record<SubjectType, string> = {
  repository: `(select repository_id as id, full_name as name, category, priority_level as priority, star_count as size from repository_categories)`,
  customer: `(select customer_id as id, name, null::text as category, null::int as priority, null::int as size from rollout_customers)`,
};

/**
 * Counts who is in before and after a change. Where the kind of subjects changes, all of the one kind leave and all
 * of the other enter.
 */
export async function countImpact(db: Queryable, change: AudienceChange): Promise<Impact> {
  const { before, after } = change;
  if (before.subject === after.subject) return summarize(await countParts(db, change));
  const left = await countParts(db, leaving(change));
  const entered = await countParts(db, entering(change));
  const gone = left.filter((part) => part.before > 0).map((part) => ({ ...part, total: 0 }));
  return summarize([...entered, ...gone]);
}

/** The half of a change of kind that ends: the subjects that were in. */
function leaving({ before }: AudienceChange): AudienceChange {
  return { before, after: { ...before, exposure: null }, tests: null };
}

/** The half of a change of kind that begins. */
function entering({ after, tests }: AudienceChange): AudienceChange {
  return { before: { ...after, exposure: null }, after, tests };
}

/**
 * Both audiences of one kind, in one pass over the registry. Null stands for "not there".
 *
 * By `filter`, and not grouped by the two decisions, because PostgreSQL 18 does not look a long list up by hash
 * in what it groups by. A sub-query that works the bucket out once for both would cost the parallel plan.
 */
async function countParts(db: Queryable, change: AudienceChange): Promise<CategoryImpact[]> {
  const { subject } = change.after;
  const [from, to] = [change.before.exposure ?? NOBODY, change.after.exposure ?? NOBODY];
  const tests = testsThatDecide(change);
  const world = worldAfter(subject, tests, 17);
  const [was, is] = [admits(1), admits(9, { ...SUBJECT, category: world.category })];
  // Who is in the narrower one is in both, unless categories change: PostgreSQL counts what it is asked for twice
  // only once.
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

/** A category goes by its priority here: a number is quicker to group by than a text. */
interface Counted {
  priority: number | null;
  total: number;
  before: number;
  after: number;
  both: number;
}

/** The largest subjects that a change moves: by stars, then by id. */
export async function largestMoved(
  db: Queryable,
  change: AudienceChange,
  limit: number,
): Promise<MovedSubject[]> {
  if (change.before.subject === change.after.subject) {
    return (await largestOf(db, change, limit)).map(withoutSize);
  }
  const moved = [
    ...(await largestOf(db, leaving(change), limit)),
    ...(await largestOf(db, entering(change), limit)),
  ];
  // Only repositories have a size: customers come last.
  return moved
    .sort((a, b) => (b.size ?? -1) - (a.size ?? -1) || Number(b.enters) - Number(a.enters))
    .slice(0, limit)
    .map(withoutSize);
}

type Sized = MovedSubject & { size: number | null };

async function largestOf(db: Queryable, change: AudienceChange, limit: number): Promise<Sized[]> {
  const { before, after } = change;
  const world = worldAfter(after.subject, testsThatDecide(change), 18);
  const is = admits(9, { ...SUBJECT, category: world.category });
  const { rows } = await db.query<Sized>(
    `select id, name, category, size, is_in as enters
     from (select id, name, ${world.category} as category, size, ${admits(1)} as was_in, ${is} as is_in from ${world.registry} s) moved
     where was_in <> is_in order by size desc nulls last, id limit $17`,
    [...valuesOf(before.exposure ?? NOBODY), ...valuesOf(after.exposure ?? NOBODY), limit, ...world.values],
  );
  return rows;
}

function withoutSize({ size, ...moved }: Sized): MovedSubject {
  return moved;
}

/**
 * A repository's category once the test repositories are so; parameters: the entries that join or leave, and the list.
 * It categorises those again and nobody else: the expression is that of `categorize_all_repositories`.
 */
export function categoryAfter(first: number): string {
  const named = (parameter: number) => `rollout_is_named(repository_id, full_name, $${parameter}::text[])`;
  return `case when ${named(first)}
    then rollout_category(star_count, contributor_count, pr_count, ${named(first + 1)}) else category end`;
}

/** The registry as it will be after a change, with the category and its priority by then. */
export interface WorldAfter {
  registry: string;
  category: string;
  priority: string;
  /** Of the parameters from the given number on. */
  values: unknown[];
}

export function worldAfter(subject: SubjectType, tests: TestsChange | null, first: number): WorldAfter {
  if (!tests) {
    return { registry: REGISTRY[subject], category: 's.category', priority: 's.priority', values: [] };
  }
  return {
    registry: `(select *, case next ${CATEGORIES.map((name) => `when '${name}' then ${PRIORITY[name]}`).join(' ')} end as next_priority
      from (select repository_id as id, full_name as name, category, star_count as size, ${categoryAfter(first)} as next
        from repository_categories offset 0) r)`,
    category: 's.next',
    priority: 's.next_priority',
    values: [tests.moved, tests.after],
  };
}

const TYPES = ['boolean', 'boolean', 'text', 'numeric', 'text[]', 'text[]', 'text[]', 'text'];

const SUBJECT = { id: 's.id', name: 's.name', category: 's.category' };

/** The call of the SQL definition with the eight fields of an exposure from parameter `first` on. */
export function admits(first: number, subject = SUBJECT): string {
  const parameters = TYPES.map((type, index) => `$${first + index}::${type}`);
  return `rollout_admits(${parameters.join(', ')}, ${subject.id}, ${subject.name}, ${subject.category})`;
}

/** The values of those parameters. */
export function valuesOf(exposure: ResolvedExposure): unknown[] {
  return [
    exposure.active,
    exposure.emergency_stop,
    exposure.strategy,
    exposure.percentage,
    exposure.categories,
    exposure.whitelist,
    exposure.blacklist,
    exposure.salt,
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
