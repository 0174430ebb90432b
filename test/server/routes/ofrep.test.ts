import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { switchingProxy } from '../../helpers/database/switching-proxy.ts';
import { jsonOf, type Served, served } from '../../helpers/http/served.ts';
import { addRepositories, fileOf, type Project, project } from '../../helpers/projects/project.ts';
import { patience } from '../../helpers/run/pace.ts';

const FLAGS = '/ofrep/v1/evaluate/flags';

type Flag = { key: string; value: boolean; reason: string; metadata: { bucket: number; percentage: number } };

let one: Project;
let server: Served;

beforeAll(async () => {
  one = await project();
  await addRepositories(one.db, 500);
  await one.apply(
    fileOf({
      checkout: { percentage: 30, whitelist: ['r1'], blacklist: ['acme/r2'] },
      search: { percentage: 50, strategy: 'repository_size' },
      off: { active: false, percentage: 10 },
      beta: { strategy: 'whitelist', whitelist: ['r7'] },
    }),
  );
  server = await served(one.controller);
});

const ask = (key: string, body?: unknown) => server.post(`${FLAGS}/${key}`, body);
const context = (targetingKey: unknown) => ({ context: { targetingKey } });

describe('one flag', () => {
  it.each([
    ['checkout', 'r1', true, 'TARGETING_MATCH', 'whitelist'],
    ['checkout', 'r2', false, 'TARGETING_MATCH', 'blacklist'],
    ['search', 'nobody', false, 'TARGETING_MATCH', 'uncategorized'],
    ['off', 'r1', false, 'DISABLED', 'inactive'],
    ['beta', 'r8', false, 'TARGETING_MATCH', 'not_whitelisted'],
  ])('the flag %s is evaluated by OFREP for %s as %s', async (key, subject, value, reason, why) => {
    const response = await ask(key, context(subject));
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      ...{ key, value, variant: value ? 'on' : 'off', reason },
      metadata: { reason: why, bucket: expect.any(Number), percentage: expect.any(Number) },
    });
  });

  it('a flag is split by the percentage where nothing else decides', async () => {
    const { metadata, value, reason } = await jsonOf<Flag>(await ask('checkout', context('r3')));
    expect([reason, metadata.percentage]).toEqual(['SPLIT', 30]);
    expect(value).toBe(metadata.bucket < 3_000);
  });

  it.each([
    ['no JSON', '{"context":', 'PARSE_ERROR'],
    ['no object', '[1]', 'PARSE_ERROR'],
    ['null', 'null', 'PARSE_ERROR'],
    ['nothing', '', 'TARGETING_KEY_MISSING'],
    ['no context', {}, 'TARGETING_KEY_MISSING'],
    ['no key', { context: { email: 'a@b.c' } }, 'TARGETING_KEY_MISSING'],
    ['an empty key', context(''), 'TARGETING_KEY_MISSING'],
    ['a key that is null', context(null), 'TARGETING_KEY_MISSING'],
    ['a context that is a text', { context: 'r1' }, 'INVALID_CONTEXT'],
    ['a context that is a list', { context: ['r1'] }, 'INVALID_CONTEXT'],
    ['a context that is null', { context: null }, 'INVALID_CONTEXT'],
    ['a key that is a number', context(7), 'INVALID_CONTEXT'],
    ['a key that is an object', context({ id: 'r1' }), 'INVALID_CONTEXT'],
  ])('a body with %s is refused with 400 and %s', async (_what, body, errorCode) => {
    const wanted = { errorCode, errorDetails: expect.any(String) };
    const single = await ask('checkout', body);
    expect([single.status, await single.json()]).toEqual([400, { key: 'checkout', ...wanted }]);
    const bulk = await server.post(FLAGS, body);
    expect([bulk.status, await bulk.json()]).toEqual([400, wanted]);
  });

  it.each([
    ['another word', 'nope'],
    ['a path', '%2e%2e%2fcheckout'],
    ['one with a control character', 'checkout%00'],
    ['one in capitals', 'CHECKOUT'],
    ['a very long one', 'x'.repeat(5_000)],
  ])('a flag key that is %s is answered with 404 and FLAG_NOT_FOUND', async (_what, key) => {
    const response = await ask(key, context('r1'));
    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({
      ...{ key: decodeURIComponent(key), errorCode: 'FLAG_NOT_FOUND', errorDetails: expect.any(String) },
    });
  });

  it('an unknown flag is not found whatever the context is, so that the next provider is asked', async () => {
    for (const body of [
      {},
      { context: {} },
      context(7),
      context(''),
      { context: ['r1'] },
      context('\ud800'),
    ]) {
      const response = await ask('nope', body);
      expect([response.status, await response.json()]).toMatchObject([404, { errorCode: 'FLAG_NOT_FOUND' }]);
    }
    // A body that cannot be read says nothing, of whatever flag.
    expect((await ask('nope', '{"context":')).status).toBe(400);
  });

  it('while the database is away a flag is still evaluated, with a reason of the protocol and marked as stale', async () => {
    const way = await switchingProxy(one.db.connectionString);
    const away = await served({ ...one.controller, connectionString: way.connectionString });
    await way.cut();
    await expect.poll(() => away.rollout.state().status, { timeout: patience(20_000) }).toBe('stale');
    const response = await away.post(`${FLAGS}/checkout`, context('r1'));
    expect([response.status, await response.json()]).toMatchObject([
      200,
      { value: true, reason: 'UNKNOWN', metadata: { reason: 'whitelist', stale: true } },
    ]);
  });

  it('every flag is off where the server’s environment stops everything, and an unknown flag stays unknown', async () => {
    const stopped = await served({ ...one.controller, env: { ROLLOUT_EMERGENCY_STOP: '1' } });
    const known = await stopped.post(`${FLAGS}/checkout`, context('r1'));
    expect([known.status, await known.json()]).toMatchObject([200, { value: false, reason: 'DISABLED' }]);
    const unknown = await stopped.post(`${FLAGS}/nope`, context('r1'));
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { errorCode: 'FLAG_NOT_FOUND' }]);
  });

  it('a flag is only evaluated by POST', async () => {
    expect((await server.get(`${FLAGS}/checkout`)).status).toBe(404);
  });
});

