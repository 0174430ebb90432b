import { PRIORITY } from '../domain/category.ts';
import type { CategoryImpact, Impact, MovedSubject } from '../domain/impact.ts';
import { narrower } from '../domain/narrower.ts';
import type { Exposure } from '../domain/spec.ts';
import { CATEGORIES, type SubjectType } from '../domain/vocabulary.ts';
import type { Queryable } from './client.ts';

/** A feature that is not there. */
export const NOBODY: Exposure = {
  active: false,
  emergency_stop: false,
  strategy: 'percentage',
  percentage: 0,
  categories: null,
  whitelist: [],
  blacklist: [],
  salt: '',
};

/** The registries under one set of names. */
export const REGISTRY: Record<SubjectType, string> = {
  repository: `(select repository_id as id, full_name as name, category, priority_level as priority, star_count as size from repository_categories)`,
  customer: `(select customer_id as id, name, null::text as category, null::int as priority, null::int as size from rollout_customers)`,
};

/**
 * Counts who is in before and after a change, in one pass over the registry. Null stands for "not there".
 *
 * By `filter`, and not grouped by the two decisions, because PostgreSQL 18 does not look a long list up by hash
 * in what it groups by. A sub-query that works the bucket out once for both would cost the parallel plan.
 */
export async function countImpact(
  db: Queryable,
  subject: SubjectType,
  before: Exposure | null,
  after: Exposure | null,
): Promise<Impact> {
  const [from, to] = [before ?? NOBODY, after ?? NOBODY];
  const [was, is] = [admits(1), admits(9)];
  // Who is in the narrower one is in both: PostgreSQL counts what it is asked for twice only once.
  const both = narrower(from, to) ? was : narrower(to, from) ? is : `${was} and ${is}`;
  const { rows } = await db.query<Counted>(
    `select priority, count(*)::float8 as total, count(*) filter (where ${was})::float8 as before,
       count(*) filter (where ${is})::float8 as after, count(*) filter (where ${both})::float8 as both
     from ${REGISTRY[subject]} s group by priority`,
    [...valuesOf(from), ...valuesOf(to)],
  );
  return summarize(
    rows.map(({ both, priority, ...part }) => ({
      category: CATEGORIES.find((category) => PRIORITY[category] === priority) ?? null,
      ...part,
      entering: part.after - both,
      leaving: part.before - both,
    })),
  );
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
  subject: SubjectType,
  before: Exposure | null,
  after: Exposure | null,
  limit: number,
): Promise<MovedSubject[]> {
  const { rows } = await db.query<MovedSubject>(
    `select id, name, category, is_in as enters
     from (select id, name, category, size, ${admits(1)} as was_in, ${admits(9)} as is_in from ${REGISTRY[subject]} s) moved
     where was_in <> is_in order by size desc nulls last, id limit $17`,
    [...valuesOf(before ?? NOBODY), ...valuesOf(after ?? NOBODY), limit],
  );
  return rows;
}

const TYPES = ['boolean', 'boolean', 'text', 'numeric', 'text[]', 'text[]', 'text[]', 'text'];

/** The call of the SQL definition with the eight fields of an exposure from parameter `first` on. */
export function admits(
  first: number,
  subject = { id: 's.id', name: 's.name', category: 's.category' },
): string {
  const parameters = TYPES.map((type, index) => `$${first + index}::${type}`);
  return `rollout_admits(${parameters.join(', ')}, ${subject.id}, ${subject.name}, ${subject.category})`;
}

/** The values of those parameters. */
export function valuesOf(exposure: Exposure): unknown[] {
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
