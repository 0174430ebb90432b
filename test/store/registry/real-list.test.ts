import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import { type Counts, categoryOf } from '../../../src/domain/eligibility/category.ts';
import { admitsNobody } from '../../../src/domain/spec/at-most.ts';
import { countImpact } from '../../../src/store/configuration/impact.ts';
import { categorizeAll, countCategories } from '../../../src/store/registry/categories.ts';
import { admitted, audience, exposure, within } from '../../helpers/data/specs.ts';
import { testDatabase } from '../../helpers/database/database.ts';

/** Beside the checkout; it is not to be copied into the project. */
const FILE = join(import.meta.dirname, '../../../../shared/data/repositories.csv');

interface Repository extends Counts {
  id: string;
}

function readRepositories(): Repository[] {
  const rows: Record<string, string>[] = parse(readFileSync(FILE), { columns: true });
  const count = (cell: string | undefined) => (cell ? Number(cell) : null);
  return rows.map((row) => ({
    id: row.full_name ?? '',
    star_count: count(row.star_count),
    contributor_count: count(row.contributor_count),
    pr_count: count(row.pr_count),
  }));
}

if (existsSync(FILE)) {
  describe('the list of 2,428 real repositories', withRealList);
} else {
  test('the list of real repositories is not here: nothing was tested on ../shared/data/repositories.csv', () => {
    expect(existsSync(FILE)).toBe(false);
  });
}

async function withRealList() {
  const repositories = readRepositories();
  const db = await testDatabase();
  await db.pool.query(
    `insert into repository_categories (repository_id, full_name, star_count, contributor_count, pr_count)
     select id, id, stars, contributors, prs from unnest($1::text[], $2::int[], $3::int[], $4::int[])
       as r(id, stars, contributors, prs)`,
    [
      repositories.map(({ id }) => id),
      repositories.map(({ star_count }) => star_count),
      repositories.map(({ contributor_count }) => contributor_count),
      repositories.map(({ pr_count }) => pr_count),
    ],
  );
  await categorizeAll(db.pool, { actor: 'test' });

  async function inDatabase(percentage: number): Promise<string[]> {
    const said = exposure({ percentage, salt: 'hybrid_progressive_capture' });
    const rows = await db.rows<{ id: string }>(
      `select repository_id as id from repository_categories
       where rollout_admits(true, false, 'percentage', $1, null, '{}', '{}', $2, null, repository_id, full_name, category, facts)`,
      [percentage, said.salt],
    );
    return rows.map(({ id }) => id).sort();
  }

  const here = (percentage: number) =>
    admitted(exposure({ percentage, salt: 'hybrid_progressive_capture' }), repositories).sort();

  test('the real list has empty counts, which count as 0', () => {
    expect(repositories).toHaveLength(2_428);
    expect(repositories.filter(({ contributor_count }) => contributor_count === null)).toHaveLength(10);
    expect(repositories.filter(({ pr_count }) => pr_count === null)).toHaveLength(295);
  });

  test('TypeScript and SQL put the real list into the same categories', async () => {
    const byTypeScript: Record<string, number> = {};
    for (const one of repositories) {
      const category = categoryOf(one);
      byTypeScript[category ?? 'none'] = (byTypeScript[category ?? 'none'] ?? 0) + 1;
    }
    expect(byTypeScript).toEqual({ small: 41, medium: 462, large: 1_324, enterprise: 601 });
    const bySql = await countCategories(db.pool);
    expect(bySql.map(({ category, subjects }) => [category, subjects])).toEqual([
      ['small', 41],
      ['medium', 462],
      ['large', 1_324],
      ['enterprise', 601],
    ]);
    const differing = await db.rows<{ id: string; category: string }>(
      `select repository_id as id, category from repository_categories`,
    );
    const categories = new Map(differing.map(({ id, category }) => [id, category]));
    expect(repositories.filter((one) => categories.get(one.id) !== categoryOf(one))).toEqual([]);
  });

  // 242.8 are expected; 43 more or fewer are 2.9 standard deviations, which one salt in 275 exceeds.
  test('10% admits between 200 and 286 real repositories, the same ones in TypeScript and SQL', async () => {
    const some = await inDatabase(10);
    expect(some).toEqual(here(10));
    expect(some.length).toBeGreaterThanOrEqual(200);
    expect(some.length).toBeLessThanOrEqual(286);
  });

  test('25% admits all real repositories that 10% admits, and more', async () => {
    const [ten, quarter] = [await inDatabase(10), await inDatabase(25)];
    expect(within(ten, quarter)).toBe(true);
    expect(quarter).toEqual(here(25));
    expect(quarter.length).toBeGreaterThan(ten.length);
  });

  test('0% admits no real repository and 100% all of them', async () => {
    expect(admitsNobody(exposure())).toBe(true);
    expect(await inDatabase(0)).toEqual([]);
    expect(await inDatabase(100)).toHaveLength(2_428);
  });

  test('from 10% to 25% real repositories enter and none leaves, and the sums by category are right', async () => {
    const salt = 'hybrid_progressive_capture';
    const impact = await countImpact(
      db.pool,
      audience(exposure({ percentage: 10, salt }), exposure({ percentage: 25, salt })),
    );
    const [before, after] = [here(10).length, here(25).length];
    expect(impact).toMatchObject({ total: 2_428, before, after, entering: after - before, leaving: 0 });
    expect(impact.categories.reduce((sum, { entering }) => sum + entering, 0)).toBe(after - before);
  });

  test('by size, 25% admits the small real repositories only, since none is test', async () => {
    const size = exposure({ strategy: 'repository_size', percentage: 25 });
    const impact = await countImpact(db.pool, audience(null, size));
    expect(impact).toMatchObject({ before: 0, after: 41, entering: 41 });
    const categorised = repositories.map((one) => ({ id: one.id, category: categoryOf(one) }));
    expect(admitted(size, categorised)).toHaveLength(41);
  });
}
