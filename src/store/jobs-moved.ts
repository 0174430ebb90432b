import type { Exposure } from '../domain/spec.ts';
import type { SubjectType } from '../domain/vocabulary.ts';
import type { Queryable } from './client.ts';
import { admits, NOBODY, REGISTRY, valuesOf } from './impact.ts';

/** Finished jobs of a feature in the last seven days, and those of subjects that a change moves. */
export interface JobsMoved {
  jobs: number;
  moving: number;
}

/** The run of a fallback is not counted: it is the second half of a job that is counted already. */
export async function countJobsMoved(
  db: Queryable,
  feature: string,
  subject: SubjectType,
  before: Exposure | null,
  after: Exposure | null,
): Promise<JobsMoved> {
  const place = { id: 'm.subject_id', name: 's.name', category: 's.category' };
  const { rows } = await db.query<JobsMoved>(
    `select coalesce(sum(m.jobs), 0)::float8 as jobs,
       coalesce(sum(m.jobs) filter (where ${admits(1, place)} <> ${admits(9, place)}), 0)::float8 as moving
     from (
       select subject_id, sum(total_jobs) as jobs from rollout_metrics
       where feature_name = $17 and arm <> 'fallback' and metrics_window_start > now() - interval '7 days'
       group by subject_id
     ) m
     left join ${REGISTRY[subject]} s on s.id = m.subject_id`,
    [...valuesOf(before ?? NOBODY), ...valuesOf(after ?? NOBODY), feature],
  );
  return rows[0] ?? { jobs: 0, moving: 0 };
}
