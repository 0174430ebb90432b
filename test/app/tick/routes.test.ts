import { describe, expect, it } from 'vitest';
import { tryRoutes } from '../../../src/app/tick/try-routes.ts';
import { receiversOf } from '../../../src/compose/environment/receivers.ts';
import { words } from '../../../src/report/kept.ts';
import { webhook } from '../../helpers/http/webhook.ts';
import { type TickWorld, tickFile, tickWorld } from '../../helpers/projects/tick-world.ts';

const HARM = { jobs: 20, errors: 15 };
/** Above the warning rate of 2.5%, below the limit of 5%. */
const WARNING = { jobs: 3_000, errors: 135 };

const json = (name: string, part: object = {}) => ({
  to: 'json',
  url_from: `ROLLOUT_NOTIFY_${name}`,
  ...part,
});

/** Two teams with a feature each. */
const FEATURES = {
  one: { percentage: 25, owner: '@acme/data' },
  two: { percentage: 25, owner: '@acme/web' },
};

async function hooks<K extends string>(...names: K[]) {
  const made = await Promise.all(names.map(async (name) => [name, await webhook()] as const));
  const environment = Object.fromEntries(made.map(([name, { url }]) => [`ROLLOUT_NOTIFY_${name}`, url]));
  const hook = Object.fromEntries(made) as Record<K, Awaited<ReturnType<typeof webhook>>>;
  return { hook, environment };
}

const outbox = (world: TickWorld, kind: string) =>
  world.db.rows<{ key: string }>('select dedupe_key as key from rollout_outbox where kind = $1', [kind]);

describe('notifications with routes', () => {
  it('notifications are routed by severity, owner and feature, once to each receiver', async () => {
    const { hook, environment } = await hooks('PAGER', 'DATA', 'TWO', 'REST');
    const notify = [
      json('PAGER', { severity: 'critical' }),
      json('DATA', { owners: ['@acme/data'] }),
      json('TWO', { features: ['two'] }),
    ];
    const world = await tickWorld(FEATURES, { notify });
    await world.record('one', HARM);
    await world.record('two', WARNING);
    const settings = { environment, webhook: hook.REST.url };
    expect((await world.tick(settings)).delivery).toEqual({ delivered: 3, waiting: 0, error: null });
    await world.tick(settings);
    // That an incident is over goes where its beginning went, although it only informs.
    expect(hook.PAGER.keys()).toEqual(['incident:1:opened', 'incident:1:settled']);
    expect(hook.DATA.keys()).toEqual(['incident:1:opened', 'incident:1:settled']);
    expect(hook.TWO.received.map(({ body }) => body.kind)).toEqual(['warning']);
    expect(hook.REST.received).toEqual([]);
  });

  it('the receivers of a warning are also notified of its end', async () => {
    const { hook, environment } = await hooks('DATA');
    const world = await tickWorld(FEATURES, { notify: [json('DATA')] });
    await world.record('one', WARNING);
    await world.tick({ environment });
    await world.pass(60);
    await world.record('one', { jobs: 20_000 });
    await world.tick({ environment });
    expect(hook.DATA.received.map(({ body }) => body.kind)).toEqual(['warning', 'recovered']);
  });

  it("notifications that no route takes go to the environment's webhook", async () => {
    const { hook, environment } = await hooks('TWO', 'REST');
    const world = await tickWorld(FEATURES, { notify: [json('TWO', { features: ['two'] })] });
    await world.controller.store.incidents.stop('one', 'burns', 'ada');
    await world.tick({ environment, webhook: hook.REST.url });
    expect(hook.TWO.received).toEqual([]);
    expect(hook.REST.keys()).toEqual(['incident:1:opened', 'incident:1:settled']);
  });

  it('a receiver that two routes and two variables lead to is notified once', async () => {
    const { hook, environment } = await hooks('A');
    const notify = [json('A'), json('A', { features: ['one'] }), json('B', { owners: ['@acme/data'] })];
    const world = await tickWorld(FEATURES, { notify });
    await world.controller.store.incidents.stop('one', 'burns', 'ada');
    const twice = { ...environment, ROLLOUT_NOTIFY_B: hook.A.url };
    await world.tick({ environment: twice });
    await world.tick({ environment: twice });
    expect(hook.A.keys()).toEqual(['incident:1:opened', 'incident:1:settled']);
  });

  it('notifications reach the other receivers while one is down, which gets them later and once', async () => {
    const { hook, environment } = await hooks('A', 'B');
    const world = await tickWorld(FEATURES, { notify: [json('A'), json('B')] });
    await hook.A.down();
    await world.controller.store.incidents.stop('one', 'burns', 'ada');
    const first = await world.tick({ environment });
    expect(first.delivery).toMatchObject({ delivered: 0, waiting: 2 });
    expect(first.delivery?.error).toContain('could not be reached');
    await world.tick({ environment });
    expect(hook.B.keys()).toEqual(['incident:1:opened', 'incident:1:settled']);
    await hook.A.up();
    expect((await world.tick({ environment })).delivery).toEqual({ delivered: 2, waiting: 0, error: null });
    await world.tick({ environment });
    for (const one of [hook.A, hook.B])
      expect(one.keys()).toEqual(['incident:1:opened', 'incident:1:settled']);
  });

  it('notifications reach a receiver although more than a page waits for a dead one', async () => {
    const { hook, environment } = await hooks('A', 'B');
    const world = await tickWorld(FEATURES, { notify: [json('A', { severity: 'info' }), json('B')] });
    await hook.A.down();
    await world.db.rows(
      `insert into rollout_outbox (dedupe_key, feature_name, severity, kind, message, told_at)
       select 'old ' || n, 'one', 'info', 'percentage_changed', 'old', now() from generate_series(1, 1100) n`,
    );
    await world.controller.store.incidents.stop('one', 'burns', 'ada');
    await world.tick({ environment });
    expect(hook.B.keys()).toEqual(['incident:1:opened', 'incident:1:settled']);
  });
});

