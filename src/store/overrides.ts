import type pg from 'pg';
import type { OverrideNote } from '../domain/overrides.ts';
import { transaction } from './client.ts';

/** Keeps in history what the environment of a process laid over a spec, or with null over many: once per value, host group and day. */
export async function recordOverride(
  pool: pg.Pool,
  actor: string,
  feature: string | null,
  { variable, value, applied }: OverrideNote,
  hostGroup: string,
): Promise<void> {
  await transaction(pool, { actor }, (client) =>
    client.query('select rollout_record_override($1, $2, $3, $4, $5)', [
      ...[feature, variable, value, applied],
      hostGroup,
    ]),
  );
}
