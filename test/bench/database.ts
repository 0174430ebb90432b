import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { migrate } from '../../src/store/db/migrate.ts';
import { findBinaries } from '../../src/store/embedded/binaries.ts';
import { type Embedded, useEmbedded } from '../../src/store/embedded/embedded.ts';

/** Gives `work` a migrated database on a server of its own, and removes both. */
export async function withDatabase(
  work: (pool: pg.Pool, connectionString: string, embedded: Embedded) => Promise<void>,
): Promise<void> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'rollout-bench-')));
  chmodSync(folder, 0o755);
  const embedded = await useEmbedded(join(folder, 'server'), {
    durable: false,
    maxConnections: 500,
  });
  const pool = new pg.Pool({ connectionString: embedded.connectionString, max: 4 });
  pool.on('error', () => {}); // the server may stop before the last connection is closed
  try {
    const client = new pg.Client(embedded.connectionString);
    await client.connect();
    await migrate(client);
    await client.end();
    await work(pool, embedded.connectionString, embedded);
  } finally {
    await pool.end();
    await embedded.leave();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Restarts the server on its port, as an administrator does; resolves when it takes connections again. */
export async function restartServer({ folder }: Pick<Embedded, 'folder'>): Promise<void> {
  const data = join(folder, 'cluster', 'data');
  const { uid, gid } = statSync(data);
  const { pgCtl } = await findBinaries();
  // The folder of the binaries may be closed to the server's user, the running server's is not.
  const restart = ['restart', '--pgdata', data, '--mode=fast', '--wait', '--silent', '--log', '/dev/null'];
  await promisify(execFile)(pgCtl, restart, { uid, gid, cwd: '/' });
}

/** Repositories of every size, not categorised yet. */
export async function fillRegistry(pool: pg.Pool, count: number): Promise<void> {
  await pool.query(
    `insert into repository_categories (repository_id, full_name, star_count, contributor_count, pr_count)
     select gen_random_uuid(), 'owner-' || n % 1000 || '/repository-' || n,
       (exp(random() * 9.2) - 1)::int, (exp(random() * 5.5) - 1)::int, (exp(random() * 9.4) - 1)::int
     from generate_series(1, $1::int) n`,
    [count],
  );
  await pool.query(`vacuum analyze repository_categories`);
}
