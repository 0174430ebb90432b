import {
  type BeforeHookContext,
  type Client,
  type EvaluationContext,
  type Hook,
  OpenFeature,
} from '@openfeature/server-sdk';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Spec } from '../../../src/domain/spec/spec.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import type { TestDatabase } from '../../helpers/database/database.ts';
import { NOWHERE } from '../../helpers/http/served.ts';
import { databaseWith, newDomain, readyClient } from './world.ts';

let db: TestDatabase;
let client: Client;

const FEATURES: Record<string, Partial<Spec>> = {
  everybody: { percentage: 100 },
  nobody: { percentage: 0, whitelist: ['listed'] },
  blocked: { percentage: 100, blacklist: ['out'] },
  listed_only: { strategy: 'whitelist', whitelist: ['listed'] },
  small_only: { percentage: 100, categories: ['small'] },
  by_size: { strategy: 'repository_size', percentage: 100 },
  first_sizes: { strategy: 'repository_size', percentage: 10 },
  off: { active: false, percentage: 100 },
  stopped: { emergency_stop: true, percentage: 100 },
};

beforeAll(async () => {
  db = await databaseWith(async ({ pool }) => {
    for (const [feature, spec] of Object.entries(FEATURES)) await applyFeature(pool, feature, spec);
  });
  client = await readyClient({ connectionString: db.connectionString });
});

afterEach(() => {
  OpenFeature.setContext({});
  OpenFeature.clearHooks();
});

const subject = (targetingKey: string): EvaluationContext => ({ targetingKey });

