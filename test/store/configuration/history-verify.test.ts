import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { verifyHistory } from '../../../src/store/configuration/history.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

/** Five rows: two features, and at the end one that belongs to none. */
async function fiveRows(): Promise<TestDatabase> {
  const db = await testDatabase();
  await applyFeature(db.pool, 'capture', { percentage: 10 });
  await applyFeature(db.pool, 'search', { percentage: 10 });
  await applyFeature(db.pool, 'capture', { percentage: 25 });
  await applyFeature(db.pool, 'search', { percentage: 25 });
  await db.rows(
    `insert into rollout_history (action, triggered_by, reason) values ('note', 'ada', 'a remark')`,
  );
  return db;
}

/** What an owner can do who first takes the triggers away; `then` looks at it before it is rolled back. */
async function tampered<T>(
  db: TestDatabase,
  sql: string,
  then: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await db.client();
  await client.query(`begin; alter table rollout_history disable trigger user; ${sql};
    alter table rollout_history enable always trigger rollout_chain_history,
      enable always trigger rollout_head_history`);
  try {
    return await then(client);
  } finally {
    await client.query('rollback');
    await client.end();
  }
}

let shared: TestDatabase;
beforeAll(async () => {
  shared = await fiveRows();
});

describe('verifying history', () => {
  it('verifying an untouched history finds nothing wrong and returns its head', async () => {
    const db = shared;
    const [last] = await db.rows<{ digest: string }>(
      `select encode(digest, 'hex') as digest from rollout_history where id = 5`,
    );
    expect(await verifyHistory(db.pool)).toEqual({
      valid: true,
      entries: 5,
      first_bad: null,
      problem: null,
      head: last?.digest,
    });
  });

  it('verifying an empty history finds nothing wrong', async () => {
    const db = await testDatabase();
    expect(await verifyHistory(db.pool)).toMatchObject({ valid: true, entries: 0, head: null });
  });

  it.each([
    ['changed metadata', `update rollout_history set metadata = '{}' where id = 3`, 3, 'row 3 was changed'],
    [
      'a changed time',
      `update rollout_history set created_at = created_at + interval '1 microsecond' where id = 2`,
      2,
      'row 2 was changed',
    ],
    [
      'a changed role',
      `update rollout_history set session_role = 'eve' where id = 4`,
      4,
      'row 4 was changed',
    ],
    [
      'a changed reason with a new salt',
      `update rollout_history set reason = 'never happened', salt = '\\x00' where id = 3`,
      3,
      'row 3 was changed',
    ],
    [
      'a changed reason with a seal of its own',
      `update rollout_history h set reason = 'never happened' where id = 3;
       update rollout_history h set seal = rollout_history_seal(h) where id = 3`,
      3,
      'row 3 was changed',
    ],
    ['a first row that is gone', `delete from rollout_history where id = 1`, 1, 'row 1 is missing'],
    ['a middle row that is gone', `delete from rollout_history where id = 3`, 3, 'row 3 is missing'],
    ['a last row that is gone', `delete from rollout_history where id = 5`, 5, 'row 5, the last, is missing'],
    ['a missing tail', `delete from rollout_history where id >= 3`, 3, 'row 3, the last of feature capture'],
    ['every row gone', `delete from rollout_history`, 3, 'row 3, the last of feature capture'],
    [
      'a row that was added behind the trigger',
      `insert into rollout_history select (jsonb_populate_record(h, '{"id": 6}')).* from rollout_history h where id = 5`,
      6,
      'row 6 was changed',
    ],
    [
      'two rows that changed places',
      `update rollout_history set id = case id when 2 then 30 else 2 end where id in (2, 3); update rollout_history set id = 3 where id = 30`,
      2,
      'row 2 was changed',
    ],
  ])('verifying history finds %s and the number of the first bad row', async (_what, sql, first, problem) => {
    const found = await tampered(shared, sql, verifyHistory);
    expect(found).toMatchObject({ valid: false, first_bad: first });
    expect(found.problem).toContain(problem);
  });

  it('verifying history finds a forged row whose own digest is right', async () => {
    const sql = `update rollout_history h set reason = 'never happened' where id = 3;
      update rollout_history h set seal = rollout_history_seal(h) where id = 3;
      update rollout_history h set digest = rollout_history_digest(h) where id = 3`;
    expect(await tampered(shared, sql, verifyHistory)).toMatchObject({ valid: false, first_bad: 3 });
  });

  it('verifying history finds a deleted last row even when rows were written after it', async () => {
    const found = await tampered(shared, `delete from rollout_history where id = 5`, async (client) => {
      await client.query(`update rollout_configuration set rollout_percentage = 50`);
      return verifyHistory(client);
    });
    expect(found).toMatchObject({ valid: false, entries: 6, first_bad: 5, problem: 'row 5 is missing' });
  });

  it('verifying history accepts a digest that was kept elsewhere, in either letter case', async () => {
    const db = await fiveRows();
    const { head } = await verifyHistory(db.pool);
    await applyFeature(db.pool, 'capture', { percentage: 50 });
    expect(await verifyHistory(db.pool, head ?? '')).toMatchObject({ valid: true });
    expect(await verifyHistory(db.pool, head?.toUpperCase())).toMatchObject({ valid: true });
  });

  it('verifying history against a kept digest finds a tail that the owner rewrote completely', async () => {
    const { head } = await verifyHistory(shared.pool);
    const sql = `update rollout_history h set reason = 'never happened' where id = 5;
      update rollout_history h set seal = rollout_history_seal(h) where id = 5;
      update rollout_history h set digest = rollout_history_digest(h) where id = 5;
      update rollout_state set history_digest = (select digest from rollout_history where id = 5)`;
    const [without, against] = await tampered(shared, sql, async (client) => [
      await verifyHistory(client),
      await verifyHistory(client, head ?? ''),
    ]);
    expect(without).toMatchObject({ valid: true });
    expect(against).toMatchObject({
      valid: false,
      first_bad: 6,
      problem: expect.stringContaining('no row has the expected digest'),
    });
  });

  it.each([
    `set timezone = 'Asia/Kathmandu'`,
    `set datestyle = 'German, DMY'; set intervalstyle = 'sql_standard'`,
    `set extra_float_digits = -15`,
    `set bytea_output = 'escape'; set search_path = pg_catalog`,
  ])('verifying history gives the same result after %s', async (settings) => {
    const client = await shared.client();
    await client.query(settings);
    const { rows } = await client.query(
      `select valid, entries::int, first_bad from public.rollout_verify_history()`,
    );
    expect(rows).toEqual([{ valid: true, entries: 5, first_bad: null }]);
  });
});

describe('16 sessions that write at the same time', () => {
  it('16 concurrent sessions leave a history without gap or fork, one row for each change', async () => {
    const db = await testDatabase();
    for (const feature of ['a', 'b', 'c', 'd']) await applyFeature(db.pool, feature);
    const clients = await Promise.all(Array.from({ length: 16 }, () => db.client()));
    await Promise.all(
      clients.map(async (client, writer) => {
        for (let round = 0; round < 25; round++) {
          const feature = 'abcd'[(writer + round) % 4];
          await client.query(
            `update rollout_configuration set metadata = jsonb_build_object('by', $2::int, 'n', $3::int)
             where feature_name = $1`,
            [feature, writer, round],
          );
        }
      }),
    );
    expect(await verifyHistory(db.pool)).toMatchObject({ valid: true, entries: 404, problem: null });
    const [range] = await db.rows(`select min(id)::int, max(id)::int, count(*)::int from rollout_history`);
    expect(range).toEqual({ min: 1, max: 404, count: 404 });
  });
});
