import {
  type Client,
  type EvaluationContext,
  type EvaluationDetails,
  FirstMatchStrategy,
  type FlagValue,
  type HookContext,
  InMemoryProvider,
  MultiProvider,
  OpenFeature,
  type Provider,
} from '@openfeature/server-sdk';
import { beforeAll, describe, expect, it } from 'vitest';
import { RolloutProvider } from '../../../src/runtime/openfeature/index.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import type { TestDatabase } from '../../helpers/database/database.ts';
import { openRollout } from '../../helpers/http/rollouts.ts';
import { NOWHERE } from '../../helpers/http/served.ts';
import { databaseWith, readyClient } from './world.ts';

/**
 * What the scenarios of OpenFeature's specification (evaluation, hooks, metadata) ask of a provider, in our words. A
 * feature is a boolean or an `on`/`off` string: the scenarios of other types are about TYPE_MISMATCH here.
 */
let db: TestDatabase;
let client: Client;
const SUBJECT: EvaluationContext = { targetingKey: 'r1' };

beforeAll(async () => {
  db = await databaseWith(async ({ pool }) => {
    await applyFeature(pool, 'boolean-flag', { percentage: 100 });
    await applyFeature(pool, 'off-flag', { percentage: 0 });
    await applyFeature(pool, 'targeted-flag', { percentage: 0, whitelist: ['internal'] });
  });
  client = await readyClient({ connectionString: db.connectionString });
});

type Type = 'boolean' | 'string' | 'number' | 'object';
const DEFAULTS: Record<Type, FlagValue> = {
  boolean: false,
  string: 'fallback',
  number: 13,
  object: { a: 1 },
};
const TYPES: readonly Type[] = ['boolean', 'string', 'number', 'object'];

function details(by: Client, type: Type, flag: string, context: EvaluationContext = SUBJECT) {
  const asked: Record<Type, () => Promise<EvaluationDetails<FlagValue>>> = {
    boolean: () => by.getBooleanDetails(flag, false, context),
    string: () => by.getStringDetails(flag, 'fallback', context),
    number: () => by.getNumberDetails(flag, 13, context),
    object: () => by.getObjectDetails(flag, { a: 1 }, context),
  };
  return asked[type]();
}

describe('an evaluation', () => {
  it.each([
    ['boolean', 'boolean-flag', true, 'on', 'SPLIT'],
    ['string', 'boolean-flag', 'on', 'on', 'SPLIT'],
    ['boolean', 'off-flag', false, 'off', 'SPLIT'],
    ['string', 'off-flag', 'off', 'off', 'SPLIT'],
  ] as const)(
    'a %s evaluation of the flag %s resolves value, key, variant and reason, without an error',
    async (type, flag, value, variant, reason) => {
      const given = await details(client, type, flag);
      expect(given).toMatchObject({ flagKey: flag, value, variant, reason });
      expect([given.errorCode, given.errorMessage]).toEqual([undefined, undefined]);
    },
  );

  it('an evaluation depends on the context: the targeting key decides', async () => {
    expect(await details(client, 'boolean', 'targeted-flag', { targetingKey: 'internal' })).toMatchObject({
      ...{ value: true, reason: 'TARGETING_MATCH' },
    });
    expect(await details(client, 'boolean', 'targeted-flag', SUBJECT)).toMatchObject({ value: false });
  });

  it.each(TYPES)('evaluating a missing flag as a %s gives the default and FLAG_NOT_FOUND', async (type) => {
    for (const context of [SUBJECT, {}, { targetingKey: 7 }, { targetingKey: '\ud800' }]) {
      expect(await details(client, type, 'non-existent-flag', context as EvaluationContext)).toMatchObject({
        ...{
          flagKey: 'non-existent-flag',
          value: DEFAULTS[type],
          reason: 'ERROR',
          errorCode: 'FLAG_NOT_FOUND',
        },
        errorMessage: expect.stringContaining('non-existent-flag'),
      });
    }
  });

  it.each(['number', 'object'] as const)(
    'evaluating a flag as a %s, which it is not, gives the default and TYPE_MISMATCH, whatever the context',
    async (type) => {
      for (const context of [SUBJECT, {}]) {
        expect(await details(client, type, 'boolean-flag', context)).toMatchObject({
          ...{ value: DEFAULTS[type], reason: 'ERROR', errorCode: 'TYPE_MISMATCH' },
          errorMessage: expect.stringContaining(type),
        });
      }
    },
  );

  it('an evaluation without a targeting key gives the default and TARGETING_KEY_MISSING', async () => {
    expect(await details(client, 'boolean', 'boolean-flag', {})).toMatchObject({
      ...{ value: false, reason: 'ERROR', errorCode: 'TARGETING_KEY_MISSING' },
    });
  });

  it('an evaluation has immutable flag metadata of texts, numbers and booleans', async () => {
    const { flagMetadata } = await details(client, 'boolean', 'boolean-flag');
    expect(flagMetadata).toEqual({ reason: 'percentage', percentage: 100, version: 'c0ffee' });
    expect(Object.isFrozen(flagMetadata)).toBe(true);
  });
});

