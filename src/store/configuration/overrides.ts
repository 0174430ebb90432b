import type { OverrideNote } from '../../domain/eligibility/overrides.ts';
import { retry } from '../../lib/retry.ts';
import type { Queryable } from '../db/client.ts';
import { isClash, translated } from '../db/driver-errors.ts';

const ATTEMPTS = 5;

/**
 * Keeps in history what the environment of a process laid over a spec, or with null over many: once per value, host
 * group and day. One statement: an application must not hold the history lock over a round trip.
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
