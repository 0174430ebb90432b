import { createServer, connect as open } from 'node:net';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import type { TestDatabase } from '../../helpers/database/database.ts';
import { embeddedFolder, killServer, member, until } from '../../helpers/database/embedded.ts';
import { start } from '../../helpers/processes/tick-process.ts';
import { cloneOf, gitRepository } from '../../helpers/projects/git.ts';
import { fileOf, gitProject } from '../../helpers/projects/project.ts';
import { recordForTick } from '../../helpers/projects/tick-world.ts';

const endings: (() => unknown)[] = [];
afterAll(async () => {
  for (const end of endings) await end();
});

/** One address for a server that comes back on another port. */
async function relay(): Promise<{ port: number; to: (port: string) => void }> {
  let target = 0;
  const server = createServer((client) => {
    const upstream = open(target, '127.0.0.1');
    const end = () => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) socket.on('error', end).on('close', end);
    client.pipe(upstream).pipe(client);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => server.close());
  const address = server.address();
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    to: (port) => (target = Number(port)),
  };
}

/** As much of a test database as the helpers ask for. */
function databaseAt(connectionString: string): Pick<TestDatabase, 'pool' | 'rows'> {
  const pool = new pg.Pool({ connectionString });
  pool.on('error', () => {});
  endings.push(() => pool.end());
  return {
    pool,
    rows: async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
      (await pool.query<T>(sql, values)).rows,
  };
}

describe('rollout tick --loop', () => {
  it('tick --loop goes on after a restart of PostgreSQL, and ends on SIGTERM', async () => {
    const folder = await embeddedFolder();
    const first = await member(folder);
    const way = await relay();
    way.to(first.port);
    const url = new URL(first.connectionString);
    url.port = String(way.port);
    const repository = await gitRepository();
    await repository.commit({
      'rollout.yaml': fileOf({ one: { percentage: 25, rollback: { fuse: false } } }),
    });
    const options = { dir: repository.dir, database: url.href };
    expect(await (await start(['migrate'], options)).ended).toBe(0);
    const loop = await start(['tick', '--loop', '1s'], options);
    await until(() => loop.said().includes('next tick in 1s'));
    expect(loop.said()).toContain('one');

    await killServer(folder);
    await until(() => /error: .*(cannot be reached|not available)/.test(loop.said()));
    const second = await member(folder);
    way.to(second.port);
    const db = databaseAt(url.href) as TestDatabase;
    await recordForTick(db, 'one', { jobs: 20, errors: 15 });
    await until(() => loop.said().includes('one was rolled back from 25%'));
    await until(async () => (await repository.git('log', '--format=%s')).startsWith('Roll back one'));

    loop.child.kill('SIGTERM');
    expect(await loop.ended).toBe(0);
    expect(loop.child.exitCode).toBe(0);
    const [found] = await db.rows<{ incidents: number; valid: boolean }>(
      `select (select count(*)::int from rollout_incidents) as incidents, valid from rollout_verify_history()`,
    );
    expect(found).toEqual({ incidents: 1, valid: true });
    await second.leave();
  });

  it('tick --loop applies what a colleague pushed, although somebody edits the file in the clone', async () => {
    const origin = await gitProject();
    await origin.commit(fileOf({ one: { percentage: 5 } }));
    const clone = await cloneOf(await origin.repository.bareRemote());
    await clone.write({ 'rollout.yaml': 'half an idea' });
    const options = { dir: clone.dir, database: origin.db.connectionString };
    const loop = await start(['tick', '--loop', '1s'], options);
    await until(() => loop.said().includes('next tick in 1s'));
    await origin.commit(fileOf({ one: { percentage: 15 } }));
    await origin.repository.git('push', '--quiet', 'origin', 'main');
    await until(async () => {
      const [row] = await origin.db.rows<{ at: number }>(
        `select rollout_percentage::float8 as at from rollout_configuration where feature_name = 'one'`,
      );
      return row?.at === 15;
    });
    loop.child.kill('SIGTERM');
    expect(await loop.ended).toBe(0);
    expect(loop.said()).not.toContain('error');
  });

  it.each(['0s', '2d'])('tick --loop refuses %j as an interval', async (interval) => {
    const running = await start(['tick', '--loop', interval], {
      dir: '/',
      database: 'postgresql://x@127.0.0.1:1/x',
    });
    expect(await running.ended).toBe(1);
    expect(running.said()).toContain('an interval of at most a day');
  });
});
