import { describe, expect, it } from 'vitest';
import { categoryOf } from '../../../src/domain/eligibility/category.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { countCategories } from '../../../src/store/registry/categories.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature, historyOf, importRows, repository } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const claim = { actor: 'ada', reason: 'by hand' };

describe('categorising everything', () => {
  it('SQL gives each repository the category that the library gives it, at every limit', async () => {
    const db = await testDatabase();
    const counts = [
      0,
      1,
      2,
      3,
      10,
      11,
      50,
      51,
      100,
      101,
      200,
      201,
      500,
      501,
      1000,
      1001,
      5000,
      5001,
      10_001,
      null,
    ];
    await db.rows(
      `insert into repository_categories (repository_id, star_count, contributor_count, pr_count)
       select 'r' || row_number() over (), s, c, p
       from unnest($1::int[]) s, unnest($1::int[]) c, unnest($1::int[]) p`,
      [counts],
    );
    await createStore(db.pool).registry.categorizeAll(claim);
    const rows = await db.rows<{ s: number | null; c: number | null; p: number | null; category: string }>(
      `select star_count as s, contributor_count as c, pr_count as p, category from repository_categories`,
    );
    const wrong = rows.filter(
      ({ s, c, p, category }) =>
        categoryOf({ star_count: s, contributor_count: c, pr_count: p }) !== category,
    );
    expect([rows.length, wrong]).toEqual([counts.length ** 3, []]);
  });

  it('categorising writes only the rows that change, and none if none does', async () => {
    const db = await testDatabase();
    await importRows(db.pool, [repository('r1', { star_count: 5 }), repository('r2', { star_count: 5 })]);
    await db.rows(`update repository_categories set star_count = 600 where repository_id = 'r2'`);
    const versions = () =>
      db.rows(`select repository_id as id, xmin::text, category from repository_categories order by 1`);
    const before = await versions();
    const store = createStore(db.pool);
    expect(await store.registry.categorizeAll(claim)).toEqual({ changed: 1, movements: [] });
    const after = await versions();
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).toMatchObject({ id: 'r2', category: 'large' });
    expect(await store.registry.categorizeAll(claim)).toEqual({ changed: 0, movements: [] });
    expect(await versions()).toEqual(after);
  });

  it('categorising reports and records who enters and leaves each live feature', async () => {
    const db = await testDatabase();
    await importRows(db.pool, [
      repository('r1', { star_count: 5 }),
      repository('r2', { star_count: 5 }),
      repository('r3', { star_count: 600 }),
    ]);
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 25 });
    await applyFeature(db.pool, 'large', { percentage: 100, categories: ['large'], whitelist: ['r1'] });
    await applyFeature(db.pool, 'everyone', { percentage: 100 });
    await db.rows(`update repository_categories set star_count = 605 - star_count`);
    const { changed, movements } = await createStore(db.pool).registry.categorizeAll(claim);
    expect(changed).toBe(3);
    expect(movements).toEqual([
      { feature: 'by_size', entering: 1, leaving: 2 },
      { feature: 'large', entering: 1, leaving: 1 }, // r1 is in by the whitelist before and after
    ]);
    expect((await historyOf(db.pool)).slice(-2)).toMatchObject([
      {
        feature: 'by_size',
        action: 'population_changed',
        reason: 'by hand: 1 enter, 2 leave',
        triggered_by: 'ada',
      },
      { feature: 'large', metadata: movements[1] },
    ]);
  });

  it('categorising one repository reports the same for that one', async () => {
    const db = await testDatabase();
    await importRows(db.pool, [repository('r1', { star_count: 5 }), repository('r2', { star_count: 5 })]);
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 25 });
    await db.rows(`update repository_categories set star_count = 600`);
    expect(
      await db.rows(`select categorize_repository('r1'), categorize_repository('nobody') as nobody`),
    ).toEqual([{ categorize_repository: 'large', nobody: null }]);
    expect((await historyOf(db.pool, 'by_size')).at(-1)?.reason).toContain('0 enter, 1 leave');
    expect(await countCategories(db.pool)).toMatchObject([
      { category: 'small', subjects: 1 },
      { category: 'large', subjects: 1, stars: 600 },
    ]);
  });
});

describe('repositories named as test', () => {
  it('named test repositories are test whatever their size, by id and by name, and stay so', async () => {
    const db = await testDatabase();
    const store = createStore(db.pool);
    const rows = [
      repository('r1', { name: 'acme/Big', star_count: 90_000 }),
      repository('r2', { name: 'acme/other', star_count: 90_000 }),
      repository('r3', { name: 'acme/third', star_count: 90_000 }),
    ];
    await importRows(db.pool, rows);
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 10 });
    expect(await store.registry.setTestRepositories(claim, ['acme/big', 'r2'])).toEqual({
      changed: 2,
      movements: [{ feature: 'by_size', entering: 2, leaving: 0 }],
    });
    const tests = () =>
      db.rows(
        `select repository_id as id from repository_categories where category = 'test' and is_test_repository`,
      );
    await store.registry.categorizeAll(claim);
    await importRows(db.pool, rows);
    expect(await tests()).toEqual([{ id: 'r1' }, { id: 'r2' }]);
    expect(await store.registry.setTestRepositories(claim, ['acme/big', 'r2'])).toEqual({
      changed: 0,
      movements: [],
    });
    expect(await store.registry.setTestRepositories(claim, ['r2'])).toEqual({
      changed: 1,
      movements: [{ feature: 'by_size', entering: 0, leaving: 1 }],
    });
    expect(await tests()).toEqual([{ id: 'r2' }]);
  });

  it('a small repository that is named as test keeps its category and its time', async () => {
    const db = await testDatabase();
    await importRows(db.pool, [repository('r1')]);
    await db.rows(`update repository_categories set last_categorized_at = '2024-01-01Z'`);
    await createStore(db.pool).registry.setTestRepositories(claim, ['r1']);
    expect(
      await db.rows(
        `select category, is_test_repository as named, last_categorized_at as at from repository_categories`,
      ),
    ).toEqual([{ category: 'test', named: true, at: new Date('2024-01-01Z') }]);
  });
});

describe('a thousand random changes of size', () => {
  it('a thousand random changes of size leave past categories without gap or overlap', async () => {
    const db = await testDatabase();
    const random = seededRandom(7);
    for (let round = 0; round < 10; round++) {
      const rows = Array.from({ length: 100 }, (_, n) =>
        repository(`r${n}`, { star_count: Math.floor(random() * 8_000) }),
      );
      await importRows(db.pool, rows);
    }
    const broken = await db.rows(
      `select * from (
         select repository_id, since, until, category,
           lead(since) over w as next_since, lead(category) over w as next_category
         from (
           select * from rollout_category_history
           union all select repository_id, category, last_categorized_at, 'infinity' from repository_categories
         ) held window w as (partition by repository_id order by until)
       ) each where since >= until or next_since <> until or next_category = category`,
    );
    expect(broken).toEqual([]);
    const [kept] = await db.rows<{ count: number }>(`select count(*)::int from rollout_category_history`);
    expect(kept?.count).toBeGreaterThan(100);
  });
});
