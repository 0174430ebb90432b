import { describe, expect, it } from 'vitest';
import { planAgainstFile } from '../../../src/app/reconcile/plan-against-file.ts';
import { words } from '../../../src/report/kept.ts';
import { readOnly } from '../../../src/store/db/client.ts';
import { importRows, repository } from '../../helpers/data/features.ts';
import { addRepositories, checksum, fileOf, gitProject, project } from '../../helpers/projects/project.ts';

describe('plan', () => {
  it('plan writes nothing, whatever it finds', async () => {
    const { apply, write, plan, db } = await project();
    await addRepositories(db, 50);
    const text = (percentage: number) =>
      fileOf(
        {
          one: { percentage, whitelist: ['acme/r1'] },
          gone: { active: percentage < 20 },
          held: { percentage },
          drifted: { percentage: 5 },
        },
        { test_repositories: ['acme/r1', `acme/r${percentage}`] },
      );
    await apply(text(10));
    await db.pool.query(`select * from rollout_emergency_stop('held', 'broken')`);
    await db.pool.query(
      `update rollout_configuration set rollout_percentage = 90 where feature_name = 'drifted'`,
    );
    await write(text(25).replace(/^ {2}"gone".*\n/m, '  "fresh": { percentage: 101 }\n'));
    const before = await checksum(db);
    const result = await plan();
    expect(result.changes.map(({ feature, action }) => `${feature} ${action}`)).toEqual([
      'drifted repair_drift',
      'fresh refused',
      'gone refused',
      'held held',
      'one update',
    ]);
    expect(await checksum(db)).toEqual(before);
    const sequences = `select sum(pg_sequence_last_value(seqrelid))::text as n from pg_sequence`;
    const [drawn] = await db.rows(sequences);
    await plan();
    expect(await db.rows(sequences)).toEqual([drawn]);
  });

  it('plan warns about listed ids that no subject has, unless the registry is empty', async () => {
    const { write, plan, db } = await project();
    await write(
      fileOf({ one: { percentage: 10, whitelist: ['r1', 'nobodys', 'acme/nobody'], blacklist: ['lost'] } }),
    );
    const warnings = async () => (await plan()).changes.map((change) => change.warnings);
    const ofName = { code: 'unmatched_names', subject: 'repository', names: ['acme/nobody'] };
    expect(await warnings()).toEqual([[ofName]]);
    await addRepositories(db, 1);
    expect(await warnings()).toEqual([
      [{ code: 'unknown_ids', subject: 'repository', ids: ['nobodys', 'lost'] }, ofName],
    ]);
  });

  describe('of a feature by attributes and owners', async () => {
    const { write, plan, db } = await project();
    await addRepositories(db, 40);
    await db.pool.query(
      `update repository_categories set attributes = jsonb_build_object('plan', (array['free', 'pro'])[1 + substr(repository_id, 2)::integer % 2])`,
    );
    const one = { subject: 'repository', total: 40 } as const;

    it.each<[string, object, object[]]>([
      ['no more than it has', { where: { plan: ['free'] }, group_by: 'owner' }, []],
      [
        'of an attribute that nobody has, which leaves nobody in',
        { where: { tier: ['gold'] } },
        [
          { code: 'unknown_attributes', subject: 'repository', attributes: ['tier'] },
          { code: 'nobody_left', ...one, percentage: 50 },
        ],
      ],
      [
        'of an attribute that it groups by and nobody has',
        { group_by: 'tier' },
        [{ code: 'unknown_attributes', subject: 'repository', attributes: ['tier'] }],
      ],
      [
        'of a value that nobody has, beside one that some have',
        { where: { plan: ['free', 'gold'] } },
        [{ code: 'unknown_values', subject: 'repository', attribute: 'plan', values: ['gold'] }],
      ],
      [
        'of a value that is excluded and nobody has',
        { not: { plan: ['gold'] } },
        [{ code: 'unknown_values', subject: 'repository', attribute: 'plan', values: ['gold'] }],
      ],
      [
        'of values that exclude everybody',
        { not: { plan: ['free', 'pro'] } },
        [{ code: 'nobody_left', ...one, percentage: 50 }],
      ],
      [
        'of an owner who has nobody',
        { whitelist: ['nobody/*'] },
        [{ code: 'unmatched_owners', owners: ['nobody/*'] }],
      ],
      [
        'of an owner who has everybody',
        { whitelist: ['acme/*'] },
        [{ code: 'everybody_listed', ...one, percentage: 50 }],
      ],
      [
        'of an owner in the blacklist who has everybody',
        { blacklist: ['acme/*'] },
        [{ code: 'nobody_left', ...one, percentage: 50 }],
      ],
    ])('plan of a feature by attributes and owners warns %s', async (_what, rest, warnings) => {
      await write(fileOf({ one: { percentage: 50, ...rest } }));
      const [change] = (await plan()).changes;
      expect(change?.warnings).toEqual(warnings);
    });
  });

  it('plan runs in read-only transactions', async () => {
    const { write, plan, db } = await project();
    await addRepositories(db, 1);
    await write(fileOf({ one: { percentage: 10 } }));
    const [found] = await db.rows(`select pg_get_function_arguments('rollout_admits'::regproc) as arguments`);
    await db.pool.query(
      `create or replace function rollout_admits(${found?.arguments}) returns boolean language plpgsql as $$
       begin
         if current_setting('transaction_read_only') = 'off' then raise exception 'this transaction may write'; end if;
         return true;
       end $$`,
    );
    expect((await plan()).changes).toMatchObject([{ action: 'create', impact: { total: 1 } }]);
    await expect(
      readOnly(db.pool, (client) => client.query('delete from rollout_events')),
    ).rejects.toMatchObject({
      code: 'database_read_only',
    });
  });

  it('plan counts who enters and leaves by category, and names the largest', async () => {
    const { apply, write, plan, db } = await project();
    await addRepositories(db, 100);
    await apply(fileOf({ one: { strategy: 'repository_size', percentage: 10 } }));
    await write(fileOf({ one: { strategy: 'repository_size', percentage: 25, blacklist: ['acme/r5'] } }));
    const [change] = (await plan()).changes;
    expect(change?.impact).toMatchObject({ total: 100, before: 20, after: 39, entering: 20, leaving: 1 });
    expect(
      change?.impact?.categories.map(({ category, entering, leaving }) => [category, entering, leaving]),
    ).toEqual([
      ['test', 0, 1],
      ['small', 20, 0],
      ['medium', 0, 0],
      ['large', 0, 0],
      ['enterprise', 0, 0],
    ]);
    expect(change?.largest).toHaveLength(5);
    expect(change?.largest[0]).toMatchObject({ category: 'small', enters: true });
  });

  it('plan equals what reconcile then does', async () => {
    const { apply, write, plan, reconcile, db } = await project();
    await addRepositories(db, 30);
    await apply(
      fileOf({ a: { percentage: 10 }, b: { percentage: 10, active: false }, c: { percentage: 10 }, d: {} }),
    );
    await db.pool.query(`update rollout_configuration set rollout_percentage = 3 where feature_name = 'c'`);
    await write(
      fileOf({ a: { percentage: 50 }, c: { percentage: 10 }, d: { percentage: -1 }, e: { percentage: 1 } }),
    );
    const planned = (await plan()).changes;
    const done = (await reconcile()).changes;
    expect(done).toEqual(planned);
    expect(planned.map(({ action }) => action)).toEqual([
      'update',
      'archive',
      'adopt_drift',
      'refused',
      'create',
    ]);
  });

  it('plan warns about a raise during a freeze', async () => {
    const { write, plan } = await project();
    const freeze = [{ from: '2020-01-01', to: '2100-01-01', reason: 'holidays' }];
    await write(fileOf({ one: { percentage: 10 }, off: { active: false } }, { freeze }));
    expect((await plan()).changes.map(({ warnings }) => warnings)).toEqual([
      [],
      [{ code: 'freeze', from: '2020-01-01', to: '2100-01-01', reason: 'holidays' }],
    ]);
  });

  it('plan reports a global stop, and lists the errors of a file that cannot be trusted at all', async () => {
    const { apply, write, plan, reconcile, controller } = await project();
    await apply(fileOf({ one: { percentage: 10 } }));
    await controller.store.incidents.stop(null, 'all hands', 'ada');
    expect(await plan()).toMatchObject({ global_stop: 'all hands' });
    expect(await reconcile()).toMatchObject({ global_stop: 'all hands' });
    await write('version: 2\nfeatures: []\n');
    const broken = await plan();
    expect(broken.changes).toEqual([]);
    expect(broken.problems.map(({ line }) => line)).toEqual([1, 2]);
  });

  it('plan counts moves by test repositories during a global stop, because lifting it exposes them', async () => {
    const { apply, write, plan, reconcile, db } = await project();
    const features = { one: { percentage: 100, categories: ['test'] } };
    await apply(fileOf(features));
    await importRows(db.pool, [
      repository('r1', { star_count: 90_000 }),
      repository('r2', { star_count: 90_000 }),
    ]);
    // As for a feature that was resumed by itself, or is new, while everything is stopped.
    await db.rows(`update rollout_state set global_stop = true`);
    await write(fileOf(features, { test_repositories: ['r1'] }));
    const movements = [{ feature: 'one', entering: 1, leaving: 0 }];
    expect(await plan()).toMatchObject({ movements });
    expect(await reconcile()).toMatchObject({ movements });
    expect(
      await db.rows(`select action from rollout_history where feature_name = 'one' order by id desc limit 1`),
    ).toEqual([{ action: 'population_changed' }]);
  });

  it('plan reads the working file on a branch that is not the tip', async () => {
    const { commit, reconcile, plan, repository } = await gitProject();
    await commit(fileOf({ one: { percentage: 10 } }));
    await reconcile();
    await repository.git('switch', '--quiet', '--create', 'topic');
    const proposed = await commit(fileOf({ one: { percentage: 20 } }));
    expect(await plan()).toMatchObject({ revision: proposed, changes: [{ action: 'update' }] });
  });
});

