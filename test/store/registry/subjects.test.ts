import { describe, expect, it } from 'vitest';
import { categoryAt, findSubject } from '../../../src/store/registry/lookup.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, historyOf, importRows, memberOf, repository } from '../../helpers/data/features.ts';
import { importText } from '../../helpers/data/imports.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const claim = { actor: 'ada', reason: 'refreshed' };

describe('who enters and leaves by an import', () => {
  it('an import reports and records who enters and leaves each live feature, and no others', async () => {
    const db = await testDatabase();
    await importRows(db.pool, [
      repository('r1', { star_count: 0 }),
      repository('r2', { star_count: 40 }),
      repository('r3', { star_count: 40_000 }),
    ]);
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 10 });
    await applyFeature(db.pool, 'all', { percentage: 100, categories: ['small'] });
    await applyFeature(db.pool, 'off', { active: false, percentage: 100 });
    await applyFeature(db.pool, 'stopped', { emergency_stop: true, percentage: 100 });
    await applyFeature(db.pool, 'people', { subject: 'customer', percentage: 100 });
    const { movements } = await importRows(db.pool, [
      repository('r1', { star_count: 40 }),
      repository('r2', { star_count: 40 }),
      repository('r4', { star_count: 0 }),
      repository('r5', { star_count: 7 }),
    ]);
    expect(movements).toEqual([
      { feature: 'all', entering: 2, leaving: 0 },
      { feature: 'by_size', entering: 1, leaving: 1 },
    ]);
    expect((await historyOf(db.pool)).filter(({ action }) => action === 'population_changed')).toMatchObject([
      { feature: 'all', reason: 'import of a test: 2 enter, 0 leave', metadata: movements[0] },
      { feature: 'by_size', reason: 'import of a test: 1 enter, 1 leave', triggered_by: 'ada' },
    ]);
  });

  it('an import counts repositories with a listed name and those that lose a listed name to another', async () => {
    const db = await testDatabase();
    await importRows(db.pool, [
      repository('r1', { name: 'acme/app' }),
      repository('r2', { name: 'evil/corp' }),
    ]);
    await applyFeature(db.pool, 'listed', { strategy: 'whitelist', whitelist: ['acme/app', 'acme/new'] });
    await db.rows(
      `insert into rollout_configuration (feature_name, is_active, rollout_percentage, excluded_repositories)
       values ('most', true, 100, '{evil/corp}')`,
    );
    const { movements } = await importRows(db.pool, [
      repository('r3', { name: 'acme/new' }),
      repository('r4', { name: 'evil/corp' }),
    ]);
    expect(movements).toEqual([
      { feature: 'listed', entering: 1, leaving: 0 },
      { feature: 'most', entering: 2, leaving: 0 }, // r2 is no longer evil/corp, r3 is new
    ]);
  });

  it('an import counts entering subjects even while everything is stopped', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'all', { percentage: 100 });
    await db.rows(`update rollout_state set global_stop = true`);
    expect(await importRows(db.pool, [repository('r1')])).toMatchObject({
      added: 1,
      movements: [{ feature: 'all', entering: 1, leaving: 0 }],
    });
  });

  it('an import counts entering customers too', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'people', { subject: 'customer', percentage: 100, blacklist: ['c2'] });
    const report = await importText(db.pool, 'id\nc1\nc2\nc3\n', { subject: 'customer' });
    expect(report.movements).toEqual([{ feature: 'people', entering: 2, leaving: 0 }]);
  });
});

