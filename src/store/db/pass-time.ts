import type pg from 'pg';
import { transaction } from './client.ts';

/** Columns with the time at which something began, was seen or ends. */
const TIMES: Readonly<Record<string, readonly string[]>> = {
  rollout_configuration: ['epoch_started_at', 'step_started_at'],
  rollout_health_checks: ['checked_at'],
  rollout_incidents: ['opened_at', 'settled_at', 'resumed_at'],
  rollout_jobs: ['routed_at'],
  rollout_timelines: ['started_at', 'last_start_at', 'minute', 'control_heard_at', 'folded_at', 'swept_at'],
  rollout_spans: ['touched_at'],
  rollout_slices: ['started_at'],
  rollout_levels: ['crossed_at'],
  repository_categories: ['created_at', 'last_categorized_at'],
  rollout_customers: ['created_at'],
  rollout_category_history: ['since', 'until'],
};

/** Columns of windows and spans that are part of a unique key. */
const WINDOWS: Readonly<Record<string, string>> = {
  rollout_metrics: 'metrics_window_start',
  rollout_evidence: 'window_start',
  rollout_evidence_buckets: 'bucket_start',
  rollout_opened_jobs: 'bucket_start',
  rollout_score_windows: 'bucket_start',
  rollout_evidence_hours: 'hour_start',
  rollout_evidence_times: 'hour_start',
  rollout_spans: 'started_at',
};

/** Days by which windows are first moved aside, longer than anything recorded, so that they do not collide. */
const ASIDE = 365_250;

/**
 * Simulates that hours have passed, for the demo: all recorded data become that much older. History stays unchanged,
 * because nothing may change it.
 */
export function passTime(pool: pg.Pool, hours: number): Promise<void> {
  const claim = {
    actor: 'demo',
    action: 'note',
    reason: hours === 1 ? 'an hour goes by' : `${hours} hours go by`,
  };
  return transaction(pool, claim, async (client) => {
    // The only place where the time of an epoch or a step goes back.
    await client.query(`select set_config('rollout.state', 'controlled', true)`);
    for (const [table, columns] of Object.entries(TIMES)) {
      const older = columns.map((column) => `${column} = ${column} - make_interval(hours => $1)`);
      await client.query(`update ${table} set ${older.join(', ')}`, [Math.trunc(hours)]);
    }
    for (const [table, column] of Object.entries(WINDOWS)) {
      const move = `update ${table} set ${column} = ${column} + make_interval(days => $1, hours => $2)`;
      await client.query(move, [-ASIDE, -Math.trunc(hours)]);
      await client.query(move, [ASIDE, 0]);
    }
    // Slots are counted: otherwise what is recorded next would join a slice from before.
    const slots =
      'update rollout_timelines set slot = slot - $1 * 3600 / slot_seconds where slot_seconds > 0';
    await client.query(slots, [Math.trunc(hours)]);
    // Its state contains moments; the next judgement makes it again.
    await client.query('delete from rollout_score_checkpoints');
    await client.query(AGE_CLASSES, [Math.trunc(hours)]);
  });
}

/** Moves hours of error classes between days: after the shift, the hours of one day may belong to two days. */
const AGE_CLASSES = `
  with gone as (
    delete from rollout_error_classes returning *
  ), older as (
    select feature_name, arm, class, day::timestamp + make_interval(hours => place::integer - 1 - $1) as at, n,
      first_at - make_interval(hours => $1) as first_at, last_at - make_interval(hours => $1) as last_at
    from gone cross join lateral unnest(hours) with ordinality h(n, place) where n > 0
  )
  insert into rollout_error_classes (feature_name, day, arm, class, hours, first_at, last_at)
  select feature_name, at::date, arm, class,
    array(select coalesce(sum(n) filter (where extract(hour from moment) = hour), 0)::bigint
      from generate_series(0, 23) hour cross join unnest(array_agg(at), array_agg(n)) m(moment, n) group by hour order by hour),
    min(first_at), max(last_at)
  from older group by 1, 2, 3, 4`;
