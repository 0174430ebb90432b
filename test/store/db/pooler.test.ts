import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../../src/store/db/client.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import type { TestDatabase } from '../../helpers/database/database.ts';
import {
  DEBIAN_PGBOUNCER,
  DEBIAN_POSTGRES,
  debianPooler,
  debianServer,
} from '../../helpers/debian/debian.ts';
import { openRollout } from '../../helpers/http/rollouts.ts';
import { served } from '../../helpers/http/served.ts';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import { fileOf, openProject, type Project } from '../../helpers/projects/project.ts';

const here = DEBIAN_POSTGRES !== null && DEBIAN_PGBOUNCER;

let project: Project;
let pooled: string;

describe.skipIf(!here)(`PgBouncer in transaction mode (skipped where Debian's is not installed)`, () => {
  beforeAll(async () => {
    const direct = await debianServer();
    const client = new pg.Client(direct);
    await client.connect();
    await migrate(client);
    await client.end();
    pooled = await debianPooler(direct);
    const pool = openPool(pooled);
    const db: TestDatabase = {
      name: 'postgres',
      connectionString: pooled,
      pool,
      client: () => Promise.reject(new Error('not here')),
      rows: async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) =>
        (await pool.query<T>(sql, values)).rows,
    };
    project = await openProject(await temporaryFolder(), db);
    await project.apply(fileOf({ one: { percentage: 100 } }));
  });

  it('the controller works through PgBouncer: reconcile, stop, history, and a tick', async () => {
    expect(
      (await project.apply(fileOf({ one: { percentage: 100 }, two: { percentage: 5 } }))).changes,
    ).toMatchObject([{ action: 'create', feature: 'two' }]);
    await Promise.all(
      Array.from({ length: 8 }, (_, n) =>
        project.apply(fileOf({ one: { percentage: 100 }, two: { percentage: 6 + n } })).catch(() => {}),
      ),
    );
    await project.controller.store.incidents.stop('two', 'it fails', 'ada');
    expect((await project.verify()).valid).toBe(true);
    const { code, stderr } = await project.cli(['tick']);
    expect({ code, stderr }).toMatchObject({ stderr: '' });
    expect((await project.cli(['status', '--json'])).code).toBe(0);
  });

  it('the library works through PgBouncer by polling, and reports that it does not listen', async () => {
    const rollout = await openRollout({ connectionString: pooled, listen: false, pollMs: 50 });
    const listening = await openRollout({ connectionString: pooled, pollMs: 50 });
    expect(rollout.isEligible('one', 'r1')).toBe(true);
    const routed = rollout.route('one', { subject: 'r1' });
    rollout.record({ ...routed.stamp, ok: true });
    await rollout.flush();
    const jobs = await project.db.rows(
      `select sum(total_jobs)::int as n from rollout_evidence where feature_name = 'one'`,
    );
    expect(jobs).toEqual([{ n: 1 }]);
    await project.controller.store.incidents.stop('one', 'it fails', 'ada');
    await expect.poll(() => rollout.isEligible('one', 'r1')).toBe(false);
    await expect.poll(() => listening.isEligible('one', 'r1')).toBe(false);
    expect(rollout.state().listening).toBe(false);
  });

  it('the server works through PgBouncer', async () => {
    const { store, repository } = project.controller;
    const server = await served({ store, repository, connectionString: pooled });
    expect((await server.get('/api/features')).status).toBe(200);
    const answer = await server.post('/ofrep/v1/evaluate/flags/two', { context: { targetingKey: 'r1' } });
    expect(answer.status).toBe(200);
    expect((await server.admin('stop', { feature: 'two', reason: 'again' })).status).toBeLessThan(300);
  });
});
