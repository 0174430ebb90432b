import type { OverrideNote } from '../../domain/eligibility/overrides.ts';
import { retry } from '../../lib/retry.ts';
import type { Queryable } from '../db/client.ts';
import { isClash, translated } from '../db/driver-errors.ts';

const ATTEMPTS = 5;

/**
 * Records an environment's override of a spec in history, or with null of many specs: once per value, host group and
 * day. One statement, because an application must not hold the history lock over a round trip.
 */
export async function recordOverride(
  db: Queryable,
  actor: string,
  feature: string | null,
  { variable, value, applied }: OverrideNote,
  hostGroup: string,
): Promise<void> {
  const record = () =>
    db.query(
      `select rollout_record_override($2, $3, $4, $5, $6)
       from (select set_config('rollout.actor', $1, true) as claimed offset 0) claim where claimed = $1`,
      [actor, feature, variable, value, applied, hostGroup],
    );
  await retry(() => translated(record), { attempts: ATTEMPTS, mayPass: isClash });
}
