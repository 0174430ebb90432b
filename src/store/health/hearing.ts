import {
  type Hearing,
  LATE_MEANS,
  NOTHING_EXPECTED,
  SHORTEST_PATIENCE,
} from '../../domain/gate/stopped-outcomes.ts';
import type { Queryable } from '../db/client.ts';
import { columnsOf, DAYS_READ, type Stretch } from './evidence.ts';

/**
 * Reads the outcomes of each feature's treatment since its newest job finished, and of control beside it.
 *
 * Evidence is read per quarter of an hour in which a job finished; jobs of a later quarter came since.
 */
export async function readHearings(db: Queryable, steps: readonly Stretch[]): Promise<Map<string, Hearing>> {
  const { rows } = await db.query<Hearing & { feature: string }>(
    `select a.feature, extract(epoch from now() - heard.at)::float8 as "quietSeconds",
       slowest.mean_seconds as "longestMeanSeconds", late.jobs::float8 as "openJobs",
       since.control::float8 as "controlJobs",
       coalesce(heard.jobs / nullif(heard.jobs + heard.control, 0), 0)::float8 as share
     from unnest($1::text[], $2::integer[], $3::timestamptz[]) a(feature, epoch, since)
     cross join lateral (
       select max(b.bucket_start) filter (where b.jobs > 0) as newest
       from rollout_evidence_buckets b
       where b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= now() - make_interval(hours => 24 * $4)
     ) last
     cross join lateral (
       select coalesce(least(now(), last.newest + interval '15 minutes'), a.since) as at,
         coalesce(sum(b.jobs), 0) as jobs, coalesce(sum(b.control_jobs), 0) as control
       from rollout_evidence_buckets b
       where b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start <= last.newest
         and b.bucket_start >= now() - make_interval(hours => 24 * $4)
     ) heard
     cross join lateral (
       select coalesce(sum(b.control_jobs), 0) as control from rollout_evidence_buckets b
       where b.feature_name = a.feature and b.epoch = a.epoch and b.bucket_start >= heard.at
     ) since
     cross join lateral rollout_patience(a.feature, $5, $6) slowest
     cross join lateral (
       select count(*) as jobs from rollout_jobs j
       where j.feature_name = a.feature and j.epoch = a.epoch and j.arm = 'treatment' and j.state = 'open'
         and j.routed_at >= heard.at
         and j.routed_at < now() - slowest.patience
     ) late`,
    [...columnsOf(steps), DAYS_READ, SHORTEST_PATIENCE, LATE_MEANS],
  );
  return new Map(rows.map(({ feature, ...hearing }) => [feature, { ...NOTHING_EXPECTED, ...hearing }]));
}