describe('every flag at once', () => {
  it('a bulk evaluation equals the single evaluations, and its ETag prevents sending it twice', async () => {
    const first = await server.post(FLAGS, context('r1'));
    expect(first.status).toBe(200);
    const etag = first.headers.get('etag') ?? '';
    const { flags } = await jsonOf<{ flags: Flag[] }>(first);
    expect(flags.map(({ key }) => key)).toEqual(['beta', 'checkout', 'off', 'search']);
    for (const flag of flags) expect(await (await ask(flag.key, context('r1'))).json()).toEqual(flag);

    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await server.post(FLAGS, context('r1'), { 'if-none-match': known });
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', etag]);
    }
    expect((await server.post(FLAGS, context('r2'), { 'if-none-match': etag })).status).toBe(200);
  });

  it('a bulk evaluation has a new answer and a new ETag as soon as a feature is stopped', async () => {
    const subject = context('r7');
    const before = (await server.post(FLAGS, subject)).headers.get('etag') ?? '';
    await one.controller.store.incidents.stop('beta', 'broken', 'test');
    await expect
      .poll(async () => (await server.post(FLAGS, subject, { 'if-none-match': before })).status)
      .toBe(200);
    const { flags } = await jsonOf<{ flags: Flag[] }>(await server.post(FLAGS, subject));
    expect(flags[0]).toMatchObject({ key: 'beta', value: false, reason: 'DISABLED' });
  });
});

describe('the official provider', () => {
  it.each([
    ['over HTTP', 500, () => fetch],
    ['without a socket between', 10_000, () => server.direct],
  ])('the official provider gives the library’s answers, %s, for %i ids', async (_how, amount, by) => {
    const provider = new OFREPProvider({ baseUrl: server.url, fetchImplementation: by() });
    await OpenFeature.setProviderAndWait(provider);
    const client = OpenFeature.getClient();
    const keys = server.rollout.features();
    const wrong: string[] = [];
    let on = 0;
    const check = async (n: number) => {
      const id = n % 3 === 0 ? `r${n % 500}` : `subject-${n}`;
      const key = keys[n % keys.length] ?? '';
      const wanted = server.rollout.evaluate(key, id);
      // The default is the other answer: one that was not given would not be taken for it.
      const { value, flagMetadata, errorCode } = await client.getBooleanDetails(key, !wanted.eligible, {
        targetingKey: id,
      });
      on += Number(value);
      const same = value === wanted.eligible && flagMetadata.bucket === wanted.bucket && !errorCode;
      if (!same) wrong.push(`${key} ${id} ${errorCode ?? ''}`);
    };
    for (let start = 0; start < amount; start += 250) {
      await Promise.all(Array.from({ length: 250 }, (_, n) => check(start + n)));
    }
    expect(wrong).toEqual([]);
    expect(on).toBeGreaterThan(amount / 20);
    await OpenFeature.close();
  });

  it('the official provider gives the default and the reason for an unknown flag and a context without a key', async () => {
    await OpenFeature.setProviderAndWait(new OFREPProvider({ baseUrl: server.url }));
    const client = OpenFeature.getClient();
    expect(await client.getBooleanDetails('nope', true, { targetingKey: 'r1' })).toMatchObject({
      ...{ value: true, errorCode: 'FLAG_NOT_FOUND' },
    });
    expect(await client.getBooleanDetails('checkout', true, {})).toMatchObject({
      ...{ value: true, errorCode: 'TARGETING_KEY_MISSING' },
    });
    await OpenFeature.close();
  });
});
