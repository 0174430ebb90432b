import { describe, expect, it } from 'vitest';
import { readHistory } from '../../../src/store/configuration/history.ts';
import { applyFeature, historyOf } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

describe('what history records', () => {
  it('history gets one chained row for each change by the controller, with the whole effective spec', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 10 });
    await applyFeature(db.pool, 'capture', { percentage: 25 }, 'advanced');
    const rows = await readHistory(db.pool, { feature: 'capture' });
    expect(rows).toMatchObject([
      {
        id: 2,
        action: 'advanced',
        previous_percentage: 10,
        new_percentage: 25,
        triggered_by: 'ada',
        revision: 'c0ffee',
        metadata: { spec: { percentage: 25, strategy: 'percentage' }, before: { percentage: 10 } },
      },
      { id: 1, action: 'created', previous_percentage: null, new_percentage: 10 },
    ]);
  });

  it('a change that changes nothing adds no row to history', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 10 });
    await applyFeature(db.pool, 'capture', { percentage: 10 });
    await db.rows(`update rollout_configuration set rollout_percentage = 10, updated_at = now()`);
    expect(await historyOf(db.pool)).toHaveLength(1);
  });

  it('history marks manual SQL as such, with the role that the server saw', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 10 });
    const [me] = await db.rows<{ name: string }>(`select session_user as name`);
    await db.rows(`update rollout_configuration set rollout_percentage = 90`);
    await db.rows(`update rollout_configuration set emergency_stop = true`);
    expect((await historyOf(db.pool)).slice(1)).toMatchObject([
      { action: 'updated', triggered_by: `sql:${me?.name}`, reason: 'changed by SQL' },
      { action: 'emergency_stop', triggered_by: `sql:${me?.name}`, session_role: me?.name },
    ]);
  });

  it('history keeps the role that the server saw beside the actor that a session claims to be', async () => {
    const db = await testDatabase();
    const client = await db.client();
    await client.query(`select set_config('rollout.actor', 'the queen', false)`);
    await client.query(`insert into rollout_configuration (feature_name) values ('capture')`);
    const [me] = await db.rows<{ name: string }>(`select session_user as name`);
    expect(await historyOf(db.pool)).toMatchObject([{ triggered_by: 'the queen', session_role: me?.name }]);
  });

  it('listeners are notified once for each feature that changed in a transaction', async () => {
    const db = await testDatabase();
    const listener = await db.client();
    const heard: string[] = [];
    listener.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await listener.query('listen rollout_changed');
    await applyFeature(db.pool, 'capture', { percentage: 10 });
    await applyFeature(db.pool, 'search', { percentage: 10 });
    await db.rows(`update rollout_configuration set rollout_percentage = 5`);
    await db.rows(`select rollout_emergency_stop(null, 'all of it')`);
    await listener.query('select 1');
    expect(heard.sort()).toEqual(['*', 'capture', 'capture', 'capture', 'search', 'search', 'search'].sort());
  });
});

describe('a row inserted by hand', () => {
  const forged = `insert into rollout_history (feature_name, action, triggered_by, metadata, created_at)
    values ('capture', 'rollback', 'the queen', '{"spec": {"percentage": 100}}', '2001-01-01')`;
  const exactText = 'insert into rollout_history select entry.*';
  const caller =
    'PL/pgSQL function rollout_append_history(text,text,text,jsonb,text,numeric,numeric,text,timestamp with time zone) line 1 at SQL statement';

  it.each([
    ['a plain statement', forged],
    ['a statement in a block', `do $do$ begin ${forged}; end $do$`],
    [
      'a comment that looks like our call stack',
      `do $do$ begin execute $sql$/* ${exactText}"\n${caller} */ ${forged}$sql$; end $do$`,
    ],
    [
      'a comment at the end',
      `do $do$ begin execute $sql$${forged} --${exactText}"\n--${caller}$sql$; end $do$`,
    ],
  ])('a history row inserted manually becomes a note with the current time, as %s', async (_how, sql) => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture');
    await db.rows(sql);
    const [, note] = await historyOf(db.pool);
    const [me] = await db.rows<{ name: string; fresh: boolean }>(
      `select session_user as name, created_at > now() - interval '1 hour' as fresh from rollout_history where id = 2`,
    );
    expect(note).toMatchObject({ action: 'note', triggered_by: 'the queen', session_role: me?.name });
    expect(me?.fresh).toBe(true);
    expect((await db.rows(`select valid from rollout_verify_history()`))[0]).toEqual({ valid: true });
  });

  it('a history row inserted manually never counts as a spec', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture', { percentage: 10 });
    await db.rows(forged);
    const [, note] = await historyOf(db.pool);
    expect(note?.metadata).toEqual({ claimed: { spec: { percentage: 100 } } });
  });

  it('history rows inserted manually are numbered and chained, even several in one statement', async () => {
    const db = await testDatabase();
    await db.rows(
      `insert into rollout_history (id, action, triggered_by, digest, previous_digest)
       select 77, 'note', 'row ' || n, '\\x00', '\\x00' from generate_series(1, 3) n`,
    );
    expect((await historyOf(db.pool)).map(({ id, triggered_by }) => [id, triggered_by])).toEqual([
      [1, 'row 1'],
      [2, 'row 2'],
      [3, 'row 3'],
    ]);
    expect((await db.rows(`select valid, entries::int from rollout_verify_history()`))[0]).toEqual({
      valid: true,
      entries: 3,
    });
  });
});

describe('history', () => {
  it.each([
    ['an update', `update rollout_history set reason = 'never mind'`],
    ['a delete', `delete from rollout_history`],
    ['a truncate', `truncate rollout_history`],
    ['a truncate of what it refers to', `truncate rollout_configuration cascade`],
  ])('history refuses %s, even from a session that claims to replicate', async (_what, sql) => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture');
    for (const role of ['origin', 'replica']) {
      const client = await db.client();
      await client.query(`set session_replication_role = ${role}`);
      await expect(client.query(sql)).rejects.toThrow('rollout_history is append-only');
    }
    expect(await historyOf(db.pool)).toHaveLength(1);
  });

  it('the row of a feature cannot be deleted or renamed while history refers to it', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'capture');
    await expect(db.rows(`delete from rollout_configuration`)).rejects.toThrow(/foreign key constraint/);
    await expect(db.rows(`update rollout_configuration set feature_name = 'x'`)).rejects.toThrow(
      /foreign key constraint/,
    );
  });
});
