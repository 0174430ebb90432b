import type { ToldIncident } from '../../domain/spec/incident.ts';
import type { Queryable } from '../db/client.ts';
import { WRITE_BACK } from './write-backs.ts';

/** An incident whose issue is open, or should be, or has not been closed yet. */
export interface IncidentToTell extends ToldIncident {
  issue_number: number | null;
  issue_digest: string | null;
  issue_closed: boolean;
}

/**
 * Incidents that people may have to be told about, oldest first. What ended before there was an issue is told for a
 * day; what is older is nobody's news.
 */
export async function incidentsToTell(db: Queryable): Promise<IncidentToTell[]> {
  const { rows } = await db.query<IncidentToTell>(
    `select id::text as incident, feature_name as feature, kind, state, severity, reason, held, before, opened_at,
       opened_by, settled_by, resumed_by, superseded_by::text, ${WRITE_BACK}, write_back_commit,
       write_back_pull_request, write_back_error, write_back_url,
       case when (permit ->> 'expires_at')::timestamptz > now() then (permit ->> 'expires_at')::timestamptz end
         as permit_until,
       -- An inherited number is that of the incident before it.
       case when issue_digest is not null then issue_number end as issue_number, issue_digest, issue_closed
     from rollout_incidents
     where state = 'open'
       or (not issue_closed and (issue_digest is not null or opened_at > now() - interval '1 day'))
     order by rollout_incidents.id`,
  );
  return rows;
}

export async function markIssue(
  db: Queryable,
  incident: string,
  { number, digest, closed }: { number: number | null; digest: string; closed: boolean },
): Promise<void> {
  await db.query(
    `update rollout_incidents set issue_number = $2, issue_digest = $3, issue_closed = $4 where id = $1`,
    [incident, number, digest, closed],
  );
}
