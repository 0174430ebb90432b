import type { CategoryImpact, Impact, MovedSubject } from '../domain/impact.ts';
import type { Exposure } from '../domain/spec.ts';
import type { SubjectType } from '../domain/vocabulary.ts';
import type { Queryable } from './client.ts';

const OFF: Exposure = {
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
  repository: `(select repository_id as id, full_name as name, category, star_count as size from repository_categories)`,
  customer: `(select customer_id as id, name, null::text as category, null::int as size from rollout_customers)`,
};

/** Counts who is in before and after a change, in one pass over the registry. Null stands for "not there". */
export async function countImpact(
  db: Queryable,
  subject: SubjectType,
  before: Exposure | null,
  after: Exposure | null,
): Promise<Impact> {
  const { rows } = await db.query<{ category: string | null; was: boolean; is: boolean; subjects: number }>(
    `select category, ${admits(1)} as was, ${admits(9)} as is, count(*)::float8 as subjects
     from ${REGISTRY[subject]} s group by 1, 2, 3`,
    [...valuesOf(before ?? OFF), ...valuesOf(after ?? OFF)],
  );
  return summarize(rows);
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
    [...valuesOf(before ?? OFF), ...valuesOf(after ?? OFF), limit],
  );
  return rows;
}

/** The call of the SQL definition with the eight fields of an exposure from parameter `first` on. */
export function admits(
  first: number,
  subject = { id: 's.id', name: 's.name', category: 's.category' },
): string {
  const types = ['boolean', 'boolean', 'text', 'numeric', 'text[]', 'text[]', 'text[]', 'text'];
  const parameters = types.map((type, index) => `$${first + index}::${type}`);
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

function summarize(rows: { category: string | null; was: boolean; is: boolean; subjects: number }[]): Impact {
  const impact: Impact = { ...NONE, categories: [] };
  const categories = new Map<string | null, CategoryImpact>();
  for (const { category, was, is, subjects } of rows) {
    const part = categories.get(category) ?? { category, ...NONE };
    categories.set(category, part);
    for (const sum of [impact, part]) {
      sum.total += subjects;
      if (was) sum.before += subjects;
      if (is) sum.after += subjects;
      if (is && !was) sum.entering += subjects;
      if (was && !is) sum.leaving += subjects;
    }
  }
  impact.categories = [...categories.values()];
  return impact;
}

const NONE = { total: 0, before: 0, after: 0, entering: 0, leaving: 0 };
