import { afterAll, describe, expect, it } from 'vitest';
import { applyFeature, importRows, repository } from '../helpers/data/features.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { openRollout } from '../helpers/http/rollouts.ts';

const db = await testDatabase();
await importRows(db.pool, [repository('r1', { name: 'acme/one' }), repository('r2', { name: 'acme/two' })]);
await applyFeature(db.pool, 'checkout', { percentage: 50 });
// Asks the registry for sizes, names and owners.
await applyFeature(db.pool, 'sized', { strategy: 'repository_size', percentage: 40, blacklist: ['acme/*'] });

const PASSWORD = 'correct-horse-battery';
const role = `two_connections_${process.pid}`;
await db.pool.query(
  `create role ${role} login connection limit 2 password '${PASSWORD}' in role rollout_recorder`,
);
afterAll(() => db.pool.query(`drop role ${role}`));

/** The database, for a role that the server gives two connections. */
function withTwo(): string {
  const url = new URL(db.connectionString);
  url.username = role;
  url.password = PASSWORD;
  return url.href;
}

async function connections(): Promise<number> {
  const [row] = await db.rows<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity where usename = '${role}'`,
  );
  return row?.count ?? 0;
}

describe('a library in full use', () => {
  it.each([
    ['listens', true],
    ['only polls', false],
  ])('a library in full use that %s has two connections and needs no third one', async (_, listen) => {
    const lines: string[] = [];
    const rollout = await openRollout({
      ...{ connectionString: withTwo(), pollMs: 5, flushMs: 5, listen, flushOnExit: false },
      env: { ROLLOUT_PERCENTAGE: '10' },
      log: (line) => lines.push(line),
    });
    expect(rollout.state().listening).toBe(listen);
    let most = 0;
    for (let round = 0; round < 40; round++) {
      // News of every kind: configuration, the registry, a rush of failures, jobs that are open and ended elsewhere.
      await applyFeature(db.pool, 'checkout', { percentage: 50 + (round % 2) });
      await importRows(db.pool, [repository(`new-${round}`, { name: `acme/new-${round}` })]);
      for (let job = 0; job < 200; job++) {
        const { stamp } = rollout.route('checkout', { subject: `r${job}` });
        if (job % 3 > 0) rollout.record({ stamp, ok: job % 2 === 0, elsewhere: job % 3 === 1 });
      }
      void rollout.flush();
      most = Math.max(most, await connections());
    }
    await expect.poll(() => rollout.flush()).toBe(true);
    expect(most).toBe(2);
    const well = { status: 'ready', pending: 0, dropped: 0, listening: listen };
    await expect.poll(() => rollout.state()).toMatchObject(well);
    expect(lines.filter((line) => /connection|reached/.test(line))).toEqual([]);
    await rollout.close();
    await expect.poll(connections).toBe(0);
  });
});
