import { describe, expect, it } from 'vitest';
import {
  addRepositories,
  brief,
  checksum,
  fileOf,
  gitProject,
  type Project,
  project,
} from '../../helpers/projects/project.ts';

const at10 = fileOf({ one: { percentage: 10, whitelist: ['r1'] } });

const bySql = (db: Project['db'], set: string) =>
  db.pool.query(`update rollout_configuration set ${set} where feature_name = 'one'`);
const live = async (db: Project['db']) =>
  (
    await db.rows(
      `select rollout_percentage::float8 as percentage, is_active as active, emergency_stop as stop,
         target_repositories as whitelist from rollout_configuration where feature_name = 'one'`,
    )
  )[0];
const incidents = (db: Project['db']) =>
  db.rows(`select kind, state, reason, settled_by, opened_by from rollout_incidents order by id`);

describe('drift', () => {
  it('reconcile repairs a manual raise without an incident, and notes it in history', async () => {
    const { apply, reconcile, db, history, verify } = await project();
    await apply(at10);
    await bySql(db, `rollout_percentage = 80, target_repositories = '{r1,r9}'`);
    const result = await reconcile();
    expect(brief(result)).toEqual(['repair_drift one: drift_repaired, repaired ["percentage","whitelist"]']);
    expect(await live(db)).toMatchObject({ percentage: 10, whitelist: ['r1'] });
    expect(await incidents(db)).toEqual([]);
    const rows = await history('one');
    expect(rows.map(({ action }) => action)).toEqual(['created', 'updated', 'drift_repaired']);
    expect(rows[1]).toMatchObject({
      reason: 'changed by SQL',
      triggered_by: expect.stringMatching(/^sql:/),
      new_percentage: 80,
    });
    expect((await reconcile()).changes).toEqual([]);
    expect((await verify()).valid).toBe(true);
  });

  it.each(['target_repositories', 'excluded_repositories'])(
    'reconcile puts back an owner that SQL wrote into %s, which moves nobody',
    async (column) => {
      const { apply, plan, reconcile, db } = await project();
      await addRepositories(db, 40);
      await apply(at10);
      await bySql(db, `${column} = ${column} || 'acme/*'::text`);
      const planned = await plan();
      expect(planned.changes[0]?.impact).toMatchObject({ entering: 0, leaving: 0 });
      const result = await reconcile();
      expect(brief(result)).toEqual([`repair_drift one: drift_repaired, repaired ["${column}"]`]);
      expect(result.changes[0]?.impact).toMatchObject({ entering: 0, leaving: 0 });
      expect(await live(db)).toMatchObject({ percentage: 10, whitelist: ['r1'] });
      expect(await db.rows(`select excluded_repositories as out from rollout_configuration`)).toEqual([
        { out: [] },
      ]);
      expect(await incidents(db)).toEqual([]);
      expect((await reconcile()).changes).toEqual([]);
    },
  );

  it('reconcile adopts a manual reduction and holds it through unrelated commits', async () => {
    const { apply, reconcile, db, history } = await project();
    await apply(at10);
    await bySql(db, 'rollout_percentage = 5');
    const [change] = (await reconcile()).changes;
    expect(change).toMatchObject({ action: 'adopt_drift', held: true });
    expect(change?.reason).toEqual({
      ...{ code: 'drift_adopted', repaired: [] },
      reduced: [{ field: 'percentage', value: 5 }],
    });
    expect(await incidents(db)).toMatchObject([{ kind: 'drift', state: 'open' }]);
    const rows = (await history('one')).length;
    for (const text of [at10, `# comment\n${at10}`]) {
      const [held] = (await apply(text)).changes;
      expect(held).toMatchObject({ action: 'held', held: true, incident: '1' });
      expect(held?.reason).toMatchObject({ code: 'held', feature: 'one', incident: '1', permit: null });
    }
    expect(await history('one')).toHaveLength(rows);
    expect(await live(db)).toMatchObject({ percentage: 5 });
  });

  it('reconcile applies everything but exposure to a held feature', async () => {
    const { apply, reconcile, db } = await project();
    await apply(at10);
    await bySql(db, 'is_active = false');
    await reconcile();
    const text = fileOf({
      one: { percentage: 50, whitelist: ['r1'], thresholds: { max_error_rate: 2 }, owner: '@acme/web' },
    });
    expect((await apply(text)).changes).toMatchObject([{ action: 'held' }]);
    expect(await live(db)).toMatchObject({ active: false, percentage: 10 });
    expect(
      await db.rows(
        `select max_error_rate::float8 as m, spec ->> 'owner' as owner from rollout_configuration`,
      ),
    ).toEqual([{ m: 2, owner: '@acme/web' }]);
    expect((await apply(text)).changes).toMatchObject([{ action: 'held', write: null }]);
  });

  it('a file that agrees settles a drift incident, and a later raising commit is a resume', async () => {
    const { commit, reconcile, db, history } = await gitProject();
    const apply = async (text: string) => {
      await commit(text);
      return reconcile();
    };
    await apply(at10);
    await bySql(db, 'rollout_percentage = 5');
    await reconcile();
    expect(brief(await apply(fileOf({ one: { percentage: 5, whitelist: ['r1'] } })))[0]).toMatch(
      /^settle one: settled, incident "1"/,
    );
    expect(await incidents(db)).toMatchObject([{ state: 'settled' }]);
    const [resumed] = (await apply(at10)).changes;
    expect(resumed).toMatchObject({ action: 'update', incident: '1' });
    expect(resumed?.reason).toMatchObject({ code: 'resumed', incident: '1' });
    expect(await incidents(db)).toMatchObject([{ state: 'resumed' }]);
    expect((await history('one')).at(-1)).toMatchObject({ action: 'resumed', epoch: 3 });
  });

  it('a manual stop is adopted and settled only when the file has emergency_stop', async () => {
    const { apply, reconcile, db } = await project();
    await apply(fileOf({ one: { percentage: 10, active: false } }));
    await db.pool.query(`select * from rollout_emergency_stop('one', 'payments fail')`);
    expect((await reconcile()).changes).toMatchObject([{ action: 'held' }]);
    expect((await apply(fileOf({ one: { percentage: 10 } }))).changes).toMatchObject([{ action: 'held' }]);
    expect((await apply(fileOf({ one: { percentage: 10, emergency_stop: true } }))).changes).toMatchObject([
      { action: 'settle' },
    ]);
    expect(await incidents(db)).toMatchObject([
      { kind: 'emergency_stop', state: 'settled', reason: 'payments fail' },
    ]);
  });

  it("reconcile repairs settings changed by SQL even when the file's entry has errors", async () => {
    const { apply, db } = await project();
    await apply(at10);
    await bySql(db, 'max_error_rate = 50, rollout_percentage = 99');
    const result = await apply(fileOf({ one: { percentage: 'ten' } }));
    expect(result.changes).toMatchObject([{ action: 'repair_drift' }]);
    expect(await live(db)).toMatchObject({ percentage: 10 });
    expect(await db.rows('select max_error_rate::float8 as m from rollout_configuration')).toEqual([
      { m: 5 },
    ]);
  });

  it('reconcile applies the file to a row that was never reconciled, and says so', async () => {
    const { apply, db } = await project();
    await db.pool.query(
      `insert into rollout_configuration (feature_name, rollout_percentage, is_active) values ('one', 50, true), ('same', 5, true)`,
    );
    const result = await apply(fileOf({ one: { percentage: 10 }, same: { percentage: 5 } }));
    expect(brief(result)).toEqual([
      'update one: updated, baseline "none", differences [{"path":"percentage","before":50,"after":10}]',
    ]);
    expect(result.adopted).toEqual(['same']);
    const rows = await checksum(db);
    expect(await apply(fileOf({ one: { percentage: 10 }, same: { percentage: 5 } }))).toMatchObject({
      changes: [],
      adopted: [],
    });
    expect(await checksum(db)).toEqual(rows);
  });
});

