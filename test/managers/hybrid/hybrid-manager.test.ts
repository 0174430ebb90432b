import { describe, expect, it } from 'vitest';
import { HybridRolloutManager, hybridRolloutManager } from '../../../src/managers/hybrid/hybrid-manager.ts';
import { record } from '../../helpers/data/traffic.ts';
import { recordForTick } from '../../helpers/projects/tick-world.ts';
import { type ManagerWorld, managerWorld } from '../world.ts';

const FEATURE = 'hybrid_progressive_capture';

async function world(
  spec: object = { percentage: 25 },
): Promise<ManagerWorld & { manager: HybridRolloutManager }> {
  const made = await managerWorld({ [FEATURE]: spec });
  return { ...made, manager: made.open(HybridRolloutManager) };
}

async function stateOf({ db }: ManagerWorld) {
  const [row] = await db.rows(
    `select rollout_percentage::float8 as percentage, is_active as active, emergency_stop as stopped
     from rollout_configuration where feature_name = $1`,
    [FEATURE],
  );
  return row;
}

describe('the manager of the hybrid rollout', () => {
  it('importing hybridRolloutManager gives the process’s one manager without opening a connection', () => {
    expect(hybridRolloutManager.feature).toBe(FEATURE);
  });

  it('isRepositoryEligible agrees with the database for every repository', async () => {
    const { manager, db } = await world({ percentage: 50 });
    const rows = await db.rows<{ id: string; eligible: boolean }>(
      `select repository_id as id, is_repository_eligible_for_rollout(repository_id, $1) as eligible
       from repository_categories`,
      [FEATURE],
    );
    expect(new Set(rows.map(({ eligible }) => eligible))).toEqual(new Set([true, false]));
    for (const { id, eligible } of rows)
      expect([id, await manager.isRepositoryEligible(id)]).toEqual([id, eligible]);
  });

  it('isRepositoryEligible is false and logs the reason when the database cannot be opened', async () => {
    const { open, said } = await world();
    const manager = open(HybridRolloutManager, { connectionString: 'not a URL' });
    expect(await manager.isRepositoryEligible('r1')).toBe(false);
    expect(said.join('\n')).toContain('DATABASE_URL is not a PostgreSQL URL');
  });

  it('getRolloutConfiguration returns the original’s columns, with numbers and ISO times', async () => {
    const { manager } = await world({ percentage: 12.5, whitelist: ['acme/r1'] });
    const { id, created_at, updated_at, ...rest } = (await manager.getRolloutConfiguration()) ?? {};
    expect(rest).toEqual({
      feature_name: FEATURE,
      rollout_percentage: 12.5,
      is_active: true,
      target_repositories: ['r1'],
      excluded_repositories: [],
      rollout_strategy: 'percentage',
      max_error_rate: 5,
      monitoring_window_hours: 24,
      auto_rollback_enabled: true,
      emergency_stop: false,
      metadata: {},
    });
    expect([id, created_at, updated_at].map((value) => typeof value)).toEqual(['string', 'string', 'string']);
    expect(new Date(created_at ?? '').toISOString()).toBe(created_at);
  });

  it('the hybrid manager returns null for an unknown feature and refuses to change it', async () => {
    const { open } = await world();
    const manager = open(HybridRolloutManager, { feature: 'elsewhere' });
    expect(await manager.getRolloutConfiguration()).toBeNull();
    expect(await manager.getRolloutStats()).toBeNull();
    await expect(manager.updateRolloutPercentage(5)).rejects.toMatchObject({ code: 'unknown_feature' });
  });

  it('updateRolloutPercentage raises by a commit that is live at once and credits the person who triggered it', async () => {
    const made = await world();
    expect(await made.manager.updateRolloutPercentage(50, 'ada', 'a healthy week')).toBe(true);
    expect(await made.committed(/"percentage":\d+/)).toBe('"percentage":50');
    expect(await made.lastMessage()).toContain('a healthy week');
    expect(await stateOf(made)).toEqual({ percentage: 50, active: true, stopped: false });
    expect((await made.history(FEATURE)).at(-1)).toMatchObject({ triggered_by: 'ada' });
  });

  it('updateRolloutPercentage to a lower percentage leaves no hold, so that it can be raised again', async () => {
    const made = await world();
    expect(await made.manager.updateRolloutPercentage(10)).toBe(true);
    expect(await made.manager.updateRolloutPercentage(20)).toBe(true);
    expect(await stateOf(made)).toMatchObject({ percentage: 20 });
  });

  it('updateRolloutPercentage refuses a number that is not a percentage', async () => {
    const { manager } = await world();
    for (const percentage of [-1, 101, Number.NaN, 1.234]) {
      await expect(manager.updateRolloutPercentage(percentage)).rejects.toMatchObject({ code: 'usage' });
    }
  });

  it('updateRolloutPercentage(0) rolls back in the database and in the file, for the whitelist too', async () => {
    const made = await world({ percentage: 25, whitelist: ['r1'] });
    expect(await made.manager.updateRolloutPercentage(0, 'ada', 'it fails')).toBe(true);
    expect(await stateOf(made)).toEqual({ percentage: 0, active: false, stopped: false });
    expect(await made.committed(/active: ?\w+|"active":\w+/)).toMatch(/false/);
    const [row] = await made.db.rows(
      'select coalesce(sum(eligible), 0)::int as n from rollout_count_eligible($1)',
      [FEATURE],
    );
    expect(row).toEqual({ n: 0 });
    await expect(made.manager.updateRolloutPercentage(10)).rejects.toMatchObject({ code: 'held' });
  });

  it('rollbackToZero rolls back, and a second call is not an error', async () => {
    const made = await world();
    expect(await made.manager.rollbackToZero('it fails')).toBe(true);
    expect(await made.manager.rollbackToZero('it fails')).toBe(true);
    expect(await stateOf(made)).toMatchObject({ active: false });
    expect(await made.db.rows('select kind from rollout_incidents')).toEqual([{ kind: 'rollback' }]);
    expect(made.said.at(-1)).toContain('off already');
  });

  it('updateRolloutPercentage is false while its change waits for a merge, and the log names the branch', async () => {
    const made = await world({ percentage: 25, advance: 'pull_request' });
    expect(await made.manager.updateRolloutPercentage(50)).toBe(false);
    expect(made.said.at(-1)).toContain(`rollout/set/${FEATURE}`);
    expect(await stateOf(made)).toMatchObject({ percentage: 25 });
  });

  it('emergencyStop stops at once and holds the feature until a person resumes it', async () => {
    const made = await world();
    expect(await made.manager.emergencyStop('payments fail', 'ada')).toBe(true);
    expect(await stateOf(made)).toMatchObject({ stopped: true });
    expect((await made.history(FEATURE)).at(-1)).toMatchObject({
      action: 'emergency_stop',
      triggered_by: 'ada',
    });
    await expect(made.manager.updateRolloutPercentage(50)).rejects.toMatchObject({ code: 'held' });
  });

  it('getRolloutStats of the hybrid manager counts repositories, jobs and seconds', async () => {
    const { manager, db } = await world({ percentage: 100 });
    await record(
      db,
      FEATURE,
      { jobs: 30, errors: 3, ms: 2_000 },
      { jobs: 10, errors: 10, arm: 'control', processor: 'github_actions', ms: 60_000 },
    );
    expect(await manager.getRolloutStats()).toEqual({
      feature_name: FEATURE,
      rollout_percentage: 100,
      is_active: true,
      emergency_stop: false,
      total_repositories: 10,
      eligible_repositories: 10,
      categories: { test: 2, small: 2, medium: 2, large: 2, enterprise: 2, uncategorized: 0 },
      error_rate: 10,
      success_rate: 90,
      active_jobs: 40,
      average_processing_time: 2,
      processor_distribution: { inngest: 30, github_actions: 10 },
      monitoring_window_hours: 24,
    });
  });

  it('getRolloutStats without any job has rates of 0', async () => {
    const { manager } = await world();
    expect(await manager.getRolloutStats()).toMatchObject({ error_rate: 0, success_rate: 0, active_jobs: 0 });
  });

  it('categorizeRepository returns the row with the category of the size, by id or name', async () => {
    const { manager, db } = await world();
    await db.pool.query(`update repository_categories set star_count = 100000 where repository_id = 'r5'`);
    expect(await manager.categorizeRepository('r5')).toMatchObject({
      ...{ id: 'r5', repository_id: 'r5', full_name: 'acme/r5', category: 'enterprise' },
      ...{ priority_level: 20, is_test_repository: false, star_count: 100_000 },
    });
    expect(await manager.categorizeRepository('ACME/R5')).toMatchObject({ category: 'enterprise' });
    expect(await manager.categorizeRepository('nobody')).toBeNull();
  });

  it('addToWhitelist and removeFromWhitelist edit the file and take effect at once', async () => {
    const made = await world({ percentage: 0 });
    expect(await made.manager.addToWhitelist(['acme/r1', 'r2'], 'our own')).toBe(true);
    expect((await made.manager.getRolloutConfiguration())?.target_repositories).toEqual(['r1', 'r2']);
    expect(await made.manager.removeFromWhitelist('acme/r1')).toBe(true);
    expect((await made.manager.getRolloutConfiguration())?.target_repositories).toEqual(['r2']);
    expect(await made.lastMessage()).toContain(`Remove acme/r1 from the whitelist of ${FEATURE}`);
  });

  it('addToWhitelist reports the names that no repository has', async () => {
    const made = await world();
    await made.manager.addToWhitelist('acme/misspelt');
    expect(made.said.join('\n')).toContain('no repository named acme/misspelt');
  });

  it('checkAndTriggerAutoRollback rolls back a harmful feature and nothing else', async () => {
    const made = await world({ percentage: 25, rollback: { fuse: false } });
    await recordForTick(made.db, FEATURE, { jobs: 100, errors: 1 });
    expect(await made.manager.checkAndTriggerAutoRollback()).toBe(false);
    await recordForTick(made.db, FEATURE, { jobs: 100, errors: 60 });
    expect(await made.manager.checkAndTriggerAutoRollback()).toBe(true);
    expect(await stateOf(made)).toMatchObject({ active: false, percentage: 0 });
    expect(await made.committed(/"active":\w+|active: ?\w+/)).toMatch(/false/);
    expect(await made.manager.checkAndTriggerAutoRollback()).toBe(false);
  });

  it('recordMetrics takes milliseconds and resolves when the outcome is in the database', async () => {
    const made = await world({ percentage: 100 });
    await made.manager.recordMetrics('r1', 'inngest', true, 1_500);
    await made.manager.recordMetrics('r1', 'inngest', false, 2_500, 'timeout');
    expect(await made.manager.getRolloutStats()).toMatchObject({
      ...{ active_jobs: 2, error_rate: 50, average_processing_time: 2 },
    });
    expect(
      await made.db.rows(
        `select arm, total_jobs::int, error_count::int, last_error_message from rollout_metrics`,
      ),
    ).toEqual([{ arm: 'treatment', total_jobs: 2, error_count: 1, last_error_message: 'timeout' }]);
  });

  it('recordMetrics keeps an outcome with an invalid time, and the log names the time that was left out', async () => {
    const made = await world({ percentage: 100 });
    await made.manager.recordMetrics('r1', 'inngest', false, Number.NaN, 'timeout');
    await made.manager.recordMetrics('r1', 'inngest', true, null, null);
    expect(
      await made.db.rows('select total_jobs::int, error_count::int, timed_jobs::int from rollout_metrics'),
    ).toEqual([{ total_jobs: 2, error_count: 1, timed_jobs: 0 }]);
    expect(made.said).toEqual([expect.stringContaining('processingTime must be')]);
  });

  it('the hybrid manager works again after it was closed', async () => {
    const { manager } = await world();
    expect(await manager.getRolloutConfiguration()).not.toBeNull();
    await manager.close();
    expect(await manager.getRolloutConfiguration()).not.toBeNull();
  });
});

