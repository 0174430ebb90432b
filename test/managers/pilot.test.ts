import { describe, expect, it } from 'vitest';
import { getPilotRolloutManager, PilotRolloutManager } from '../../src/managers/pilot.ts';
import { pass } from '../helpers/traffic.ts';
import { type ManagerWorld, managerWorld } from './world.ts';

type PilotWorld = ManagerWorld & { manager: PilotRolloutManager };

async function world(features: Record<string, object> = {}, rest: object = {}): Promise<PilotWorld> {
  const made = await managerWorld({ other: { percentage: 0 }, ...features }, rest);
  await made.db.pool.query(
    `insert into rollout_customers (customer_id) select 'c' || n from generate_series(1, 100) n`,
  );
  return { ...made, manager: made.open(PilotRolloutManager) };
}

const PILOT = { subject: 'customer', percentage: 100, steps: 'pilot', thresholds: { window: '1h' } };

async function enable(manager: PilotRolloutManager, customers: number): Promise<void> {
  for (let n = 1; n <= customers; n++) await manager.recordEvent('editor', `c${n}`, 'enabled');
}

/** Judges now and does what a tick does. */
async function judge({ controller }: PilotWorld) {
  const { checkHealth } = await import('../../src/app/tick.ts');
  const { results } = await checkHealth(
    controller,
    { actor: 'tick', environment: {}, dryRun: false },
    'editor',
  );
  return results[0];
}

