import type pg from 'pg';
import type { Movement } from '../../domain/plan/impact.ts';
import type { ResolvedExposure } from '../../domain/spec/spec.ts';
import { readFeatures } from '../configuration/actual.ts';
import { admits, REGISTRY, valuesOf } from '../configuration/impact.ts';
import type { Claim } from '../db/client.ts';
import { mergedAttributes } from './staging.ts';

/** Counts, for each live feature of customers, who is in now and who will be once the staged rows are merged. */
export async function countMovements(client: pg.PoolClient): Promise<Movement[]> {
  const { rows: latch } = await client.query<{ stopped: boolean }>(
    `select global_stop as stopped from rollout_state`,
  );
  if (latch[0]?.stopped) return [];
  const movements: Movement[] = [];
  for (const { feature, columns, settings } of (await readFeatures(client)).values()) {
    if (settings.subject !== 'customer' || !columns.active || columns.emergency_stop) continue;
    const { entering, leaving } = await countMoved(client, columns);
    if (entering > 0 || leaving > 0) movements.push({ feature, entering, leaving });
  }
  return movements;
}

async function countMoved(
  client: pg.PoolClient,
  exposure: ResolvedExposure,
): Promise<Omit<Movement, 'feature'>> {
  const { rows } = await client.query<Omit<Movement, 'feature'>>(
    `select count(*) filter (where is_in and not was_in)::float8 as entering,
       count(*) filter (where was_in and not is_in)::float8 as leaving
     from (
       select ${admits(1, { id: 'i.id', name: 'i.name', category: 'null::text', facts: 'i.facts' })} as is_in,
         r.id is not null and ${admits(1, { id: 'r.id', name: 'r.name', category: 'r.category', facts: 'r.facts' })} as was_in
       from (
         select n.id, n.name, rollout_texts(${mergedAttributes('c.attributes', 'n.attributes')}) as facts
         from rollout_incoming n left join rollout_customers c on c.customer_id = n.id
       ) i
       left join ${REGISTRY.customer} r on r.id = i.id
       where r.id is null or (r.name, r.facts) is distinct from (i.name, i.facts)
     ) each`,
    valuesOf(exposure),
  );
  return rows[0] ?? { entering: 0, leaving: 0 };
}

/** Records the moves in the history of each feature. */
export async function recordMovements(
  client: pg.PoolClient,
  claim: Claim,
  movements: Movement[],
): Promise<void> {
  for (const movement of movements) {
    await client.query(`select rollout_add_history($1, 'population_changed', $2, $3, $4)`, [
      movement.feature,
      `${claim.reason}: ${movement.entering} enter, ${movement.leaving} leave`,
      JSON.stringify(movement),
      claim.actor,
    ]);
  }
}
