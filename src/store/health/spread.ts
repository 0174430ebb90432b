import { NOTHING_HEARD, type Spread } from '../../domain/gate/silence.ts';
import type { Queryable } from '../db/client.ts';
import { columnsOf, type Stretch } from './evidence.ts';

/** Reads how the finished treatment jobs of one epoch are spread over the time since a moment. */
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
 * Reads the spreads of many features at once.
 *
 * A window ends five minutes after it began; one of a pilot's customers ends with its monitoring window. Each hour
 * since the soak began is compared with the same hour of the day before, whatever the epoch and the arm.
 */
export async function readSpreads(db: Queryable, soaks: readonly Stretch[]): Promise<Map<string, Spread>> {
  const { rows } = await db.query<{ feature: string; expected: number; heard: number; age: number | null }>(
    `select a.feature, hours.expected, hours.heard, newest.age
     from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, since)
     cross join lateral (
       -- Null where nothing was heard: greatest() alone would make 0 of it, as if a job had ended just now.
       select case when jobs.window_start is not null or customers.window_start is not null then
         greatest(0, extract(epoch from now() - greatest(jobs.window_start + interval '5 minutes',
           customers.window_start + monitored.length)))::float8 end as age
       from rollout_configuration c
       cross join lateral (
         select make_interval(secs => (c.monitoring_window_hours * 3600)::float8) as length
       ) monitored
       cross join lateral (select a.since - greatest(interval '1 hour', monitored.length) as since) looked
       -- From the newest window backward: most features have none of a pilot, and would be read whole for it.
       left join lateral (
         select e.window_start from rollout_evidence e
         where e.feature_name = a.feature and e.epoch = a.epoch and e.arm = 'treatment' and e.total_jobs > 0
           and e.processor_type <> 'pilot' and e.window_start >= looked.since
         order by e.window_start desc limit 1
       ) jobs on true
       left join lateral (
         select e.window_start from rollout_evidence e
         where e.feature_name = a.feature and e.epoch = a.epoch and e.arm = 'treatment' and e.total_jobs > 0
           and e.processor_type = 'pilot' and e.window_start >= looked.since
           -- Asked once, before the windows; as a join it would be asked of each.
           and exists (
             select from rollout_evidence_hours h
             where h.feature_name = a.feature and h.epoch = a.epoch and h.arm = 'treatment'
               and h.processor_type = 'pilot' and h.hour_start >= looked.since - interval '1 hour' offset 0)
         order by e.window_start desc limit 1
       ) customers on true
       where c.feature_name = a.feature
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
