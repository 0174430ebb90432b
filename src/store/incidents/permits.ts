import type pg from 'pg';
import type { Exposure } from '../../domain/spec/spec.ts';
import { transaction } from '../db/client.ts';

/** A permit that nobody used lapses. */
const DAYS_VALID = 7;

export interface PermitRequest {
  incident: string;
  /** Up to here the feature may be raised again, lists resolved. */
  ceiling: Exposure;
  actor: string;
  reason: string;
}

/**
 * Writes a person's leave into an open or settled incident, with a note in history; the later one counts. Returns until
 * when it holds, by the database's clock; null where the incident is neither any more, and nothing is done.
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
