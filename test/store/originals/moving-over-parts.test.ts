import { describe, expect, it } from 'vitest';
import { catalogText, committedCatalog } from '../../../scripts/snapshot-database.ts';
import { verifyHistory } from '../../../src/store/configuration/history.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import { historyOf } from '../../helpers/data/features.ts';
import { originals } from '../../helpers/data/originals.ts';

describe('moving over from the pilot manager', () => {
  it('moving over from the pilot manager keeps every rollout and event under its names and numbers', async () => {
    const db = await originals('pilot');
    await migrate(await db.client());
    const rows = await db.rows(
      `select right(id::text, 1) as id, feature_name as feature, status, percentage::int, current_tier as tier,
         whitelisted_customers as white, blacklisted_customers as black,
         rollback_threshold ->> 'errorRate' as rate, rollback_threshold ->> 'timeWindow' as time,
         started_at::date::text as started, completed_at::date::text as completed
       from feature_rollouts order by id`,
    );
    expect(rows).toMatchObject([
      {
        feature: 'new_editor',
        status: 'in_progress',
        percentage: 10,
        tier: 'tier_2_early_adopters',
        started: '2024-04-01',
        completed: null,
      },
      {
        feature: 'new_billing',
        status: 'completed',
        percentage: 100,
        tier: 'tier_4_full',
        started: '2024-01-01',
        completed: '2024-03-01',
      },
      { feature: 'bad_idea', status: 'rolled_back', percentage: 0, tier: 'tier_0_disabled' },
      { feature: 'all_null', status: 'planned', percentage: 0, white: [], black: [] },
      { feature: 'by_size', status: 'planned', percentage: 1 },
    ]);
    expect(rows[0]).toMatchObject({
      id: '1',
      white: ['70000000-0000-0000-0000-000000000001'],
      black: ['70000000-0000-0000-0000-000000000002'],
    });
    expect([Number(rows[0]?.rate), Number(rows[0]?.time)]).toEqual([0.02, 7_200_000]);
    expect(await db.rows(`select customer_id, event, metadata from rollout_events order by id`)).toEqual([
      { customer_id: '70000000-0000-0000-0000-000000000001', event: 'enabled', metadata: { by: 'ada' } },
      { customer_id: 'unknown', event: 'error', metadata: {} },
    ]);
    expect(await catalogText(db.pool)).toBe(await committedCatalog(db.pool));
    expect(await verifyHistory(db.pool)).toMatchObject({ valid: true, entries: 6 });
  });

  it('moving over works for both managers together, even where both have a feature of one name', async () => {
    const db = await originals('application', 'hybrid', 'hybrid-rows', 'pilot');
    await migrate(await db.client());
    expect(
      await db.rows(
        `select feature_name, subject_type from rollout_configuration where feature_name like 'by_size%' order by 1`,
      ),
    ).toEqual([
      { feature_name: 'by_size', subject_type: 'repository' },
      { feature_name: 'by_size_customers_2', subject_type: 'customer' },
    ]);
    expect(await db.rows(`select count(*)::int from rollout_configuration`)).toEqual([{ count: 9 }]);
  });
});

describe('moving over what is there of the tables', () => {
  it.each([
    ['history alone', ['rollout_configuration', 'repository_categories', 'rollout_metrics']],
    ['categories alone', ['rollout_configuration', 'rollout_metrics', 'rollout_history']],
    ['metrics alone', ['rollout_configuration', 'repository_categories', 'rollout_history']],
    ['all but metrics', ['rollout_metrics']],
  ])('moving over keeps every row of %s', async (_what, missing) => {
    const db = await originals('application', 'hybrid', 'hybrid-rows');
    await db.rows(`drop table ${missing.join(', ')} cascade`);
    const left = [
      'rollout_configuration',
      'repository_categories',
      'rollout_metrics',
      'rollout_history',
    ].filter((table) => !missing.includes(table));
    await migrate(await db.client());
    for (const table of left) {
      const old =
        table === 'rollout_history' ? ` where metadata ->> 'original_table' = 'rollout_history'` : '';
      const [{ rows } = { rows: 0 }] = await db.rows(`select count(*)::int as rows from ${table}${old}`);
      expect([table, rows]).toEqual([table, table === 'repository_categories' ? 5 : 4]);
    }
    await db.rows(`drop table repositories`);
    expect(await catalogText(db.pool)).toBe(await committedCatalog(db.pool));
    expect((await historyOf(db.pool))[0]?.reason).toContain('hand-written rollout managers');
    expect(await verifyHistory(db.pool)).toMatchObject({ valid: true });
  });

  it('moving over writes no marker where there was nothing', async () => {
    const db = await originals('application');
    await migrate(await db.client());
    expect(await historyOf(db.pool)).toEqual([]);
  });

  it('moving over gives each of three rows with one long name a name of its own', async () => {
    const db = await originals('application', 'hybrid');
    const long = 'x'.repeat(100);
    await db.rows(`insert into rollout_configuration (feature_name) values ($1), ($1), ($1), ($2)`, [
      long,
      `${'x'.repeat(80)}_duplicate_2`,
    ]);
    await migrate(await db.client());
    const names = await db.rows(
      `select feature_name as name, is_active from rollout_configuration order by 1`,
    );
    expect(names).toEqual([
      { name: `${'x'.repeat(80)}_duplicate_2`, is_active: true },
      { name: `${'x'.repeat(80)}_duplicate_3`, is_active: false },
      { name: `${'x'.repeat(80)}_duplicate_4`, is_active: false },
      { name: long, is_active: true },
    ]);
  });

  it('moving over clamps an impossible percentage and takes an unknown strategy for the narrowest', async () => {
    const db = await originals('application', 'hybrid');
    await db.rows(
      `alter table rollout_configuration drop constraint rollout_configuration_rollout_percentage_check`,
    );
    await db.rows(`insert into rollout_configuration (feature_name, rollout_percentage, rollout_strategy)
      values ('above', 150, 'percentage'), ('below', -5, 'repository_size'), ('other', 50, 'by_moon_phase')`);
    await migrate(await db.client());
    expect(
      await db.rows(
        `select feature_name as name, rollout_percentage::int as percentage, rollout_strategy as strategy
         from rollout_configuration order by 1`,
      ),
    ).toEqual([
      { name: 'above', percentage: 100, strategy: 'percentage' },
      { name: 'below', percentage: 0, strategy: 'repository_size' },
      { name: 'other', percentage: 50, strategy: 'whitelist' },
    ]);
  });
});
