import { NOTHING_HEARD, type Spread } from '../../domain/gate/silence.ts';
import type { Queryable } from '../db/client.ts';
import { columnsOf, type Stretch } from './evidence.ts';

/** How the finished treatment jobs of one epoch are spread over the time since a moment. */
export async function readSpread(
  db: Queryable,
  feature: string,
  epoch: number,
  since: Date,
): Promise<Spread> {
  const spreads = await readSpreads(db, [{ feature, epoch, step_started_at: since }]);
  return spreads.get(feature) ?? NOTHING_HEARD;
}

/**
 * The same of many features at once.
 *
 * A window ends five minutes after it began, one of a pilot's customers with its monitoring window. The hours are those
 * since the soak began, each beside the same hour of the day before, whatever the epoch and the arm.
 */
export async function readSpreads(db: Queryable, soaks: readonly Stretch[]): Promise<Map<string, Spread>> {
  const { rows } = await db.query<{ feature: string; expected: number; heard: number; age: number | null }>(
    `select a.feature, hours.expected, hours.heard, newest.age
     from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, since)
     cross join lateral (
       select greatest(0, extract(epoch from min(now() - e.window_start - case e.processor_type
           when 'pilot' then make_interval(secs => (c.monitoring_window_hours * 3600)::float8)
           else interval '5 minutes' end)))::float8 as age
       from rollout_evidence e
       join rollout_configuration c on c.feature_name = a.feature
       where e.feature_name = a.feature and e.epoch = a.epoch and e.arm = 'treatment' and e.total_jobs > 0
         and e.window_start >= a.since - greatest(interval '1 hour',
           make_interval(secs => (c.monitoring_window_hours * 3600)::float8))
     ) newest
     cross join lateral (
       with heard as (
         select date_bin('1 hour', b.bucket_start, 'epoch') as hour, bool_or(b.jobs > 0 and b.epoch = a.epoch) as treated
         from rollout_evidence_buckets b
         where b.feature_name = a.feature
           and b.bucket_start >= date_bin('1 hour', a.since, 'epoch') - interval '24 hours'
         group by 1
       )
       select count(*)::integer as expected, count(*) filter (where today.treated)::integer as heard
       from heard before
       left join heard today on today.hour = before.hour + interval '24 hours'
       where before.hour + interval '24 hours' >= date_bin('1 hour', a.since, 'epoch')
         and before.hour + interval '25 hours' <= now()
     ) hours`,
    columnsOf(soaks),
  );
  return new Map(
    rows.map(({ feature, expected, heard, age }) => [
      feature,
      { expectedHours: expected, heardHours: heard, newestAge: age },
    ]),
  );
}
