import type { Judgement, Verdict } from '../domain/health.ts';
import type { Queryable } from './client.ts';

/** What a tick did about a verdict. */
export type CheckAction =
  | 'none'
  | 'rolled_back'
  | 'advanced'
  | 'proposed'
  | 'would_roll_back'
  | 'would_advance';

/** A verdict as it was recorded. */
export interface PastCheck {
  id: string;
  verdict: Verdict;
  reason_code: string;
  scope: string;
  severity: string;
  checked_at: Date;
  /** Was a processor above `max_slowdown`? */
  slow: boolean;
  /** The last check before it with another verdict; null: it was so since the epoch began. */
  turned_from: string | null;
}

/** Records a verdict with its evidence, so that the chart and the audit need no recomputation. */
export async function recordCheck(
  db: Queryable,
  check: {
    feature: string;
    epoch: number;
    judgement: Judgement;
    action: CheckAction;
    paused: boolean;
    slow: boolean;
  },
): Promise<void> {
  const { judgement } = check;
  await db.query(
    `insert into rollout_health_checks
       (feature_name, epoch, verdict, reason_code, reason, severity, scope, action, jobs, errors, scores, evidence, paused)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
    [
      check.feature,
      check.epoch,
      judgement.verdict,
      judgement.reasonCode,
      judgement.reason,
      judgement.severity,
      judgement.scope,
      check.action,
      judgement.jobs,
      judgement.errors,
      JSON.stringify(judgement.scores),
      JSON.stringify({ ...judgement.window, slow: check.slow }),
      check.paused,
    ],
  );
}

/** Corrects what was done about the latest verdict of a feature, once it is known. */
export async function noteAction(db: Queryable, feature: string, action: CheckAction): Promise<void> {
  await db.query(
    `update rollout_health_checks set action = $2
     where id = (select max(id) from rollout_health_checks where feature_name = $1)`,
    [feature, action],
  );
}

/** Features whose latest check left a proposal of a next step. */
export async function proposedFeatures(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ feature: string }>(
    `select c.feature_name as feature from rollout_configuration c
     where (select h.action from rollout_health_checks h where h.feature_name = c.feature_name
            order by h.checked_at desc limit 1) = 'proposed'`,
  );
  return rows.map(({ feature }) => feature);
}

/** The latest checks of an epoch, newest first. */
export async function readChecks(
  db: Queryable,
  feature: string,
  epoch: number,
  limit: number,
): Promise<PastCheck[]> {
  const { rows } = await db.query<PastCheck>(
    `select c.id::text, c.verdict, c.reason_code, c.scope, c.severity, c.checked_at,
       coalesce((c.evidence ->> 'slow')::boolean, false) as slow,
       (select max(o.id) from rollout_health_checks o where o.feature_name = c.feature_name and o.epoch = c.epoch
          and o.id < c.id and o.verdict <> c.verdict)::text as turned_from
     from rollout_health_checks c
     where c.feature_name = $1 and c.epoch = $2 order by c.id desc limit $3`,
    [feature, epoch, limit],
  );
  return rows;
}

/** Since when the step soaks, and for how many seconds of that it was paused. */
export async function readSoak(
  db: Queryable,
  feature: string,
  epoch: number,
  stepStartedAt: Date,
): Promise<{ since: Date; pausedSeconds: number }> {
  const { rows } = await db.query<{ since: Date; paused_seconds: number }>(
    `with soak as (
       select greatest($3::timestamptz, (
         select max(checked_at) from rollout_health_checks
         where feature_name = $1 and epoch = $2 and verdict <> 'healthy' and checked_at >= $3)) as since
     ), spans as (
       select paused, checked_at,
         lead(checked_at, 1, clock_timestamp()) over (order by id) - checked_at as lasted
       from rollout_health_checks, soak
       where feature_name = $1 and epoch = $2 and checked_at >= soak.since
     )
     select soak.since, coalesce((select extract(epoch from sum(lasted)) from spans where paused), 0)::float8
       as paused_seconds
     from soak`,
    [feature, epoch, stepStartedAt],
  );
  const row = rows[0];
  return { since: row?.since ?? stepStartedAt, pausedSeconds: row?.paused_seconds ?? 0 };
}
