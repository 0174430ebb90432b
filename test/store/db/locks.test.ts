import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { limited, transaction } from '../../../src/store/db/client.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

const SHORT = { lockSeconds: 1, statementSeconds: 30 };
const HISTORY_LOCK = `select from rollout_state for update`;

/** A session that has taken a lock and does nothing more. */
async function holding(db: TestDatabase, lock: string) {
  const client = await db.client({ application_name: 'somebody' });
  await client.query('begin');
  const { rows } = await client.query<{ pid: number }>(`select pg_backend_pid() as pid`);
  await client.query(lock);
  return { pid: rows[0]?.pid ?? 0, letGo: () => client.query('rollback') };
}

describe('a statement that waits for a lock', () => {
  it.each([
    ['the history lock', HISTORY_LOCK, HISTORY_LOCK],
    [
      'the registry',
      `select pg_advisory_xact_lock(hashtextextended('rollout registry', 0))`,
      `select rollout_lock_registry()`,
    ],
    [
      'a table',
      `lock table rollout_metrics in share mode`,
      `lock table rollout_metrics in access exclusive mode`,
    ],
  ])(
    'a statement that waits too long for a lock fails and names the session that holds %s',
    async (_what, lock, wanted) => {
      const db = await testDatabase();
      const { pid } = await holding(db, lock);
      const waiting = transaction(db.pool, { actor: 'ada' }, (client) => client.query(wanted), SHORT);
      await expect(waiting).rejects.toMatchObject({
        code: 'busy',
        message: expect.stringMatching(
          new RegExp(
            `^waited 1 s for a lock; it is held by process ${pid} of role \\S+ \\(somebody\\), in a transaction for \\d+ s$`,
          ),
        ),
        hint: expect.stringContaining(`pg_terminate_backend(${pid})`),
      });
    },
  );

  it('a statement that waits for a lock continues once the other session lets go', async () => {
    const db = await testDatabase();
    const { letGo } = await holding(db, HISTORY_LOCK);
    const waiting = transaction(db.pool, { actor: 'ada' }, (client) => client.query(HISTORY_LOCK), {
      lockSeconds: 60,
      statementSeconds: 60,
    });
    await letGo();
    expect((await waiting).rows).toEqual([{}]);
  });

  it('the error about a lock names only the session that holds it, none that waits for it', async () => {
    const db = await testDatabase();
    const { pid } = await holding(db, HISTORY_LOCK);
    const other = await db.client();
    const waiting = other.query(HISTORY_LOCK);
    const first = transaction(db.pool, { actor: 'ada' }, (client) => client.query(HISTORY_LOCK), SHORT);
    const message = await first.then(
      () => '',
      (error: Error) => error.message,
    );
    expect(message.match(/process \d+/g)).toEqual([`process ${pid}`]);
    await db.rows(`select pg_terminate_backend($1)`, [pid]);
    await waiting;
  });

  it('a single statement that takes too long fails as busy, with the hint to run the command again', async () => {
    const db = await testDatabase();
    const slow = limited(db.pool, 'begin', { lockSeconds: 1, statementSeconds: 1 }, (client) =>
      client.query('select pg_sleep(30)'),
    );
    await expect(slow).rejects.toMatchObject({
      code: 'busy',
      message: 'a statement took longer than 1 minute',
      hint: 'run the command again',
    });
  });

  it('the limits of a transaction do not stay on its connection', async () => {
    const db = await testDatabase();
    await transaction(db.pool, { actor: 'ada' }, (client) => client.query('select 1'), SHORT);
    const [after] = await db.rows(
      `select current_setting('lock_timeout') as lock, current_setting('statement_timeout') as statement`,
    );
    expect(after).toEqual({ lock: '0', statement: '0' });
  });
});

describe('a stop that has to wait', () => {
  it('a stop retries until it has the lock, and reports every second which session holds it', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 100 });
    const { pid, letGo } = await holding(db, HISTORY_LOCK);
    const said: string[] = [];
    const stopping = createStore(db.pool).incidents.stop('capture', 'it burns', 'grace', (message) => {
      said.push(message);
      if (said.length === 2) void letGo();
    });
    expect(await stopping).toMatchObject({ stopped: ['capture'] });
    expect(said).toHaveLength(2);
    expect(said[0]).toMatch(
      new RegExp(
        `^not stopped yet: waiting for a lock, held by process ${pid} of role \\S+, in a transaction for \\d+ s$`,
      ),
    );
  });

  it('a stop is not cut off by the database’s statement_timeout, and stops once', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 100 });
    await db.rows(`alter database ${db.name} set statement_timeout = '1500ms'`);
    const { letGo } = await holding(db, `select from rollout_configuration for update`);
    const said: string[] = [];
    const result = await createStore(db.pool).incidents.stop('capture', 'it burns', 'grace', (message) => {
      said.push(message);
      if (said.length === 2) void letGo();
    });
    expect(result).toEqual({ stopped: ['capture'], already_off: [] });
    expect(await db.rows(`select count(*)::int as incidents from rollout_incidents`)).toEqual([
      { incidents: 1 },
    ]);
  });

  it('a stop in plain SQL waits for the lock as well', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 100 });
    const { letGo } = await holding(db, HISTORY_LOCK);
    const person = await db.client();
    person.on('notice', () => void letGo());
    const { rows } = await person.query(`select * from rollout_emergency_stop('capture', 'it burns')`);
    expect(rows).toEqual([{ feature_name: 'capture', result: 'stopped' }]);
  });

  it('a stop without a blocking session reports nothing', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 100 });
    const said: string[] = [];
    await createStore(db.pool).incidents.stop('capture', 'it burns', 'grace', (message) =>
      said.push(message),
    );
    expect(said).toEqual([]);
  });
});

describe('maintenance', () => {
  it('blocked maintenance is put off and names the session that blocked it', async () => {
    const db = await testDatabase();
    const { pid } = await holding(
      db,
      `select pg_advisory_xact_lock(hashtextextended('rollout maintain', 0))`,
    );
    expect(await createStore(db.pool).maintain()).toMatchObject({
      put_off: true,
      because: expect.stringContaining(`process ${pid} of role`),
    });
  });
});

it('every statement of the store has its limits: none is sent to the pool itself', () => {
  const store = join(import.meta.dirname, '../../../src/store');
  const files = readdirSync(store, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const asking = files.filter((file) => /\bpool\.query\(/.test(readFileSync(join(store, file), 'utf8')));
  expect(asking).toEqual([]);
  const begun = files.filter((file) => /\binTransaction\(/.test(readFileSync(join(store, file), 'utf8')));
  expect(begun.sort()).toEqual(['db/client.ts']);
});
