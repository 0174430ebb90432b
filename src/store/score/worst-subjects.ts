import type { ScoreWindow } from '../../domain/score/window.ts';
import type { WorstSubjects } from '../../domain/verdict/few-subjects.ts';
import type { Queryable } from '../db/client.ts';
import { ALL_STALE, ASKED, columnsOf, gains, type Lifetime, SPANS } from './spans.ts';
import { SCORE_DAYS } from './windows.ts';

/** A run that is over its limit. */
export interface OverLimitRun extends Lifetime {
  /** Category; null: all together. */
  category: string | null;
  /** Seconds since 1970. */
  since: number;
}

/**
 * Reads the subjects that failed most in a run, and their sums in all its evidence: one subject, and from fifty on the
 * worst 2%. A subject with fewer than three failed spans is not blamed: among a thousand subjects with a job each, the
 * worst 2% would simply be those whose job failed.
 */
export async function readWorstSubjects(db: Queryable, run: OverLimitRun): Promise<WorstSubjects> {
  const { rows } = await db.query<{
    subjects: number;
    worst: { subject: string; jobs: number; failed: number }[] | null;
    windows: { at: number; spans: number; gain: ScoreWindow['gain'] }[] | null;
  }>(
    `with ${ASKED}, ${ALL_STALE}, ${SPANS}, treated as (
       select * from spans where arm = 'treatment' and jobs > 0 and ($6::text is null or category = $6)
     ), ranked as (
       select subject, sum(finished)::float8 as jobs, sum(failed)::float8 as failed,
         count(*) filter (where f > 0) as spans_failed,
         row_number() over (order by sum(ln(1 + 4 * f)) desc, sum(failed) desc, subject) as place, count(*) over () as total
       from treated where at >= to_timestamp($7) - interval '15 minutes' group by subject
     ), worst as (
       select * from ranked where place <= case when total < 50 then 1 else ceil(total * 0.02) end and spans_failed >= 3
     ), windows as (
       select at, count(*) as spans, array[${gains('f > 0').join(', ')}] as gain
       from treated where subject in (select subject from worst) group by at
     )
     select coalesce((select max(r.total) from ranked r), 0)::float8 as subjects,
       (select jsonb_agg(jsonb_build_object('subject', subject, 'jobs', jobs, 'failed', failed) order by place) from worst) as worst,
       (select jsonb_agg(jsonb_build_object('at', extract(epoch from at)::bigint, 'spans', spans, 'gain', gain) order by at)
        from windows) as windows`,
    [...columnsOf([run], SCORE_DAYS), run.category, run.since],
  );
  const found = rows[0];
  return {
    subjects: found?.subjects ?? 0,
    worst: found?.worst ?? [],
    windows: (found?.windows ?? []).map(({ at, spans, gain }) => ({ startedAt: at, spans, gain })),
  };
}
