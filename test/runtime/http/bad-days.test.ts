import { createServer, type Server } from 'node:http';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { switchingProxy } from '../../helpers/database/switching-proxy.ts';
import { httpProxy } from '../../helpers/http/http-proxy.ts';
import { CLIENT, follow, relayOver } from '../../helpers/http/relays.ts';
import { told } from '../../helpers/http/rollouts.ts';

const NEVER_MS = 3_600_000;
const ALONE = { pollMs: NEVER_MS, maxStaleMs: NEVER_MS };

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 100 });
await applyFeature(db.pool, 'search', { percentage: 100 });

const stop = (feature: string, stopped: boolean) =>
  db.pool.query(`update rollout_configuration set emergency_stop = $2 where feature_name = $1`, [
    feature,
    stopped,
  ]);

/** A clock that the test moves. */
function clock() {
  let moved = 0;
  return {
    now: () => performance.now() + moved,
    move: (milliseconds: number) => {
      moved += milliseconds;
    },
  };
}

const pages: Server[] = [];
afterAll(() => {
  for (const page of pages) page.close();
});

/** Somebody who answers everything with a page; gives the address. */
async function pageOf(text: string): Promise<string> {
  const server = createServer((_, answer) => answer.end(`<html>${text}</html>`));
  pages.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

afterEach(async () => {
  vi.useRealTimers();
  await stop('checkout', false);
});

describe('a relay', () => {
  it('a relay without its database does not make its snapshot look fresh', async () => {
    const way = await switchingProxy(db.connectionString);
    const { url } = await relayOver(way.connectionString);
    const rollout = await follow(url, { pollMs: 50, maxStaleMs: 1_500, stream: false });
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
    await way.cut();
    await expect.poll(() => rollout.state().status).toBe('expired');
    expect(rollout.evaluate('checkout', 'x')).toMatchObject({ eligible: false, reason: 'stale' });
    await way.restore();
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
  });

  it('applications find a relay again that was killed under many streams, and none loses its snapshot', async () => {
    const relay = await relayOver(db.connectionString);
    const way = await switchingProxy(relay.url);
    const all = await Promise.all(
      Array.from({ length: 100 }, () => follow(way.connectionString, { ...ALONE, pollMs: 200 })),
    );
    const listening = () => all.filter((rollout) => rollout.state().listening).length;
    await expect.poll(listening).toBe(100);
    await way.cut();
    await expect.poll(listening).toBe(0);
    await stop('search', true);
    expect(all.every((rollout) => rollout.isEligible('checkout', 'x'))).toBe(true);
    await way.restore((await relayOver(db.connectionString)).url);
    await expect.poll(() => all.every((rollout) => !rollout.isEligible('search', 'x'))).toBe(true);
    await expect.poll(listening).toBe(100);
    await stop('search', false);
    await expect.poll(() => all.every((rollout) => rollout.isEligible('search', 'x'))).toBe(true);
  });

  it('a relay that is behind another one does not undo a stop that the other one showed', async () => {
    const slow = await switchingProxy(db.connectionString);
    const [ahead, behind] = [await relayOver(db.connectionString), await relayOver(slow.connectionString)];
    const way = await switchingProxy(ahead.url);
    const rollout = await follow(way.connectionString, { stream: false, pollMs: 50, maxStaleMs: NEVER_MS });
    slow.freeze();
    await stop('checkout', true);
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(false);
    const changes = told(rollout, 'change');
    await way.cut();
    await way.restore(behind.url);
    const seen = way.count('GET /api/snapshot');
    await expect.poll(seen).toBeGreaterThan(3);
    expect(rollout.isEligible('checkout', 'x')).toBe(false);
    expect(changes).toEqual([]);
    slow.thaw();
    await stop('checkout', false);
    await way.cut();
    await way.restore(ahead.url);
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
  });

  it('a relay whose database is an older copy is followed, and the other history is reported', async () => {
    const older = await testDatabase();
    await applyFeature(older.pool, 'checkout', { percentage: 0 });
    const [newer, restored] = [await relayOver(db.connectionString), await relayOver(older.connectionString)];
    const way = await switchingProxy(newer.url);
    const rollout = await follow(way.connectionString, { stream: false, pollMs: 50 });
    const histories = told(rollout, 'other_history');
    expect(rollout.isEligible('checkout', 'x')).toBe(true);
    await way.cut();
    await way.restore(restored.url);
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(false);
    expect(rollout.features()).toEqual(['checkout']);
    expect(histories).toHaveLength(1);
    expect(histories[0]?.generation).toBeLessThan(histories[0]?.before ?? 0);
  });

  it('an application keeps asking a relay that refuses its token, and admits nobody once its snapshot is too old', async () => {
    const relay = await relayOver(db.connectionString);
    const way = await switchingProxy(relay.url);
    const { now, move } = clock();
    const rollout = await follow(way.connectionString, { pollMs: 50, now, stream: false });
    const errors = told(rollout, 'error');
    const withdrawn = await relayOver(db.connectionString, { clientTokens: ['another'.repeat(6)] });
    await way.cut();
    await way.restore(withdrawn.url);
    await expect.poll(() => errors.map((error) => 'code' in error && error.code)).toContain('relay_refused');
    expect(rollout.isEligible('checkout', 'x')).toBe(true);
    move(400_000);
    await expect.poll(() => rollout.state().status).toBe('expired');
    expect(rollout.isEligible('checkout', 'x')).toBe(false);
    await expect(follow(withdrawn.url)).rejects.toMatchObject({ code: 'relay_refused' });
    await expect(follow(withdrawn.url, { token: undefined })).rejects.toMatchObject({
      code: 'relay_refused',
    });
  });
});

describe('somebody between an application and its relay', () => {
  it('the poll finds changes behind a proxy that buffers streams', async () => {
    const { url } = await relayOver(db.connectionString);
    const between = await httpProxy(url, { buffers: '/api/snapshot/stream' });
    const rollout = await follow(between, { pollMs: 50 });
    expect(rollout.state().listening).toBe(false);
    await stop('checkout', true);
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(false);
    expect(rollout.state()).toMatchObject({ status: 'ready', listening: false });
    await stop('checkout', false);
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(true);
  });

  it('no change is lost behind a proxy that cuts streams after a while', async () => {
    const { url } = await relayOver(db.connectionString);
    const between = await httpProxy(url, { cutsAfterMs: 150 });
    const rollout = await follow(between, { pollMs: 200 });
    for (let times = 0; times < 6; times++) {
      await stop('checkout', times % 2 === 0);
      await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(times % 2 === 1);
    }
    expect(rollout.state().status).toBe('ready');
  });

  it('a proxy that answers with its own page is not taken for a relay', async () => {
    await expect(follow(await pageOf('please log in'))).rejects.toMatchObject({
      code: 'relay_incompatible',
      hint: expect.stringContaining('rollout serve'),
    });
  });

  it('a proxy that answers 200 to outcomes in the relay’s place has not recorded them', async () => {
    const relay = await relayOver(db.connectionString);
    const way = await switchingProxy(relay.url);
    const rollout = await follow(way.connectionString, { ...ALONE, stream: false, flushMs: NEVER_MS });
    await way.cut();
    await way.restore(await pageOf('we are back soon'));
    rollout.record({ feature: 'checkout', subject: 'x', processor: 'between', ok: true });
    expect(await rollout.flush()).toBe(false);
    expect(rollout.state()).toMatchObject({ pending: 1, dropped: 0 });
    await way.cut();
    await way.restore(relay.url);
    await expect.poll(() => rollout.flush()).toBe(true);
    const counted = await db.rows(
      `select sum(total_jobs)::int as jobs from rollout_metrics where processor_type = 'between'`,
    );
    expect(counted).toEqual([{ jobs: 1 }]);
  });
});

describe('a version of the snapshot', () => {
  it('a newer version of the snapshot is refused by its number at the start', async () => {
    const { url } = await relayOver(db.connectionString);
    const between = await httpProxy(url, { rewrites: (value) => ({ ...value, version: 2 }) });
    await expect(follow(between)).rejects.toMatchObject({
      code: 'relay_incompatible',
      message: 'the relay sends version 2 of the snapshot, and this library reads 1',
    });
  });

  it('an application keeps its snapshot when the relay’s version grows, until the snapshot is too old', async () => {
    const { url } = await relayOver(db.connectionString);
    const way = await switchingProxy(url);
    const { now, move } = clock();
    const rollout = await follow(way.connectionString, { pollMs: 50, now, stream: false });
    const errors = told(rollout, 'error');
    await way.cut();
    await way.restore(await httpProxy(url, { rewrites: (value) => ({ ...value, version: 2 }) }));
    await expect
      .poll(() => errors.map((error) => 'code' in error && error.code))
      .toContain('relay_incompatible');
    expect(rollout.isEligible('checkout', 'x')).toBe(true);
    move(400_000);
    await expect.poll(() => rollout.isEligible('checkout', 'x')).toBe(false);
  });

  it('a snapshot of the same version may have fields that the library does not know', async () => {
    const { url } = await relayOver(db.connectionString);
    const more = (value: Record<string, unknown>) => ({
      ...value,
      later: { anything: 1 },
      ...(Array.isArray(value.features)
        ? { features: value.features.map((feature) => ({ ...feature, colour: 'blue' })) }
        : {}),
    });
    const rollout = await follow(await httpProxy(url, { rewrites: more }), { stream: false });
    expect(rollout.isEligible('checkout', 'x')).toBe(true);
  });

  it('a relay tells an older library that it does not send the library’s version', async () => {
    const { url } = await relayOver(db.connectionString);
    const headers = { authorization: `Bearer ${CLIENT}`, 'rollout-wire': '0' };
    const answer = await fetch(`${url}/api/snapshot`, { headers });
    expect(answer.status).toBe(406);
    expect(await answer.json()).toMatchObject({ error: { code: 'relay_incompatible' } });
    const newer = await fetch(`${url}/api/snapshot`, { headers: { ...headers, 'rollout-wire': '2' } });
    expect([newer.status, JSON.parse(newer.headers.get('rollout-moment') ?? '').version]).toEqual([200, 1]);
  });
});

describe('the clock of an application', () => {
  it('a clock of the application that is hours wrong moves neither the snapshot’s age nor a stamp’s time', async () => {
    const { url } = await relayOver(db.connectionString);
    const real = Date.now();
    vi.useFakeTimers({ toFake: ['Date'], now: real - 9 * 3_600_000 });
    const rollout = await follow(url);
    vi.setSystemTime(real + 30 * 3_600_000);
    const { stamp } = rollout.route('checkout', { subject: 'r1' });
    expect(Math.abs((stamp?.routed_at ?? 0) - real)).toBeLessThan(60_000);
    expect(rollout.state()).toMatchObject({ status: 'ready', controllerStale: false });
    expect(rollout.state().ageMs).toBeLessThan(60_000);
  });
});