describe('a flag that is found', () => {
  it('a boolean evaluation has the variant, the reason and the flag’s metadata', async () => {
    expect(await client.getBooleanDetails('everybody', false, subject('r1'))).toEqual({
      ...{ flagKey: 'everybody', value: true, variant: 'on', reason: 'SPLIT' },
      flagMetadata: { reason: 'percentage', percentage: 100, version: 'c0ffee' },
    });
    expect(await client.getBooleanDetails('nobody', true, subject('r1'))).toMatchObject({
      ...{ value: false, variant: 'off', reason: 'SPLIT' },
    });
  });

  it('a string evaluation has the values on and off', async () => {
    expect(await client.getStringDetails('everybody', 'off', subject('r1'))).toMatchObject({
      ...{ value: 'on', variant: 'on', reason: 'SPLIT' },
    });
    expect(await client.getStringValue('nobody', 'on', subject('r1'))).toBe('off');
  });

  it.each([
    ['nobody', 'listed', true, 'TARGETING_MATCH', 'whitelist'],
    ['blocked', 'out', false, 'TARGETING_MATCH', 'blacklist'],
    ['listed_only', 'r1', false, 'TARGETING_MATCH', 'not_whitelisted'],
    ['small_only', 'r1', false, 'TARGETING_MATCH', 'category'],
    ['by_size', 'r1', true, 'TARGETING_MATCH', 'repository_size'],
    ['first_sizes', 'r1', false, 'TARGETING_MATCH', 'uncategorized'],
    ['blocked', 'r1', true, 'SPLIT', 'percentage'],
    ['off', 'r1', false, 'DISABLED', 'inactive'],
    ['stopped', 'r1', false, 'DISABLED', 'emergency_stop'],
  ])(
    'the flag %s for %s is %s, with the reason %s (in our words %s)',
    async (flag, key, value, reason, ours) => {
      const details = await client.getBooleanDetails(flag, !value, subject(key));
      expect([details.value, details.reason, details.flagMetadata.reason]).toEqual([value, reason, ours]);
      expect(details.errorCode).toBeUndefined();
    },
  );

  it('a flag is off, whatever the default, when the environment stops it', async () => {
    const stopped = await readyClient({
      connectionString: db.connectionString,
      env: { ROLLOUT_EMERGENCY_STOP: 'yes' },
    });
    expect(await stopped.getBooleanDetails('everybody', true, subject('r1'))).toMatchObject({
      ...{ value: false, reason: 'DISABLED', flagMetadata: { reason: 'env_stop' } },
    });
  });

  it('a stop of everything by the environment does not answer for a flag that is not ours', async () => {
    const stopped = await readyClient({
      connectionString: db.connectionString,
      env: { ROLLOUT_EMERGENCY_STOP: 'yes' },
    });
    expect(await stopped.getStringDetails('theme_of_another_provider', 'blue', subject('r1'))).toMatchObject({
      ...{ value: 'blue', reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' },
    });
  });

  it('every flag is off under a stop of the environment while it is unknown which flags are ours', async () => {
    const env = { ROLLOUT_EMERGENCY_STOP: 'yes' };
    const { provider } = newDomain({ connectionString: NOWHERE, startMs: 0, env });
    await expect(provider.initialize()).rejects.toThrow('did not answer yet');
    const asked = () => provider.resolveBooleanEvaluation('everybody', true, subject('r1'));
    expect(await asked()).toMatchObject({ value: false, flagMetadata: { reason: 'env_stop' } });
    expect(asked()).not.toBe(asked());
    await provider.onClose();
  });

  it('a flag is decided as the database decides it, for many subjects', async () => {
    const other = await databaseWith(({ pool }) => applyFeature(pool, 'half', { percentage: 50 }));
    const half = await readyClient({ connectionString: other.connectionString });
    const rows = await other.rows<{ id: string; eligible: boolean }>(
      `select n::text as id, e.eligible from generate_series(1, 200) n, rollout_evaluate('half', n::text) e`,
    );
    const asked = await Promise.all(rows.map(({ id }) => half.getBooleanValue('half', false, subject(id))));
    expect(asked).toEqual(rows.map(({ eligible }) => eligible));
  });
});

describe('a flag that cannot be evaluated gives the default value', () => {
  it('a missing flag gives the default value and FLAG_NOT_FOUND', async () => {
    expect(await client.getBooleanDetails('missing', true, subject('r1'))).toMatchObject({
      ...{ value: true, reason: 'ERROR', errorCode: 'FLAG_NOT_FOUND' },
      errorMessage: expect.stringContaining('missing'),
    });
    expect(await client.getStringValue('missing', 'mine', subject('r1'))).toBe('mine');
  });

  it('a flag that is asked for as another type gives the default value and TYPE_MISMATCH', async () => {
    expect(await client.getNumberDetails('everybody', 7, subject('r1'))).toMatchObject({
      ...{ value: 7, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' },
    });
    expect(await client.getObjectDetails('everybody', { a: 1 }, subject('r1'))).toMatchObject({
      ...{ value: { a: 1 }, reason: 'ERROR', errorCode: 'TYPE_MISMATCH' },
    });
  });

  it.each([[undefined], [{}], [{ targetingKey: '' }]])(
    'the context %j without a targeting key gives the default value and TARGETING_KEY_MISSING',
    async (context) => {
      expect(await client.getBooleanDetails('everybody', true, context)).toMatchObject({
        ...{ value: true, reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING' },
      });
    },
  );

  it.each([[7], ['x'.repeat(2_000)]])(
    'a targeting key that is not an id gives the default value and INVALID_CONTEXT',
    async (targetingKey) => {
      const context = { targetingKey } as unknown as EvaluationContext;
      expect(await client.getBooleanDetails('everybody', true, context)).toMatchObject({
        ...{ value: true, reason: 'ERROR', errorCode: 'INVALID_CONTEXT' },
      });
    },
  );

  it('a provider that is not ready gives the default value and PROVIDER_NOT_READY', async () => {
    const { domain, client: early, provider } = newDomain({ connectionString: db.connectionString });
    OpenFeature.setProvider(domain, provider);
    expect(await early.getBooleanDetails('everybody', true, subject('r1'))).toMatchObject({
      ...{ value: true, reason: 'ERROR', errorCode: 'PROVIDER_NOT_READY' },
    });
    // Also whoever asks the provider itself.
    const { provider: alone } = newDomain({ connectionString: db.connectionString });
    expect(await alone.resolveBooleanEvaluation('everybody', true, subject('r1'))).toMatchObject({
      ...{ value: true, errorCode: 'PROVIDER_NOT_READY' },
    });
  });
});

describe('the context', () => {
  it('the context is merged from the API, the client, the invocation and a hook; the later one wins', async () => {
    const { domain, provider } = newDomain({ connectionString: db.connectionString });
    await OpenFeature.setProviderAndWait(domain, provider);
    const on = async (context: EvaluationContext | undefined, hooks: Hook[] = []) =>
      OpenFeature.getClient(domain, clientContext).getBooleanValue('nobody', false, context, { hooks });
    let clientContext: EvaluationContext = {};

    OpenFeature.setContext(subject('listed'));
    expect(await on(undefined)).toBe(true);
    clientContext = subject('r1');
    expect(await on(undefined)).toBe(false);
    expect(await on(subject('listed'))).toBe(true);
    expect(await on(subject('listed'), [{ before: () => subject('r1') }])).toBe(false);
  });
});

describe('hooks', () => {
  it('hooks run around an evaluation, in order, with its details', async () => {
    const ran: string[] = [];
    const hook: Hook = {
      before: ({ flagKey, providerMetadata }: BeforeHookContext) => {
        ran.push(`before ${flagKey} of ${providerMetadata.name}`);
      },
      after: (_context, { variant, reason }) => void ran.push(`after ${variant} ${reason}`),
      finally: ({ context }) => void ran.push(`finally ${context.targetingKey}`),
      error: () => void ran.push('error'),
    };
    await client.getBooleanValue('everybody', false, subject('r1'), { hooks: [hook] });
    expect(ran).toEqual(['before everybody of rollout-controller', 'after on SPLIT', 'finally r1']);
  });

  it('hooks receive a missing flag as an error', async () => {
    const ran: string[] = [];
    const hook: Hook = {
      after: () => void ran.push('after'),
      error: (_context, error) => void ran.push(`error ${(error as { code?: string }).code}`),
      finally: () => void ran.push('finally'),
    };
    await client.getBooleanValue('missing', false, subject('r1'), { hooks: [hook] });
    expect(ran).toEqual(['error FLAG_NOT_FOUND', 'finally']);
  });
});
