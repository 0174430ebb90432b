import { type IncomingMessage, request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { noRepository } from '../../../src/compose/environment/no-repository.ts';
import { EventReader, type StreamEvent } from '../../../src/runtime/http/event-stream.ts';
import { readChange, readContent, readMoment } from '../../../src/runtime/wire/read.ts';
import { applyFeature, importRows, repository } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { CLIENT, follow, relayOver, WRITER } from '../../helpers/http/relays.ts';
import { ADMIN, READ, served, storeAt } from '../../helpers/http/served.ts';

const db = await testDatabase();
await importRows(db.pool, [repository('r1', { star_count: 0 }), repository('r2', { star_count: 90_000 })]);
await applyFeature(db.pool, 'checkout', { percentage: 40, whitelist: ['r1'] });
await applyFeature(db.pool, 'search', { percentage: 100 });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const momentOf = (answer: Response) => readMoment(JSON.parse(answer.headers.get('rollout-moment') ?? ''));

const opened: AbortController[] = [];
afterEach(() => {
  for (const one of opened.splice(0)) one.abort();
});

/** What a stream says, as it comes. */
async function listenTo(url: string, token = CLIENT): Promise<StreamEvent[]> {
  const over = new AbortController();
  opened.push(over);
  const answer = await fetch(`${url}/api/snapshot/stream`, { headers: bearer(token), signal: over.signal });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  const events: StreamEvent[] = [];
  const reader = new EventReader();
  void (async () => {
    for await (const bytes of answer.body ?? []) events.push(...reader.read(bytes));
  })().catch(() => {});
  await expect.poll(() => events[0]?.name).toBe('hello');
  return events;
}

describe('the snapshot', () => {
  it('every relay of a database serves one snapshot with one tag, and sends it once to a client', async () => {
    const [one, other] = [await relayOver(db.connectionString), await relayOver(db.connectionString)];
    const [first, second] = [
      await one.get('/api/snapshot', bearer(CLIENT)),
      await other.get('/api/snapshot', bearer(CLIENT)),
    ];
    const tag = first.headers.get('etag');
    expect(second.headers.get('etag')).toBe(tag);
    expect(await second.text()).toBe(await first.text());
    const again = await other.get('/api/snapshot', { ...bearer(CLIENT), 'if-none-match': tag ?? '' });
    expect([again.status, await again.text(), `"${momentOf(again).tag}"`]).toEqual([304, '', tag]);
  });

  it('the snapshot has the deciding data, with its moment in a header, compressed on request', async () => {
    const { direct, url } = await relayOver(db.connectionString);
    const ask = (headers: Record<string, string>) =>
      direct(`${url}/api/snapshot`, { headers: { ...bearer(CLIENT), ...headers } });
    const packed = await ask({ 'accept-encoding': 'gzip, br' });
    expect(packed.headers.get('content-encoding')).toBe('gzip');
    const text = gunzipSync(Buffer.from(await packed.arrayBuffer())).toString();
    expect(await (await ask({})).text()).toBe(text);
    const { features, global_stop } = readContent(JSON.parse(text));
    expect([global_stop, features.map(({ feature }) => feature)]).toEqual([false, ['checkout', 'search']]);
    const moment = momentOf(packed);
    expect(moment).toMatchObject({ version: 1, standby: false, subjects: null });
    expect(moment.now).toBeGreaterThanOrEqual(moment.read_at);
  });

  it('the snapshot carries categories if a feature decides by them or an application does', async () => {
    const relay = await relayOver(db.connectionString);
    const rollout = await follow(relay.url, {
      env: { ROLLOUT_STRATEGY: 'repository_size', ROLLOUT_PERCENTAGE: '50' },
    });
    expect(rollout.state().subjects).toBe(2);
    expect(rollout.evaluate('search', 'r1').reason).toBe('repository_size');
    await applyFeature(db.pool, 'sized', { strategy: 'repository_size', percentage: 50 });
    const plain = await follow(relay.url);
    expect(plain.evaluate('sized', 'r2').eligible).toBe(false);
    await importRows(db.pool, [repository('r2', { star_count: 0 })]);
    await expect.poll(() => plain.evaluate('sized', 'r2').eligible).toBe(true);
    await expect.poll(() => rollout.evaluate('search', 'r2').eligible).toBe(true);
  });

  it.each([
    ['without a token', {}, 401],
    ['with a wrong token', bearer('wrong'.repeat(10)), 401],
    ['with the token for outcomes', bearer(WRITER), 401],
    ['with the read token', bearer(READ), 200],
    ['with a client token', bearer(CLIENT), 200],
    ['with a client token as API key', { 'x-api-key': CLIENT }, 200],
  ])('a request for the snapshot %s (%j) gets %i', async (_, headers, status) => {
    const relay = await relayOver(db.connectionString, { readToken: READ });
    for (const path of ['', '/subjects']) {
      expect((await relay.get(`/api/snapshot${path}`, headers as Record<string, string>)).status).toBe(
        status,
      );
    }
    // A client token follows, and reads nothing else.
    const other = await relay.get('/api/features', bearer(CLIENT));
    expect(other.status).toBe(401);
  });

  it('a relay without tokens serves the snapshot, which names subjects, only if it shows names', async () => {
    const none = { clientTokens: [], writeTokens: [] };
    const closed = await relayOver(db.connectionString, none);
    const answer = await closed.get('/api/snapshot');
    expect([answer.status, await answer.json()]).toMatchObject([
      403,
      { error: { hint: 'set ROLLOUT_CLIENT_TOKENS, or start the server with --show-names' } },
    ]);
    const open = await relayOver(db.connectionString, { ...none, showNames: true });
    expect((await open.get('/api/snapshot')).status).toBe(200);
  });

  it('a snapshot that the relay has not read yet is answered by 503 with Retry-After', async () => {
    const nowhere = 'postgresql://nobody@127.0.0.1:1/nowhere';
    const relay = await served(
      { store: storeAt(nowhere), repository: noRepository(), connectionString: nowhere },
      { clientTokens: [CLIENT] },
    );
    for (const path of ['', '/stream', '/subjects']) {
      const answer = await relay.get(`/api/snapshot${path}`, bearer(CLIENT));
      expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    }
  });
});

describe('the stream', () => {
  it('the stream sends the changed features with the tag of the content to which they apply', async () => {
    const { url } = await relayOver(db.connectionString);
    const events = await listenTo(url);
    const before = readMoment((JSON.parse(events[0]?.data ?? '') as { moment: unknown }).moment);
    await applyFeature(db.pool, 'search', { percentage: 60 });
    await expect.poll(() => events.map(({ name }) => name)).toContain('change');
    const change = readChange(JSON.parse(events.find(({ name }) => name === 'change')?.data ?? ''));
    expect(change.from).toBe(before.tag);
    expect(change.moment.tag).not.toBe(before.tag);
    expect(change.features.map(({ feature, percentage }) => [feature, percentage])).toEqual([['search', 60]]);
  });

  it('the stream only announces a change that is too large for an event', async () => {
    const { url } = await relayOver(db.connectionString);
    const events = await listenTo(url);
    const rollout = await follow(url, { pollMs: 3_600_000, maxStaleMs: 3_600_000 });
    const whitelist = Array.from({ length: 5_000 }, (_, n) => `repository-${n}`);
    await applyFeature(db.pool, 'search', { percentage: 0, whitelist });
    await expect.poll(() => rollout.evaluate('search', 'repository-4999').reason).toBe('whitelist');
    expect(events.map(({ name }) => name)).not.toContain('change');
    await applyFeature(db.pool, 'search', { percentage: 100 });
  });

  it('the stream ends with an event when the relay closes', async () => {
    const relay = await relayOver(db.connectionString);
    const events = await listenTo(relay.url);
    await relay.close();
    await expect.poll(() => events.at(-1)?.name).toBe('closing');
  });

  it('the stream is refused beyond the limits of all and of one token, and granted again when one ends', async () => {
    const other = 'o'.repeat(40);
    const relay = await relayOver(db.connectionString, {
      clientTokens: [CLIENT, other],
      streams: { all: 3, ofOne: 2 },
    });
    await listenTo(relay.url);
    await listenTo(relay.url);
    const open = (token: string) => relay.get('/api/snapshot/stream', bearer(token));
    const refused = await open(CLIENT);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '10']);
    expect(await refused.json()).toMatchObject({
      error: { message: '2 applications follow with this token already' },
    });
    await listenTo(relay.url, other);
    expect(await (await open(other)).json()).toMatchObject({
      error: { message: '3 applications follow already' },
    });
    // Whoever finds no place goes on by asking.
    const rollout = await follow(relay.url, { pollMs: 50 });
    expect(rollout.isEligible('search', 'x')).toBe(true);
    for (const one of opened.splice(0)) one.abort();
    await expect.poll(async () => (await listenTo(relay.url)).length).toBeGreaterThan(0);
  });
});

