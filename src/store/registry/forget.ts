import type pg from 'pg';
import type { Spec } from '../../domain/spec/spec.ts';
import { specDigest } from '../configuration/actual.ts';
import { type Claim, type Queryable, transaction } from '../db/client.ts';

/** How many rows of a table named a subject. */
export interface Erased {
  place: string;
  entries: number;
}

/** Returns every name that a subject has or had, in lower case. */
export async function namesOf(db: Queryable, id: string): Promise<string[]> {
  const { rows } = await db.query<{ names: string[] }>('select rollout_names_of($1) as names', [id]);
  return rows[0]?.names ?? [];
}

/** Erases a subject from every table, and from history, whose chain stays valid. Scans all tables. */
export function forgetSubject(
  pool: pg.Pool,
  { actor, reason = '' }: Claim,
  { id, names }: { id: string; names: readonly string[] },
): Promise<Erased[]> {
  return transaction(
    pool,
    { actor },
    async (client) => {
      const before = await intactSpecs(client);
      const { rows } = await client.query<Erased>(
        'select place, entries::float8 from rollout_forget($1, $2, $3, $4)',
        [id, names, reason, actor],
      );
      await sealSpecs(client, before);
      return rows;
    },
    { lockSeconds: 30, statementSeconds: 0 },
  );
}

async function intactSpecs(client: pg.PoolClient): Promise<Map<string, string>> {
  const { rows } = await client.query<{ feature_name: string; spec: Spec; spec_digest: string }>(
    'select feature_name, spec, spec_digest from rollout_configuration where spec is not null',
  );
  return new Map(
    rows
      .filter(({ spec, spec_digest }) => specDigest(spec) === spec_digest)
      .map(({ feature_name, spec_digest }) => [feature_name, spec_digest]),
  );
}

/** Seals the last applied spec again, now without the name. A spec that was edited by hand stays marked as edited. */
async function sealSpecs(client: pg.PoolClient, before: ReadonlyMap<string, string>): Promise<void> {
  const after = await client.query<{ feature_name: string; spec: Spec }>(
    'select feature_name, spec from rollout_configuration where spec is not null',
  );
  for (const { feature_name, spec } of after.rows) {
    const digest = specDigest(spec);
    const known = before.get(feature_name);
    if (known === undefined || known === digest) continue;
    await client.query('update rollout_configuration set spec_digest = $2 where feature_name = $1', [
      feature_name,
      digest,
    ]);
  }
}
