import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/lib/random.ts';
import { countEligible, keepCounts } from '../../../src/store/configuration/feature-rows.ts';
import { applyFeature, importRows, repository } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  await importRows(
    db.pool,
    Array.from({ length: 400 }, (_, n) => repository(`r${n}`, { name: `acme/r${n}`, star_count: n * 9 })),
  );
  await db.rows(`insert into rollout_customers (customer_id) select 'c' || n from generate_series(1, 60) n`);
  await applyFeature(db.pool, 'tenth', { percentage: 10 });
  await applyFeature(db.pool, 'small', { percentage: 60, categories: ['test', 'small'] });
  await applyFeature(db.pool, 'by_size', { strategy: 'repository_size', percentage: 40 });
  await applyFeature(db.pool, 'listed', { percentage: 50, whitelist: ['r1'], blacklist: ['acme/r2', 'r3'] });
  await applyFeature(db.pool, 'buyers', { subject: 'customer', percentage: 30 });
  await applyFeature(db.pool, 'off', { active: false, percentage: 50 });
});

/** What deciding each row of the registry comes to, read without anything that is kept. */
function byHand() {
  return db.rows(
    `select c.feature_name as feature, s.category, count(*) filter (where not g.global_stop and rollout_admits(c.is_active,
         c.emergency_stop, c.rollout_strategy, c.rollout_percentage, c.categories, c.target_repositories,
         c.excluded_repositories, c.salt, c.audience, s.subject_id, s.name, s.category, s.facts))::int as eligible, count(*)::int as total
     from rollout_state g, rollout_configuration c join rollout_subjects s on s.subject_type = c.subject_type
     group by 1, 2 order by 1, 2`,
  );
}

async function counted(database: pg.Pool | pg.PoolClient = db.pool) {
  const counts = await countEligible(database);
  const order = (value: string | null) => value ?? '~';
  return [...counts]
    .flatMap(([feature, rows]) => rows.map((row) => ({ feature, ...row })))
    .sort((a, b) => (`${a.feature} ${order(a.category)}` < `${b.feature} ${order(b.category)}` ? -1 : 1));
}

const CHANGES = [
  `insert into repository_categories (repository_id, full_name) values ('new' || $1, 'acme/new' || $1)`,
  `insert into repository_categories (repository_id, star_count, category)
   select 'many' || $1 || '-' || n, n, 'small' from generate_series(1, 30) n`,
  `update repository_categories set category = 'large' where repository_id in (
     select repository_id from repository_categories order by md5(repository_id || $1) limit 7)`,
  `update repository_categories set star_count = star_count + length($1)`,
  `update repository_categories set full_name = 'moved/' || $1 where repository_id = (
     select repository_id from repository_categories order by md5(repository_id || $1) limit 1)`,
  `update repository_categories set repository_id = 'other' || $1 where repository_id = (
     select repository_id from repository_categories order by md5(repository_id || $1) limit 1)`,
  `delete from repository_categories where repository_id in (
     select repository_id from repository_categories order by md5(repository_id || $1) limit 5)`,
  `insert into rollout_customers (customer_id) values ('new' || $1)`,
  `delete from rollout_customers where customer_id = (
     select customer_id from rollout_customers order by md5(customer_id || $1) limit 1)`,
];

describe('kept counts', () => {
  it('kept counts equal those of the registry after any change, kept again at any moment', async () => {
    const random = seededRandom(5);
    await keepCounts(db.pool);
    for (let round = 0; round < 40; round += 1) {
      await db.pool.query(CHANGES[Math.floor(random() * CHANGES.length)] ?? '', [`x${round}`]);
      if (random() < 0.2) await keepCounts(db.pool);
      expect(await counted()).toEqual(await byHand());
    }
    const [{ kept } = { kept: 0 }] = await db.rows<{ kept: number }>(
      'select count(*)::int as kept from rollout_counts',
    );
    expect(kept).toBe(6);
  });

  it('kept counts see a change that commits while they are being kept exactly once', async () => {
    await keepCounts(db.pool);
    const other = await db.pool.connect();
    try {
      await other.query('begin');
      await other.query(
        `insert into repository_categories (repository_id, category) values ('late', 'small')`,
      );
      await applyFeature(db.pool, 'another', { percentage: 80 });
      await keepCounts(db.pool);
      expect(await counted()).toEqual(await byHand());
      await other.query('commit');
    } finally {
      other.release();
    }
    expect(await counted()).toEqual(await byHand());
    await keepCounts(db.pool);
    expect(await counted()).toEqual(await byHand());
    expect(await db.rows('select * from rollout_registry_changes')).toEqual([]);
  });

  it('kept counts are computed again after more changes than are tracked one by one', async () => {
    await keepCounts(db.pool);
    await db.rows(
      `insert into repository_categories (repository_id) select 'bulk' || n from generate_series(1, 20001) n`,
    );
    expect(await db.rows('select ids from rollout_registry_changes')).toEqual([{ ids: null }]);
    expect(await counted()).toEqual(await byHand());
    await db.rows(`truncate rollout_customers`);
    expect(await counted()).toEqual(await byHand());
    await keepCounts(db.pool);
    expect(await counted()).toEqual(await byHand());
  });

  it('kept counts are zero while everything is stopped, and as before afterwards', async () => {
    await db.rows(`select rollout_emergency_stop(null, 'it burns')`);
    expect((await counted()).filter(({ eligible }) => eligible > 0)).toEqual([]);
    expect(await counted()).toEqual(await byHand());
  });

  it('kept counts name no forgotten subject and are right without it', async () => {
    await db.rows(`update repository_categories set category = 'large' where repository_id = 'r8'`);
    await db.rows(`select rollout_forget('r8', rollout_names_of('r8'), 'asked to', 'ada')`);
    const log = JSON.stringify(await db.rows('select * from rollout_registry_changes'));
    expect(log).not.toMatch(/"r8"|acme\/r8/);
    expect(await counted()).toEqual(await byHand());
  });

  it('a registry change that decides nothing is not logged for the kept counts', async () => {
    await keepCounts(db.pool);
    await db.rows(`update repository_categories set star_count = 1 where repository_id = 'r7'`);
    expect(await db.rows('select * from rollout_registry_changes')).toEqual([]);
  });
});