describe('outcomes', () => {
  const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
  const sum = (rest: object = {}) => ({
    ...{ feature: 'checkout', subject: 'r1', processor: 'post', arm: 'treatment', epoch: 1, job_class: '' },
    ...{ category: 'small', window: Math.floor(Date.now() / 300_000) * 300_000, jobs: 2, errors: 1 },
    ...{ timed_jobs: 2, processing_ms: 10, last_error: 'declined', last_error_at: Date.now() },
    ...rest,
  });
  const parcel = (n: number, items: object[]) => ({ version: 1, id: id(n), kind: 'sums', items, errors: [] });
  const jobs = async (processor = 'post') => {
    const [row] = await db.rows<{ jobs: number }>(
      `select coalesce(sum(total_jobs), 0)::int as jobs from rollout_metrics where processor_type = $1`,
      [processor],
    );
    return row?.jobs;
  };

  it('outcomes count once, however often they are sent', async () => {
    const relay = await relayOver(db.connectionString);
    for (let times = 0; times < 3; times++) {
      const answer = await relay.post('/api/outcomes', parcel(1, [sum()]), bearer(WRITER));
      const repeated = times === 0 ? {} : { repeated: true };
      expect([answer.status, await answer.json()]).toEqual([200, { id: id(1), ...repeated }]);
    }
    expect(await jobs()).toBe(2);
  });

  it('outcomes do not count if their id came first with an empty batch', async () => {
    const relay = await relayOver(db.connectionString);
    const before = await jobs();
    const said = [];
    for (const items of [[], [sum()], []]) {
      const answer = await relay.post('/api/outcomes', parcel(9, items), bearer(WRITER));
      said.push(await answer.json());
    }
    expect(said).toEqual([{ id: id(9) }, { id: id(9), repeated: true }, { id: id(9), repeated: true }]);
    expect(await jobs()).toBe(before);
  });

  it.each<[string, Record<string, string>, unknown, number, object]>([
    ['no token', {}, parcel(2, []), 401, { code: 'unauthorized' }],
    ['a client token', bearer(CLIENT), parcel(2, []), 401, { code: 'unauthorized' }],
    ['the admin token', bearer(ADMIN), parcel(2, []), 401, { code: 'unauthorized' }],
    ['half a body', bearer(WRITER), '{"version":1,"items":[{', 400, { code: 'unreadable' }],
    ['a list', bearer(WRITER), [], 422, { code: 'refused', message: 'id is not a UUID in lower case' }],
    [
      'a newer version',
      bearer(WRITER),
      { ...parcel(2, []), version: 2 },
      409,
      { code: 'relay_incompatible' },
    ],
    ['another kind', bearer(WRITER), { ...parcel(2, []), kind: 'wishes' }, 422, { code: 'refused' }],
    [
      'an impossible count',
      bearer(WRITER),
      parcel(2, [sum(), sum({ jobs: -1 })]),
      422,
      { code: 'refused', message: 'items[1].jobs is -1' },
    ],
    ['more errors than jobs', bearer(WRITER), parcel(2, [sum({ errors: 9 })]), 422, { code: 'refused' }],
    [
      'a feature of nobody',
      bearer(WRITER),
      parcel(2, [sum({ feature: 'nobodys' })]),
      422,
      { code: 'refused' },
    ],
    ['more than 4 MiB', bearer(WRITER), 'x'.repeat(4 * 1024 * 1024 + 1), 413, { code: 'too_large' }],
  ])('outcomes with %s are refused with an error code', async (_, headers, body, status, error) => {
    const before = await jobs();
    const relay = await relayOver(db.connectionString);
    const answer = await relay.post('/api/outcomes', body, headers);
    expect([answer.status, await answer.json()]).toMatchObject([status, { error }]);
    expect(await jobs()).toBe(before);
  });

  it.each<[string, string[], number]>([
    ['a wrong token', [WRITER], 401],
    ['outcomes switched off', [], 404],
  ])('outcomes with %s are answered before their body has arrived', async (_, writeTokens, status) => {
    const relay = await relayOver(db.connectionString, { writeTokens });
    const headers = { ...bearer('wrong'.repeat(8)), 'transfer-encoding': 'chunked' };
    const asking = request(`${relay.url}/api/outcomes`, { method: 'POST', headers });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      asking.on('response', resolve).on('error', reject);
    });
    asking.write('{"version":1,');
    expect((await answered).statusCode).toBe(status);
    asking.on('error', () => {}).destroy();
  });

  it('outcomes of more than 4 MiB in chunks are refused, although their length is not announced', async () => {
    const relay = await relayOver(db.connectionString);
    const headers = { ...bearer(WRITER), 'transfer-encoding': 'chunked' };
    const asking = request(`${relay.url}/api/outcomes`, { method: 'POST', headers });
    const answered = new Promise<IncomingMessage>((resolve) => asking.once('response', resolve));
    asking.on('error', () => {});
    for (let mebibytes = 0; mebibytes < 5; mebibytes++) asking.write(Buffer.alloc(1024 * 1024, ' '));
    expect((await answered).statusCode).toBe(413);
    asking.destroy();
  });

  it('outcomes are refused on a relay without a token for them', async () => {
    const relay = await relayOver(db.connectionString, { writeTokens: [] });
    const answer = await relay.post('/api/outcomes', parcel(3, []), bearer(WRITER));
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'outcomes_off' } }]);
  });

  it('outcomes that come faster than the database accepts them get 429, and no accepted one is lost', async () => {
    const relay = await relayOver(db.connectionString);
    const client = await db.client();
    await client.query('begin');
    await client.query('lock table rollout_metrics in access exclusive mode');
    const sent = Array.from({ length: 120 }, (_, n) =>
      relay.post('/api/outcomes', parcel(100 + n, [sum({ processor: 'fast' })]), bearer(WRITER)),
    );
    const first = await Promise.race(sent);
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '1']);
    await client.query('rollback');
    const answers = await Promise.all(sent);
    const taken = answers.filter(({ status }) => status === 200).length;
    expect(taken).toBeGreaterThanOrEqual(100);
    expect(answers.every(({ status }) => status === 200 || status === 429)).toBe(true);
    expect(await jobs('fast')).toBe(2 * taken);
  });

  it('outcomes without a write token are dropped with one log line', async () => {
    const relay = await relayOver(db.connectionString);
    const lines: string[] = [];
    const rollout = await follow(relay.url, { writeToken: undefined, log: (line) => lines.push(line) });
    for (let times = 0; times < 3; times++) {
      rollout.record({ feature: 'checkout', subject: 'r1', processor: 'mute', ok: true });
    }
    expect(rollout.state()).toMatchObject({ pending: 0, dropped: 3 });
    expect(lines.filter((line) => line.includes('no writeToken'))).toHaveLength(1);
  });

  it('outcomes wait in the application, up to a limit, while its token is withdrawn', async () => {
    const relay = await relayOver(db.connectionString);
    const rollout = await follow(relay.url, {
      writeToken: 'withdrawn'.repeat(5),
      maxPending: 5,
      closeMs: 100,
    });
    for (let n = 0; n < 9; n++)
      rollout.record({ feature: 'checkout', subject: `s${n}`, processor: 'held', ok: true });
    expect(await rollout.flush()).toBe(false);
    expect(rollout.state()).toMatchObject({ pending: 5, dropped: 4 });
  });
});
