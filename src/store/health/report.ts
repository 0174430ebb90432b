import type { ProcessorJobs } from '../../domain/evidence/cost.ts';
import type { Arm } from '../../domain/evidence/outcomes.ts';
import { countersOf, type TimeCounters } from '../../domain/evidence/time-counters.ts';
import type { ReportIncident } from '../../domain/report/report-incident.ts';
import type { Queryable } from '../db/client.ts';
import { evidenceOf, numberOf, recordOf } from '../incidents/incident-evidence.ts';
import { WRITE_BACK } from '../incidents/write-backs.ts';

/** Finished jobs of one processor and arm in one of the last weeks. */
export interface ProcessorSum extends ProcessorJobs {
  feature: string;
  arm: Arm;
  errors: number;
  /** 0 is the last seven days, 1 the seven before, and so on. */
  week: number;
  /** Counters of their durations; left out if there are none, and for weeks before the last two. */
  times?: TimeCounters;
}

/** Reads sums of the last `weeks` weeks by processor and arm, whatever the epoch. */
export async function readProcessorSums(
  db: Queryable,
  weeks: number,
  feature?: string,
): Promise<ProcessorSum[]> {
  const times = await readWeekTimes(db, feature);
  const { rows } = await db.query<ProcessorSum>(
    `select feature_name as feature, processor_type as processor, arm,
       floor(extract(epoch from now() - hour_start) / 604800)::float8 as week,
       sum(total_jobs)::float8 as jobs, sum(error_count)::float8 as errors,
       sum(timed_jobs)::float8 as timed_jobs, sum(processing_ms) as processing_ms
     from rollout_evidence_hours
     where hour_start > now() - make_interval(weeks => $1) and hour_start <= now()
       and ($2::text is null or feature_name = $2)
     group by 1, 2, 3, 4 order by 1, 2, 3, 4`,
    [weeks, feature ?? null],
  );
  return rows.map((row) => {
    const counted = times.get(weekPlace(row));
    return counted ? { ...row, times: counted } : row;
  });
}

type WeekPlace = Pick<ProcessorSum, 'feature' | 'processor' | 'arm' | 'week'>;

function weekPlace({ feature, processor, arm, week }: WeekPlace): string {
  return JSON.stringify([feature, processor, arm, week]);
}

/** Reads counters of job durations of this week and the last, in whole hours. */
async function readWeekTimes(db: Queryable, feature?: string): Promise<Map<string, TimeCounters>> {
  const { rows } = await db.query<WeekPlace & { places: number[]; counts: number[] }>(
    `select s.feature, s.processor, s.arm, s.week, array_agg(s.place) as places, array_agg(s.jobs) as counts
     from (
       select t.feature_name as feature, t.processor_type as processor, t.arm,
         floor(extract(epoch from now() - t.hour_start) / 604800)::float8 as week, u.place, sum(u.jobs)::float8 as jobs
       from rollout_evidence_times t cross join lateral unnest(t.places, t.counts) u(place, jobs)
       where t.hour_start > now() - interval '2 weeks' and t.hour_start <= now()
         and ($1::text is null or t.feature_name = $1)
       group by 1, 2, 3, 4, 5
     ) s group by 1, 2, 3, 4`,
    [feature ?? null],
  );
  return new Map(
    rows.map((row) => {
      return [weekPlace(row), countersOf(row.places.map((place, i) => [place, row.counts[i] ?? 0] as const))];
    }),
  );
}

/** Counts the history rows of each feature. */
export async function countHistory(db: Queryable, feature?: string): Promise<Map<string, number>> {
  const { rows } = await db.query<{ feature: string; rows: number }>(
    `select feature_name as feature, count(*)::float8 as rows from rollout_history
     where feature_name is not null and ($1::text is null or feature_name = $1) group by 1`,
    [feature ?? null],
  );
  return new Map(rows.map((row) => [row.feature, row.rows]));
}

interface IncidentRow extends Omit<ReportIncident, 'evidence' | 'permit'> {
  feature: string;
  evidence: Record<string, unknown> | null;
  permit: Record<string, unknown> | null;
}

/** Reads the latest incidents of each feature with their evidence, newest first. */
export async function readIncidentDetails(
  db: Queryable,
  limit: number,
  feature?: string,
): Promise<({ feature: string } & ReportIncident)[]> {
  const { rows } = await db.query<IncidentRow>(
    `select id::text, feature_name as feature, kind, state, severity, reason, opened_at, opened_by, settled_at,
       settled_by, resumed_at, resumed_by, superseded_by::text, coalesce((held ->> 'percentage')::float8, 0) as held_percentage,
       (before ->> 'percentage')::float8 as before_percentage, ${WRITE_BACK}, write_back_commit,
       write_back_pull_request, write_back_error, issue_number as issue, evidence, permit
     from (select *, row_number() over (partition by feature_name order by (state = 'open') desc, rollout_incidents.id desc) as place
       from rollout_incidents where $2::text is null or feature_name = $2) i
     where place <= $1 order by feature_name, place`,
    [limit, feature ?? null],
  );
  return rows.map((row) => ({ ...row, evidence: evidenceOf(row.evidence), permit: permitOf(row.permit) }));
}

function permitOf(json: Record<string, unknown> | null): ReportIncident['permit'] {
  const ceiling = recordOf(json?.ceiling);
  if (!json || !ceiling) return null;
  return {
    ceiling: numberOf(ceiling.percentage),
    granted_by: String(json.granted_by ?? ''),
    reason: String(json.reason ?? ''),
    expires_at: new Date(String(json.expires_at)),
  };
}
