import { describe, expect, it } from 'vitest';
import { hashText } from '../../../src/domain/eligibility/bucket.ts';
import { CATEGORIES, type Category } from '../../../src/domain/spec/vocabulary.ts';
import { SubjectTable } from '../../../src/runtime/decide/subject-table.ts';
import { categorizeAll } from '../../../src/store/registry/categories.ts';
import { applyFeature, importRows, repository } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { openRollout, told } from '../../helpers/http/rollouts.ts';

type Database = Awaited<ReturnType<typeof testDatabase>>;

async function withSizes(): Promise<Database> {
  const db = await testDatabase();
  await importRows(db.pool, [
    repository('tiny', { name: 'acme/tiny', star_count: 0 }),
    repository('small', { name: 'acme/small', star_count: 40 }),
    repository('huge', { name: 'acme/huge', star_count: 40_000 }),
  ]);
  return db;
}

describe('categories', () => {
  it('the library holds no categories while no strategy needs them, and loads them when one does', async () => {
    const db = await withSizes();
    await applyFeature(db.pool, 'checkout', { percentage: 100 });
    const rollout = await openRollout({ connectionString: db.connectionString });
    expect(rollout.state()).toMatchObject({ subjects: 0, subjectBytes: 0 });
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 25 });
    await expect.poll(() => rollout.isEligible('by_size', 'small')).toBe(true);
    expect(['tiny', 'small', 'huge', 'nobody'].map((id) => rollout.evaluate('by_size', id).reason)).toEqual([
      ...['repository_size', 'repository_size', 'repository_size', 'uncategorized'],
    ]);
    expect(rollout.isEligible('by_size', 'huge')).toBe(false);
    expect(rollout.state()).toMatchObject({ subjects: 3 });
  });

  it('the library follows an import that changes a category, without a change of configuration', async () => {
    const db = await withSizes();
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 25 });
    const rollout = await openRollout({ connectionString: db.connectionString, pollMs: 20 });
    expect(rollout.isEligible('by_size', 'small')).toBe(true);
    const changes = told(rollout, 'change');
    await importRows(db.pool, [
      repository('small', { name: 'acme/small', star_count: 40_000 }),
      repository('new', { star_count: 0 }),
    ]);
    await expect.poll(() => rollout.isEligible('by_size', 'small')).toBe(false);
    await expect.poll(() => rollout.isEligible('by_size', 'new')).toBe(true);
    expect(changes).toEqual([]);
  });

  it('the library follows manual SQL and deleted categories at the next generation', async () => {
    const db = await withSizes();
    await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 25 });
    const rollout = await openRollout({ connectionString: db.connectionString, pollMs: 20 });
    await db.pool.query(
      `update repository_categories set category = 'enterprise' where repository_id = 'small'`,
    );
    await db.pool.query(`update repository_categories set category = null where repository_id = 'tiny'`);
    // Anything that raises the generation.
    await applyFeature(db.pool, 'other', { percentage: 1 });
    await expect.poll(() => rollout.evaluate('by_size', 'small').eligible).toBe(false);
    expect(rollout.evaluate('by_size', 'tiny').reason).toBe('uncategorized');
    await db.pool.query(`delete from repository_categories where repository_id = 'huge'`);
    await applyFeature(db.pool, 'other', { percentage: 2 });
    await expect.poll(() => rollout.evaluate('by_size', 'huge').reason).toBe('uncategorized');
    expect(rollout.state().subjects).toBe(1);
    await categorizeAll(db.pool, { actor: 'ada' });
    await expect.poll(() => rollout.isEligible('by_size', 'small')).toBe(true);
  });

  it('a customer has no category even when a repository has the same id', async () => {
    const db = await withSizes();
    await applyFeature(db.pool, 'people', { subject: 'customer', percentage: 100, categories: ['test'] });
    await applyFeature(db.pool, 'by_size', { percentage: 100, categories: ['test'] });
    const rollout = await openRollout({ connectionString: db.connectionString });
    expect(rollout.isEligible('by_size', 'tiny')).toBe(true);
    expect(rollout.evaluate('people', 'tiny').reason).toBe('category');
  });
});