describe('without a file', () => {
  const without = async (spec: object = { percentage: 25 }) => {
    const made = await world(spec);
    return { ...made, manager: made.open(HybridRolloutManager, { file: null }) };
  };
  const refusal = { code: 'file_missing', hint: expect.stringContaining('pull request') };

  it('a manager without a file raises nothing, and the error names a pull request as the way', async () => {
    const made = await without();
    await expect(made.manager.updateRolloutPercentage(50)).rejects.toMatchObject(refusal);
    await expect(made.manager.addToWhitelist('r1')).rejects.toMatchObject(refusal);
    await expect(made.manager.removeFromWhitelist('r1')).rejects.toMatchObject(refusal);
    expect(await stateOf(made)).toMatchObject({ percentage: 25 });
  });

  it('without a file a lower percentage is a rollback in the database, and its write-back stays pending', async () => {
    const made = await without();
    expect(await made.manager.updateRolloutPercentage(10, 'ada', 'slower')).toBe(true);
    expect(await stateOf(made)).toMatchObject({ percentage: 10, active: true });
    expect(await made.db.rows('select reason, write_back from rollout_incidents')).toEqual([
      { reason: 'slower', write_back: 'pending' },
    ]);
    expect(made.said.at(-1)).toContain('the file does not say so yet');
  });

  it('rollback and emergency stop work without a file', async () => {
    const made = await without();
    expect(await made.manager.updateRolloutPercentage(0)).toBe(true);
    expect(await made.manager.emergencyStop('now')).toBe(true);
    expect(await stateOf(made)).toEqual({ percentage: 0, active: false, stopped: true });
  });
});
