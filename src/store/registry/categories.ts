import type pg from 'pg';
import type { OriginalCategory } from '../../domain/originals/originals.ts';
import type { Movement } from '../../domain/plan/impact.ts';
import type { CategorizeResult } from '../../domain/plan/registry-change.ts';
import { foldName } from '../../domain/spec/resolve.ts';
import { type Claim, type Queryable, transaction } from '../db/client.ts';
import { CATEGORY_COLUMNS } from './originals.ts';

export interface CategoryCount {
  category: string | null;
  subjects: number;
  stars: number;
  contributors: number;
  prs: number;
  /** Sum of the monthly activity scores. */
  activity: number;
}

/** Categorises every repository, or those named by `only` (ids or names in lower case), in one statement. */
export function categorizeAll(pool: pg.Pool, claim: Claim): Promise<CategorizeResult> {
  return transaction(pool, claim, (client) => categorize(client, claim.reason ?? 'categorised again'));
}

/** Categorises one repository, by its id or current name; null if there is none. */
export function categorizeOne(
  pool: pg.Pool,
  claim: Claim,
  idOrName: string,
): Promise<OriginalCategory | null> {
  return transaction(pool, claim, async (client) => {
    await categorize(client, claim.reason ?? 'repository categorised again', [idOrName, foldName(idOrName)]);
    const { rows } = await client.query<OriginalCategory>(
      `select ${CATEGORY_COLUMNS} from repository_categories r
       where r.repository_id = $1 or lower(r.full_name collate "C") = $2
       order by r.repository_id = $1 desc limit 1`,
      [idOrName, foldName(idOrName)],
    );
    return rows[0] ?? null;
  });
}

/**
 * Stores `test_repositories` of the file and recategorises those that joined or left the list. Returns null, without
 * any effect, if another commit than `applying` is being applied by now; left out, this is not checked.
 */
export async function setTestRepositories(
  pool: pg.Pool,
  claim: Claim,
  entries: readonly string[],
  applying?: string | null,
): Promise<CategorizeResult | null> {
  try {
    return await takeTestRepositories(pool, claim, entries, applying);
  } catch (error) {
    if (error instanceof OtherCommit) return null;
    throw error;
  }
}

class OtherCommit extends Error {}

function takeTestRepositories(
  pool: pg.Pool,
  claim: Claim,
  entries: readonly string[],
  applying: string | null | undefined,
): Promise<CategorizeResult> {
  return transaction(pool, claim, async (client) => {
    const result = categorised(
      await client.query<Moved>(`select ${MOVED} from rollout_set_test_repositories($1, $2)`, [
        entries,
        claim.reason ?? 'test_repositories changed',
      ]),
    );
    // After changing the list, this transaction holds the lock on the state's row.
    const { rows } = await client.query<{ revision: string | null }>(`select revision from rollout_state`);
    if (applying !== undefined && rows[0]?.revision !== applying) throw new OtherCommit();
    return result;
  });
}

type Moved = { changed: number } & { [K in keyof Movement]: Movement[K] | null };

const MOVED = `changed::float8, feature_name as feature, entering::float8, leaving::float8`;

async function categorize(
  client: pg.PoolClient,
  reason: string,
  only: readonly string[] | null = null,
): Promise<CategorizeResult> {
  return categorised(
    await client.query<Moved>(`select ${MOVED} from categorize_all_repositories($1, $2)`, [reason, only]),
  );
}

function categorised({ rows }: { rows: Moved[] }): CategorizeResult {
  const movements = rows.flatMap(({ feature, entering, leaving }) =>
    feature === null ? [] : [{ feature, entering: entering ?? 0, leaving: leaving ?? 0 }],
  );
  return { changed: rows[0]?.changed ?? 0, movements };
}

/** Has the registry at least `count` repositories of category test, by size or by name? */
export async function hasTestRepositories(db: Queryable, count: number): Promise<boolean> {
  const { rows } = await db.query<{ found: number }>(
    `select count(*)::int as found from (
       select from public.repository_categories where category = 'test' limit $1) found`,
    [count],
  );
  return rows[0]?.found === count;
}

/** Counts the registry by category, smallest first; null is not categorised. */
export async function countCategories(db: Queryable): Promise<CategoryCount[]> {
  const { rows } = await db.query<CategoryCount>(
    `select category, count(*)::float8 as subjects, coalesce(sum(star_count), 0)::float8 as stars,
       coalesce(sum(contributor_count), 0)::float8 as contributors, coalesce(sum(pr_count), 0)::float8 as prs,
       coalesce(sum(monthly_activity_score), 0)::float8 as activity
     from repository_categories group by category, priority_level order by priority_level desc nulls last`,
  );
  return rows;
}