describe('a name in a blacklist', () => {
  it('a name in a blacklist excludes the repository that has it now and admits the previous one', async () => {
    const db = await withSizes();
    await db.pool.query(
      `insert into rollout_configuration (feature_name, is_active, rollout_percentage, excluded_repositories)
       values ('checkout', true, 100, '{Acme/Tiny}')`,
    );
    const rollout = await openRollout({ connectionString: db.connectionString, pollMs: 20 });
    expect(rollout.evaluate('checkout', 'tiny')).toMatchObject({ eligible: false, reason: 'blacklist' });
    expect(rollout.isEligible('checkout', 'small')).toBe(true);
    const changes = told(rollout, 'change');
    await importRows(db.pool, [
      repository('tiny', { name: 'acme/other', star_count: 0 }),
      repository('small', { name: 'ACME/tiny', star_count: 40 }),
    ]);
    await expect.poll(() => rollout.evaluate('checkout', 'small').reason).toBe('blacklist');
    expect(rollout.isEligible('checkout', 'tiny')).toBe(true);
    expect(changes.flatMap(({ features }) => features)).toEqual(['checkout']);
  });

  it('a feature with a name in its blacklist admits nobody while it is unknown who has the name', async () => {
    const db = await withSizes();
    await db.pool.query(
      `insert into rollout_configuration (feature_name, is_active, rollout_percentage, excluded_repositories)
       values ('checkout', true, 100, '{acme/tiny}')`,
    );
    const impatient = new URL(db.connectionString);
    impatient.searchParams.set('options', '-c statement_timeout=100');
    const locking = await db.client();
    await locking.query('begin; lock table repository_categories in access exclusive mode');
    const rollout = await openRollout({ connectionString: impatient.href, pollMs: 20, startMs: 500 });
    expect(rollout.evaluate('checkout', 'tiny').eligible).toBe(false);
    await locking.query('commit');
    await expect.poll(() => rollout.isEligible('checkout', 'small')).toBe(true);
    expect(rollout.evaluate('checkout', 'tiny').reason).toBe('blacklist');
  });

  it('a name in the blacklist of a customer feature is a customer’s name', async () => {
    const db = await testDatabase();
    await db.pool.query(
      `insert into rollout_customers (customer_id, name) values ('1', 'Acme/Corp'), ('2', 'corp')`,
    );
    await db.pool.query(
      `insert into rollout_configuration (feature_name, subject_type, is_active, rollout_percentage, excluded_repositories)
       values ('people', 'customer', true, 100, '{acme/corp,corp}')`,
    );
    const rollout = await openRollout({ connectionString: db.connectionString });
    expect(['1', '2', 'corp'].map((id) => rollout.isEligible('people', id))).toEqual([false, true, false]);
  });
});

describe('the table of subjects', () => {
  const seed = { high: 7, low: 9 };
  const hashes = (ids: readonly string[]) => {
    const buffer = Buffer.alloc(8 * ids.length);
    for (const [place, id] of ids.entries())
      buffer.writeBigInt64BE(hashText(id, (7n << 32n) | 9n), 8 * place);
    return buffer;
  };

  it('the subject table grows, replaces and forgets, and confuses no two subjects', () => {
    const table = new SubjectTable(seed);
    const ids = Array.from({ length: 50_000 }, (_, place) => `subject-${place}`);
    const of = (place: number): Category | null => [...CATEGORIES, null][place % 6] ?? null;
    for (const category of [...CATEGORIES, null]) {
      const buffer = hashes(ids.filter((_, place) => of(place) === category));
      table.putAll(buffer, 0, buffer.length, category);
    }
    const code = (place: number) => (place % 6) + 1;
    expect(ids.every((id, place) => table.codeOf(id) === (place % 6 === 5 ? 0 : code(place)))).toBe(true);
    expect(table.codeOf('a stranger')).toBe(0);
    const moved = hashes(ids.filter((_, place) => place % 6 === 0));
    table.putAll(moved, 0, moved.length, null);
    expect(table.codeOf('subject-0')).toBe(0);
    expect(table.codeOf('subject-1')).toBe(2);
    table.putAll(moved, 0, moved.length, 'enterprise');
    expect(table.codeOf('subject-0')).toBe(5);
    expect(
      table
        .counts()
        .slice(1, 6)
        .reduce((sum, count) => sum + count),
    ).toBe(41_667);
  });

  it('the subject table holds a million subjects in 19 bytes each', () => {
    const table = new SubjectTable(seed, 1_000_000);
    expect(table.bytes / 1_000_000).toBeLessThan(19);
  });
});