describe('names in lists', () => {
  it('names are resolved at the reconcile, whatever their case, and names without a subject get a warning', async () => {
    const { apply, db, plan, write } = await project();
    await addRepositories(db, 5);
    const text = fileOf({ one: { whitelist: ['ACME/R1', 'acme/nobody'], blacklist: ['acme/r2'] } });
    await write(text);
    expect((await plan()).changes[0]?.warnings).toEqual([
      { code: 'unmatched_names', subject: 'repository', names: ['acme/nobody'] },
    ]);
    await apply(text);
    expect(
      await db.rows(
        'select target_repositories as w, excluded_repositories as b, resolved from rollout_configuration',
      ),
    ).toEqual([
      {
        w: ['acme/nobody', 'r1'],
        b: ['acme/r2', 'r2'],
        resolved: { 'ACME/R1': 'r1', 'acme/nobody': null, 'acme/r2': 'r2' },
      },
    ]);
  });

  it('a name keeps its id after the name changed hands, and a later match is no drift', async () => {
    const { apply, reconcile, db, history } = await project();
    await addRepositories(db, 2);
    await apply(fileOf({ one: { whitelist: ['acme/r1', 'acme/new'] } }));
    await db.pool.query(
      `update repository_categories set full_name = 'acme/renamed' where repository_id = 'r1'`,
    );
    await db.pool.query(
      `insert into repository_categories (repository_id, full_name) values ('r77', 'acme/r1'), ('r78', 'Acme/New')`,
    );
    expect((await live(db))?.whitelist).toEqual(['r1', 'r78']);
    expect((await reconcile()).changes).toEqual([]);
    expect((await live(db))?.whitelist).toEqual(['r1', 'r78']);
    expect((await history('one')).map(({ action }) => action)).toEqual(['created', 'population_changed']);
  });
});

