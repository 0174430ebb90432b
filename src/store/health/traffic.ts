import type { Queryable } from '../db/client.ts';
import { DAYS_READ } from './evidence.ts';

/** One epoch of a feature with evidence. */
export interface EvidenceEpoch {
  epoch: number;
  /** Start of its first quarter of an hour with jobs, and end of its last, which may be now. */
  since: Date;
  until: Date;
  /** Finished treatment jobs. */
  jobs: number;
}

/** Reads the epochs of the last 30 days with evidence, oldest first; none for an unknown feature. */
export async function readEvidenceEpochs(db: Queryable, feature: string): Promise<EvidenceEpoch[]> {
  const { rows } = await db.query<EvidenceEpoch>(
    `select epoch, min(bucket_start) as since, least(max(bucket_start) + interval '15 minutes', now()) as until,
       sum(jobs)::float8 as jobs
     from rollout_evidence_buckets
     where feature_name = $1 and bucket_start >= now() - make_interval(hours => 24 * $2)
     group by epoch order by epoch`,
    [feature, DAYS_READ],
  );
  return rows;
}
