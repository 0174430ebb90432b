import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { RepositoryCategorizationManager } from '../../src/managers/hybrid/categorization.ts';
import { HybridRolloutManager } from '../../src/managers/hybrid/hybrid-manager.ts';
import { PilotRolloutManager } from '../../src/managers/pilot/pilot-manager.ts';
import { memberOf } from '../helpers/data/features.ts';
import type { TestDatabase } from '../helpers/database/database.ts';
import { type ManagerWorld, managerWorld } from './world.ts';

const FEATURE = 'hybrid_progressive_capture';

/** A manager whose login is a member of one role and has no other right. */
async function asMemberOf(db: TestDatabase, role: string): Promise<{ connectionString: string }> {
  const { options }: pg.Pool = await memberOf(db, role);
  return { connectionString: options.connectionString ?? '' };
}

describe('an application of the originals whose login is a member of rollout_controller', () => {
  let made: ManagerWorld;
  let login: { connectionString: string };
  beforeAll(async () => {
    made = await managerWorld({ [FEATURE]: { percentage: 25 } });
    login = await asMemberOf(made.db, 'rollout_controller');
  });

  it('a member of rollout_controller can use everything of HybridRolloutManager', async () => {
    const manager = made.open(HybridRolloutManager, login);
    expect(await manager.updateRolloutPercentage(100, 'ada', 'a healthy week')).toBe(true);
    expect(await manager.isRepositoryEligible('r1')).toBe(true);
    await manager.recordMetrics('r1', 'inngest', true, 1_500);
    expect(await manager.getRolloutStats()).toMatchObject({ active_jobs: 1, eligible_repositories: 10 });
    expect(await manager.addToWhitelist(['acme/r2'])).toBe(true);
    expect(await manager.removeFromWhitelist(['acme/r2'])).toBe(true);
    expect(await manager.categorizeRepository('r1')).toMatchObject({ repository_id: 'r1' });
    expect(await manager.checkAndTriggerAutoRollback()).toBe(false);
    expect(await manager.updateRolloutPercentage(50)).toBe(true);
    expect(await manager.rollbackToZero('it fails')).toBe(true);
    expect(await manager.emergencyStop('payments fail')).toBe(true);
    expect(await manager.getRolloutConfiguration()).toMatchObject({ is_active: false, emergency_stop: true });
    expect(made.said.filter((line) => /may not|permission/.test(line))).toEqual([]);
  });

  it('a member of rollout_controller can use everything of RepositoryCategorizationManager', async () => {
    const manager = made.open(RepositoryCategorizationManager, login);
    expect(await manager.categorizeAll()).toMatchObject({ total: 10 });
    expect(await manager.markAsTestRepository('acme/r4')).toBe(true);
    expect(await manager.getTestRepositories()).toHaveLength(3);
    expect(await manager.unmarkAsTestRepository('acme/r4')).toBe(true);
    expect(await manager.getCategoryStats()).toHaveLength(5);
    expect((await manager.getRolloutReadyRepositories()).length).toBeGreaterThan(0);
  });

  it('a member of rollout_controller can use everything of PilotRolloutManager', async () => {
    const manager = made.open(PilotRolloutManager, login);
    const about = { featureName: 'editor', customerId: 'c1' };
    expect(await manager.createRollout({ featureName: 'editor', whitelistedCustomers: ['c1'] })).toEqual({
      success: true,
    });
    expect(await manager.shouldEnableFeature('editor', 'c1')).toBe(true);
    expect(await manager.startRollout('editor')).toEqual({ success: true });
    await manager.recordEvent({ ...about, event: 'enabled' });
    await manager.recordEvent({ ...about, event: 'error', metadata: { error: 'boom' } });
    expect(await manager.getRolloutStats('editor')).toMatchObject({ enabledCustomers: 1, errorCount: 1 });
    const forced = { force: true, reason: 'seen enough' };
    expect(await manager.advanceRollout('editor', forced)).toMatchObject({ success: true });
    expect(await manager.rollbackFeature('editor', 'it fails')).toEqual({ success: true });
    expect(await manager.getRolloutConfig('editor')).toMatchObject({ status: 'rolled_back' });
  });
});

describe('an application of the originals whose login is a member of rollout_recorder', () => {
  it('a member of rollout_recorder decides and records through the managers and can change nothing', async () => {
    const made = await managerWorld({
      [FEATURE]: { percentage: 100 },
      editor: { subject: 'customer', percentage: 100 },
    });
    const login = await asMemberOf(made.db, 'rollout_recorder');
    const hybrid = made.open(HybridRolloutManager, login);
    const pilot = made.open(PilotRolloutManager, login);
    expect(await hybrid.isRepositoryEligible('r1')).toBe(true);
    await hybrid.recordMetrics('r1', 'inngest', false, 1_500, 'timeout');
    expect(await made.db.rows('select error_count::int from rollout_metrics')).toEqual([{ error_count: 1 }]);
    await pilot.recordEvent({ featureName: 'editor', customerId: 'c1', event: 'enabled' });
    expect(await made.db.rows('select event from rollout_events')).toEqual([{ event: 'enabled' }]);
    expect(made.said).toEqual([]);
    await expect(hybrid.emergencyStop('by the recorder')).rejects.toMatchObject({ code: 'database_refused' });
    expect(await pilot.rollbackFeature('editor')).toMatchObject({ success: false, code: 'database_refused' });
    expect(await made.db.rows('select is_active, emergency_stop from rollout_configuration')).toEqual([
      { is_active: true, emergency_stop: false },
      { is_active: true, emergency_stop: false },
    ]);
  });
});