describe('test_repositories', () => {
  it('test_repositories move subjects into category test, and the reconcile says who enters and leaves', async () => {
    const { apply, db, history } = await project();
    await addRepositories(db, 10);
    const features = { one: { strategy: 'repository_size', percentage: 10 } };
    await apply(fileOf(features));
    const result = await apply(fileOf(features, { test_repositories: ['Acme/R1', 'r2', 'acme/r5'] }));
    expect(result.test_repositories).toEqual({ added: ['acme/r1', 'acme/r5', 'r2'], removed: [] });
    expect(result.movements).toEqual([{ feature: 'one', entering: 2, leaving: 0 }]); // r5 was test by its size
    expect((await history('one')).at(-1)).toMatchObject({
      action: 'population_changed',
      reason: 'test_repositories of the file changed: 2 enter, 0 leave',
    });
    const back = await apply(fileOf(features));
    expect(back.movements).toEqual([{ feature: 'one', entering: 0, leaving: 2 }]);
    expect((await apply(fileOf(features))).movements).toEqual([]);
  });
});

describe('a spec that is edited by SQL', () => {
  const threshold = `spec = jsonb_set(spec, '{thresholds,max_error_rate}', '20')`;
  const errorRate = async (db: Project['db']) =>
    (await db.rows(`select spec #>> '{thresholds,max_error_rate}' as rate from rollout_configuration`))[0]
      ?.rate;

  it.each([
    ['a threshold', threshold],
    ['a field of exposure, which decides nothing there', `spec = spec || '{"percentage": 80}'`],
    ['nothing at all', `spec = null`],
    ['something that is not a spec', `spec = '{"percentage": null}'`],
    ['another digest', `spec_digest = 'c0ffee'`],
  ])(
    'a change by SQL of the spec to %s is repaired with a note in plan and history, without an incident',
    async (_what, set) => {
      const { write, apply, plan, reconcile, db, history } = await project();
      await apply(at10);
      await bySql(db, set);
      await write(at10);
      const planned = brief(await plan());
      expect(planned).toHaveLength(1);
      expect(planned[0]).toMatch(/repaired \["spec"\]|baseline "edited"/);
      expect(brief(await reconcile())).toEqual(planned);
      expect(await errorRate(db)).toBe('5');
      expect(await live(db)).toMatchObject({ percentage: 10, active: true });
      expect(await incidents(db)).toEqual([]);
      expect((await history('one')).at(-1)?.action).toMatch(/drift_repaired|updated/);
      expect((await reconcile()).changes).toEqual([]);
    },
  );

  it('when SQL changes the spec and lowers a column, the spec is repaired and the column held', async () => {
    const { apply, reconcile, db } = await project();
    await apply(at10);
    await bySql(db, `${threshold}, rollout_percentage = 4`);
    expect(brief(await reconcile())).toEqual([
      'adopt_drift one: drift_adopted, reduced [{"field":"percentage","value":4}], repaired ["spec"]',
    ]);
    expect(await live(db)).toMatchObject({ percentage: 4 });
    expect(await errorRate(db)).toBe('5');
  });

  it('when SQL changes the spec and raises a column, both are repaired', async () => {
    const { apply, reconcile, db } = await project();
    await apply(at10);
    await bySql(db, `${threshold}, rollout_percentage = 60`);
    expect(brief(await reconcile())).toEqual([
      'repair_drift one: drift_repaired, repaired ["percentage","spec"]',
    ]);
    expect(await live(db)).toMatchObject({ percentage: 10 });
  });

  it('a spec changed by SQL during a hold is repaired, and the hold stays', async () => {
    const { apply, reconcile, db } = await project();
    await apply(at10);
    await bySql(db, 'rollout_percentage = 5');
    await reconcile();
    await bySql(db, threshold);
    const [change] = (await reconcile()).changes;
    expect(change).toMatchObject({ action: 'held', held: true });
    expect(change?.reason).toMatchObject({ code: 'held', repaired: ['spec'] });
    expect(await errorRate(db)).toBe('5');
    expect(await live(db)).toMatchObject({ percentage: 5 });
    expect((await reconcile()).changes[0]?.reason).toMatchObject({ code: 'held', repaired: [] });
  });

  it('a spec changed by SQL gives way to the file when the file changes too', async () => {
    const { apply, db } = await project();
    await apply(at10);
    await bySql(db, threshold);
    const [change] = (await apply(fileOf({ one: { percentage: 12, whitelist: ['r1'] } }))).changes;
    expect(change).toMatchObject({ action: 'update' });
    expect(change?.reason).toMatchObject({ code: 'updated', baseline: 'edited' });
    expect(await live(db)).toMatchObject({ percentage: 12 });
    expect(await errorRate(db)).toBe('5');
  });

  it.each([
    [`max_error_rate = 30`],
    [`auto_rollback_enabled = false`],
    [`monitoring_window_hours = 1`],
    [`subject_type = 'customer'`],
  ])('a setting changed by SQL beside an intact spec is repaired: %s', async (set) => {
    const { apply, reconcile, db } = await project();
    await apply(at10);
    await bySql(db, set);
    expect(brief(await reconcile())[0]).toMatch(/repaired .*"settings"/);
    expect((await reconcile()).changes).toEqual([]);
  });

  it('the tick that repairs a spec also judges the feature', async () => {
    const { apply, db, cli } = await project();
    await apply(at10);
    await bySql(db, threshold);
    const tick = await cli(['tick']);
    expect(tick.stdout).toContain('spec changed by hand in the database: put back');
    expect(tick.stdout).not.toContain('not judged');
  });
});