describe('a view rollout_repository_source that cannot be taken over', () => {
  const CODE = 'import_invalid';

  async function refusedBy(view: string, code = CODE): Promise<string> {
    const db = await testDatabase();
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 100 });
    await db.rows(`create view rollout_repository_source as ${view}`);
    const refused = createStore(db.pool).registry.refreshFromSource(claim);
    const error = await refused.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/view/) });
    expect(await db.rows('select from repository_categories')).toEqual([]);
    return String(error);
  }

  const rows = (values: string) =>
    `select * from (values ${values}) v(repository_id, full_name, star_count, contributor_count, pr_count)`;

  it('the source view is refused if a repository appears twice, so that nobody enters by a multiplying join', async () => {
    const twice = await refusedBy(rows(`('r1', 'acme/one', 0, 1, 2), ('r1', 'acme/one', 90000, 1, 2)`));
    expect(twice).toContain('repository_id r1 stands in 2 rows');
  });

  it('the source view is refused if it gives one name to two repositories', async () => {
    const same = await refusedBy(rows(`('r1', 'acme/one', 0, 1, 2), ('r2', 'ACME/One', 0, 1, 2)`));
    expect(same).toContain('full_name ACME/One stands in 2 rows');
  });

  it('the source view is refused with the names of the columns that it lacks', async () => {
    const lacks = await refusedBy(`select 'r1' as repository_id, 'acme/one' as full_name`);
    expect(lacks).toContain('lacks the columns star_count, contributor_count, pr_count');
  });

  it.each([
    [
      'a count beyond 2,147,483,647',
      `('r1', 'acme/one', 2147483648, 1, 2)`,
      'star_count is "2147483648"; it must be',
    ],
    ['a negative count', `('r1', 'acme/one', 1, -1, 2)`, 'contributor_count is "-1"; it must be'],
    ['a count that is not whole', `('r1', 'acme/one', 1, 1, 2.5)`, 'pr_count is "2.5"; it must be'],
    ['a count that is text', `('r1', 'acme/one', 'many', '1', '2')`, 'star_count is "many"; it must be'],
    ['a name that is not owner/name', `('r1', 'one', 1, 1, 2)`, 'full_name is "one"; it must be owner/name'],
    ['an empty id', `('', 'acme/one', 1, 1, 2)`, 'it must not be empty'],
    [
      'a control character in an id',
      `(E'r\\x07', 'acme/one', 1, 1, 2)`,
      'must not contain the control character',
    ],
    ['an id that is too long', `(repeat('r', 513), 'acme/one', 1, 1, 2)`, 'at most 512 characters'],
  ])('the source view is refused if it has %s', async (_what, values, words) => {
    expect(await refusedBy(rows(values))).toContain(words);
  });

  it('the source view is refused if its query fails', async () => {
    const fails = await refusedBy(rows(`('r1', 'acme/one', 1, 1, 1 / (select count(*) - 1))`));
    expect(fails).toContain('cannot be read: division by zero');
  });

  it('the source view is refused if the role may not read it', async () => {
    const db = await testDatabase();
    await db.rows(`create view rollout_repository_source as ${rows(`('r1', 'acme/one', 1, 1, 1)`)}`);
    const member = createStore(await memberOf(db, 'rollout_controller'));
    await expect(member.registry.refreshFromSource(claim)).rejects.toMatchObject({
      ...{
        code: 'import_invalid',
        hint: expect.stringContaining('grant select on rollout_repository_source'),
      },
    });
    await db.rows('grant select on rollout_repository_source to rollout_controller');
    expect(await member.registry.refreshFromSource(claim)).toMatchObject({ added: 1 });
  });

  it('the source view of a foreign role is refused, because its functions would run with the reader’s rights', async () => {
    const db = await testDatabase();
    const stranger = await memberOf(db, null);
    const [{ name } = { name: '' }] = (await stranger.query<{ name: string }>('select current_user as name'))
      .rows;
    await db.rows(`grant create on schema public to ${name}`);
    await stranger.query(`create function become_owner() returns int language plpgsql as
      $$ begin execute 'alter role ${name} superuser'; return 1; end $$`);
    await stranger.query(`create view rollout_repository_source as
      select 'r1' as repository_id, 'acme/one' as full_name, become_owner() as star_count, 1 as contributor_count, 1 as pr_count`);
    await expect(createStore(db.pool).registry.refreshFromSource(claim)).rejects.toMatchObject({
      ...{ code: 'import_invalid', hint: expect.stringContaining('owner to') },
      message: expect.stringContaining(`belongs to the role "${name}"`),
    });
    expect(await db.rows(`select from pg_roles where rolname = '${name}' and rolsuper`)).toEqual([]);
    await db.rows('alter view rollout_repository_source owner to current_user');
    await db.rows('drop view rollout_repository_source');
    await stranger.query('drop function become_owner()');
    await db.rows(`revoke create on schema public from ${name}`);
  });

  it('the source view may have null counts, which leave a repository uncategorized, and ids in other scripts', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 75 });
    await db.rows(
      `create view rollout_repository_source as ${rows(`('r1', 'acme/one', null::int, null::int, null::int), ('日本', 'é/ü', 0, 1, 2)`)}`,
    );
    expect(await createStore(db.pool).registry.refreshFromSource(claim)).toMatchObject({
      ...{ added: 2, movements: [{ feature: 'by_size', entering: 1, leaving: 0 }] },
    });
    expect(
      await db.rows('select repository_id as id, category from repository_categories order by 1'),
    ).toEqual([
      { id: 'r1', category: null },
      { id: '日本', category: 'test' },
    ]);
  });
});

