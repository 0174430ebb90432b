import { describe, expect, it } from 'vitest';
import { RepositoryCategorizationManager } from '../../../src/managers/hybrid/categorization.ts';
import { type ManagerWorld, managerWorld } from '../world.ts';

const FEATURE = 'hybrid_progressive_capture';

async function world(spec: object = { strategy: 'repository_size', percentage: 10 }) {
  const made = await managerWorld({ [FEATURE]: spec });
  return { ...made, manager: made.open(RepositoryCategorizationManager) };
}

const ids = (rows: { repository_id: string }[]) => rows.map(({ repository_id }) => repository_id);

async function grow({ db }: ManagerWorld, id: string, stars: number): Promise<void> {
  await db.pool.query('update repository_categories set star_count = $2 where repository_id = $1', [
    id,
    stars,
  ]);
}

describe('the manager of repository sizes', () => {
  it('categorizeAll gives every repository the category of its size and counts the changes', async () => {
    const made = await world();
    await grow(made, 'r5', 100_000);
    expect(await made.manager.categorizeAll()).toEqual({
      total: 10,
      changed: 1,
      categories: { test: 1, small: 2, medium: 2, large: 2, enterprise: 3 },
      uncategorized: 0,
    });
    expect(await made.manager.categorizeAll()).toMatchObject({ changed: 0 });
  });

  it('getCategoryStats lists every category, smallest first, with shares and means', async () => {
    const { manager, db } = await world();
    await db.pool.query(`delete from repository_categories where category = 'large'`);
    const stats = await manager.getCategoryStats();
    expect(stats.map(({ category, count, percentage }) => [category, count, percentage])).toEqual([
      ['test', 2, 25],
      ['small', 2, 25],
      ['medium', 2, 25],
      ['large', 0, 0],
      ['enterprise', 2, 25],
    ]);
    expect(stats[1]).toEqual({
      ...{ category: 'small', count: 2, percentage: 25, priority_level: 80 },
      ...{ total_star_count: 80, total_contributor_count: 2, total_pr_count: 2 },
      ...{ average_stars: 40, average_contributors: 1, average_prs: 1, average_activity_score: 41 },
    });
  });

  it('categorizeRepository returns the new category and records who enters a live feature through it', async () => {
    const made = await world();
    await grow(made, 'r1', 0);
    expect(await made.manager.categorizeRepository('r1')).toBe('test');
    expect((await made.history(FEATURE)).at(-1)).toMatchObject({ action: 'population_changed' });
    expect(await made.manager.categorizeRepository('nobody')).toBeNull();
  });

  it('getRepositoriesByCategory lists the most active repositories first, with the original’s columns', async () => {
    const made = await world();
    await made.db.pool.query(`update repository_categories set pr_count = 90 where repository_id = 'r6'`);
    const [first, ...rest] = await made.manager.getRepositoriesByCategory('small');
    expect([first?.repository_id, ...ids(rest)]).toEqual(['r6', 'r1']);
    const { last_categorized_at, created_at, updated_at, ...columns } = first ?? {};
    expect(columns).toEqual({
      ...{ id: 'r6', repository_id: 'r6', full_name: 'acme/r6', category: 'small', priority_level: 80 },
      ...{ is_test_repository: false, star_count: 40, contributor_count: 1, pr_count: 90 },
      monthly_activity_score: 50,
    });
    expect([last_categorized_at, created_at, updated_at].map((one) => typeof one)).toEqual(
      Array(3).fill('string'),
    );
    expect(ids(await made.manager.getRepositoriesByCategory('small', 1))).toEqual(['r6']);
  });

  it('getRepositoriesByCategory refuses an unknown category and lists the known ones', async () => {
    const { manager } = await world();
    await expect(manager.getRepositoriesByCategory('tiny' as 'test')).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('enterprise'),
    });
  });

  it('markAsTestRepository and unmarkAsTestRepository edit the file and take effect at once', async () => {
    const made = await world();
    expect(await made.manager.markAsTestRepository('acme/r4', 'our sandbox', 'ada')).toBe(true);
    expect(await made.committed(/test_repositories:.*/)).toContain('acme/r4');
    expect(await made.lastMessage()).toContain('our sandbox');
    const marked = await made.manager.getTestRepositories();
    expect(ids(marked).sort()).toEqual(['r10', 'r4', 'r5']);
    expect(marked.find(({ repository_id }) => repository_id === 'r4')).toMatchObject({
      ...{ category: 'test', is_test_repository: true, star_count: 40_000 },
    });
    expect(await made.manager.unmarkAsTestRepository('acme/r4')).toBe(true);
    expect(ids(await made.manager.getTestRepositories()).sort()).toEqual(['r10', 'r5']);
  });

  it('markAsTestRepository without a file is refused, and the error names a pull request as the way', async () => {
    const made = await world();
    const manager = made.open(RepositoryCategorizationManager, { file: null });
    await expect(manager.markAsTestRepository('r4')).rejects.toMatchObject({
      ...{ code: 'file_missing', hint: expect.stringContaining('pull request') },
    });
  });

  it('getRolloutReadyRepositories lists repositories that are not in yet, smallest first, without excluded ones', async () => {
    const { manager } = await world({
      strategy: 'repository_size',
      percentage: 10,
      blacklist: ['acme/r6', 'r2'],
    });
    const ready = await manager.getRolloutReadyRepositories();
    expect(ids(ready)).toEqual(['r1', 'r7', 'r3', 'r8', 'r4', 'r9']);
    expect(ids(await manager.getRolloutReadyRepositories(2))).toEqual(['r1', 'r7']);
  });
});
