import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { connect } from 'node:net';
import { beforeAll, describe, expect, it } from 'vitest';
import { recordOutcomes } from '../../src/store/outcomes/outcomes.ts';
import { record } from '../helpers/data/traffic.ts';
import { ADMIN, jsonOf, NOWHERE, READ, type Served, served, storeAt } from '../helpers/http/served.ts';
import { addRepositories, fileOf, type Project, project } from '../helpers/projects/project.ts';

let one: Project;
let server: Served;

beforeAll(async () => {
  one = await project();
  await addRepositories(one.db, 50);
  await one.apply(fileOf({ checkout: { percentage: 30, whitelist: ['acme/secret-name'] } }));
  await one.apply(fileOf({ checkout: { percentage: 40, whitelist: ['acme/secret-name', 'r5'] } }));
  await record(one.db, 'checkout', { jobs: 30, errors: 3 });
  const said = { feature: 'checkout', processor: 'inngest', arm: 'treatment' as const, message: 'boom' };
  const errors = [{ ...said, occurrences: 3, last_at: Date.now() }];
  await recordOutcomes(one.db.pool, randomUUID(), { sums: [], errors });
  server = await served(one.controller);
});

const ROUTES = [
  '/',
  '/api/features',
  '/api/features/checkout',
  '/api/stats',
  '/api/categories',
  '/api/history',
  '/api/incidents',
  '/metrics',
];

