import type pg from 'pg';
import type { Movement } from '../../domain/plan/impact.ts';
import type { ImportResult } from '../../domain/plan/registry-change.ts';
import { RolloutError } from '../../errors.ts';
import { type Claim, transaction } from '../db/client.ts';
import { LIMITS, PATIENT_LIMITS } from '../db/locks.ts';
import { countMovements, recordMovements } from './movements.ts';
import { hasSource, stageSource } from './source.ts';
import {
  COUNTS,
  dropRepeated,
  type IncomingColumns,
  type IncomingSubject,
  mergedAttributes,
  type RepeatedLine,
  STAGE,
  stage,
} from './staging.ts';

/** Taken after the file was read and before the first row is locked. */
const LOCK_REGISTRY = `select rollout_lock_registry()`;

/**
 * Imports repositories into the registry, categorises those that are new or have other counts, resolves names of lists,
 * and records who enters and leaves. All or nothing, in one transaction.
 *
 * `onRepeated` receives lines that repeat an id or a name and may throw; otherwise the first line wins.
 */
export function importRepositories(
  pool: pg.Pool,
  claim: Claim,
  columns: IncomingColumns,
  batches: AsyncIterable<IncomingSubject[]>,
  onRepeated: (lines: RepeatedLine[]) => void,
): Promise<ImportResult> {
  return importOnce(pool, claim, async (client) => {
    const received = await stage(client, batches);
    const repeated = await dropRepeated(client);
    onRepeated(repeated);
    return mergeRepositories(client, claim, columns, { received, repeated: repeated.length });
  });
}

/**
 * Imports from the application's own tables, by the view `rollout_repository_source`; null: the view does not exist.
 * `patient`: a person waits, so it may take as long as an import.
 */
export function refreshFromSource(pool: pg.Pool, claim: Claim, patient = true): Promise<ImportResult | null> {
  const work = async (client: pg.PoolClient) => {
    if (!(await hasSource(client))) return null;
    await client.query(STAGE);
    const { received, attributes } = await stageSource(client);
    const columns = {
      id: true,
      name: true,
      star_count: true,
      contributor_count: true,
      pr_count: true,
      attributes,
    };
    return mergeRepositories(client, claim, columns, { received, repeated: 0 });
  };
  return importOnce(pool, claim, work, patient ? PATIENT_LIMITS : LIMITS);
}

export function importCustomers(
  pool: pg.Pool,
  claim: Claim,
  batches: AsyncIterable<IncomingSubject[]>,
  onRepeated: (lines: RepeatedLine[]) => void,
): Promise<ImportResult> {
  return importOnce(pool, claim, async (client) => {
    const received = await stage(client, batches);
    const repeated = await dropRepeated(client);
    onRepeated(repeated);
    await client.query(LOCK_REGISTRY);
    const movements = await countMovements(client);
    const { rows } = await client.query<{ added: number; changed: number }>(
      `with merged as (insert into rollout_customers as c (customer_id, name, attributes)
       select i.id, i.name, ${mergedAttributes('k.attributes', 'i.attributes')}
       from rollout_incoming i left join rollout_customers k on k.customer_id = i.id
       on conflict (customer_id) do update set
         name = coalesce(excluded.name, c.name), attributes = excluded.attributes,
         updated_at = now()
       where (c.name, c.attributes) is distinct from
         (coalesce(excluded.name, c.name), excluded.attributes)
       returning xmax = 0 as added)
       select count(*) filter (where added)::float8 as added,
         count(*) filter (where not added)::float8 as changed from merged`,
    );
    await recordMovements(client, claim, movements);
    return tally({ received, repeated: repeated.length }, rows[0], movements);
  });
}

/** The stream can be read only once, so this cannot be repeated after a clash with another transaction. */
function importOnce<T>(
  pool: pg.Pool,
  claim: Claim,
  work: (client: pg.PoolClient) => Promise<T>,
  limits = PATIENT_LIMITS,
): Promise<T> {
  let begun = false;
  const once = (client: pg.PoolClient) => {
    if (begun) {
      throw new RolloutError('database_refused', 'another change of the registry was committed meanwhile', {
        hint: 'nothing was imported; run the command again',
      });
    }
    begun = true;
    return work(client);
  };
  return transaction(pool, claim, once, limits);
}