describe('the manager of pilots', () => {
  it('is one for the process', () => {
    expect(getPilotRolloutManager()).toBe(getPilotRolloutManager());
  });

  it('createRollout adds a planned pilot to the file, with fraction and milliseconds converted', async () => {
    const made = await world();
    const created = await made.manager.createRollout(
      'editor',
      {
        ...{ description: 'The new editor', owner: '@acme/web', reason: 'asked for' },
        ...{ whitelistedCustomers: ['c1'], blacklistedCustomers: ['c2'] },
        rollbackThreshold: { errorRate: 0.07, timeWindow: 7_200_000 },
      },
      'ada',
    );
    expect(created).toEqual({
      id: expect.any(String),
      feature_name: 'editor',
      current_tier: 'tier_0_disabled',
      target_tier: 'tier_1_internal',
      percentage: 0,
      status: 'planned',
      whitelisted_customers: ['c1'],
      blacklisted_customers: ['c2'],
      rollback_threshold: { errorRate: 0.07, timeWindow: 7_200_000 },
      started_at: expect.any(String),
      completed_at: null,
    });
    expect(await made.committed(/editor:.*/)).toContain('max_error_rate: 7, window: 2h');
    expect(await made.lastMessage()).toMatch(/asked for[\s\S]*ada with: PilotRolloutManager.createRollout/);
  });

  it('createRollout takes an hour and five of a hundred unless told', async () => {
    const { manager } = await world();
    expect((await manager.createRollout('editor'))?.rollback_threshold).toEqual({
      ...{ errorRate: 0.05, timeWindow: 3_600_000 },
    });
  });

  it.each([
    ['a name that is taken', 'other', {}, 'usage'],
    ['a name that is none', 'The Editor', {}, 'file_invalid'],
    ['a rate that is no fraction', 'editor', { rollbackThreshold: { errorRate: 5 } }, 'usage'],
    ['a window of no length', 'editor', { rollbackThreshold: { timeWindow: 0 } }, 'usage'],
  ])('createRollout refuses %s and changes nothing', async (_what, name, options, code) => {
    const made = await world();
    const before = await made.repository.git('rev-parse', 'main');
    await expect(made.manager.createRollout(name, options)).rejects.toMatchObject({ code });
    expect(await made.repository.git('rev-parse', 'main')).toBe(before);
  });

  it('startRollout switches a planned pilot on at its first tier, or at another', async () => {
    const made = await world();
    await made.manager.createRollout('editor');
    await made.manager.createRollout('billing');
    expect(await made.manager.startRollout('editor')).toBe(true);
    expect(await made.manager.startRollout('billing', 'tier_3_general', 'known to work', 'ada')).toBe(true);
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({
      ...{
        status: 'in_progress',
        percentage: 1,
        current_tier: 'tier_1_internal',
        target_tier: 'tier_2_early_adopters',
      },
    });
    expect(await made.manager.getRolloutConfig('billing')).toMatchObject({
      percentage: 50,
      target_tier: 'tier_4_full',
    });
    await expect(made.manager.startRollout('editor')).rejects.toMatchObject({ code: 'usage' });
  });

  it('startRollout does not start again what was rolled back, and says who may', async () => {
    const made = await world({ editor: PILOT });
    expect(await made.manager.rollbackFeature('editor', 'it fails', 'ada')).toBe(true);
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({
      ...{ status: 'rolled_back', current_tier: 'tier_0_disabled', percentage: 0 },
    });
    await expect(made.manager.startRollout('editor')).rejects.toMatchObject({
      ...{ code: 'held', hint: expect.stringContaining('rollout resume editor') },
    });
  });

  it('shouldEnableFeature says what the database says of every customer', async () => {
    const { manager, db } = await world({ editor: { ...PILOT, percentage: 50 } });
    const rows = await db.rows<{ id: string; eligible: boolean }>(
      `select customer_id as id, eligible from rollout_customers, rollout_evaluate('editor', customer_id)`,
    );
    const asked = await Promise.all(rows.map(({ id }) => manager.shouldEnableFeature('editor', id)));
    expect(asked).toEqual(rows.map(({ eligible }) => eligible));
    expect(new Set(asked).size).toBe(2);
    expect(await manager.shouldEnableFeature('nothing', 'c1')).toBe(false);
  });

  it('getRolloutConfig tells what is paused, frozen, completed or not there', async () => {
    const days = { from: '2020-01-01', to: '2099-12-31', reason: 'holidays' };
    const live = { ...PILOT, percentage: 10 };
    const made = await world({ running: live, waits: { ...live, paused: true }, done: PILOT });
    const statusOf = async (name: string) => (await made.manager.getRolloutConfig(name))?.status;
    expect(await Promise.all(['running', 'waits', 'done', 'other', 'nothing'].map(statusOf))).toEqual([
      ...['in_progress', 'paused', 'completed', undefined, undefined],
    ]);
    const frozen = await world({ running: live, done: PILOT }, { freeze: [days] });
    expect((await frozen.manager.getRolloutConfig('running'))?.status).toBe('paused');
    expect((await frozen.manager.getRolloutConfig('done'))?.status).toBe('completed');
  });

  it('recordEvent keeps an error that has no words', async () => {
    const made = await world({ editor: PILOT });
    await made.manager.recordEvent('editor', 'c1', 'error', { error: Object.create(null) });
    expect(await made.db.rows('select event from rollout_events')).toEqual([{ event: 'error' }]);
  });

  it('recordEvent keeps what happened, and never throws', async () => {
    const made = await world({ editor: PILOT });
    await made.manager.recordEvent('editor', 'c1', 'enabled', { by: 'ada' });
    await made.manager.recordEvent('editor', 'c1', 'error', {
      error: new Error('password=hunter2 was wrong'),
    });
    await made.manager.recordEvent('editor', 'c1', 'disabled');
    expect(
      await made.db.rows('select customer_id, event, metadata from rollout_events order by "timestamp"'),
    ).toEqual([
      { customer_id: 'c1', event: 'enabled', metadata: { by: 'ada' } },
      { customer_id: 'c1', event: 'error', metadata: { error: 'password=*** was wrong' } },
      { customer_id: 'c1', event: 'disabled', metadata: {} },
    ]);
    await made.manager.recordEvent('nothing', 'c1', 'enabled');
    await made.manager.recordEvent('other', 'c1', 'enabled');
    await made.manager.recordEvent('editor', 'c1', 'exploded' as 'error');
    expect(made.said).toHaveLength(3);
    expect(made.said[2]).toContain('"exploded" is no event; it is enabled, disabled, error or rollback');
  });

  it('getRolloutStats counts customers once, whatever happens to them', async () => {
    const { manager } = await world({ editor: PILOT });
    await enable(manager, 20);
    for (const customer of ['c1', 'c1', 'c2', 'c30']) await manager.recordEvent('editor', customer, 'error');
    await manager.recordEvent('editor', 'c3', 'disabled');
    expect(await manager.getRolloutStats('editor')).toEqual({
      ...{ feature_name: 'editor', status: 'completed', percentage: 100 },
      ...{ current_tier: 'tier_4_full', target_tier: 'tier_4_full' },
      ...{ total_customers: 100, eligible_customers: 100 },
      ...{ enabled_customers: 20, error_customers: 3, error_rate: 0.15, time_window: 3_600_000 },
      events: { enabled: 20, disabled: 1, error: 4, rollback: 0 },
    });
    expect(await manager.getRolloutStats('nothing')).toBeNull();
  });

  it('one customer is one outcome for health: errors of one do not take a pilot back, of many they do', async () => {
    const made = await world({ editor: PILOT });
    await enable(made.manager, 40);
    expect(await judge(made)).toMatchObject({
      action: 'none',
      judgement: { verdict: 'healthy', jobs: 40, errors: 0 },
    });
    for (let n = 0; n < 50; n++) await made.manager.recordEvent('editor', 'c1', 'error', { error: 'boom' });
    expect(await judge(made)).toMatchObject({ action: 'none', judgement: { jobs: 40, errors: 1 } });
    for (let n = 2; n <= 20; n++) await made.manager.recordEvent('editor', `c${n}`, 'error');
    expect(made.said).toEqual([]);
    expect(await judge(made)).toMatchObject({ action: 'rolled_back', judgement: { jobs: 40, errors: 20 } });
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({ status: 'rolled_back' });
  });

  it('the customers of a pilot count again in every time window', async () => {
    const made = await world({ editor: PILOT });
    await enable(made.manager, 30);
    await made.manager.recordEvent('editor', 'c1', 'error');
    expect(await judge(made)).toMatchObject({ judgement: { jobs: 30, errors: 1 } });
    await pass(made.db, 60);
    expect(await judge(made)).toMatchObject({ judgement: { jobs: 60, errors: 1 } });
  });

  it('advanceRollout waits for the gate and says so, and goes on by force with a reason', async () => {
    const made = await world({ editor: { ...PILOT, percentage: 10 } });
    expect(await made.manager.advanceRollout('editor')).toBe(false);
    expect(made.said.at(-1)).toContain('waits');
    await expect(made.manager.advanceRollout('editor', { force: true })).rejects.toMatchObject({
      code: 'usage',
    });
    expect(await made.manager.advanceRollout('editor', { force: true, reason: 'a friendly customer' })).toBe(
      true,
    );
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({ percentage: 50 });
  });

  it('advanceRollout goes on by itself after a healthy soak, on the evidence of customers', async () => {
    const made = await world({
      editor: { ...PILOT, percentage: 50, steps: [{ percentage: 50, soak: '1h' }, { percentage: 100 }] },
    });
    for (let n = 1; n <= 100; n++) await made.manager.recordEvent('editor', `c${n}`, 'enabled');
    await judge(made);
    await pass(made.db, 75);
    expect(await made.manager.advanceRollout('editor')).toBe(true);
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({
      percentage: 100,
      status: 'completed',
    });
  });

  it('rollbackFeature takes it back for the whitelist too, and with a second call nothing more', async () => {
    const made = await world({ editor: { ...PILOT, percentage: 1, whitelist: ['c1'] } });
    expect(await made.manager.rollbackFeature('editor')).toBe(true);
    expect(await made.manager.rollbackFeature('editor')).toBe(true);
    const [row] = await made.db.rows(
      `select coalesce(sum(eligible), 0)::int as n from rollout_count_eligible('editor')`,
    );
    expect(row).toEqual({ n: 0 });
    expect(await made.db.rows('select count(*)::int as n from rollout_incidents')).toEqual([{ n: 1 }]);
    await expect(made.manager.rollbackFeature('nothing')).rejects.toMatchObject({ code: 'unknown_feature' });
  });

  it('without a file it rolls back, and refuses to create, start and advance', async () => {
    const made = await world({
      editor: { ...PILOT, percentage: 10 },
      planned: { ...PILOT, active: false, percentage: 0 },
    });
    const manager = made.open(PilotRolloutManager, { file: null });
    const refusal = { code: 'file_missing' };
    await expect(manager.createRollout('fresh')).rejects.toMatchObject(refusal);
    await expect(manager.startRollout('planned')).rejects.toMatchObject(refusal);
    await expect(manager.advanceRollout('editor', { force: true, reason: 'now' })).rejects.toMatchObject(
      refusal,
    );
    expect(await manager.rollbackFeature('editor')).toBe(true);
    expect(await manager.getRolloutConfig('editor')).toMatchObject({ status: 'rolled_back' });
  });
});
