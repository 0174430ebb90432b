import { createPublicKey } from 'node:crypto';
import { SignJWT, UnsecuredJWT } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import type { ServerOptions } from '../../../src/server/http/dependencies.ts';
import { type TestIssuer, testIssuer } from '../../helpers/http/issuer.ts';
import { ADMIN, jsonOf, READ, type Served, served } from '../../helpers/http/served.ts';
import {
  addRepositories,
  fileOf,
  type GitProject,
  gitProject,
  liveState,
} from '../../helpers/projects/project.ts';

const PATH = '/api/admin/rollout/';
const STEPS = [
  { percentage: 10, soak: '1m' },
  { percentage: 25, soak: '1m' },
];

let one: GitProject;
let issuer: TestIssuer;
let server: Served;

const identity = (url: string): ServerOptions['identity'] => ({
  header: null,
  oidc: { issuer: url, audience: 'rollout', subjectClaim: 'sub', groupsClaim: 'groups' },
  rights: { stop: ['oncall'], propose: ['developers'] },
});

beforeAll(async () => {
  [one, issuer] = await Promise.all([gitProject(), testIssuer()]);
  await addRepositories(one.db, 50);
  await one.commit(fileOf({ checkout: { percentage: 10, steps: STEPS }, search: { percentage: 10 } }));
  await one.reconcile();
  server = await served(one.controller, {
    adminToken: null,
    readToken: READ,
    identity: identity(issuer.url),
  });
});

type Failure = { error: { code: string; message: string; hint: string } };

const ask = (path: string, token: string, body: object, to = server) =>
  to.post(PATH + path, body, { authorization: `Bearer ${token}` });
const stop = { feature: 'search', reason: 'broken' };

describe('a token of an issuer', () => {
  it('a token with a permitted group stops, and history keeps its verified subject apart from the claimed actor', async () => {
    const token = await issuer.token({ sub: '248289761001', groups: ['oncall'] });
    const answer = await ask('stop', token, { ...stop, actor: 'the queen' });
    expect([answer.status, await answer.json()]).toEqual([200, { already_off: [], stopped: ['search'] }]);
    expect((await one.history('search')).at(-1)).toMatchObject({
      action: 'emergency_stop',
      triggered_by: 'api:the queen',
      verified_by: 'oidc:248289761001',
    });
    expect(await one.verify()).toMatchObject({ valid: true });
    const shown = await one.cli(['history', 'search']);
    expect(shown.stdout).toContain('api:the queen (proved: oidc:248289761001)');
    const exported = await one.cli(['history', 'export', '--of', 'search', '--format', 'csv']);
    expect(exported.stdout).toMatch(/session_role,verified_by,/);
    expect(exported.stdout).toContain(',oidc:248289761001,');
  });

  it('without a claimed actor the token’s subject is the actor, and the token also permits reading', async () => {
    const token = await issuer.token({ groups: ['oncall'] });
    await ask('stop', token, { ...stop, feature: 'checkout' });
    expect((await one.history('checkout')).at(-1)).toMatchObject({ triggered_by: 'api:ada' });
    const read = await server.get('/api/features', { authorization: `Bearer ${await issuer.token()}` });
    expect(read.status).toBe(200);
  });

  it('history has no verified identity for a change with the admin token', async () => {
    const both = await served(one.controller, { identity: identity(issuer.url) });
    await ask('resume', ADMIN, { feature: 'checkout', reason: 'mended' }, both);
    expect((await one.history('checkout')).at(-1)).toMatchObject({ verified_by: null });
  });

  it.each([
    ['stop', stop, ['designers'], '--may-stop'],
    ['rollback', stop, [], '--may-stop'],
    ['advance', { feature: 'checkout' }, ['oncall'], '--may-propose'],
    ['resume', stop, ['oncall'], '--may-propose'],
    ['allow', stop, ['oncall', 'developers'], 'ROLLOUT_ADMIN_TOKEN'],
  ])('a token may not %s without a permitted group', async (operation, body, groups, option) => {
    const answer = await ask(operation, await issuer.token({ groups }), body);
    const { error } = await jsonOf<Failure>(answer);
    expect([answer.status, error.code, error.message]).toEqual([403, 'forbidden', 'ada may not do this']);
    expect(error.hint).toContain(option);
  });

  it('a token of a proposing group proposes, never commits, and may stop too', async () => {
    const token = await issuer.token({ groups: ['developers'] });
    const before = await one.repository.git('rev-parse', 'HEAD');
    const resume = { feature: 'search', reason: 'mended' };
    for (const body of [
      { ...resume, via: 'commit' },
      { ...resume, via: 'file' },
    ]) {
      const { error } = await jsonOf<Failure>(await ask('resume', token, body));
      expect(error.message).toContain('is for the holder of ROLLOUT_ADMIN_TOKEN');
    }
    const forced = await ask('advance', token, { feature: 'checkout', force: true, reason: 'I know' });
    expect(forced.status).toBe(400);
    // A working tree has no pull requests: what matters is that nothing was committed instead.
    await ask('resume', token, resume);
    expect(await one.repository.git('rev-parse', 'HEAD')).toBe(before);
    expect(await liveState(one.db, 'search')).toMatchObject({ stopped: true });
    expect((await ask('stop', token, stop)).status).toBe(200);
  });
});