describe('hooks', () => {
  /** The stages that ran, with the details that each was given. */
  function recording() {
    const ran: [string, Partial<EvaluationDetails<FlagValue>>?][] = [];
    const hook = {
      before: () => void ran.push(['before']),
      after: (_: HookContext, given: EvaluationDetails<FlagValue>) => void ran.push(['after', given]),
      error: () => void ran.push(['error']),
      finally: (_: HookContext, given: EvaluationDetails<FlagValue>) => void ran.push(['finally', given]),
    };
    return { ran, hook };
  }

  it('the hooks before, after and finally run for a flag that is found, with its details', async () => {
    const { ran, hook } = recording();
    await client.getBooleanDetails('boolean-flag', false, SUBJECT, { hooks: [hook] });
    expect(ran).toMatchObject([
      ['before'],
      ['after', { flagKey: 'boolean-flag', value: true, variant: 'on', reason: 'SPLIT' }],
      ['finally', { flagKey: 'boolean-flag', value: true, variant: 'on', reason: 'SPLIT' }],
    ]);
  });

  it.each([
    ['non-existent-flag', 'FLAG_NOT_FOUND'],
    ['boolean-flag', 'TYPE_MISMATCH'],
  ])(
    'the hooks before, error and finally run when %s, evaluated as a number, is %s',
    async (flag, errorCode) => {
      const { ran, hook } = recording();
      await client.getNumberDetails(flag, 13, SUBJECT, { hooks: [hook] });
      expect(ran).toMatchObject([
        ['before'],
        ['error'],
        ['finally', { value: 13, reason: 'ERROR', errorCode }],
      ]);
    },
  );
});

describe('in a chain of providers', () => {
  const others = new InMemoryProvider({
    theme: { variants: { blue: 'blue' }, defaultVariant: 'blue', disabled: false },
    limit: { variants: { many: 100 }, defaultVariant: 'many', disabled: false },
    layout: { variants: { wide: { columns: 3 } }, defaultVariant: 'wide', disabled: false },
    beta: { variants: { yes: true }, defaultVariant: 'yes', disabled: false },
    // Ours comes first: this one is never asked.
    'off-flag': { variants: { yes: true }, defaultVariant: 'yes', disabled: false },
  });
  let chains = 0;

  async function chain(ours: Provider): Promise<Client> {
    chains += 1;
    const domain = `chain-${chains}`;
    const providers = [{ provider: ours }, { provider: others }];
    await OpenFeature.setProviderAndWait(domain, new MultiProvider(providers, new FirstMatchStrategy()));
    return OpenFeature.getClient(domain);
  }

  it('in a chain of providers, the next one answers every flag that is not ours, of any type and context', async () => {
    const by = await chain(new RolloutProvider(await openRollout({ connectionString: db.connectionString })));
    for (const context of [SUBJECT, {}]) {
      expect(await by.getStringValue('theme', 'none', context)).toBe('blue');
      expect(await by.getNumberValue('limit', 1, context)).toBe(100);
      expect(await by.getObjectValue('layout', {}, context)).toEqual({ columns: 3 });
      expect(await by.getBooleanValue('beta', false, context)).toBe(true);
    }
  });

  it('in a chain of providers, our provider answers our flags, including their errors', async () => {
    const by = await chain(new RolloutProvider(await openRollout({ connectionString: db.connectionString })));
    expect(await by.getBooleanValue('off-flag', true, SUBJECT)).toBe(false);
    expect(await by.getBooleanDetails('off-flag', false, {})).toMatchObject({
      value: false,
      reason: 'ERROR',
    });
    expect(await by.getNumberDetails('boolean-flag', 13, SUBJECT)).toMatchObject({
      value: 13,
      reason: 'ERROR',
    });
  });

  it('in a chain of providers, a stop of the environment answers only for our flags', async () => {
    const env = { ROLLOUT_EMERGENCY_STOP: 'yes' };
    const rollout = await openRollout({ connectionString: db.connectionString, env });
    const by = await chain(new RolloutProvider(rollout));
    expect(await by.getNumberValue('limit', 1, {})).toBe(100);
    expect(await by.getBooleanValue('boolean-flag', true, SUBJECT)).toBe(false);
  });

  it('before the first snapshot no flag is known to be ours, so the answer is an error', async () => {
    const rollout = await openRollout({ connectionString: NOWHERE, startMs: 10 });
    const provider = new RolloutProvider(rollout);
    await provider.initialize().catch(() => {});
    expect(await provider.resolveNumberEvaluation('limit', 1)).toMatchObject({
      ...{ value: 1, errorCode: 'PROVIDER_NOT_READY' },
    });
  });
});