async function mergeRepositories(
  client: pg.PoolClient,
  claim: Claim,
  columns: IncomingColumns,
  counts: Pick<ImportResult, 'received' | 'repeated'>,
): Promise<ImportResult> {
  await client.query(`analyze rollout_incoming`);
  await client.query(LOCK_REGISTRY);
  if (!columns.id) await client.query(KNOWN_BY_NAME);
  await dropUnchanged(client, columns);
  await fillFromRegistry(client, columns);
  await client.query(DISPLACED);
  const { rows } = await client.query<{ added: number; changed: number; movements: Movement[] }>(
    `select m.added::float8, m.changed::float8, m.movements
     from (
       select array_agg(id) as ids, array_agg(name) as names, array_agg(star_count) as stars,
         array_agg(contributor_count) as contributors, array_agg(pr_count) as prs,
         array_agg(jsonb_strip_nulls(coalesce(attributes, '{}'))) as attributes, array_agg(line = 0) as displaced
       from rollout_incoming
     ) i, rollout_merge_repositories($1, i.ids, i.names, i.stars, i.contributors, i.prs, i.attributes, i.displaced) m`,
    [claim.reason ?? 'imported'],
  );
  return tally(counts, rows[0], rows[0]?.movements ?? []);
}

/** Without ids, a line means the repository that has the name now. */
const KNOWN_BY_NAME = `update rollout_incoming i set id = r.repository_id from repository_categories r
  where lower(r.full_name collate "C") = lower(i.name collate "C")
    and not exists (select from rollout_incoming o where o.id = r.repository_id)`;

/** Repositories that the file does not mention, but whose name it gives to another. */
const DISPLACED = `insert into rollout_incoming (line, id, star_count, contributor_count, pr_count, attributes)
  select 0, r.repository_id, r.star_count, r.contributor_count, r.pr_count, r.attributes from repository_categories r
  join rollout_incoming i on lower(i.name collate "C") = lower(r.full_name collate "C")
  where not exists (select from rollout_incoming o where o.id = r.repository_id)`;

/**
 * Drops lines that equal the registry: they move nobody and take no name from anybody. In most imports few lines
 * remain, which are found by index instead of by several scans of the registry.
 */
async function dropUnchanged(client: pg.PoolClient, columns: IncomingColumns): Promise<void> {
  const same = [
    ...(columns.name ? ['r.full_name is not distinct from i.name'] : []),
    ...COUNTS.filter((count) => columns[count]).map((count) => `r.${count} is not distinct from i.${count}`),
    ...(columns.attributes ? [`r.attributes = jsonb_strip_nulls(coalesce(i.attributes, '{}'))`] : []),
  ];
  await client.query(
    `delete from rollout_incoming i using repository_categories r, rollout_state s
     where r.repository_id = i.id ${same.map((one) => `and ${one}`).join(' ')}
       and r.is_test_repository = rollout_is_named(r.repository_id, r.full_name, s.test_repositories)
       and r.category is not distinct from
         rollout_category(r.star_count, r.contributor_count, r.pr_count, r.is_test_repository)`,
  );
  await client.query('analyze rollout_incoming');
}

/** Fills values that the file does not state from the registry. */
async function fillFromRegistry(client: pg.PoolClient, columns: IncomingColumns): Promise<void> {
  const absent = [
    ...(columns.name ? [] : ['name = r.full_name']),
    ...[...COUNTS, 'attributes' as const]
      .filter((count) => !columns[count])
      .map((count) => `${count} = r.${count}`),
  ];
  if (absent.length === 0) return;
  await client.query(
    `update rollout_incoming i set ${absent.join(', ')} from repository_categories r where r.repository_id = i.id`,
  );
}

/**
 * Resolves names in lists that now have a subject. Also run by every reconcile, because it costs nothing if there are
 * none.
 */
export async function resolvePending(client: Pick<pg.ClientBase, 'query'>): Promise<void> {
  await client.query(`select rollout_resolve_pending()`);
}

function tally(
  { received, repeated }: Pick<ImportResult, 'received' | 'repeated'>,
  { added, changed } = { added: 0, changed: 0 },
  movements: Movement[],
): ImportResult {
  return { received, repeated, added, changed, unchanged: received - repeated - added - changed, movements };
}
