import type pg from 'pg';
import type { NothingTaken } from '../../domain/change/outcome.ts';
import { isOff, strictlyLess } from '../../domain/spec/at-most.ts';
import type { ResolvedExposure } from '../../domain/spec/spec.ts';
import { readFeatures } from '../configuration/actual.ts';
import { singly, transaction } from '../db/client.ts';
import { PATIENT_LIMITS } from '../db/locks.ts';
import { enqueue } from './outbox.ts';

export interface RollBack {
  feature: string;
  actor: string;
  reason: string;
  severity: 'warning' | 'critical';
  /** Percentage to lower to; null switches the feature off for all subjects, including the whitelist. */
  to: number | null;
  evidence: object;
  /** Epoch of the judgement: in any other epoch nothing is done. Null: any epoch. */
  epoch: number | null;
}

export type RollBackResult =
  | { done: true; incident: string; from: number; eligibleAfter: number }
  /** The state changed meanwhile, or there is no exposure to reduce. */
  | { done: false; because: NothingTaken };

/**
 * Rolls back a feature: one transaction with history, incident, a new epoch and the notification. Then counts again how
 * many subjects the database admits.
 */
export async function rollBack(pool: pg.Pool, request: RollBack): Promise<RollBackResult> {
  const claim = { actor: request.actor, action: 'rollback', reason: request.reason };
  const result = await transaction(
    pool,
    { ...claim, metadata: { evidence: request.evidence } },
    (client) => rollBackOnce(client, request),
    PATIENT_LIMITS,
  );
  if (!result.done) return result;
  const { rows } = await singly(pool).query<{ eligible: number }>(
    `select coalesce(sum(eligible), 0)::float8 as eligible from rollout_count_eligible($1)`,
    [request.feature],
  );
  return { ...result, eligibleAfter: rows[0]?.eligible ?? 0 };
}

async function rollBackOnce(client: pg.PoolClient, request: RollBack): Promise<RollBackResult> {
  const { rows } = await client.query<{ epoch: number }>(
    `with locked as (select from rollout_state for update)
     select c.epoch from rollout_configuration c, locked where c.feature_name = $1 and c.archived_at is null
     for update of c`,
    [request.feature],
  );
  const actual = (await readFeatures(client, request.feature)).get(request.feature);
  if (!actual || rows.length === 0) return { done: false, because: { code: 'unknown_feature' } };
  if (request.epoch !== null && rows[0]?.epoch !== request.epoch) {
    return { done: false, because: { code: 'changed_meanwhile' } };
  }
  const before = actual.columns;
  const held = heldState(before, request.to);
  if (isOff(before)) return { done: false, because: { code: 'off' } };
  if (!strictlyLess(held, before)) {
    return { done: false, because: { code: 'not_above', percentage: before.percentage, to: request.to } };
  }
  // SQL that raised beyond the file was not a decision, so a resume may not return to it.
  const decided = { ...before, percentage: Math.min(before.percentage, actual.spec?.percentage ?? 100) };
  const incident = await open(client, request, held, decided);
  await client.query(
    `update rollout_configuration set is_active = $2, rollout_percentage = $3, epoch = epoch + 1,
       epoch_started_at = clock_timestamp(), step_started_at = clock_timestamp(), updated_at = clock_timestamp()
     where feature_name = $1`,
    [request.feature, held.active, held.percentage],
  );
  await enqueue(client, {
    key: `incident:${incident}:opened`,
    feature: request.feature,
    severity: request.severity,
    kind: 'rolled_back',
    message: `${request.feature} was rolled back from ${before.percentage}%: ${request.reason}`,
    details: { incident, from: before.percentage, to: held.active ? held.percentage : 0 },
  });
  return { done: true, incident, from: before.percentage, eligibleAfter: 0 };
}

function heldState(before: ResolvedExposure, to: number | null): ResolvedExposure {
  return to === null ? { ...before, active: false, percentage: 0 } : { ...before, percentage: to };
}

async function open(
  client: pg.PoolClient,
  request: RollBack,
  held: ResolvedExposure,
  before: ResolvedExposure,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `select rollout_open_incident($1, 'rollback', $2, $3, $4, $5, $6, $7)::text as id`,
    [
      request.feature,
      request.severity,
      request.reason,
      JSON.stringify(held),
      JSON.stringify(before),
      JSON.stringify(request.evidence),
      request.actor,
    ],
  );
  return rows[0]?.id ?? '';
}
