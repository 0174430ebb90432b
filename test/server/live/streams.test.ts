import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { jsonOf, type Served, served } from '../../helpers/http/served.ts';
import { fileOf, type Project, project } from '../../helpers/projects/project.ts';
import { patience } from '../../helpers/run/pace.ts';

let one: Project;
let server: Served;

beforeAll(async () => {
  one = await project();
  await one.apply(fileOf({ checkout: { percentage: 30 }, search: { percentage: 10 } }));
  server = await served(one.controller);
});

/** An open stream of events, and what came by it so far. */
async function watching(from = server, headers = {}) {
  const leave = new AbortController();
  const response = await fetch(`${from.url}/api/events`, { headers, signal: leave.signal });
  const seen = { text: '', ended: false };
  const reading = (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) seen.text += decoder.decode(chunk, { stream: true });
    seen.ended = true;
  })().catch(() => undefined);
  await expect.poll(() => seen.text).toContain('event: ready');
  return { response, seen, reading, leave: () => leave.abort() };
}

const gauge = async (from = server) =>
  Number(/^rollout_event_streams (\d+)$/m.exec(await (await from.get('/metrics')).text())?.[1]);

describe('a stream of events', () => {
  it('an event stream sends every change in the database, whoever made it', async () => {
    const { response, seen, leave } = await watching();
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    expect(seen.text).not.toContain('checkout');
    await one.db.rows(`select rollout_emergency_stop('checkout', 'by hand')`);
    await expect.poll(() => seen.text).toContain('data: {"feature":"checkout"}\n\n');
    expect(seen.text).not.toContain('search');
    leave();
  });

  it('the page is new as soon as the event stream has sent the change', async () => {
    const { seen, leave } = await watching();
    const page = () => server.get('/').then((response) => response.text());
    expect(await page()).not.toContain('an incident to be seen');
    await one.controller.store.incidents.stop('search', 'an incident to be seen', 'test');
    await expect.poll(() => seen.text, { interval: 1 }).toContain('search');
    expect(await page()).toContain('an incident to be seen');
    leave();
  });

  it('a reader that reconnects is notified that it may have missed something', async () => {
    const { seen, leave } = await watching(server, { 'last-event-id': 'ready' });
    await expect.poll(() => seen.text).toContain('data: {"feature":"*"}');
    leave();
  });

  it('an event stream is closed when its reader leaves', async () => {
    await expect.poll(() => gauge()).toBe(0);
    const open = await Promise.all(Array.from({ length: 5 }, () => watching()));
    expect(await gauge()).toBe(5);
    for (const { leave } of open) leave();
    await expect.poll(() => gauge()).toBe(0);
  });

  it('a HEAD request opens no event stream', async () => {
    await expect.poll(() => gauge()).toBe(0);
    for (let asked = 0; asked < 3; asked++) {
      const { status, headers } = await fetch(`${server.url}/api/events`, { method: 'HEAD' });
      expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream']);
    }
    expect(await gauge()).toBe(0);
  });

  it('the hundred and first reader gets 429 with Retry-After instead of an event stream', async () => {
    const other = await served(one.controller, { trustProxy: true });
    const from = (client: number) => ({ 'x-forwarded-for': `10.0.0.${client}` });
    const open = await Promise.all(Array.from({ length: 100 }, (_, i) => watching(other, from(i))));
    const refused = await other.get('/api/events', from(101));
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '10']);
    for (const { leave } of open) leave();
    await other.close();
  });

  it('one client gets at most twenty event streams, and other clients still get theirs', async () => {
    const other = await served(one.controller, { trustProxy: true });
    const from = (client: number) => ({ 'x-forwarded-for': `10.0.0.${client}` });
    const open = await Promise.all(Array.from({ length: 20 }, () => watching(other, from(1))));
    const refused = await other.get('/api/events', from(1));
    expect([refused.status, (await jsonOf<{ error: { message: string } }>(refused)).error.message]).toEqual([
      429,
      '20 pages are watched from this address already',
    ]);
    open.push(await watching(other, from(2)));
    for (const { leave } of open) leave();
    await expect.poll(async () => (await other.get('/metrics')).text()).toContain('event_streams 0');
    (await watching(other, from(1))).leave();
    await other.close();
  });

  it('a closing server ends its streams with an event, answers running requests and accepts no new ones', async () => {
    const other = await served(one.controller);
    const { seen, reading } = await watching(other);
    const underWay = other.get('/api/stats');
    // The request has arrived when another one that was sent later is answered.
    await other.get('/healthz');
    // The reader's client keeps its connections: none of them is waited for once it has its answer.
    const late = new AbortController();
    const tooLate = sleep(patience(8_000), 'cut off', { signal: late.signal }).catch(() => 'not needed');
    expect(await Promise.race([other.close().then(() => 'let go of'), tooLate])).toBe('let go of');
    late.abort();
    await reading;
    expect(seen).toMatchObject({ ended: true, text: expect.stringContaining('event: closing') });
    expect((await underWay).status).toBe(200);
    await expect(other.get('/healthz')).rejects.toThrow();
  });
});
