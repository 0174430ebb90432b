import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPool } from '../../src/store/db/client.ts';
import { migrate } from '../../src/store/db/migrate.ts';
import { readServerFacts } from '../../src/store/runtime/server-facts.ts';
import { createStore } from '../../src/store/store.ts';
import { applyFeature } from '../helpers/data/features.ts';
import { switchingProxy } from '../helpers/database/switching-proxy.ts';
import { DEBIAN_POSTGRES, debianServer, debianStandby } from '../helpers/debian/debian.ts';
import { openRollout, told } from '../helpers/http/rollouts.ts';
import { patience } from '../helpers/run/pace.ts';

const HERE = DEBIAN_POSTGRES !== null && existsSync(join(DEBIAN_POSTGRES, 'pg_basebackup'));

describe.runIf(HERE)('a real streaming replica', { timeout: patience(60_000) }, () => {
  let primary: pg.Pool;
  let address: string;
  let standby: Awaited<ReturnType<typeof debianStandby>>;
  const pools: pg.Pool[] = [];
  const pool = (url: string) => {
    const opened = openPool(url);
    pools.push(opened);
    return opened;
  };

  beforeAll(async () => {
    address = await debianServer();
    const client = new pg.Client(address);
    await client.connect();
    await migrate(client);
    await client.end();
    primary = pool(address);
    await applyFeature(primary, 'checkout', { percentage: 100 });
    await applyFeature(primary, 'search', { percentage: 100 });
    standby = await debianStandby(address);
  }, patience(60_000));
  afterAll(async () => {
    for (const one of pools) await one.end();
  });

  it('a replica is followed by the poll and its primary’s stop obeyed; outcomes that it cannot take are kept', async () => {
    const lines: string[] = [];
    const rollout = await openRollout({
      ...{ connectionString: standby.url, pollMs: 100, flushMs: 3_600_000 },
      log: (line) => lines.push(line),
    });
    expect(rollout.isEligible('checkout', 'x')).toBe(true);
    expect(rollout.state().listening).toBe(false);
    await applyFeature(primary, 'checkout', { percentage: 100, emergency_stop: true });
    await expect
      .poll(() => rollout.evaluate('checkout', 'x').reason, { timeout: patience(10_000) })
      .toBe('emergency_stop');
    rollout.record({ feature: 'search', subject: 'x', processor: 'replica', ok: true });
    expect(await rollout.flush()).toBe(false);
    expect(rollout.state()).toMatchObject({ pending: 1, dropped: 0 });
    expect(lines.join('\n')).toContain('the database is read-only');
  });

  it('the snapshot comes from readUrl, and outcomes go to the primary by writeUrl', async () => {
    const lines: string[] = [];
    const rollout = await openRollout({
      ...{ readUrl: standby.url, writeUrl: address, pollMs: 100, flushMs: 3_600_000 },
      log: (line) => lines.push(line),
    });
    expect(rollout.isEligible('search', 'x')).toBe(true);
    expect(rollout.state()).toMatchObject({ status: 'ready', listening: false, standby: true });
    rollout.record({ feature: 'search', subject: 'x', processor: 'by-two-urls', ok: true });
    expect(await rollout.flush()).toBe(true);
    const { rows } = await primary.query(
      `select sum(total_jobs)::int as jobs from rollout_metrics where feature_name = 'search'`,
    );
    expect(rows).toEqual([{ jobs: 1 }]);
    const connectionsOf = async (server: pg.Pool) =>
      (await server.query(`select from pg_stat_activity where application_name = 'rollout-runtime'`))
        .rowCount;
    await rollout.close();
    // What is not there is not asked for: a replica has no notifications.
    expect(lines).toEqual([]);
    await expect.poll(() => connectionsOf(primary)).toBe(0);
  });

  it('readUrl without writeUrl is refused with the name of the missing option', async () => {
    const writeUrl = process.env.NO_SUCH_VARIABLE;
    await expect(openRollout({ readUrl: standby.url, writeUrl })).rejects.toMatchObject({
      ...{ code: 'usage', message: expect.stringContaining('writeUrl') },
    });
  });

  it('a replica is named as one by the doctor and by the error of a refused change', async () => {
    const replica = pool(standby.url);
    expect(await readServerFacts(replica)).toMatchObject({ standby: true });
    expect(await readServerFacts(primary)).toMatchObject({ standby: false });
    await expect(createStore(replica).incidents.stop('search', 'it burns', 'ada')).rejects.toMatchObject({
      code: 'database_read_only',
    });
  });

  it('a replica that missed commits and takes over between two polls is followed, and a stop is obeyed', async () => {
    const way = await switchingProxy(address);
    const rollout = await openRollout({ connectionString: way.connectionString, pollMs: 200 });
    const others = told(rollout, 'other_history');
    expect(rollout.isEligible('search', 'x')).toBe(true);
    const replica = pool(standby.url);
    // From here on the standby receives nothing: what follows is lost with the primary.
    await replica.query(`alter system set primary_conninfo = ''`);
    await replica.query('select pg_reload_conf()');
    await expect
      .poll(async () => (await replica.query('select from pg_stat_wal_receiver')).rowCount, {
        timeout: patience(10_000),
      })
      .toBe(0);
    await applyFeature(primary, 'search', { percentage: 99 });
    await applyFeature(primary, 'lost', { percentage: 100 });
    await expect.poll(() => rollout.isEligible('lost', 'x')).toBe(true);
    await way.cut();
    standby.promote();
    await expect
      .poll(async () => (await replica.query('select pg_is_in_recovery() as r')).rows[0]?.r, {
        timeout: patience(10_000),
      })
      .toBe(false);
    await applyFeature(replica, 'search', { percentage: 100, emergency_stop: true });
    await way.restore(standby.url);
    await expect
      .poll(() => rollout.evaluate('search', 'x').reason, { timeout: patience(10_000) })
      .toBe('emergency_stop');
    expect(rollout.isEligible('lost', 'x')).toBe(false);
    expect(others.length).toBe(1);
  });
});
