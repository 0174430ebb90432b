import type pg from 'pg';
import type { Exposure } from '../../domain/spec/spec.ts';
import { transaction } from '../db/client.ts';

/** Days after which an unused permit expires. */
const DAYS_VALID = 7;

export interface PermitRequest {
  incident: string;
  /** The exposure up to which the feature may be raised again, lists resolved. */
  ceiling: Exposure;
  actor: string;
  reason: string;
}

/**
 * Writes a person's permit into an open or settled incident, with a note in history; a later one replaces it. Returns
 * its end, by the database's clock; null, without any effect, if the incident is no longer open or settled.
 */
export function grantPermit(pool: pg.Pool, request: PermitRequest): Promise<Date | null> {
  const { incident, ceiling, actor, reason } = request;
  return transaction(pool, { actor }, async (client) => {
    await client.query(`select from rollout_state for update`);
    const { rows } = await client.query<{ feature_name: string; expires_at: Date }>(
      `update rollout_incidents set permit = jsonb_build_object('ceiling', $2::jsonb, 'granted_by', $3::text,
         'reason', $4::text, 'expires_at', now() + make_interval(hours => 24 * $5))
       where id = $1 and state in ('open', 'settled')
       returning feature_name, now() + make_interval(hours => 24 * $5) as expires_at`,
      [incident, JSON.stringify(ceiling), actor, reason, DAYS_VALID],
    );
    const granted = rows[0];
    if (!granted) return null;
    const metadata = { incident, permit: { ceiling, expires_at: granted.expires_at } };
    await client.query(`select rollout_add_history($1, 'note', $2, $3, $4)`, [
      granted.feature_name,
      `may be raised again up to ${ceilingWord(ceiling)}: ${reason}`,
      JSON.stringify(metadata),
      actor,
    ]);
    return granted.expires_at;
  });
}

function ceilingWord({ active, strategy, percentage }: Exposure): string {
  if (!active) return 'what it was, which is off';
  return strategy === 'whitelist' ? 'its whitelist' : `${percentage}%`;
}