/** By a name of the client's choice, which fetch does not allow. */
function asHost(from: Served, host: string, path = '/api/features'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${from.url}${path}`, { headers: { host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
}

describe('the JSON', () => {
  it.each([
    ['/api/features/checkout', ['stats', 'checkout']],
    ['/api/categories', ['categories']],
    [
      '/api/history?feature=checkout&limit=2&action=created',
      ['history', 'checkout', '--limit', '2', '--action', 'created'],
    ],
  ])('%s answers in the shape of rollout %j --json', async (path, args) => {
    const named = await served(one.controller, { showNames: true });
    const response = await named.get(path);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const { stdout } = await one.cli([...args, '--json']);
    // Asked at two moments: only the time of the answer differs.
    const timeless = (text: string) => text.replace(/"now":\s*"[^"]+"/, '"now": null');
    expect(JSON.parse(timeless(await response.text()))).toEqual(JSON.parse(timeless(stdout)));
  });

  it.each([
    ['/api/features/nope', 404, 'unknown_feature'],
    ['/api/history?feature=nope', 404, 'unknown_feature'],
    ['/api/history?limit=0', 400, 'usage'],
    ['/api/history?limit=1e3', 400, 'usage'],
    ['/api/history?before=x', 400, 'usage'],
    ['/api/history?action=sneezed', 400, 'usage'],
    ['/api/history?bogus=1', 400, 'usage'],
    ['/api/incidents?before=7', 400, 'usage'],
    ['/api/stats?feature=checkout', 400, 'usage'],
    ['/api/features?limit=1', 400, 'usage'],
    ['/api/features/checkout?limit=1', 400, 'usage'],
    ['/api/categories?__proto__=1', 400, 'usage'],
    ['/api/incidents?state=ajar', 400, 'usage'],
    ['/nowhere', 404, 'not_found'],
    ['/api', 404, 'not_found'],
  ])('the request %s is answered with status %i and code %s', async (path, status, code) => {
    const response = await server.get(path);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({
      error: { code, message: expect.any(String), hint: expect.toSatisfy(isTextOrNull) },
    });
  });

  const isTextOrNull = (value: unknown) => value === null || typeof value === 'string';

  it('the JSON names no subject and shows no text of a job unless the server was started with names', async () => {
    const named = await served(one.controller, { showNames: true });
    const everything = async (from: Served) =>
      (await Promise.all(ROUTES.map(async (path) => (await from.get(path)).text()))).join('\n');
    const [without, with_] = [await everything(server), await everything(named)];
    for (const word of ['secret-name', 'boom', 'r5']) {
      expect(with_).toContain(word);
      expect(without.split('\n').filter((line) => line.includes(word))).toEqual([]);
    }
    expect(without).toContain('"hidden": 2');
  });

  it('the JSON escapes characters that a terminal would act upon', async () => {
    await one.controller.store.incidents.stop('checkout', 'a\u009b31m\u202eb', 'test');
    const text = await (await server.get('/api/incidents')).text();
    expect(text).toContain('a\\u009b31m\\u202eb');
    expect(JSON.parse(text).incidents[0].reason).toBe('a\u009b31m\u202eb');
  });
});

describe('every answer', () => {
  it.each([...ROUTES, '/nowhere', '/api/features/nope', '/healthz'])(
    'the answer of %s forbids sniffing, framing and caching',
    async (path) => {
      const { headers } = await server.get(path);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.has('x-powered-by')).toBe(false);
      expect(headers.has('access-control-allow-origin')).toBe(false);
    },
  );

  it('the page’s policy lets only its own scripts run, and the policy of every other answer lets none run', async () => {
    const page = await server.get('/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=UTF-8');
    const [, policy = ''] =
      /<meta http-equiv="Content-Security-Policy" content="([^"]+)">/.exec(await page.text()) ?? [];
    expect(policy).toContain("default-src 'none'; script-src 'sha256-");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
    const json = await server.get('/api/stats');
    expect(json.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('an internal error is answered without its details, which are in the log', async () => {
    const other = await project();
    await other.apply(fileOf({ checkout: { percentage: 30 } }));
    await other.db.rows('alter function rollout_count_features(text[]) rename to set_aside');
    await other.db.rows(
      `create function rollout_count_features(text[]) returns table (feature text, category text, eligible bigint, total bigint)
       language plpgsql as $$ begin raise exception 'secret inside'; end $$`,
    );
    const broken = await served(other.controller);
    const response = await broken.get('/api/features');
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret inside');
    expect(broken.lines.join()).toContain('secret inside');
  });
});

describe('a reading token', () => {
  it('every route but the probes asks for the reading token, as a bearer, an API key or a password', async () => {
    const closed = await served(one.controller, { readToken: READ });
    const passes = [
      { authorization: `Bearer ${READ}` },
      { authorization: `bearer ${READ}` },
      { authorization: `Bearer ${ADMIN}` },
      { authorization: `Basic ${btoa(`anybody:${READ}`)}` },
      { 'x-api-key': READ },
    ];
    for (const path of [...ROUTES, '/api/events', '/nowhere']) {
      const response = await closed.get(path);
      expect([path, response.status]).toEqual([path, 401]);
      expect(response.headers.get('www-authenticate')).toContain('Basic');
    }
    expect((await closed.post('/ofrep/v1/evaluate/flags/checkout', {})).status).toBe(401);
    for (const headers of passes) {
      expect((await closed.get('/api/stats', headers as Record<string, string>)).status).toBe(200);
    }
    const evaluated = await closed.post(
      '/ofrep/v1/evaluate/flags/checkout',
      { context: { targetingKey: 'r1' } },
      { 'x-api-key': READ },
    );
    expect(evaluated.status).toBe(200);
    for (const probe of ['/healthz', '/readyz']) expect((await closed.get(probe)).status).toBe(200);
    const wrong = [
      { authorization: `Basic ${btoa(READ)}` },
      { authorization: 'Basic ***' },
      { 'x-api-key': 'x' },
    ];
    for (const headers of wrong) {
      expect((await closed.get('/api/stats', headers as Record<string, string>)).status).toBe(401);
    }
  });
});

describe('limits', () => {
  it('a client that exceeds its requests per minute gets 429 with Retry-After; probes and stops are exempt', async () => {
    let now = Date.now();
    const slow = await served({ ...one.controller, now: () => new Date(now) }, { rateLimit: 20 });
    for (let n = 0; n < 20; n++) expect((await slow.get('/nowhere')).status).toBe(404);
    const refused = await slow.get('/api/features');
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
    expect(await refused.json()).toMatchObject({ error: { code: 'too_many_requests' } });
    expect((await slow.post('/ofrep/v1/evaluate/flags', {})).status).toBe(429);
    // What keeps it alive and what takes a feature away is never too much.
    expect((await slow.get('/healthz')).status).toBe(200);
    expect((await slow.admin('stop', { feature: 'nope', reason: 'x' })).status).toBe(404);
    expect((await slow.admin('resume', { feature: 'checkout', reason: 'x' })).status).toBe(429);
    now += 3_000;
    expect((await slow.get('/nowhere')).status).toBe(404);
    expect((await slow.get('/nowhere')).status).toBe(429);
  });

  it('requests are counted by address, or by the forwarded address behind a trusted proxy', async () => {
    const limits = { rateLimit: 1 };
    const open = await served(one.controller, limits);
    const from = (address: string) => ({ 'x-forwarded-for': address });
    expect((await open.get('/nowhere', from('192.0.2.1'))).status).toBe(404);
    expect((await open.get('/nowhere', from('192.0.2.2'))).status).toBe(429);
    const behind = await served(one.controller, { ...limits, trustProxy: true });
    expect((await behind.get('/nowhere', from('192.0.2.1'))).status).toBe(404);
    expect((await behind.get('/nowhere', from('192.0.2.2'))).status).toBe(404);
    // What the client wrote itself stands before what the proxy added.
    expect((await behind.get('/nowhere', from('192.0.2.9, 192.0.2.1'))).status).toBe(429);
  });

  it('the server answers only under its own host names, which prevents DNS rebinding', async () => {
    const named = await served(one.controller, { hosts: ['127.0.0.1', 'localhost', 'rollout.example'] });
    const port = new URL(named.url).port;
    for (const host of [`127.0.0.1:${port}`, 'localhost', 'Rollout.Example:80']) {
      expect([host, await asHost(named, host)]).toEqual([host, 200]);
    }
    for (const host of ['evil.example', `localhost.evil.example:${port}`]) {
      expect([host, await asHost(named, host)]).toEqual([host, 421]);
    }
    expect(await asHost(named, 'evil.example', '/healthz')).toBe(200);
  });

  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['a header of 100 KiB', `GET / HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(100_000)}\r\n\r\n`],
    [
      'two lengths',
      'POST /ofrep/v1/evaluate/flags HTTP/1.1\r\nhost: a\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nx',
    ],
    ['a host that is none', 'GET /api/stats HTTP/1.1\r\nhost: a b/c?d\r\n\r\n'],
    ['a path that is none', 'GET /%zz/../%00 HTTP/1.1\r\nhost: a\r\n\r\n'],
  ])('the server answers %s with a 4xx and goes on', async (_what, bytes) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.setEncoding('utf8').end(bytes);
    let answer = '';
    for await (const text of socket) answer += text;
    expect(answer).toMatch(/^HTTP\/1.1 4\d\d /);
    expect((await server.get('/healthz')).status).toBe(200);
  });
});

describe('probes', () => {
  it('the probes answer that the server lives and is ready', async () => {
    expect(await (await server.get('/healthz')).text()).toBe('ok\n');
    expect(await (await server.get('/readyz')).text()).toBe('ready\n');
  });

  it('while the database is away the server lives but is not ready, and its routes say why', async () => {
    const away = await served({ ...one.controller, store: storeAt(NOWHERE) });
    expect((await away.get('/healthz')).status).toBe(200);
    expect((await away.get('/readyz')).status).toBe(503);
    for (const path of ['/', '/api/features']) {
      const response = await away.get(path);
      expect(response.status).toBe(503);
      expect((await jsonOf<{ error: { code: string } }>(response)).error.code).toBe('database_unreachable');
    }
    expect((await away.admin('stop', { feature: 'checkout', reason: 'x' })).status).toBe(503);
  });
});
