import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../helpers/projects/git.ts';
import { fileOf, openProject, project } from '../../helpers/projects/project.ts';

const KEYS = Array.from({ length: 12 }, (_, place) => `feature_${place}`);
const everyAt = (percentage: number, rest: object = {}) =>
  fileOf(
    Object.fromEntries(KEYS.map((key, place) => [key, { percentage: percentage + place / 100, ...rest }])),
  );

describe('two reconciles at once', () => {
  it("two simultaneous reconciles of different files leave one file's state per feature, and valid history", async () => {
    const one = await project();
    const two = await openProject(await temporaryFolder(), one.db);
    await one.apply(everyAt(1));
    for (const round of [10, 30, 50]) {
      await one.write(everyAt(round, { whitelist: ['a'] }));
      await two.write(everyAt(round + 10, { blacklist: ['b'] }));
      const [first, second] = await Promise.all([one.reconcile(), two.reconcile()]);
      expect([...first.changes, ...second.changes].filter(({ action }) => action === 'refused')).toEqual([]);
      const rows = await one.db.rows(
        `select rollout_percentage::float8 as percentage, target_repositories as w, excluded_repositories as b,
           spec ->> 'percentage' as said from rollout_configuration order by id`,
      );
      expect(rows).toHaveLength(KEYS.length);
      for (const { percentage, w, b, said } of rows) {
        expect(Number(said)).toBe(percentage);
        expect([w.join(), b.join()]).toEqual(percentage < round + 10 ? ['a', ''] : ['', 'b']);
      }
    }
    expect(await one.verify()).toMatchObject({ valid: true });
  });

  it('simultaneous reconciles of the same file write each change once', async () => {
    const one = await project();
    const others = await Promise.all([temporaryFolder(), temporaryFolder()]);
    const all = [one, ...(await Promise.all(others.map((dir) => openProject(dir, one.db))))];
    for (const { write } of all) await write(everyAt(5));
    const results = await Promise.all(all.map(({ reconcile }) => reconcile()));
    expect(await one.history()).toHaveLength(KEYS.length);
    const said = results.flatMap(({ changes }) => changes.map(({ feature }) => feature)).sort();
    expect(said).toEqual([...KEYS].sort());
    expect(await one.verify()).toMatchObject({ valid: true, entries: KEYS.length });
  });

  it('a reconcile keeps a stop that falls between its plan and its application', async () => {
    const { apply, write, reconcile, controller, db, history } = await project();
    await apply(fileOf({ one: { percentage: 10 } }));
    await write(fileOf({ one: { percentage: 90 } }));
    const { store } = controller;
    const applyChange = store.features.applyChange;
    // The stop comes after the plan was made and before its first transaction.
    store.features.applyChange = async (...call) => {
      store.features.applyChange = applyChange;
      await store.incidents.stop('one', 'payments fail', 'ada');
      return applyChange(...call);
    };
    const { changes } = await reconcile();
    expect(changes).toMatchObject([{ action: 'held', held: true, incident: '1' }]);
    expect(
      await db.rows('select rollout_percentage::float8 as p, emergency_stop as s from rollout_configuration'),
    ).toEqual([{ p: 10, s: true }]);
    expect((await history('one')).map(({ action }) => action)).toEqual(['created', 'emergency_stop']);
  });

  it('a reconcile keeps an id that an import resolved between its plan and its application', async () => {
    const { apply, write, reconcile, controller, db } = await project();
    await apply(fileOf({ one: { whitelist: ['acme/new'] } }));
    await write(fileOf({ one: { whitelist: ['acme/new'], percentage: 10 } }));
    const { store } = controller;
    const applyChange = store.features.applyChange;
    store.features.applyChange = async (...call) => {
      store.features.applyChange = applyChange;
      await db.pool.query(
        `insert into repository_categories (repository_id, full_name) values ('r9', 'acme/new')`,
      );
      return applyChange(...call);
    };
    expect((await reconcile()).changes).toMatchObject([{ action: 'update' }]);
    expect(
      await db.rows(
        'select target_repositories as w, resolved, rollout_percentage::float8 as p from rollout_configuration',
      ),
    ).toEqual([{ w: ['r9'], resolved: { 'acme/new': 'r9' }, p: 10 }]);
  });
});

describe('a server that goes away in the middle of a reconcile', () => {
  const sever = `create function sever() returns trigger language plpgsql as $$
    begin
      if new.feature_name = 'feature_5' then perform pg_terminate_backend(pg_backend_pid()); end if;
      return new;
    end $$;
    create trigger sever before insert or update on rollout_configuration for each row execute function sever()`;

  it('a reconcile that loses the server leaves each feature wholly old or new, and the next run finishes', async () => {
    const { apply, write, reconcile, db, verify } = await project();
    await apply(everyAt(1));
    await db.pool.query(sever);
    await write(everyAt(20));
    await expect(reconcile()).rejects.toMatchObject({
      code: 'database_unreachable',
      hint: expect.stringContaining('what was committed stays'),
    });
    const percentages = async () =>
      (await db.rows('select feature_name as f, rollout_percentage::float8 as p from rollout_configuration'))
        .map(({ f, p }) => `${f} ${p >= 20 ? 'new' : 'old'}`)
        .sort();
    const reached = [...KEYS].sort().slice(0, [...KEYS].sort().indexOf('feature_5'));
    expect(await percentages()).toEqual(
      KEYS.map((key) => `${key} ${reached.includes(key) ? 'new' : 'old'}`).sort(),
    );
    expect(await verify()).toMatchObject({ valid: true });
    await db.pool.query('drop trigger sever on rollout_configuration');
    expect((await reconcile()).changes).toHaveLength(KEYS.length - reached.length);
    expect((await reconcile()).changes).toEqual([]);
    expect(await verify()).toMatchObject({ valid: true });
  });
});
