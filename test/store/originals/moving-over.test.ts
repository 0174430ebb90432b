import { beforeAll, describe, expect, it } from 'vitest';
import { catalogText, committedCatalog } from '../../../scripts/snapshot-database.ts';
import { verifyHistory } from '../../../src/store/configuration/history.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import { historyOf } from '../../helpers/data/features.ts';
import { originals } from '../../helpers/data/originals.ts';
import type { TestDatabase } from '../../helpers/database/database.ts';

describe('moving over from the hybrid rollout manager', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await originals('application', 'hybrid', 'hybrid-rows');
    await migrate(await db.client());
  });

  it('moving over leaves the catalog of a fresh database, and nothing to do for the next run', async () => {
    expect(await migrate(await db.client())).toEqual([]);
    const copy = await originals('application', 'hybrid', 'hybrid-rows');
    await migrate(await copy.client());
    await copy.rows(`drop table repositories`);
    expect(await catalogText(copy.pool)).toBe(await committedCatalog(copy.pool));
    expect(await copy.rows(`select 1 from pg_namespace where nspname = 'rollout_original'`)).toEqual([]);
  });

  it('moving over keeps every feature with its values', async () => {
    const rows = await db.rows(
      `select id, feature_name, rollout_percentage::float8 as percentage, is_active, rollout_strategy,
         target_repositories, excluded_repositories, max_error_rate::float8, monitoring_window_hours::float8 as hours,
         auto_rollback_enabled, emergency_stop, metadata, salt, subject_type,
         extract(epoch from updated_at)::float8 as updated, archived_at is not null as archived
       from rollout_configuration order by id`,
    );
    const capture = {
      id: '20000000-0000-0000-0000-000000000001',
      feature_name: 'hybrid_progressive_capture',
      percentage: 25,
      is_active: true,
      rollout_strategy: 'percentage',
      target_repositories: ['10000000-0000-0000-0000-000000000001'],
      excluded_repositories: ['10000000-0000-0000-0000-000000000002'],
      max_error_rate: 7.5,
      hours: 48,
      auto_rollback_enabled: true,
      emergency_stop: false,
      metadata: { team: 'data' },
      salt: 'hybrid_progressive_capture',
      subject_type: 'repository',
      updated: Date.parse('2024-06-01T08:30:00Z') / 1000 + 0.123456,
      archived: false,
    };
    expect(rows[0]).toEqual(capture);
    expect(rows[2]).toMatchObject({ feature_name: 'by_size', percentage: 50, emergency_stop: true });
    expect(rows[2]).toMatchObject({ metadata: ['not', 'an object'], auto_rollback_enabled: false });
    expect(rows).toHaveLength(4);
  });

  it('moving over takes a null for the value that admits nobody and is monitored as usual', async () => {
    const rows = await db.rows(
      `select rollout_percentage::float8 as percentage, is_active, rollout_strategy, target_repositories,
         max_error_rate::float8 from rollout_configuration where feature_name = 'a_feature_of_nulls'`,
    );
    expect(rows).toEqual([
      {
        percentage: 0,
        is_active: false,
        rollout_strategy: 'percentage',
        target_repositories: [],
        max_error_rate: 5,
      },
    ]);
  });

  it('of two rows with one name, the last changed becomes the feature and the other is archived', async () => {
    const rows = await db.rows(
      `select feature_name, rollout_percentage::int, is_active, archived_at is not null as archived
       from rollout_configuration where id = '20000000-0000-0000-0000-000000000002'`,
    );
    expect(rows).toEqual([
      {
        feature_name: 'hybrid_progressive_capture_duplicate_2',
        rollout_percentage: 90,
        is_active: false,
        archived: true,
      },
    ]);
  });

  it('moving over keeps every repository with its counts, category and time, and finds its name', async () => {
    const rows = await db.rows(
      `select repository_id as id, full_name as name, category, priority_level as priority, star_count as stars,
         monthly_activity_score as score, last_categorized_at::date::text as at, created_at::date::text as created
       from repository_categories order by id`,
    );
    expect(rows.slice(0, 3)).toEqual([
      {
        id: '10000000-0000-0000-0000-000000000001',
        name: 'octocat/Hello-World',
        category: 'large',
        priority: 40,
        stars: 2500,
        score: 100,
        at: '2024-05-01',
        created: '2024-01-01',
      },
      {
        id: '10000000-0000-0000-0000-000000000002',
        name: 'acme/sandbox',
        category: 'test',
        priority: 100,
        stars: 0,
        score: 1,
        at: '2024-05-02',
        created: '2024-01-02',
      },
      {
        id: '10000000-0000-0000-0000-000000000003',
        name: 'acme/website',
        category: 'test',
        priority: 100,
        stars: 40,
        score: 51,
        at: '2024-05-03',
        created: '2024-01-03',
      },
    ]);
    expect(rows.slice(3)).toMatchObject([
      { id: '10000000-0000-0000-0000-000000000004', name: null, category: null, stars: null, score: 0 },
      { id: '30000000-0000-0000-0000-000000000005', name: null, category: 'small', stars: 10 },
    ]);
  });

  it('a repository marked as test against its size stays test, even after categorising everything', async () => {
    expect(await db.rows(`select test_repositories from rollout_state`)).toEqual([
      { test_repositories: ['10000000-0000-0000-0000-000000000003'] },
    ]);
    const client = await db.client();
    await client.query(`begin; select categorize_all_repositories()`);
    const { rows } = await client.query(
      `select repository_id as id, category, is_test_repository as marked from repository_categories
       where category = 'test' and star_count > 0`,
    );
    await client.query('rollback');
    expect(rows).toEqual([{ id: '10000000-0000-0000-0000-000000000003', category: 'test', marked: true }]);
  });

  it('moving over keeps every row of metrics, apart from the evidence that counts', async () => {
    const rows = await db.rows(
      `select feature_name as feature, right(subject_id, 1) as subject, processor_type as processor, epoch,
         category, total_jobs::int as jobs, success_count::int as good, error_count::int as bad,
         timed_jobs::int as timed,
         processing_ms as ms, last_error_message as message, extract(epoch from metrics_window_start)::float8 as at
       from rollout_metrics order by total_jobs desc`,
    );
    const at = Date.parse('2024-06-01T09:07:31Z') / 1000;
    const capture = { feature: 'hybrid_progressive_capture', subject: '1', processor: 'inngest', at };
    expect(rows.slice(0, 2)).toEqual([
      {
        ...capture,
        epoch: 0,
        category: 'large',
        jobs: 100,
        good: 95,
        bad: 5,
        timed: 100,
        ms: 250_000,
        message: 'timeout',
      },
      { ...capture, epoch: -1, category: 'large', jobs: 7, good: 7, bad: 0, timed: 0, ms: 0, message: null },
    ]);
    expect(rows.slice(2)).toMatchObject([
      { feature: 'hybrid_progressive_capture_duplicate_2', jobs: 2, good: 1, bad: 1, timed: 2, ms: 60_000 },
      { feature: 'unknown', processor: 'unknown', epoch: 0, jobs: 0 },
    ]);
    expect(await db.rows(`select from rollout_evidence`)).toEqual([]);
  });

  it('moving over chains the old history behind a marker, in the order of time, with complete rows', async () => {
    const rows = await historyOf(db.pool);
    expect(rows[0]).toMatchObject({
      feature: null,
      action: 'note',
      reason: expect.stringContaining('hand-written rollout managers'),
      metadata: {
        rows: { rollout_configuration: 4, repository_categories: 5, rollout_metrics: 4, rollout_history: 4 },
      },
    });
    const old = rows.filter(({ metadata }) => metadata.original_table === 'rollout_history');
    expect(old.map(({ action, triggered_by, feature }) => [action, triggered_by, feature])).toEqual([
      ['note', 'unknown', null],
      ['created', 'ada', 'hybrid_progressive_capture'],
      ['note', 'ada', 'hybrid_progressive_capture'],
      ['rollback', 'auto-rollback', 'hybrid_progressive_capture'],
    ]);
    expect(old[3]).toMatchObject({
      reason: 'errors',
      metadata: {
        original: {
          id: '50000000-0000-0000-0000-000000000003',
          action: 'rollback',
          previous_percentage: 50,
          metadata: { error_rate: 7.9 },
        },
      },
    });
    expect(old[3]?.metadata).not.toHaveProperty('spec');
    expect(old[1]).toMatchObject({
      metadata: { original: { previous_percentage: null, new_percentage: 10 } },
    });
    expect(
      await db.rows(`select previous_percentage as previous from rollout_history where action = 'created'`),
    ).toEqual([{ previous: null }]);
    expect(await verifyHistory(db.pool)).toMatchObject({ valid: true, entries: 9 });
  });

  it('moving over keeps the complete original row of each feature in history', async () => {
    const [row] = (await historyOf(db.pool, 'a_feature_of_nulls')).slice(-1);
    expect(row).toMatchObject({
      triggered_by: 'migration',
      reason: 'brought over from rollout_configuration',
      metadata: { original: { id: '20000000-0000-0000-0000-000000000004', is_active: null } },
    });
  });
});
