import type { CheckAction } from '../../domain/change/round.ts';
import type { GuardrailResult } from '../../domain/guardrails/result.ts';
import type { Judgement, Verdict } from '../../domain/health/health.ts';
import type { Queryable } from '../db/client.ts';
import { columnsOf, type Epoch, type Stretch } from './evidence.ts';

/** A recorded verdict. */
export interface PastCheck {
  id: string;
  verdict: Verdict;
  reason_code: string;
  scope: string;
  severity: string;
  checked_at: Date;
  /** True: a processor was above `max_slowdown`. */
  slow: boolean;
  /** The last check with another verdict before it; null: the verdict is unchanged since the epoch began. */
  turned_from: string | null;
}

/** Records a verdict with its evidence, so that charts and audits need not compute it again. */
export async function recordCheck(
  db: Queryable,
  check: {
    feature: string;
    epoch: number;
    judgement: Judgement;
    action: CheckAction;
    paused: boolean;
    slow: boolean;
    guardrails: readonly GuardrailResult[];
  },
): Promise<void> {
  const { judgement } = check;
  await db.query(
    `insert into rollout_health_checks
       (feature_name, epoch, verdict, reason_code, reason, severity, scope, action, jobs, errors, scores, evidence, paused,
        turned_from)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,
       (select case when p.verdict = $3 then p.turned_from else p.id end
        from rollout_health_checks p where p.feature_name = $1 and p.epoch = $2 order by p.id desc limit 1))`,
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
      JSON.stringify({
        ...judgement.window,
        slow: check.slow,
        ...(check.guardrails.length > 0 ? { guardrails: check.guardrails } : {}),
      }),
      check.paused,
    ],
  );
}

/** Sets the action of a feature's latest verdict, once it is known. */
export async function noteAction(db: Queryable, feature: string, action: CheckAction): Promise<void> {
  await db.query(
    `update rollout_health_checks set action = $2
     where id = (select max(id) from rollout_health_checks where feature_name = $1)`,
    [feature, action],
  );
}

/** Returns features whose latest check left a proposal of a next step. */
export async function proposedFeatures(db: Queryable): Promise<string[]> {
  const { rows } = await db.query<{ feature: string }>(
    `select c.feature_name as feature from rollout_configuration c
     where (select h.action from rollout_health_checks h where h.feature_name = c.feature_name
            order by h.checked_at desc limit 1) = 'proposed'`,
  );
  return rows.map(({ feature }) => feature);
}

/** Reads the latest check of each of these epochs, by feature; epochs without a check are left out. */
export async function readLatestChecks(
  db: Queryable,
  epochs: readonly Epoch[],
): Promise<Map<string, PastCheck>> {
  const { rows } = await db.query<PastCheck & { feature: string }>(
    `select a.feature, c.*
     from unnest($1::text[], $2::integer[]) a(feature, epoch)
     cross join lateral (
       select h.id::text, h.verdict, h.reason_code, h.scope, h.severity, h.checked_at,
         coalesce((h.evidence ->> 'slow')::boolean, false) as slow, h.turned_from::text
       from rollout_health_checks h
       where h.feature_name = a.feature and h.epoch = a.epoch order by h.id desc limit 1
     ) c`,
    [epochs.map(({ feature }) => feature), epochs.map(({ epoch }) => epoch)],
  );
  return new Map(rows.map(({ feature, ...check }) => [feature, check]));
}

/** Since when a step soaks, and the seconds of that time in which it was paused. */
export interface Soak {
  since: Date;
  pausedSeconds: number;
}

/** Reads the soak of one step. */
export async function readSoak(
  db: Queryable,
  feature: string,
  epoch: number,
  stepStartedAt: Date,
): Promise<Soak> {
  const soaks = await readSoaks(db, [{ feature, epoch, step_started_at: stepStartedAt }]);
  return soaks.get(feature) ?? { since: stepStartedAt, pausedSeconds: 0 };
}

/** Reads the soaks of many features' steps at once. */
export async function readSoaks(db: Queryable, steps: readonly Stretch[]): Promise<Map<string, Soak>> {
  const { rows } = await db.query<{ feature: string; since: Date; paused_seconds: number }>(
    `select a.feature, soak.since, paused.seconds::float8 as paused_seconds
     from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, step_started_at)
     cross join lateral (
       select greatest(a.step_started_at, max(c.checked_at)) as since
       from rollout_health_checks c
       where c.feature_name = a.feature and c.epoch = a.epoch and c.verdict <> 'healthy'
         and c.checked_at >= a.step_started_at
     ) soak
     cross join lateral (
       select coalesce(extract(epoch from sum(span.lasted)), 0) as seconds
       from (
         select c.paused, lead(c.checked_at, 1, clock_timestamp()) over (order by c.id) - c.checked_at as lasted
         from rollout_health_checks c
         where c.feature_name = a.feature and c.epoch = a.epoch and c.checked_at >= soak.since
       ) span where span.paused
     ) paused`,
    columnsOf(steps),
  );
  return new Map(
    rows.map(({ feature, since, paused_seconds }) => [feature, { since, pausedSeconds: paused_seconds }]),
  );
}
