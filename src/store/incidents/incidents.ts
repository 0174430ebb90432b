import type pg from 'pg';
import type { ReportIncident } from '../../domain/report/report-incident.ts';
import type { IncidentState } from '../../domain/spec/incident.ts';
import { type Queryable, transaction } from '../db/client.ts';
import { WRITE_BACK } from './write-backs.ts';

/** One incident as shown to people. */
export interface IncidentEntry extends Omit<ReportIncident, 'issue' | 'evidence' | 'permit'> {
  feature: string;
}

export interface IncidentQuery {
  feature?: string | undefined;
  state?: IncidentState | undefined;
  /** Newest first; default 50. */
  limit?: number | undefined;
}

export async function listIncidents(db: Queryable, query: IncidentQuery = {}): Promise<IncidentEntry[]> {
  const { rows } = await db.query<IncidentEntry>(
    `select id::text, feature_name as feature, kind, state, severity, reason, opened_at, opened_by, settled_at,
       settled_by, resumed_at, resumed_by, superseded_by::text, (held ->> 'percentage')::float8 as held_percentage,
       (before ->> 'percentage')::float8 as before_percentage, ${WRITE_BACK}, write_back_commit,
       write_back_pull_request, write_back_error
     from rollout_incidents
     where ($1::text is null or feature_name = $1) and ($2::text is null or state = $2)
     order by rollout_incidents.id desc limit $3`,
    [query.feature ?? null, query.state ?? null, query.limit ?? 50],
  );
  return rows;
}

export interface StopResult {
  stopped: string[];
  already_off: string[];
}

/** A stop waits without limit: the function tries again each second. */
const STOP_LIMITS = { lockSeconds: 0, statementSeconds: 0 };

/** Stops by `emergencyStop`. `onWait` is called each second with the holder of the blocking lock. */
export function stop(
  pool: pg.Pool,
  request: { feature: string | null; reason: string; actor: string },
  onWait: (message: string) => void,
): Promise<StopResult> {
  return transaction(
    pool,
    { actor: request.actor },
    async (client) => {
      const told = ({ message }: { message: string | undefined }) => onWait(message ?? '');
      client.on('notice', told);
      try {
        return await emergencyStop(client, request.feature, request.reason);
      } finally {
        client.off('notice', told);
      }
    },
    STOP_LIMITS,
  );
}

/**
 * Stops one feature, or every feature and those that are added later, in one transaction with history and incident.
 * Throws `unknown_feature` and lists the live ones.
 */
async function emergencyStop(db: Queryable, feature: string | null, reason: string): Promise<StopResult> {
  const { rows } = await db.query<{ feature_name: string; result: string }>(
    `select feature_name, result from rollout_emergency_stop($1, $2)`,
    [feature, reason],
  );
  const named = (result: string) =>
    rows.filter((row) => row.result === result).map((row) => row.feature_name);
  return { stopped: named('stopped'), already_off: named('already_stopped') };
}
