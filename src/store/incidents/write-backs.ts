import { type Resolved, resolveSince } from '../../domain/spec/resolve.ts';
import type { Exposure, ResolvedExposure } from '../../domain/spec/spec.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Queryable } from '../db/client.ts';

/**
 * SQL for the state of an incident's write-back; when a stronger incident took over, the remaining edits are that
 * one's.
 */
export const WRITE_BACK = `case when state = 'superseded' and write_back in ('pending', 'proposed') then 'handed_on'
  else write_back end as write_back`;

/**
 * An open incident that the file does not reflect yet; one that was `done` may have lost its commit to a force-push.
 */
export interface PendingWriteBack {
  incident: string;
  feature: string;
  kind: 'rollback' | 'emergency_stop' | 'drift';
  /** The held subject type. */
  subject: SubjectType;
  severity: string;
  reason: string;
  opened_at: Date;
  /** The held exposure, with the names resolved since. */
  held: ResolvedExposure;
  before: Exposure | null;
  resolved: Resolved;
  /** By commit or pull request: as chosen by the person who rolled back, otherwise by the feature's spec. */
  via: 'commit' | 'pull_request';
  /** Progress so far. */
  state: 'pending' | 'proposed' | 'done';
  pull_request: number | null;
  attempts: number;
}

export async function pendingWriteBacks(db: Queryable): Promise<PendingWriteBack[]> {
  const { rows } = await db.query<Omit<PendingWriteBack, 'held'> & { held: Exposure }>(
    `select i.id::text as incident, i.feature_name as feature, i.kind, coalesce(i.held ->> 'subject', c.subject_type) as subject, i.severity,
       i.reason, i.opened_at, i.held - 'subject' as held,
       i.before, sealed.resolved, coalesce(i.evidence ->> 'via', c.spec #>> '{rollback,via}', 'commit') as via, i.write_back as state,
       i.write_back_pull_request as pull_request, i.write_back_attempts as attempts
     from rollout_incidents i join rollout_configuration c using (feature_name), rollout_sealed(c) sealed
     where i.state = 'open' and i.write_back in ('pending', 'proposed', 'done')
       -- Nobody writes back what a person is just raising again.
       and coalesce((i.permit ->> 'expires_at')::timestamptz <= now(), true)
     order by i.id`,
  );
  return rows.map((row) => ({ ...row, held: resolveSince(row.held, row.resolved) }));
}

export interface WriteBackOutcome {
  state: 'pending' | 'proposed' | 'done';
  commit: string | null;
  pull_request: number | null;
  error: string | null;
  /** Where a person opens the pull request that the controller may not open; left out: nobody has to. */
  url?: string;
}

export async function markWriteBack(
  db: Queryable,
  incident: string,
  outcome: WriteBackOutcome,
): Promise<void> {
  await db.query(
    `update rollout_incidents set write_back = $2, write_back_commit = coalesce($3, write_back_commit),
       write_back_pull_request = coalesce($4, write_back_pull_request), write_back_error = left($5, 500),
       write_back_attempts = write_back_attempts + 1, write_back_url = $6
     where id = $1`,
    [incident, outcome.state, outcome.commit, outcome.pull_request, outcome.error, outcome.url ?? null],
  );
}