describe('a receiver that refuses everything', () => {
  const wait = (world: TickWorld, severity: string, count: number) =>
    world.db.rows(
      `insert into rollout_outbox (dedupe_key, feature_name, severity, kind, message, told_at)
       select 'old ' || n, 'one', $1, 'suspect', 'old', now() from generate_series(1, $2::integer) n`,
      [severity, count],
    );

  it('a receiver that refuses everything does not delay the others, however much waits for it', async () => {
    const { hook, environment } = await hooks('GONE', 'PAGER');
    const notify = [json('GONE'), json('PAGER', { severity: 'critical' })];
    const world = await tickWorld(FEATURES, { notify });
    hook.GONE.answer(404);
    await wait(world, 'warning', 120);
    await world.controller.store.incidents.stop('one', 'burns', 'ada');
    const { delivery } = await world.tick({ environment });
    expect(delivery?.error).toBe('ROLLOUT_NOTIFY_GONE: the webhook answered 404');
    expect(hook.PAGER.keys()).toEqual(['incident:1:opened', 'incident:1:settled']);
    // Not all at once.
    expect(hook.GONE.received).toHaveLength(50);
  });

  it('a receiver that refused old messages gets the new ones', async () => {
    const { hook, environment } = await hooks('A');
    const world = await tickWorld(FEATURES, { notify: [json('A')] });
    hook.A.answer(({ body }) => (body.kind === 'suspect' ? 400 : 200));
    await wait(world, 'warning', 60);
    await world.tick({ environment });
    await world.tick({ environment });
    await world.controller.store.incidents.stop('one', 'burns', 'ada');
    const before = hook.A.received.length;
    await world.tick({ environment });
    expect(hook.A.keys().slice(before)).toContain('incident:1:opened');
  });
});