describe('200,000 lines', () => {
  it('200,000 lines are imported while they are read, with progress', async () => {
    const db = await testDatabase();
    await applyFeature(db.pool, 'half', { percentage: 50 });
    const lines = ['id,full_name,star_count,contributor_count,pr_count'];
    for (let n = 0; n < 200_000; n++)
      lines.push(`r${n},owner/name-${n},${n % 6000},${n % 300},${n % 12_000}`);
    const text = lines.join('\n');
    const seen: number[] = [];
    const report = await importText(db.pool, text, { onProgress: (count) => seen.push(count) });
    expect(report).toMatchObject({ received: 200_000, added: 200_000 });
    expect(seen.length).toBeGreaterThan(10);
    expect(seen.at(-1)).toBe(200_000);
    const [{ eligible } = { eligible: 0 }] = await createStore(db.pool).reading(async (read) => [
      {
        eligible: ((await read.features.eligible('half')).get('half') ?? []).reduce(
          (sum, row) => sum + row.eligible,
          0,
        ),
      },
    ]);
    expect(report.movements).toEqual([{ feature: 'half', entering: eligible, leaving: 0 }]);
  });
});

describe('the view rollout_repository_source', () => {
  const view = (rows: string) => `create or replace view rollout_repository_source as
    select * from (values ${rows}) v(repository_id, full_name, star_count, contributor_count, pr_count)`;

  it('a refresh without a source view does nothing', async () => {
    const db = await testDatabase();
    expect(await createStore(db.pool).registry.refreshFromSource(claim)).toBeNull();
  });

  it('the source view adds the application’s repositories, with ids of any type', async () => {
    const db = await testDatabase();
    await db.rows(
      view(`(1, 'acme/one', 0, 1, 2), (2, 'acme/two', 60, null, null), (null, 'nobody', 1, 1, 1)`),
    );
    const store = createStore(db.pool);
    expect(await store.registry.refreshFromSource(claim)).toMatchObject({ received: 2, added: 2 });
    expect(await store.registry.refreshFromSource(claim)).toMatchObject({
      added: 0,
      changed: 0,
      unchanged: 2,
    });
    await db.rows(
      view(`(1, 'acme/uno', 0, 1, 2), (2, 'acme/two', 60, null, null), (3, 'acme/one', 1, 1, 1)`),
    );
    expect(await store.registry.refreshFromSource(claim)).toMatchObject({
      added: 1,
      changed: 1,
      unchanged: 1,
    });
    expect(
      await db.rows(
        `select repository_id as id, full_name as name, category from repository_categories order by 1`,
      ),
    ).toEqual([
      { id: '1', name: 'acme/uno', category: 'test' },
      { id: '2', name: 'acme/two', category: 'medium' },
      { id: '3', name: 'acme/one', category: 'small' },
    ]);
  });
});

describe('a category that changed', () => {
  it('a former category is kept with the time for which it held', async () => {
    const db = await testDatabase();
    await importRows(db.pool, [repository('r1', { name: 'a/b', star_count: 0 })]);
    await db.rows(`update repository_categories set last_categorized_at = '2024-01-01Z'`);
    await importRows(db.pool, [repository('r1', { name: 'a/b', star_count: 60 })]);
    await db.rows(`update rollout_category_history set until = '2024-03-01Z'`);
    await db.rows(`update repository_categories set last_categorized_at = '2024-03-01Z'`);
    const at = (day: string) => categoryAt(db.pool, 'r1', new Date(day));
    expect(await at('2023-12-31Z')).toEqual({ category: null, known: false });
    expect(await at('2024-01-01Z')).toEqual({ category: 'test', known: true });
    expect(await at('2024-02-29Z')).toEqual({ category: 'test', known: true });
    expect(await at('2024-03-01Z')).toEqual({ category: 'medium', known: true });
    expect(await categoryAt(db.pool, 'r2', new Date())).toEqual({ category: null, known: false });
    expect(await findSubject(db.pool, 'repository', 'A/B')).toMatchObject({ id: 'r1', category: 'medium' });
  });
});
