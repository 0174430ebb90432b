import { request } from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { RolloutError } from '../../../src/errors.ts';
import type { ServerOptions } from '../../../src/server/http/dependencies.ts';
import { identityHeader, networksOf } from '../../../src/server/identity/proxy-header.ts';
import { ADMIN, jsonOf, READ, type Served, served } from '../../helpers/http/served.ts';
import { addRepositories, fileOf, type GitProject, gitProject } from '../../helpers/projects/project.ts';

const STOP = '/api/admin/rollout/stop';
const body = { feature: 'search', reason: 'broken' };
const SECRET = 'p'.repeat(40);

let one: GitProject;
let server: Served;

const identity = (header: object = {}): ServerOptions['identity'] => ({
  header: { name: 'x-forwarded-user', groups: 'x-forwarded-groups', from: [], token: null, ...header },
  oidc: null,
  rights: { stop: ['oncall'], propose: [] },
});
const behind = (header: object = {}) =>
  served(one.controller, { adminToken: null, readToken: READ, identity: identity(header) });

beforeAll(async () => {
  one = await gitProject();
  await addRepositories(one.db, 20);
  await one.commit(fileOf({ search: { percentage: 10 } }));
  await one.reconcile();
  server = await behind();
});

const ADA = { 'x-forwarded-user': 'ada@example.com', 'x-forwarded-groups': 'dev, oncall' };
type Failure = { error: { message: string } };

describe('who a proxy says it is', () => {
  it('a user from the proxy may do what its groups may, and history keeps it apart from the claimed actor', async () => {
    const answer = await server.post(STOP, { ...body, actor: 'eve' }, ADA);
    expect(answer.status).toBe(200);
    expect((await one.history('search')).at(-1)).toMatchObject({
      triggered_by: 'api:eve',
      verified_by: 'proxy:ada@example.com',
    });
    expect(server.lines.at(-1)).toContain('by api:eve (proxy:ada@example.com)');
    expect((await server.get('/api/features', ADA)).status).toBe(200);
  });

  it('a user from the proxy without a group may read and change nothing', async () => {
    const nobody = { 'x-forwarded-user': 'bob' };
    expect((await server.post(STOP, body, nobody)).status).toBe(403);
    expect((await server.get('/', nobody)).status).toBe(200);
  });

  it('the admin token keeps its rights behind the proxy, and history keeps the proxy’s user', async () => {
    const other = await served(one.controller, { readToken: READ, identity: identity() });
    const admin = { ...ADA, authorization: `Bearer ${ADMIN}` };
    const path = '/api/admin/rollout/advance';
    const forced = { feature: 'search', force: true, via: 'commit', reason: 'I know' };
    const answer = await other.post(path, forced, admin);
    expect(await answer.text()).not.toContain('is for the holder');
    expect(answer.status).not.toBe(400);
    expect((await other.post(path, forced, ADA)).status).toBe(403);
    expect((await other.post(STOP, body, admin)).status).toBe(200);
    expect((await one.history('search')).at(-1)).toMatchObject({ verified_by: 'proxy:ada@example.com' });
  });

  it('the identity header is ignored from any address but the proxy’s, whatever the headers claim', async () => {
    const other = await behind({ from: ['10.0.0.7', 'fd00::/64'] });
    const headers = { ...ADA, 'x-forwarded-for': '10.0.0.7', forwarded: 'for=10.0.0.7' };
    expect((await other.post(STOP, body, headers)).status).toBe(401);
    expect((await other.get('/api/features', headers)).status).toBe(401);
  });

  it('the identity header is ignored without the proxy’s token if one is set', async () => {
    const other = await behind({ token: SECRET });
    for (const given of [{}, { 'x-rollout-proxy-token': `${SECRET}x` }, { 'x-rollout-proxy-token': '' }]) {
      const answer = await other.post(STOP, body, { ...ADA, ...given });
      expect([answer.status, (await jsonOf<Failure>(answer)).error.message]).toEqual([
        401,
        "x-forwarded-user came without the proxy's token in x-rollout-proxy-token",
      ]);
    }
    expect((await other.post(STOP, body, { ...ADA, 'x-rollout-proxy-token': SECRET })).status).toBe(200);
  });

  it('a repeated identity header is refused, because one of the two may be the client’s', async () => {
    const answer = await raw(server.url, [
      'X-Forwarded-User',
      'eve',
      'x-forwarded-user',
      'ada',
      'X-Forwarded-Groups',
      'oncall',
    ]);
    expect(answer).toMatchObject({ status: 401, text: expect.stringContaining('came 2 times') });
    const groups = await raw(server.url, [
      'X-Forwarded-User',
      'eve',
      'X-Forwarded-Groups',
      'oncall',
      'X-Forwarded-Groups',
      'none',
    ]);
    expect(groups.status).toBe(401);
  });

  it.each([
    ['another site', { origin: 'https://evil.example.com' }],
    ['no site that could be told', { origin: 'null' }],
    ['another site, as the browser says', { 'sec-fetch-site': 'cross-site' }],
    ['a sister site', { 'sec-fetch-site': 'same-site' }],
  ])('a request from %s changes nothing', async (_what, headers) => {
    expect((await server.post(STOP, body, { ...ADA, ...headers })).status).toBe(403);
  });

  it('a stop from the server’s own page is accepted', async () => {
    const own = { origin: server.url, 'sec-fetch-site': 'same-origin' };
    expect((await server.post(STOP, body, { ...ADA, ...own })).status).toBe(200);
  });
});

describe('the options of a proxy', () => {
  it.each([
    'Authorization',
    'Cookie',
    'Host',
    'X-Forwarded-For',
    'Content-Type',
    'x-rollout-proxy-token',
    'a b',
    '',
  ])('the identity header %j is refused', (name) => expect(() => identityHeader(name)).toThrow(RolloutError));

  it.each(['proxy.internal', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.0/8/8', '10.0.0.0/', '::/0', ''])(
    'the proxy address %j is refused',
    (address) => expect(() => networksOf([address])).toThrow(RolloutError),
  );

  it('a proxy address also matches its IPv4-mapped IPv6 form', () => {
    expect(networksOf([]).check('::ffff:127.0.0.1', 'ipv6')).toBe(true);
    expect(networksOf(['10.0.0.0/8']).check('::ffff:11.0.0.1', 'ipv6')).toBe(false);
  });

  it.each([
    [['--groups-header', 'X-Groups'], '--identity-header is missing'],
    [['--may-stop', 'oncall'], 'nothing proves who is in them'],
    [['--oidc-issuer', 'https://login.example.com'], '--oidc-audience is missing'],
    [['--oidc-issuer', 'http://login.example.com', '--oidc-audience', 'x'], 'is not an issuer'],
  ])('the options %j are refused before the server opens anything', async (options, message) => {
    const { code, stderr } = await one.cli(['serve', '--port', '0', ...options]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });
});

/** Headers exactly as they are written, one beside the other. */
function raw(url: string, headers: string[]): Promise<{ status: number; text: string }> {
  return new Promise((done, failed) => {
    const { host } = new URL(url);
    const asked = request(
      `${url}${STOP}`,
      { method: 'POST', headers: ['Host', host, 'Content-Type', 'application/json', ...headers] },
      (response) => {
        let text = '';
        response.on('data', (part) => {
          text += part;
        });
        response.on('end', () => done({ status: response.statusCode ?? 0, text }));
      },
    );
    asked.on('error', failed);
    asked.end(JSON.stringify(body));
  });
}