describe('a plan of file against file', () => {
  const file = (path: string, content: string) => ({ path, content, revision: null });
  const now = new Date('2026-11-22T10:00:00Z');

  it('a plan against a base file needs no database, counts nobody and shows what a merge changes', () => {
    const before = fileOf(
      { one: { percentage: 10 }, two: { active: false } },
      { test_repositories: ['a/b'] },
    );
    const after = fileOf({ one: { percentage: 25 }, three: {} }, { test_repositories: ['a/C'] });
    const result = planAgainstFile(file('base.yaml', before), file('rollout.yaml', after), now, words);
    expect(result.changes.map(({ feature, action, impact }) => [feature, action, impact])).toEqual([
      ['one', 'update', null],
      ['three', 'create', null],
      ['two', 'archive', null],
    ]);
    expect(result.test_repositories).toEqual({ added: ['a/c'], removed: ['a/b'] });
    expect(
      planAgainstFile(file('base.yaml', after), file('rollout.yaml', after), now, words).changes,
    ).toEqual([]);
  });

  it('a plan against a base file refuses a base with errors, and lists errors of the proposed file', () => {
    const good = fileOf({ one: {} });
    expect(() => planAgainstFile(file('base.yaml', 'x: ['), file('rollout.yaml', good), now, words)).toThrow(
      'the base file base.yaml has errors',
    );
    const result = planAgainstFile(file('base.yaml', good), file('rollout.yaml', ''), now, words);
    expect(result.problems).toMatchObject([{ severity: 'error', line: 1 }]);
  });
});

describe('the warning of few test repositories', () => {
  const bySize = fileOf({ one: { strategy: 'repository_size', percentage: 10 } });

  it('few listed test repositories get no warning when the registry has enough of category test', async () => {
    const { write, plan, reconcile, db } = await project();
    await addRepositories(db, 25);
    await write(bySize);
    expect((await plan()).problems).toEqual([]);
    expect((await reconcile()).problems).toEqual([]);
  });

  it('few listed test repositories get a warning when the registry has too few of category test', async () => {
    const { write, plan, db } = await project();
    await addRepositories(db, 20);
    await write(bySize);
    expect((await plan()).problems).toMatchObject([{ severity: 'warning', code: 'few_test_repositories' }]);
  });
});
