import type pg from 'pg';
import type { Refusal } from '../../domain/policy/refusal.ts';
import { type Queryable, transaction } from '../db/client.ts';

/** Reads every refused entry, or one feature's, by feature. */
export async function readRefusals(db: Queryable, feature?: string): Promise<Map<string, Refusal>> {
  const { rows } = await db.query<Refusal>(
    `select feature_name as feature, entry, policy, allowed from rollout_refusals
     where ended_at is null and ($1::text is null or feature_name = $1)`,
    [feature ?? null],
  );
  return new Map(rows.map((row) => [row.feature, row]));
}

/** Stores new refusals, and ends the refusals of these features. A stored refusal stays unchanged. */
export async function keepRefusals(
  pool: pg.Pool,
  actor: string,
  { kept, gone }: { kept: readonly Omit<Refusal, 'allowed'>[]; gone: readonly string[] },
): Promise<void> {
  if (kept.length + gone.length === 0) return;
  await transaction(pool, { actor }, async (client) => {
    await client.query(
      `update rollout_refusals set ended_at = now() where feature_name = any ($1) and ended_at is null`,
      [gone],
    );
    for (const { feature, entry, policy } of kept) {
      await client.query(
        `insert into rollout_refusals as r (feature_name, entry, policy) values ($1, $2, $3)
         on conflict (feature_name) do update set entry = $2, policy = $3, refused_at = now(), allowed = null,
           ended_at = null
         where r.entry <> $2 or r.ended_at is not null`,
        [feature, JSON.stringify(entry), JSON.stringify(policy)],
      );
    }
  });
}

/** Allows a refused entry, with a note in history; false: no entry of this feature is refused. */
export function allowRefused(
  pool: pg.Pool,
  { feature, actor, reason }: { feature: string; actor: string; reason: string },
): Promise<boolean> {
  return transaction(pool, { actor }, async (client) => {
    await client.query(`select from rollout_state for update`);
    const { rows } = await client.query<Pick<Refusal, 'entry' | 'policy'>>(
      `update rollout_refusals set allowed = jsonb_build_object('by', $2::text, 'reason', $3::text)
       where feature_name = $1 and ended_at is null returning entry, policy`,
      [feature, actor, reason],
    );
    const refused = rows[0];
    if (!refused) return false;
    // History has no feature for a key that does not exist yet, or for the list of test repositories, so the text
    // names it.
    await client.query(
      `select rollout_add_history(c.feature_name, 'note',
         format('allowed against the policy%s: %s', case when c.feature_name is null then ', ' || $1::text end, $2::text), $3, $4)
       from (values (1)) one left join rollout_configuration c on c.feature_name = $1`,
      [
        feature,
        reason,
        JSON.stringify({ allowed: { feature, entry: refused.entry, policy: refused.policy }, reason }),
        actor,
      ],
    );
    return true;
  });
}
