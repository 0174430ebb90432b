import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { words } from '../../../src/report/kept.ts';
import { addRepositories, brief, checksum, fileOf, project } from '../../helpers/projects/project.ts';

const feature = (percentage: number, rest: object = {}) => ({ percentage, ...rest });

describe('reconcile', () => {
  it('reconcile of an unchanged file writes no history and reports no change', async () => {
    const { apply, reconcile, db, history } = await project();
    await addRepositories(db, 20);
    await apply(
      fileOf({ one: feature(10, { whitelist: ['acme/r1', 'r2'], blacklist: ['Acme/R3'] }), two: feature(0) }),
    );
    const before = await history();
    const rows = await checksum(db);
    expect((await reconcile()).changes).toEqual([]);
    expect(await history()).toEqual(before);
    expect(before).toHaveLength(2);
    expect(await checksum(db)).toEqual(rows);
  });

  it('reconcile writes nothing for a feature when a comment or another feature changes', async () => {
    const { apply, history, db } = await project();
    const text = fileOf({ one: feature(10), two: feature(5) });
    await apply(text);
    const row = () => db.rows(`select * from rollout_configuration where feature_name = 'one'`);
    const before = await row();
    await apply(
      `# a comment\n${text.replace('"two": {"percentage":5}', '"two":   { percentage: 7 } # more')}`,
    );
    expect((await history('two')).map(({ action }) => action)).toEqual(['created', 'updated']);
    expect(await row()).toEqual(before);
    expect(await history('one')).toHaveLength(1);
  });

  it('reconcile writes one history row with what changed, by whom, and who moved', async () => {
    const { apply, history, db } = await project();
    await addRepositories(db, 1_000);
    await apply(fileOf({ one: feature(10) }));
    const { changes } = await apply(fileOf({ one: feature(25, { thresholds: { max_error_rate: 4 } }) }));
    const [change] = changes;
    expect(change).toMatchObject({ action: 'update', held: false, incident: null });
    expect(
      change?.differences.map(({ path, before, after }) => `${path} ${before} -> ${after}`).sort(),
    ).toEqual([
      'percentage 10 -> 25',
      'thresholds.advance_error_rate 3 -> 2.4',
      'thresholds.critical_error_rate 10 -> 8',
      'thresholds.max_error_rate 5 -> 4',
      'thresholds.warning_error_rate 2.5 -> 2',
    ]);
    const [row] = await db.rows(`select count(*)::int as n from repository_categories r
      where rollout_bucket('one', repository_id) between 1000 and 2499`);
    expect(change?.impact).toMatchObject({ entering: row?.n, leaving: 0, total: 1_000 });
    expect((await history('one')).at(-1)).toMatchObject({
      action: 'updated',
      previous_percentage: 10,
      new_percentage: 25,
      triggered_by: 'tester',
      metadata: { entering: row?.n, leaving: 0, spec: { percentage: 25 } },
    });
  });

  it('reconcile calls a change an advance when only the percentage goes to the next step', async () => {
    const { apply, history } = await project();
    const steps = [{ percentage: 10, soak: '1h' }, { percentage: 25 }];
    await apply(fileOf({ one: feature(10, { steps }) }));
    await apply(fileOf({ one: feature(25, { steps }) }));
    expect((await history('one')).map(({ action }) => action)).toEqual(['created', 'advanced']);
  });

  it('reconcile archives a feature that is off and gone, and restores its history when the key is back', async () => {
    const { apply, history, db } = await project();
    await apply(fileOf({ one: feature(10), two: feature(1) }));
    await apply(fileOf({ one: feature(10, { active: false }), two: feature(1) }));
    expect(brief(await apply(fileOf({ two: feature(1) })))).toEqual([
      'archive one: archived, reconciled true',
    ]);
    expect((await apply(fileOf({ two: feature(1) }))).changes).toEqual([]);
    const [back] = (await apply(fileOf({ one: feature(5), two: feature(1) }))).changes;
    expect(back).toMatchObject({
      action: 'update',
      from: { active: false },
      to: { active: true, percentage: 5 },
    });
    expect(back?.reason).toMatchObject({ code: 'updated', unarchived: true });
    expect((await history('one')).map(({ action }) => action)).toEqual([
      'created',
      'updated',
      'archived',
      'updated',
    ]);
    const [row] = await db.rows(
      `select archived_at, epoch from rollout_configuration where feature_name = 'one'`,
    );
    expect(row).toEqual({ archived_at: null, epoch: 2 });
  });

  it('reconcile refuses to drop a feature that is still on, and applies the others', async () => {
    const { apply, db } = await project();
    await apply(fileOf({ one: feature(10), two: feature(1) }));
    const result = await apply(fileOf({ two: feature(2) }));
    expect(brief(result)).toEqual([
      'refused one: still_on, feature "one", reconciled true',
      'update two: updated, differences [{"path":"percentage","before":1,"after":2}]',
    ]);
    expect(
      await db.rows(
        `select rollout_percentage::float8 as p, is_active from rollout_configuration order by feature_name`,
      ),
    ).toEqual([
      { p: 10, is_active: true },
      { p: 2, is_active: true },
    ]);
  });

  it('reconcile explains a row that was inserted by SQL, and each way it suggests works', async () => {
    const one = await project();
    await one.apply(fileOf({ two: feature(1) }));
    const insert = (name: string, active: boolean) =>
      one.db.pool.query(`insert into rollout_configuration (feature_name, is_active) values ($1, $2)`, [
        name,
        active,
      ]);
    await insert('by_hand', true);
    await insert('off_by_hand', false);
    expect(brief(await one.reconcile())).toEqual([
      'refused by_hand: still_on, feature "by_hand"',
      'archive off_by_hand: archived',
    ]);
    const found = join(one.dir, 'found.yaml');
    expect(await one.cli(['init', '--from-database', '--file', found])).toMatchObject({ code: 0 });
    expect(await one.cli(['plan', '--file', found])).toMatchObject({ code: 0, stderr: '' });
    expect(await one.cli(['stop', 'by_hand', '--reason', 'nobody knows it'])).toMatchObject({ code: 0 });
    expect(brief(await one.reconcile())).toEqual(['archive by_hand: archived']);
  });

  it('reconcile refuses a file without features while features are live, and accepts it when none is', async () => {
    const { apply } = await project();
    expect((await apply(fileOf({}))).changes).toEqual([]);
    await apply(fileOf({ one: feature(10) }));
    await expect(apply(fileOf({}))).rejects.toMatchObject({
      code: 'file_invalid',
      message: words.emptyFile({ live: ['one'] }),
      hint: expect.stringContaining('active: false'),
    });
    await apply(fileOf({ one: feature(10, { active: false }) }));
    expect(brief(await apply(fileOf({})))).toHaveLength(1);
  });

  it('reconcile refuses a file of another environment before it writes anything', async () => {
    const { apply, db } = await project();
    await apply(fileOf({ one: feature(10) }, { environment: 'production' }));
    const before = await checksum(db);
    await expect(apply(fileOf({ one: feature(50) }, { environment: 'staging' }))).rejects.toMatchObject({
      code: 'environment_mismatch',
      message: 'the file says environment: staging, but this is the database of production',
    });
    await expect(apply(fileOf({ one: feature(50) }))).rejects.toMatchObject({ code: 'environment_mismatch' });
    expect(await checksum(db)).toEqual(before);
  });

  it('reconcile leaves a feature with an error as it is, names the line, and applies the others', async () => {
    const { apply, db, verify } = await project();
    await apply(fileOf({ bad: feature(10), good: feature(10) }));
    const result = await apply(fileOf({ bad: feature(101), good: feature(20), new: feature(1) }));
    expect(result.changes.map(({ feature, action }) => [feature, action])).toEqual([
      ['bad', 'refused'],
      ['good', 'update'],
      ['new', 'create'],
    ]);
    expect(result.changes[0]?.reason).toMatchObject({ code: 'file_errors', line: 3, more: 0 });
    expect(result.problems.filter(({ severity }) => severity === 'error')).toMatchObject([
      { path: 'features.bad.percentage', line: 3 },
    ]);
    const rows = await db.rows(
      `select feature_name as f, rollout_percentage::float8 as p from rollout_configuration order by 1`,
    );
    expect(rows).toEqual([
      { f: 'bad', p: 10 },
      { f: 'good', p: 20 },
      { f: 'new', p: 1 },
    ]);
    expect((await verify()).valid).toBe(true);
  });

  it('reconcile reports a feature that the database refuses, moves nobody for it, and applies the others', async () => {
    const { apply, db, history } = await project();
    await addRepositories(db, 50);
    await db.pool.query(
      `alter table rollout_configuration add constraint house_rule check (feature_name <> 'bad' or rollout_percentage <= 50)`,
    );
    await apply(fileOf({ bad: feature(10), good: feature(10) }));
    const result = await apply(fileOf({ bad: feature(100), good: feature(20), zoo: feature(1) }));
    const [bad, ...others] = result.changes;
    expect(others.map(({ action }) => action)).toEqual(['update', 'create']);
    expect(bad).toMatchObject({
      feature: 'bad',
      action: 'refused',
      impact: null,
      largest: [],
      to: { percentage: 10 },
    });
    expect(bad?.reason).toEqual({
      code: 'database_refused',
      error: expect.stringContaining('house_rule'),
    });
    expect(await history('bad')).toHaveLength(1);
    expect(bad?.file).toMatchObject({ percentage: 100 });
    await db.pool.query('alter table rollout_configuration drop constraint house_rule');
    expect(brief(await apply(fileOf({ bad: feature(100), good: feature(20), zoo: feature(1) })))).toEqual([
      'update bad: updated, differences [{"path":"percentage","before":10,"after":100}]',
    ]);
  });

  it('reconcile goes on when the database refuses to store a baseline for an agreeing row', async () => {
    const { apply, db } = await project();
    await db.pool.query(
      `insert into rollout_configuration (feature_name, is_active) values ('bad', true), ('good', true);
       alter table rollout_configuration add constraint house_rule check (feature_name <> 'bad' or spec is null)`,
    );
    const result = await apply(fileOf({ bad: {}, good: {}, new: {} }));
    expect(result.adopted).toEqual(['good']);
    expect(brief(result)).toEqual([
      expect.stringMatching(/^refused bad: database_refused, error .*house_rule/),
      expect.stringMatching(/^create new: created, /),
    ]);
    expect(await db.rows('select environment from rollout_state')).toEqual([{ environment: 'default' }]);
  });
});
