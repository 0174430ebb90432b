import type { BrokenProcessor } from '../../domain/evidence/breaker.ts';
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

/** Seconds for which a process is shown after its last report; a live one reports each minute. */
const SHOWN_SECONDS = 180;

/**
 * Reads open treatment jobs of processes that fell silent without ending, while others that are as old continue
 * (`rollout_silent_hosts`). Features without such jobs are left out.
 */
export async function readSilentHosts(
  db: Queryable,
  asked: readonly { feature: string; epoch: number }[],
): Promise<Map<string, SilentHosts>> {
  if (asked.length === 0) return new Map();
  const { rows } = await db.query<SilentHosts & { feature: string }>(
    `select s.feature, s.missing::float8 as missing, s.processes::float8 as processes, s.finished::float8 as finished,
       extract(epoch from s.silent)::float8 as "silentSeconds"
     from rollout_silent_hosts($1, $2) s`,
    [asked.map(({ feature }) => feature), asked.map(({ epoch }) => epoch)],
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