describe('a change of a percentage', () => {
  it('a changed percentage is notified once to routes of severity info, and is not an incident', async () => {
    const { hook, environment } = await hooks('INFO', 'REST');
    const notify = [json('INFO', { severity: 'info', features: ['one'] }), json('REST')];
    const world = await tickWorld(FEATURES, { notify });
    await world.commit(
      tickFile(
        { one: { ...FEATURES.one, percentage: 40 }, two: { ...FEATURES.two, percentage: 40 } },
        { notify },
      ),
      'raise',
    );
    expect((await world.tick({ environment })).printed).toEqual(['info percentage_changed one']);
    await world.tick({ environment });
    expect(hook.INFO.received.map(({ body }) => body)).toMatchObject([
      { severity: 'info', kind: 'percentage_changed', feature: 'one', details: { from: 25, to: 40 } },
    ]);
    expect(hook.INFO.received[0]?.body.message).toContain('one went from 25% to 40%');
    expect(hook.REST.received).toEqual([]);
  });

  it('a changed percentage is not notified without routes, nor later if it came before them', async () => {
    const { hook, environment } = await hooks('INFO');
    const world = await tickWorld(FEATURES);
    await world.commit(tickFile({ one: { percentage: 40 } }), 'raise');
    expect((await world.tick({ environment, webhook: hook.INFO.url })).printed).toEqual([]);
    const notify = [json('INFO', { severity: 'info' })];
    await world.commit(tickFile({ one: { percentage: 40 } }, { notify }), 'routes');
    await world.tick({ environment });
    await world.tick({ environment });
    expect(hook.INFO.received).toEqual([]);
    await world.commit(tickFile({ one: { percentage: 50 } }, { notify }), 'raise');
    await world.tick({ environment });
    expect(hook.INFO.received.map(({ body }) => body.message)).toEqual([
      expect.stringContaining('one went from 40% to 50%'),
    ]);
  });
});

describe('a variable that the environment does not have', () => {
  it('a missing variable of a route is notified once, and its messages go to the webhook', async () => {
    const { hook, environment } = await hooks('REST', 'A');
    const notify = [json('A', { owners: ['@acme/data'] }), json('BAD', { owners: ['@acme/data'] })];
    const world = await tickWorld(FEATURES, { notify });
    await world.controller.store.incidents.stop('one', 'burns', 'ada');
    const missing = { ROLLOUT_NOTIFY_BAD: 'T0SECRET' };
    const first = await world.tick({ environment: missing, webhook: hook.REST.url });
    expect(first.heartbeat).toBeInstanceOf(Date);
    expect(first.problems).toEqual([]);
    await world.tick({ environment: missing, webhook: hook.REST.url });
    expect(hook.REST.received.map(({ body }) => [body.kind, body.details])).toEqual([
      ['stopped', expect.anything()],
      ['settled', expect.anything()],
      ['receiver_missing', { variable: 'ROLLOUT_NOTIFY_A', problem: 'unset' }],
      ['receiver_missing', { variable: 'ROLLOUT_NOTIFY_BAD', problem: 'not_url' }],
    ]);
    expect(JSON.stringify([first, await world.db.rows('select * from rollout_outbox')])).not.toContain(
      'T0SECRET',
    );
    // Set, and lost again after it took something: that is told anew.
    await world.controller.store.outbox.enqueue({
      ...{ key: 'k', feature: 'one', severity: 'critical', kind: 'suspect', message: 'm' },
    });
    await world.tick({ environment });
    expect(hook.A.keys()).toEqual(['k']);
    await world.tick({ environment: {} });
    expect(await outbox(world, 'receiver_missing')).toHaveLength(4);
    await world.tick({ environment: {} });
    expect(await outbox(world, 'receiver_missing')).toHaveLength(4);
  });
});

describe('trying the routes', () => {
  it("trying the routes shows which ones take a feature's message, and sends a test only to those", async () => {
    const { hook, environment } = await hooks('DATA', 'TWO');
    const notify = [
      json('DATA', { owners: ['@acme/data'] }),
      json('TWO', { features: ['two'] }),
      json('GONE'),
    ];
    const world = await tickWorld(FEATURES, { notify });
    const { store } = world.controller;
    const deps = { store, words, receivers: receiversOf(environment) };
    const asked = { feature: 'one', severity: 'critical', id: '1' } as const;
    const shown = await tryRoutes(deps, { ...asked, send: false });
    expect(shown).toMatchObject({ owner: '@acme/data', receivers: ['ROLLOUT_NOTIFY_DATA'], sent: null });
    expect(shown.routes.map(({ takes, problem }) => [takes, problem?.code])).toEqual([
      [true, undefined],
      [false, undefined],
      [true, 'unset'],
    ]);
    expect(hook.DATA.received).toEqual([]);
    const { sent } = await tryRoutes(deps, { ...asked, send: true });
    expect(sent).toEqual([{ receiver: 'ROLLOUT_NOTIFY_DATA', error: null }]);
    expect(hook.DATA.received.map(({ body }) => [body.kind, body.feature])).toEqual([['test', 'one']]);
    expect(hook.TWO.received).toEqual([]);
    await expect(tryRoutes(deps, { ...asked, feature: 'onee', send: true })).rejects.toThrow('no feature');
  });
});
