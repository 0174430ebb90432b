import type { Route } from '../../domain/notify/route.ts';
import type { Policy } from '../../domain/spec/policy.ts';
import type { Freeze, OutcomesKept } from '../../domain/spec/spec.ts';
import type { Queryable } from '../db/client.ts';

/** The controller's own state in the database. */
export interface State {
  /** Environment of the database; null before the first reconcile. */
  environment: string | null;
  generation: number;
  global_stop: { reason: string; by: string; at: Date } | null;
  test_repositories: string[];
  freezes: Freeze[];
  /** Policy of the last reconciled file; null: none. */
  policy: Policy | null;
  /** How outcomes are stored by subject; null: every subject by its id. */
  outcomes: OutcomesKept | null;
  /** Since when every subject is stored by its id; null: since ever, or not now. */
  subjects_whole_since: Date | null;
  /** Notification routes of the last reconciled file; null: notifications go to the webhook of the environment. */
  notify: Route[] | null;
  /** Commit of the file that was last reconciled. */
  revision: string | null;
  /** When its reconcile finished; null: it has not. */
  reconciled_at: Date | null;
  heartbeat_at: Date | null;
  /** Time of the database's clock: soaks, windows and permits are measured by it, not by this machine's. */
  now: Date;
}

export async function readState(db: Queryable): Promise<State> {
  const { rows } = await db.query(
    `select environment, generation::float8, global_stop, global_stop_reason, global_stop_by, global_stop_at,
       test_repositories, freezes, policy, outcomes, subjects_whole_since, notify, revision, reconciled_at, heartbeat_at, now() as now
     from rollout_state`,
  );
  const row = rows[0];
  return {
    environment: row.environment,
    generation: row.generation,
    global_stop: row.global_stop
      ? { reason: row.global_stop_reason, by: row.global_stop_by, at: row.global_stop_at }
      : null,
    test_repositories: row.test_repositories,
    freezes: row.freezes,
    policy: row.policy,
    outcomes: row.outcomes,
    subjects_whole_since: row.subjects_whole_since,
    notify: row.notify,
    revision: row.revision,
    reconciled_at: row.reconciled_at,
    heartbeat_at: row.heartbeat_at,
    now: row.now,
  };
}

/**
 * Returns the commit that governs this database; null: none ever did, and a plain file is authoritative. The state's
 * own column may have been emptied by hand, but the rows still record what was applied from a commit.
 */
export async function governingRevision(db: Queryable): Promise<string | null> {
  const { rows } = await db.query<{ revision: string | null }>(
    `select coalesce(s.revision, (select sealed.revision
       from public.rollout_configuration c, public.rollout_sealed(c) sealed
       where sealed.revision is not null order by c.updated_at desc limit 1)) as revision
     from public.rollout_state s`,
  );
  return rows[0]?.revision ?? null;
}
