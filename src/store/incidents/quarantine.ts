import type pg from 'pg';
import type { FailingSubject } from '../../domain/health/judgement.ts';
import type { Quarantined } from '../../domain/quarantine/quarantine.ts';
import type { Resolved } from '../../domain/spec/resolve.ts';
import { type Queryable, transaction } from '../db/client.ts';
import { PATIENT_LIMITS } from '../db/locks.ts';
import { enqueue, type Notification } from './outbox.ts';
import type { WriteBackOutcome } from './write-backs.ts';

export interface QuarantineRequest {
  feature: string;
  epoch: number;
  /** Worst first. */
  subjects: readonly FailingSubject[];
  /** Limit of the epoch's subjects in quarantine. */
  most: number;
  reason: string;
  actor: string;
  /** Builds the notification about subjects that entered. */
  notify: (taken: readonly Quarantined[]) => Notification;
}

/**
 * Puts subjects into quarantine, in one transaction with history and the notification, and returns those who entered:
 * none if the state changed meanwhile, or if the epoch's limit is reached.
 */
export async function quarantine(pool: pg.Pool, request: QuarantineRequest): Promise<Quarantined[]> {
  const { feature, epoch, subjects, most, reason, actor } = request;
  return transaction(
    pool,
    { actor },
    async (client) => {
      const { rows } = await client.query<{ taken: string[] }>(
        `select rollout_quarantine_subjects($1, $2, $3, $4, $5, $6, $7, $8) as taken`,
        [
          ...[feature, epoch, subjects.map(({ subject }) => subject), subjects.map(({ jobs }) => jobs)],
          ...[subjects.map(({ failed }) => failed), most, reason, actor],
        ],
      );
      const ids = new Set(rows[0]?.taken ?? []);
      if (ids.size === 0) return [];
      const taken = (await readQuarantined(client, feature)).filter(({ subject }) => ids.has(subject));
      await enqueue(client, request.notify(taken));
      return taken;
    },
    PATIENT_LIMITS,
  );
}

/** Releases subjects; returns the ids of those that were in quarantine. */
export async function release(
  pool: pg.Pool,
  {
    feature,
    subjects,
    reason,
    actor,
  }: { feature: string; subjects: string[]; reason: string; actor: string },
): Promise<string[]> {
  return transaction(
    pool,
    { actor },
    async (client) => {
      const { rows } = await client.query<{ released: string[] }>(
        `select rollout_release_subjects($1, $2, $3, $4) as released`,
        [feature, subjects, reason, actor],
      );
      return rows[0]?.released ?? [];
    },
    PATIENT_LIMITS,
  );
}

/** Reads the subjects in quarantine, of one feature or of all, longest first. */
export async function readQuarantined(db: Queryable, feature?: string): Promise<Quarantined[]> {
  const { rows } = await db.query<Quarantined>(
    `select q.feature_name as feature, q.subject_id as subject, s.name, q.reason, q.jobs::float8 as jobs,
       q.failed::float8 as failed, q.began_at, q.began_by, q.write_back, q.write_back_pull_request, q.write_back_error
     from rollout_quarantine q
     join rollout_configuration c on c.feature_name = q.feature_name
     left join rollout_subjects s on s.subject_type = c.subject_type and s.subject_id = q.subject_id
     where q.ended_at is null and ($1::text is null or q.feature_name = $1)
     order by q.feature_name, q.id`,
    [feature ?? null],
  );
  return rows;
}

/** Returns the ids of subjects in quarantine, by feature. */
export async function readQuarantinedIds(db: Queryable): Promise<Map<string, string[]>> {
  const { rows } = await db.query<{ feature: string; ids: string[] }>(
    `select feature_name as feature, array_agg(subject_id order by subject_id) as ids from rollout_quarantine
     where ended_at is null group by feature_name`,
  );
  return new Map(rows.map(({ feature, ids }) => [feature, ids]));
}

/** One feature's subjects in quarantine that the file does not blacklist yet. */
export interface PendingQuarantine {
  feature: string;
  subjects: { id: string; subject: string; name: string | null; reason: string }[];
  resolved: Resolved;
  via: 'commit' | 'pull_request';
}

export async function pendingQuarantines(db: Queryable): Promise<PendingQuarantine[]> {
  const { rows } = await db.query<PendingQuarantine>(
    `select q.feature_name as feature, jsonb_agg(jsonb_build_object('id', q.id::text, 'subject', q.subject_id, 'name', s.name,
         'reason', q.reason) order by q.id) as subjects,
       sealed.resolved, coalesce(c.spec #>> '{rollback,via}', 'commit') as via
     from rollout_quarantine q
     join rollout_configuration c on c.feature_name = q.feature_name
     cross join rollout_sealed(c) sealed
     left join rollout_subjects s on s.subject_type = c.subject_type and s.subject_id = q.subject_id
     where q.ended_at is null and q.write_back in ('pending', 'proposed')
     group by q.feature_name, sealed.resolved, c.spec #>> '{rollback,via}' order by q.feature_name`,
  );
  return rows;
}

/** Records the result of these rows' write-back. */
export async function markQuarantines(
  db: Queryable,
  ids: readonly string[],
  outcome: WriteBackOutcome,
): Promise<void> {
  await db.query(
    `update rollout_quarantine set write_back = $2, write_back_commit = coalesce($3, write_back_commit),
       write_back_pull_request = coalesce($4, write_back_pull_request), write_back_error = left($5, 500),
       write_back_attempts = write_back_attempts + 1, write_back_url = $6
     where id = any ($1::bigint[]) and ended_at is null`,
    [ids, outcome.state, outcome.commit, outcome.pull_request, outcome.error, outcome.url ?? null],
  );
}
