import { type AudienceChange, testsThatDecide } from '../../domain/plan/impact.ts';
import type { Queryable } from '../db/client.ts';
import { admits, NOBODY, valuesOf, worldAfter } from './impact.ts';

/** Finished jobs of a feature in the last seven days, and those of subjects that a change moves. */
export interface JobsMoved {
  jobs: number;
  moving: number;
  /** Additional jobs of subjects that are stored in groups, so that it is unknown whether they move. */
  grouped: number;
}

/**
 * Counts the jobs of moving subjects. Runs of a fallback are left out: each is the second half of a job that is already
 * counted. Jobs of the last week belong to subjects of the present type; if the type changes, all eligible subjects
 * leave.
 */
export async function countJobsMoved(
  db: Queryable,
  feature: string,
  change: AudienceChange,
): Promise<JobsMoved> {
  const { before, after } = change;
  const kept = before.subject === after.subject;
  const world = worldAfter(before.subject, kept ? testsThatDecide(change) : null, 20);
  const place = { id: 'm.subject_id', name: 's.name', category: 's.category', facts: 's.facts' };
  const was = admits(1, place);
  const is = admits(10, { ...place, category: world.category });
  const { rows } = await db.query<JobsMoved>(
    `select coalesce(sum(m.jobs) filter (where not m.grouped), 0)::float8 as jobs,
       coalesce(sum(m.jobs) filter (where not m.grouped and ${was} <> ${is}), 0)::float8 as moving,
       coalesce(sum(m.jobs) filter (where m.grouped), 0)::float8 as grouped
     from (
       select subject_id, position(chr(31) in subject_id) > 0 as grouped, sum(total_jobs) as jobs from rollout_metrics
       where feature_name = $19 and arm <> 'fallback' and metrics_window_start > now() - interval '7 days'
       group by subject_id
     ) m
     left join ${world.registry} s on s.id = m.subject_id`,
    [
      ...valuesOf(before.exposure ?? NOBODY),
      ...valuesOf((kept ? after.exposure : null) ?? NOBODY),
      feature,
      ...world.values,
    ],
  );
  return rows[0] ?? { jobs: 0, moving: 0, grouped: 0 };
}
