import { isOwnerPattern } from '../../domain/spec/audience/audience.ts';
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
  /** Every repository, or those whose row was written since. */
  changed: CategoryHashes[];
  /** Present number of repositories per category. */
  counts: ReadonlyMap<Category, number>;
  /** Horizon of the reading, as in `RuntimeState`. */
  horizon: string;
}

/** Milliseconds allowed for a scan of millions of rows. */
const SCAN_MS = 120_000;

/**
 * Reads the categories of all repositories in one scan, one row per category. PostgreSQL hashes the ids: a million
 * hashes are 8 MB in transfer and in memory, where the ids themselves would be a hundred.
 *
 * `seed` is the seed of the hashes; with `since`, the horizon of an earlier reading, only later writes are sent.
 * Deleted rows show only in the counts.
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

/** Subjects with the same values, each as the 8 bytes of its id's hash, high half first. */
export interface FactsHashes {
  /** Values in the order of the asked attributes; null: absent. */
  values: (string | null)[];
  hashes: Buffer;
}

export interface FactsReading {
  /** Every subject, or those whose row was written since. */
  changed: FactsHashes[];
  /** Present number of subjects. */
  total: number;
  /** Horizon of the reading, as in `RuntimeState`. */
  horizon: string;
}

const FACTS_OF = {
  repository: 'select repository_id as id, facts, xmin from repository_categories',
  customer: 'select customer_id as id, facts, xmin from rollout_customers',
} as const satisfies Record<SubjectType, string>;

/**
 * Reads the values of some attributes for all subjects of a type, one row per combination; otherwise as
 * `readCategories`.
 */
export async function readFacts(
  db: Queryable,
  { subject, names, seed }: { subject: SubjectType; names: readonly string[]; seed: bigint },
  since: string | null,
): Promise<FactsReading> {
  const values = names.map((_, i) => `facts ->> $${i + 3}`).join(', ');
  const { rows } = await translated(() =>
    db.query<{ horizon: string; total: number; values: FactsHashes['values'] | null; hashes: Buffer | null }>(
      soonAnswered(
        {
          text: `select pg_snapshot_xmin(pg_current_snapshot())::xid::text as horizon, once.total, r.values, r.hashes
        from (select count(*)::float8 as total from (${FACTS_OF[subject]}) s) once
        left join (
          select array[${values}] as values, string_agg(int8send(hashtextextended(id, $1::bigint)), '') as hashes
          from (${FACTS_OF[subject]}) s where $2::xid is null or age(xmin) <= age($2::xid) group by 1
        ) r on true`,
          values: [seed.toString(), since, ...names],
        },
        SCAN_MS,
      ),
    ),
  );
  return {
    changed: rows.flatMap(({ values: found, hashes }) =>
      found === null || hashes === null ? [] : [{ values: found, hashes }],
    ),
    total: rows[0]?.total ?? 0,
    horizon: rows[0]?.horizon ?? '0',
  };
}

/**
 * Returns the present subjects of these names: name in lower case -> ids. Names of customers need not be unique. An
 * owner, as `acme/*`, has an entry even if no repository has such a name.
 */
export async function readHolders(
  db: Queryable,
  subject: SubjectType,
  names: readonly string[],
): Promise<Map<string, string[]>> {
  if (names.length === 0) return new Map();
  const owners = names.filter(isOwnerPattern);
  const { rows } = await translated(() =>
    db.query<{ name: string; ids: string[] }>(
      soonAnswered({
        text:
          subject === 'repository'
            ? `select lower(full_name collate "C") as name, array_agg(repository_id) as ids
           from repository_categories where lower(full_name collate "C") = any ($1) group by 1
           union all ${OWNED}`
            : `select lower(name collate "C") as name, array_agg(customer_id) as ids
           from rollout_customers where lower(name collate "C") = any ($1) group by 1
           union all select owner, '{}' from unnest($2::text[]) owner`,
        values: [names, owners],
      }),
    ),
  );
  return new Map(rows.map(({ name, ids }) => [name, ids]));
}

/** SQL for each owner's repositories: a name that begins with `acme/` sorts before `acme0`, whatever follows. */
const OWNED = `select o.owner, array(select r.repository_id from repository_categories r
    where lower(r.full_name collate "C") >= left(o.owner, -1) collate "C"
      and lower(r.full_name collate "C") < (left(o.owner, -2) || '0') collate "C")
  from unnest($2::text[]) o(owner)`;

/** Reads the category of each of these subjects of these features, in their order; empty if there is none. */
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