describe('a token that proves nothing', () => {
  const now = () => Math.floor(Date.now() / 1000);
  const signed = (claims: object) => () => issuer.token({ groups: ['oncall'], ...claims });
  it.each<[string, () => Promise<string>, string]>([
    ['that is for another service', signed({ aud: 'shop' }), 'the token is not for this server (aud)'],
    [
      'of another issuer',
      signed({ iss: 'https://login.example.com' }),
      'the token is not for this server (iss)',
    ],
    ['that has expired', signed({ exp: now() - 120 }), 'the token has expired'],
    ['that never expires', signed({ exp: undefined }), 'the token is not for this server (exp)'],
    ['that holds only later', signed({ nbf: now() + 120 }), 'the token is not for this server (nbf)'],
    ['of nobody', signed({ sub: undefined }), 'the token is not for this server (sub)'],
    ['of an empty name', signed({ sub: '' }), 'the subject is empty'],
    ['of a name that hides something', signed({ sub: 'ada\u202e' }), 'not printable'],
    [
      'of another key under the same name',
      () => issuer.token({ groups: ['oncall'] }, { key: 'foreign' }),
      'the signature of the token does not hold',
    ],
    [
      'that is signed by nobody',
      async () =>
        new UnsecuredJWT({ groups: ['oncall'] })
          .setIssuer(issuer.url)
          .setAudience('rollout')
          .setSubject('ada')
          .setExpirationTime('5m')
          .encode(),
      'signed in a way that is not allowed',
    ],
    [
      'that is signed with the public key as a secret',
      async () => {
        const key = createPublicKey({ key: await issuer.publicKey(), format: 'jwk' });
        const secret = Buffer.from(key.export({ type: 'spki', format: 'pem' }));
        const claims = { iss: issuer.url, aud: 'rollout', sub: 'ada', groups: ['oncall'], exp: now() + 300 };
        return new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'one' }).sign(secret);
      },
      'signed in a way that is not allowed',
    ],
  ])('a token %s is refused', async (_what, token, why) => {
    const other = await served(one.controller, { adminToken: null, identity: identity(issuer.url) });
    const answer = await ask('stop', await token(), stop, other);
    const { error } = await jsonOf<Failure>(answer);
    expect([answer.status, error.code]).toEqual([401, 'unauthorized']);
    expect(error.message).toContain(why);
  });

  it('a token is accepted if its clock differs by less than a minute', async () => {
    const early = await issuer.token({ groups: ['oncall'], nbf: now() + 30 });
    const late = await issuer.token({ groups: ['oncall'], exp: now() - 30 });
    for (const token of [early, late]) expect((await ask('stop', token, stop)).status).toBe(200);
  });

  it('an invalid token counts towards the limit of wrong tokens', async () => {
    const other = await served(one.controller, { adminToken: null, identity: identity(issuer.url) });
    const wrong = await issuer.token({ aud: 'shop' });
    for (let n = 0; n < 10; n++) expect((await ask('stop', wrong, stop, other)).status).toBe(401);
    expect((await ask('stop', wrong, stop, other)).status).toBe(429);
  });
});

describe('an issuer that', () => {
  it.each<
    [
      string,
      Parameters<TestIssuer['answer']>[0],
      { status?: number; headers?: Record<string, string>; body: string },
    ]
  >([
    ['answers an error', 'openid-configuration', { status: 500, body: '{}' }],
    [
      'is another one',
      'openid-configuration',
      { body: '{"issuer":"https://login.example.com","jwks_uri":"https://login.example.com/k"}' },
    ],
    [
      'leads to another address',
      'openid-configuration',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
    ],
    ['answers without an end', 'keys', { body: `{"keys":[],"rest":"${'x'.repeat(300_000)}"}` }],
    [
      'has its keys somewhere else',
      'keys',
      { status: 302, headers: { location: 'http://127.0.0.1:1/' }, body: '' },
    ],
    ['answers something else', 'keys', { body: '<html>' }],
  ])(
    'if the issuer %s, no token is accepted, and the admin token still stops',
    async (_what, path, answer) => {
      const broken = await testIssuer();
      broken.answer(path, answer);
      const other = await served(one.controller, { identity: identity(broken.url) });
      const token = await broken.token({ groups: ['oncall'] });
      const refused = await ask('stop', token, stop, other);
      const { error } = await jsonOf<Failure>(refused);
      expect([refused.status, error.code]).toEqual([503, 'issuer_unreachable']);
      expect(error.hint).toContain('rollout stop FEATURE');
      expect((await ask('stop', ADMIN, stop, other)).status).toBe(200);
    },
  );

  it('an issuer whose keys are not at an https address is not asked for its keys', async () => {
    const broken = await testIssuer();
    broken.answer('openid-configuration', {
      body: JSON.stringify({ issuer: broken.url, jwks_uri: 'http://keys.example.com/' }),
    });
    const other = await served(one.controller, { identity: identity(broken.url) });
    const refused = await ask('stop', await broken.token({ groups: ['oncall'] }), stop, other);
    expect((await jsonOf<Failure>(refused)).error.message).toContain('not at an https address');
  });

  it('a working issuer is asked once for its keys, however many tokens come', async () => {
    const fresh = await testIssuer();
    const other = await served(one.controller, { adminToken: null, identity: identity(fresh.url) });
    const token = await fresh.token({ groups: ['oncall'] });
    for (let n = 0; n < 5; n++) expect((await ask('stop', token, stop, other)).status).toBe(200);
    expect(fresh.asked()).toBe(1);
  });
});
