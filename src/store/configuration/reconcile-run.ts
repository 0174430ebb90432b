import type { Route } from '../../domain/notify/route.ts';
import type { Policy } from '../../domain/spec/policy.ts';
import type { Freeze, OutcomesKept } from '../../domain/spec/spec.ts';
import type { Queryable } from '../db/client.ts';

/** Allows the change: without it, history records a change of these columns as SQL by hand. */
const CONTROLLED = `select set_config('rollout.state', 'controlled', true)`;

/**
 * Declares `revision` the commit being applied: from now on a run that read an older tip changes nothing. Returns the
 * database's generation; null if the last applied commit is no longer `seen`, because another run was quicker.
 */
export async function beginReconcile(
  db: Queryable,
  seen: string | null,
  revision: string | null,
): Promise<number | null> {
  const { rows } = await db.query<{ generation: number }>(
    `with said as (${CONTROLLED})
     update rollout_state set revision = $2, reconciled_at = null from said where revision is not distinct from $1
     returning generation::float8`,
    [seen, revision],
  );
  return rows[0]?.generation ?? null;
}

/** Records that the tip was reconciled, and the file's settings of the controller itself. */
export async function finishReconcile(
  db: Queryable,
  facts: {
    environment: string;
    revision: string | null;
    freezes: readonly Freeze[];
    policy: Policy | null;
    outcomes: OutcomesKept | null;
    notify: readonly Route[] | null;
  },
): Promise<void> {
  await db.query(
    `with said as (${CONTROLLED})
     update rollout_state set environment = $1, freezes = $3, policy = $4, outcomes = $5, notify = $6::jsonb,
       notified_history = case when $6::jsonb is not null then coalesce(notified_history, history_id) end,
       reconciled_at = now() from said
     where revision is not distinct from $2
       and (reconciled_at is null or (environment, freezes, policy, outcomes, notify)
         is distinct from ($1::text, $3::jsonb, $4::jsonb, $5::jsonb, $6::jsonb))`,
    [
      facts.environment,
      facts.revision,
      JSON.stringify(facts.freezes),
      facts.policy && JSON.stringify(facts.policy),
      facts.outcomes && JSON.stringify(facts.outcomes),
      facts.notify && JSON.stringify(facts.notify),
    ],
  );
}
