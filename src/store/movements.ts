import type pg from 'pg';
import type { Movement } from '../domain/impact.ts';
import type { Exposure } from '../domain/spec.ts';
import type { SubjectType } from '../domain/vocabulary.ts';
import type { Claim } from './client.ts';
import { admits, REGISTRY, valuesOf } from './impact.ts';
import { readFeatures } from './snapshot.ts';

/** `offset 0`: worked out once a row, because PostgreSQL inlines no function with a costly argument. */
export const CATEGORISED = `select i.*, s.is_test,
    rollout_category(i.star_count, i.contributor_count, i.pr_count, s.is_test) as category
  from rollout_incoming i
  cross join lateral (
    select rollout_is_named(i.id, i.name, (select test_repositories from rollout_state)) as is_test offset 0) s
  offset 0`;

/** For each live feature: who is in now, and who will be once the staged rows are merged and names resolved. */
export async function countMovements(client: pg.PoolClient, subject: SubjectType): Promise<Movement[]> {
  const { rows: latch } = await client.query<{ stopped: boolean }>(
    `select global_stop as stopped from rollout_state`,
  );
  if (latch[0]?.stopped) return [];
  const joining = await whitelistedByName(client);
  const movements: Movement[] = [];
  for (const { feature, columns, settings } of (await readFeatures(client)).values()) {
    if (settings.subject !== subject || !columns.active || columns.emergency_stop) continue;
    const whitelist = [...columns.whitelist, ...(joining.get(feature) ?? [])];
    const { entering, leaving } = await countMoved(client, subject, columns, { ...columns, whitelist });
    if (entering > 0 || leaving > 0) movements.push({ feature, entering, leaving });
  }
  return movements;
}

/** Of each feature, the staged subjects whose name stands unresolved in its whitelist. */
async function whitelistedByName(client: pg.PoolClient): Promise<Map<string, string[]>> {
  const { rows } = await client.query<{ feature: string; ids: string[] }>(
    `select c.feature_name as feature, array_agg(i.id) as ids
     from rollout_configuration c
     cross join lateral jsonb_each(c.resolved) e
     join rollout_incoming i on lower(i.name collate "C") = lower(e.key collate "C")
     where c.subject_type = 'repository' and e.value = 'null' and e.key = any (c.target_repositories)
     group by c.feature_name`,
  );
  return new Map(rows.map(({ feature, ids }) => [feature, ids]));
}

async function countMoved(
  client: pg.PoolClient,
  subject: SubjectType,
  before: Exposure,
  after: Exposure,
): Promise<Omit<Movement, 'feature'>> {
  const { rows } = await client.query<Omit<Movement, 'feature'>>(
    `select count(*) filter (where is_in and not was_in)::float8 as entering,
       count(*) filter (where was_in and not is_in)::float8 as leaving
     from (
       select ${admits(9, { id: 'i.id', name: 'i.name', category: 'i.category' })} as is_in,
         r.id is not null and ${admits(1, { id: 'r.id', name: 'r.name', category: 'r.category' })} as was_in
       from (${subject === 'repository' ? CATEGORISED : UNCATEGORISED}) i
       left join ${REGISTRY[subject]} r on r.id = i.id
       where r.id is null or (r.name, r.category) is distinct from (i.name, i.category)
     ) each`,
    [...valuesOf(before), ...valuesOf(after)],
  );
  return rows[0] ?? { entering: 0, leaving: 0 };
}

const UNCATEGORISED = `select *, null::text as category from rollout_incoming`;

/** Writes who moved into the history of each feature. */
export async function recordMovements(
  client: pg.PoolClient,
  claim: Claim,
  movements: Movement[],
): Promise<void> {
  for (const movement of movements) {
    await client.query(`select rollout_append_history($1, 'population_changed', $2, $3, $4)`, [
      movement.feature,
      `${claim.reason}: ${movement.entering} enter, ${movement.leaving} leave`,
      JSON.stringify(movement),
      claim.actor,
    ]);
  }
}
