import type { WorstSubject, WorstSubjects } from '../../domain/report/failures.ts';
import type { Queryable } from '../db/client.ts';

/** Subjects whose finished jobs one reading counts at most. */
const LOOKED_UP = 100;

/** An epoch whose failures are requested: those of the day before `until`. */
export interface FailingEpoch {
  feature: string;
  epoch: number;
  until: Date;
}

interface Row extends WorstSubject {
  feature: string;
  all_failed: number;
  subjects: number;
}

/**
 * Reads the subjects with most failures in the last day of these epochs; features without one are left out. Failures
 * are read from spans with a failure, which are kept for a day, so the time depends on the number of failures, not of
 * jobs. The numbers of finished jobs are read from their windows, one by one (`offset 0`: a join would read all subjects
 * of the day), for the `LOOKED_UP` subjects with the largest shares: for all of a hundred features it takes a second.
 */
export async function readFailingSubjects(
  db: Queryable,
  asked: readonly FailingEpoch[],
  most: number,
): Promise<Map<string, WorstSubjects>> {
  if (asked.length === 0 || most === 0) return new Map();
  const { rows } = await db.query<Row>(
    `with asked as (
       select * from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, until)
     ), failing as (
       select a.feature, a.epoch, a.until, s.subject_id, position(chr(31) in s.subject_id) = 0 and s.subject_id <> '' as named,
         sum(s.failed) as failed, sum(s.jobs - s.open) as finished, min(s.started_at) as since
       from asked a
       join rollout_spans s on s.feature_name = a.feature and s.epoch = a.epoch and s.measure = '' and s.failed > 0
         and s.touched_at > a.until - interval '1 day'
       group by 1, 2, 3, 4
     ), ranked as (
       select *, sum(failed) over (partition by feature) as all_failed, count(*) over (partition by feature) as subjects,
         row_number() over (partition by feature order by named desc, failed desc, finished, subject_id) as place
       from failing
     ), worst as materialized (
       select *, row_number() over (order by failed / all_failed desc, feature, place) <= $5 as looked_up
       from ranked where named and place <= $4
     )
     select w.feature, w.subject_id as subject, n.name, case when m.jobs > 0 then greatest(m.jobs, w.finished) end::float8 as finished,
       w.failed::float8 as failed, round(100 * w.failed / w.all_failed, 2)::float8 as share, w.since,
       w.all_failed::float8 as all_failed, w.subjects::float8 as subjects
     from worst w
     join rollout_configuration c on c.feature_name = w.feature
     left join rollout_subjects n on n.subject_type = c.subject_type and n.subject_id = w.subject_id
     cross join lateral (
       select sum(o.total_jobs) as jobs
       from generate_series(date_bin('5 minutes', w.since, 'epoch'), case when w.looked_up then w.until end, interval '5 minutes') at
       cross join lateral (
         select r.total_jobs from rollout_metrics r
         where r.metrics_window_start = at and r.subject_id = w.subject_id and r.feature_name = w.feature
           and r.arm = 'treatment' and r.epoch = w.epoch
         offset 0
       ) o
     ) m
     order by w.feature, w.place`,
    [
      asked.map(({ feature }) => feature),
      asked.map(({ epoch }) => epoch),
      asked.map(({ until }) => until),
      most,
      LOOKED_UP,
    ],
  );
  const found = new Map<string, WorstSubjects>();
  const epochs = new Map(asked.map(({ feature, epoch }) => [feature, epoch]));
  for (const { feature, all_failed, subjects, ...one } of rows) {
    const own = found.get(feature) ?? {
      epoch: epochs.get(feature) ?? 0,
      failed: all_failed,
      subjects,
      worst: [],
    };
    own.worst.push(one);
    found.set(feature, own);
  }
  return found;
}
