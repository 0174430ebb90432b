import type { ToldIncident } from '../../domain/spec/incident.ts';
import type { Queryable } from '../db/client.ts';
import { WRITE_BACK } from './write-backs.ts';

/**
 * `unsure`: just created, and another run may have created one too. `told`: its content matches the digest. `off`: the
 * repository has issues switched off.
 */
export type IssueState = 'unsure' | 'told' | 'off';

/** Result of writing an issue. */
export interface IssueTold {
  number: number | null;
  state: IssueState;
  digest: string;
  closed: boolean;
}

/** An incident whose issue is open, should be open, or has not been closed yet. */
export interface IncidentToTell extends ToldIncident {
  issue_number: number | null;
  issue_state: IssueState | null;
  issue_digest: string | null;
  issue_closed: boolean;
  owner: string | null;
}

/**
 * Reads incidents whose issues may need a change, oldest first. An incident that ended before it had an issue gets one
 * for a day; older ones get none.
 */
export async function incidentsToTell(db: Queryable): Promise<IncidentToTell[]> {
  const { rows } = await db.query<IncidentToTell>(
    `select id::text as incident, feature_name as feature, kind, state, severity, reason, held - 'subject' as held, before, opened_at,
       opened_by, settled_by, resumed_by, superseded_by::text, ${WRITE_BACK}, write_back_commit,
       write_back_pull_request, write_back_error, write_back_url,
       case when (permit ->> 'expires_at')::timestamptz > now() then (permit ->> 'expires_at')::timestamptz end
         as permit_until,
       -- An inherited number is that of the incident before it.
       case when issue_digest is not null then issue_number end as issue_number, issue_state, issue_digest, issue_closed,
       (select c.spec ->> 'owner' from rollout_configuration c where c.feature_name = rollout_incidents.feature_name) as owner
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
  { number, state, digest, closed }: IssueTold,
): Promise<void> {
  await db.query(
    `update rollout_incidents set issue_number = $2, issue_state = $3, issue_digest = $4, issue_closed = $5
     where id = $1`,
    [incident, number, state, digest, closed],
  );
}
