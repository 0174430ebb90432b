import { describe, expect, it } from 'vitest';
import { type EventKind, RolloutTier } from '../../../src/domain/originals/pilot.ts';
import { getPilotRolloutManager, PilotRolloutManager } from '../../../src/managers/pilot/pilot-manager.ts';
import { pass } from '../../helpers/data/traffic.ts';
import { fileOf } from '../../helpers/projects/project.ts';
import { knownTimes } from '../../helpers/projects/tick-world.ts';
import { type ManagerWorld, managerWorld } from '../world.ts';

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
  for (let n = 1; n <= customers; n++) await happened(manager, `c${n}`, 'enabled');
}

function happened(
  manager: PilotRolloutManager,
  customerId: string,
  event: EventKind,
  metadata: Record<string, unknown> = {},
): Promise<void> {
  return manager.recordEvent({ featureName: 'editor', customerId, event, timestamp: new Date(), metadata });
}

/** Judges now and does what a tick does. */
async function judge({ controller }: PilotWorld) {
  const { checkHealth } = await import('../../../src/app/tick/tick.ts');
  const { results } = await checkHealth(
    controller,
    { actor: 'tick', environment: {}, dryRun: false },
    'editor',
  );
  return results[0];
}

describe('the manager of pilots', () => {
  it('getPilotRolloutManager returns one manager per process', () => {
    expect(getPilotRolloutManager()).toBe(getPilotRolloutManager());
  });

  it('createRollout adds a planned pilot to the file, with fraction and milliseconds converted', async () => {
    const made = await world();
    const created = await made.manager.createRollout({
      ...{ featureName: 'editor', description: 'The new editor', owner: '@acme/web', reason: 'asked for' },
      ...{ whitelistedCustomers: ['c1'], blacklistedCustomers: ['c2'] },
      rollbackThreshold: { errorRate: 0.07, timeWindow: 7_200_000 },
      triggeredBy: 'ada',
    });
    expect(created).toEqual({ success: true });
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({
      featureName: 'editor',
      currentTier: 'tier_0_disabled',
      targetTier: 'tier_1_internal',
      percentage: 0,
      status: 'planned',
      whitelistedCustomers: ['c1'],
      blacklistedCustomers: ['c2'],
      rollbackThreshold: { errorRate: 0.07, timeWindow: 7_200_000 },
    });
    expect(await made.manager.getRolloutConfig('editor')).not.toHaveProperty('startedAt');
    expect(await made.committed(/editor:.*/)).toContain('max_error_rate: 7, window: 2h');
    expect(await made.lastMessage()).toMatch(/asked for[\s\S]*ada with: PilotRolloutManager.createRollout/);
  });

  it('createRollout sets a threshold of 5% within an hour by default', async () => {
    const { manager } = await world();
    await manager.createRollout({ featureName: 'editor' });
    expect((await manager.getRolloutConfig('editor'))?.rollbackThreshold).toEqual({
      ...{ errorRate: 0.05, timeWindow: 3_600_000 },
    });
  });

  it('createRollout admits the whitelist before startRollout, and no other customer', async () => {
    const { manager, db } = await world();
    await manager.createRollout({ featureName: 'editor', whitelistedCustomers: ['c7'] });
    expect(await manager.shouldEnableFeature('editor', 'c7')).toBe(true);
    const rows = await db.rows<{ id: string }>(
      `select customer_id as id from rollout_customers, rollout_evaluate('editor', customer_id) where eligible`,
    );
    expect(rows).toEqual([{ id: 'c7' }]);
    expect(await manager.startRollout('editor')).toEqual({ success: true });
    expect(await manager.getRolloutConfig('editor')).toMatchObject({ status: 'in_progress', percentage: 1 });
  });

  it('createRollout without a whitelist admits no customer', async () => {
    const { manager, db } = await world();
    await manager.createRollout({ featureName: 'editor' });
    expect(await db.rows(`select sum(eligible)::int as n from rollout_count_eligible('editor')`)).toEqual([
      { n: 0 },
    ]);
  });

  it('createRollout refuses a name that was rolled back and archived, and its whitelist stays out', async () => {
    const made = await world({ editor: PILOT });
    await made.manager.rollbackFeature('editor', 'it fails');
    await made.commit(fileOf({ other: { percentage: 0 } }), 'the editor is gone');
    await made.reconcile();
    const again = { featureName: 'editor', whitelistedCustomers: ['c7'] };
    expect(await made.manager.createRollout(again)).toMatchObject({ success: false, code: 'held' });
    expect(await made.manager.shouldEnableFeature('editor', 'c7')).toBe(false);
  });

  it.each([
    ['a name that is taken', 'other', 'usage', /in the file already/],
    ['a name that cannot be a key', 'The Editor', 'file_invalid', /The Editor/],
  ])('createRollout refuses %s and changes nothing', async (_what, featureName, code, error) => {
    const made = await world();
    const before = await made.repository.git('rev-parse', 'main');
    expect(await made.manager.createRollout({ featureName })).toEqual({
      ...{ success: false, code, error: expect.stringMatching(error) },
    });
    expect(await made.repository.git('rev-parse', 'main')).toBe(before);
  });

  it('startRollout switches a planned pilot on at its first tier, or at a given one', async () => {
    const made = await world();
    await made.manager.createRollout({ featureName: 'editor' });
    await made.manager.createRollout({ featureName: 'billing' });
    expect(await made.manager.startRollout('editor')).toEqual({ success: true });
    const start = { tier: RolloutTier.TIER_3_GENERAL, reason: 'known to work', triggeredBy: 'ada' };
    expect(await made.manager.startRollout('billing', start)).toEqual({ success: true });
    expect(await made.lastMessage()).toMatch(/known to work[\s\S]*ada/);
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({
      ...{ status: 'in_progress', percentage: 1 },
      ...{ currentTier: 'tier_1_internal', targetTier: 'tier_2_early_adopters' },
      startedAt: expect.any(Date),
    });
    expect(await made.manager.getRolloutConfig('billing')).toMatchObject({
      ...{ percentage: 50, targetTier: 'tier_4_full' },
    });
    expect(await made.manager.startRollout('editor')).toMatchObject({ success: false, code: 'usage' });
  });

  it('startRollout does not restart a pilot that was rolled back, and names the resume command', async () => {
    const made = await world({ editor: PILOT });
    expect(await made.manager.rollbackFeature('editor', 'it fails', 'ada')).toEqual({ success: true });
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({
      ...{ status: 'rolled_back', currentTier: 'tier_0_disabled', percentage: 0 },
    });
    expect(await made.manager.startRollout('editor')).toMatchObject({
      ...{ success: false, code: 'held', error: expect.stringContaining('rollout resume editor') },
    });
  });

  it('shouldEnableFeature agrees with the database for every customer', async () => {
    const { manager, db } = await world({ editor: { ...PILOT, percentage: 50 } });
    const rows = await db.rows<{ id: string; eligible: boolean }>(
      `select customer_id as id, eligible from rollout_customers, rollout_evaluate('editor', customer_id)`,
    );
    const asked = await Promise.all(rows.map(({ id }) => manager.shouldEnableFeature('editor', id)));
    expect(asked).toEqual(rows.map(({ eligible }) => eligible));
    expect(new Set(asked).size).toBe(2);
    expect(await manager.shouldEnableFeature('nothing', 'c1')).toBe(false);
  });

  it('getRolloutConfig reports a paused, frozen or completed pilot, and nothing for an unknown one', async () => {
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

  it('recordEvent stores an error that cannot be converted to text', async () => {
    const made = await world({ editor: PILOT });
    await happened(made.manager, 'c1', 'error', { error: Object.create(null) });
    expect(await made.db.rows('select event from rollout_events')).toEqual([{ event: 'error' }]);
  });

  it('recordEvent stores events with their secrets redacted, and never throws', async () => {
    const made = await world({ editor: PILOT });
    await happened(made.manager, 'c1', 'enabled', { by: 'ada' });
    await happened(made.manager, 'c1', 'error', {
      error: new Error('password=hunter2 was wrong'),
    });
    await happened(made.manager, 'c1', 'disabled');
    expect(
      await made.db.rows('select customer_id, event, metadata from rollout_events order by "timestamp"'),
    ).toEqual([
      { customer_id: 'c1', event: 'enabled', metadata: { by: 'ada' } },
      { customer_id: 'c1', event: 'error', metadata: { error: 'password=*** was wrong' } },
      { customer_id: 'c1', event: 'disabled', metadata: {} },
    ]);
    for (const featureName of ['nothing', 'other']) {
      await made.manager.recordEvent({ featureName, customerId: 'c1', event: 'enabled' });
    }
    await happened(made.manager, 'c1', 'exploded' as 'error');
    expect(made.said).toHaveLength(3);
    expect(made.said[2]).toContain('event.event is "exploded"');
  });

  it('recordEvent loses no event for an invalid time or invalid details, and the log names the problem', async () => {
    const made = await world({ editor: PILOT });
    const loop: Record<string, unknown> = { error: 'boom' };
    loop.self = loop;
    const about = { featureName: 'editor', customerId: 'c1', event: 'error' } as const;
    await made.manager.recordEvent({ ...about, timestamp: 'yesterday', metadata: loop });
    await made.manager.recordEvent({ ...about, metadata: new Error('boom') as unknown as { error: string } });
    expect(await made.db.rows('select event, metadata from rollout_events')).toEqual([
      { event: 'error', metadata: { error: 'boom' } },
      { event: 'error', metadata: { error: 'boom' } },
    ]);
    expect(made.said).toHaveLength(3);
  });

  it('recordEvent stores the time of the event', async () => {
    const made = await world({ editor: PILOT });
    const timestamp = new Date(Date.now() - 60_000);
    const event = { featureName: 'editor', customerId: 'c1', event: 'enabled', timestamp } as const;
    await made.manager.recordEvent(event);
    await made.manager.recordEvent({ ...event, timestamp: timestamp.toISOString() });
    expect(await made.db.rows('select "timestamp" as at from rollout_events')).toEqual([
      { at: timestamp },
      { at: timestamp },
    ]);
    expect(made.said).toEqual([]);
  });

  it('getRolloutStats of a pilot counts each customer once, whatever happens to the customer', async () => {
    const { manager } = await world({ editor: PILOT });
    await enable(manager, 20);
    for (const customer of ['c1', 'c1', 'c2', 'c30']) await happened(manager, customer, 'error');
    await happened(manager, 'c3', 'disabled');
    expect(await manager.getRolloutStats('editor')).toEqual({
      featureName: 'editor',
      ...{ totalCustomers: 100, eligibleCustomers: 100, enabledCustomers: 20 },
      ...{ errorCount: 3, errorRate: 0.15, successRate: 0.85, timeWindow: 3_600_000 },
      events: { enabled: 20, disabled: 1, error: 4, rollback: 0 },
    });
  });

  it('getRolloutStats of an unknown pilot is all 0, and the log names the pilot', async () => {
    const { manager, said } = await world();
    expect(await manager.getRolloutStats('nothing')).toMatchObject({
      ...{ featureName: 'nothing', errorRate: 0, successRate: 0, enabledCustomers: 0 },
    });
    expect(said).toEqual([expect.stringContaining('no pilot "nothing"')]);
  });

  it('a customer counts as one outcome: errors of one customer do not roll back a pilot, errors of many do', async () => {
    const made = await world({ editor: { ...PILOT, rollback: { fuse: false } } });
    await knownTimes(made.db);
    await enable(made.manager, 40);
    expect(await judge(made)).toMatchObject({
      action: 'none',
      judgement: { verdict: 'healthy', jobs: 40, errors: 0 },
    });
    for (let n = 0; n < 50; n++) await happened(made.manager, 'c1', 'error', { error: 'boom' });
    expect(await judge(made)).toMatchObject({ action: 'none', judgement: { jobs: 40, errors: 1 } });
    for (let n = 2; n <= 20; n++) await happened(made.manager, `c${n}`, 'error');
    expect(made.said).toEqual([]);
    expect(await judge(made)).toMatchObject({ action: 'rolled_back', judgement: { jobs: 40, errors: 20 } });
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({ status: 'rolled_back' });
  });

  it('a pilot’s customers count again in every time window', async () => {
    const made = await world({ editor: PILOT });
    await enable(made.manager, 30);
    await happened(made.manager, 'c1', 'error');
    expect(await judge(made)).toMatchObject({ judgement: { jobs: 30, errors: 1 } });
    await pass(made.db, 60);
    expect(await judge(made)).toMatchObject({ judgement: { jobs: 60, errors: 1 } });
  });

  it('advanceRollout waits for the gate and says so, and advances by force only with a reason', async () => {
    const made = await world({ editor: { ...PILOT, percentage: 10 } });
    expect(await made.manager.advanceRollout('editor')).toEqual({
      ...{ success: false, error: expect.stringContaining('waits') },
    });
    expect(await made.manager.advanceRollout('editor', { force: true })).toMatchObject({
      ...{ success: false, code: 'usage' },
    });
    const forced = { force: true, reason: 'a friendly customer' };
    expect(await made.manager.advanceRollout('editor', forced)).toEqual({
      ...{ success: true, newTier: 'tier_3_general' },
    });
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({ percentage: 50 });
  });

  it('advanceRollout advances after a healthy soak, on the evidence of customers', async () => {
    const made = await world({
      editor: { ...PILOT, percentage: 50, steps: [{ percentage: 50, soak: '1h' }, { percentage: 100 }] },
    });
    for (let n = 1; n <= 100; n++) await happened(made.manager, `c${n}`, 'enabled');
    await judge(made);
    await pass(made.db, 75);
    expect(await made.manager.advanceRollout('editor')).toEqual({ success: true, newTier: 'tier_4_full' });
    expect(await made.manager.getRolloutConfig('editor')).toMatchObject({
      percentage: 100,
      status: 'completed',
    });
  });

  it('rollbackFeature rolls a pilot back for the whitelist too, and a second call opens no second incident', async () => {
    const made = await world({ editor: { ...PILOT, percentage: 1, whitelist: ['c1'] } });
    expect(await made.manager.rollbackFeature('editor')).toEqual({ success: true });
    expect(await made.manager.rollbackFeature('editor')).toEqual({ success: true });
    const [row] = await made.db.rows(
      `select coalesce(sum(eligible), 0)::int as n from rollout_count_eligible('editor')`,
    );
    expect(row).toEqual({ n: 0 });
    expect(await made.db.rows('select count(*)::int as n from rollout_incidents')).toEqual([{ n: 1 }]);
    expect(await made.manager.rollbackFeature('nothing')).toMatchObject({
      ...{ success: false, code: 'unknown_feature' },
    });
  });

  it('a pilot manager without a file rolls back, and refuses to create, start and advance', async () => {
    const made = await world({
      editor: { ...PILOT, percentage: 10 },
      planned: { ...PILOT, active: false, percentage: 0 },
    });
    const manager = made.open(PilotRolloutManager, { file: null });
    const refusal = { success: false, code: 'file_missing' };
    expect(await manager.createRollout({ featureName: 'fresh' })).toMatchObject(refusal);
    expect(await manager.startRollout('planned')).toMatchObject(refusal);
    expect(await manager.advanceRollout('editor', { force: true, reason: 'now' })).toMatchObject(refusal);
    expect(await manager.rollbackFeature('editor')).toEqual({ success: true });
    expect(await manager.getRolloutConfig('editor')).toMatchObject({ status: 'rolled_back' });
  });
});
