import type { BrokenProcessor } from '../../domain/evidence/breaker.ts';
import { LATE_MEANS, SHORTEST_PATIENCE } from '../../domain/gate/stopped-outcomes.ts';
import type { SilentHosts } from '../../domain/verdict/reason.ts';
import type { Queryable } from '../db/client.ts';

/** A process that records outcomes, and whether it is alive or ending. */
export interface NotedProcess {
  process: string;
  ageSeconds: number;
  leaving: boolean;
  breakers: readonly { feature: string; processor: string; state: string }[];
}

export async function noteProcess(db: Queryable, noted: NotedProcess): Promise<void> {
  const { process, ageSeconds, leaving, breakers } = noted;
  await db.query('select rollout_note_process($1, $2, $3, $4)', [
    process,
    ageSeconds,
    leaving,
    JSON.stringify(breakers),
  ]);
}

/** Seconds after which a process counts as silent; a live one reports each minute. */
const SILENT_SECONDS = 600;
/** Seconds for which a process is shown after its last report; a live one reports each minute. */
const SHOWN_SECONDS = 180;

/**
 * Reads open treatment jobs of processes that fell silent without ending, while others that are as old continue: the
 * jobs should have ended by now. A deployment that replaces every process leaves none that is as old; jobs that ended
 * elsewhere are not missing. Features without such jobs are left out.
 */
export async function readSilentHosts(
  db: Queryable,
  asked: readonly { feature: string; epoch: number }[],
): Promise<Map<string, SilentHosts>> {
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<SilentHosts & { feature: string }>(
    `with gone as materialized (
       select p.process, p.seen_at from rollout_processes p
       where p.left_at is null and p.seen_at < now() - make_interval(secs => $3) and exists (
         select from rollout_processes o
         where o.left_at is null and o.started_at <= p.seen_at and o.seen_at >= now() - make_interval(secs => $3))
     ), missing as (
       select a.feature, a.epoch, count(*) as jobs, count(distinct g.process) as processes, min(j.routed_at) as first,
         min(g.seen_at) as since
       from unnest($1::text[], $2::integer[]) a(feature, epoch)
       cross join lateral rollout_patience(a.feature, $4, $5) p
       join rollout_jobs j on j.feature_name = a.feature and j.epoch = a.epoch and j.state = 'open' and j.arm = 'treatment'
         and j.routed_at < now() - p.patience
       join gone g on g.process = left(j.id, 8)
       group by 1, 2
     )
     select m.feature, m.jobs::float8 as missing, m.processes::float8 as processes,
       extract(epoch from now() - m.since)::float8 as "silentSeconds", (
         select coalesce(sum(b.jobs), 0) from rollout_evidence_buckets b
         where b.feature_name = m.feature and b.epoch = m.epoch and b.bucket_start >= date_bin('15 minutes', m.first, 'epoch')
       )::float8 as finished
     from missing m`,
    [
      asked.map(({ feature }) => feature),
      asked.map(({ epoch }) => epoch),
      ...[SILENT_SECONDS, SHORTEST_PATIENCE, LATE_MEANS],
    ],
  );
  return new Map(rows.map(({ feature, ...hosts }) => [feature, hosts]));
}

/** Reads the breakers that are not closed, of every process that reported lately. */
export async function readBreakers(db: Queryable, feature?: string): Promise<BrokenProcessor[]> {
  const { rows } = await db.query<BrokenProcessor>(
    `select b ->> 'feature' as feature, b ->> 'processor' as processor,
       (count(*) filter (where b ->> 'state' = 'open'))::integer as open,
       (count(*) filter (where b ->> 'state' = 'half_open'))::integer as half_open
     from rollout_processes p cross join jsonb_array_elements(p.breakers) b
     where p.left_at is null and p.seen_at >= now() - make_interval(secs => $2)
       and ($1::text is null or b ->> 'feature' = $1)
     group by 1, 2 order by 1, 2`,
    [feature ?? null, SHOWN_SECONDS],
  );
  return rows;
}
