import { CATEGORIES, type Category, type SubjectType } from '../../domain/spec/vocabulary.ts';
import { textArray } from '../db/arrays.ts';
import { type Queryable, soonAnswered } from '../db/client.ts';
import { translated } from '../db/driver-errors.ts';

/** Repositories of one category, each as the 8 bytes of its id's hash, high half first. */
export interface CategoryHashes {
  category: Category | null;
  hashes: Buffer;
}

export interface RegistryReading {
  /** Of every repository, or of those whose row was written since. */
  changed: CategoryHashes[];
  /** How many repositories have each category now. */
  counts: ReadonlyMap<Category, number>;
  /** As in `RuntimeState`. */
  horizon: string;
}

/** A scan of millions of rows. */
const SCAN_MS = 120_000;

/**
 * The categories of all repositories in one scan and one row a category. PostgreSQL hashes the ids: a million are
 * 8 MB on their way and in memory here, where the ids themselves would be a hundred.
 *
 * `seed` is what the hashes are of; with `since`, the horizon of an earlier reading, only what was written after it
 * is sent. What was deleted shows in the counts alone.
 */
export async function readCategories(
  db: Queryable,
  seed: bigint,
  since: string | null,
): Promise<RegistryReading> {
  const { rows } = await translated(() =>
    db.query<{ horizon: string; category: Category | null; count: number | null; hashes: Buffer | null }>(
      soonAnswered(
        {
          text: `select pg_snapshot_xmin(pg_current_snapshot())::xid::text as horizon, r.category, r.count, r.hashes
        from (select 1) once
        left join (
          select category, count(*)::float8 as count,
            string_agg(int8send(hashtextextended(repository_id, $1::bigint)), '')
              filter (where $2::xid is null or age(xmin) <= age($2::xid)) as hashes
          from repository_categories group by category
        ) r on true`,
          values: [seed.toString(), since],
        },
        SCAN_MS,
      ),
    ),
  );
  const counts = new Map<Category, number>(CATEGORIES.map((category) => [category, 0]));
  for (const { category, count } of rows) if (category !== null) counts.set(category, count ?? 0);
  return {
    changed: rows.flatMap(({ category, hashes }) => (hashes === null ? [] : [{ category, hashes }])),
    counts,
    horizon: rows[0]?.horizon ?? '0',
  };
}

/** Who has these names now: name in lower case -> ids. Names of customers need not be unique. */
export async function readHolders(
  db: Queryable,
  subject: SubjectType,
  names: readonly string[],
): Promise<Map<string, string[]>> {
  if (names.length === 0) return new Map();
  const { rows } = await translated(() =>
    db.query<{ name: string; ids: string[] }>(
      soonAnswered({
        text:
          subject === 'repository'
            ? `select lower(full_name collate "C") as name, array_agg(repository_id) as ids
           from repository_categories where lower(full_name collate "C") = any ($1) group by 1`
            : `select lower(name collate "C") as name, array_agg(customer_id) as ids
           from rollout_customers where lower(name collate "C") = any ($1) group by 1`,
        values: [names],
      }),
    ),
  );
  return new Map(rows.map(({ name, ids }) => [name, ids]));
}

/** The category of each of these subjects of these features, in their order; empty where there is none. */
export async function categoriesOf(
  db: Queryable,
  places: readonly { feature: string; subject: string }[],
): Promise<string[]> {
  if (places.length === 0) return [];
  const { rows } = await translated(() =>
    db.query<{ category: string }>(
      `select coalesce(r.category, '') as category
       from unnest($1::text[], $2::text[]) with ordinality o(feature, subject, place)
       left join rollout_configuration c on c.feature_name = o.feature and c.subject_type = 'repository'
       left join repository_categories r on c.feature_name is not null and r.repository_id = o.subject
       order by o.place`,
      [textArray(places.map(({ feature }) => feature)), textArray(places.map(({ subject }) => subject))],
    ),
  );
  return rows.map(({ category }) => category);
}
