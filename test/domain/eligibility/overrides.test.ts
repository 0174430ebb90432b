import { describe, expect, test } from 'vitest';
import { evaluate } from '../../../src/domain/eligibility/eligibility.ts';
import {
  type EnvironmentOverrides,
  HYBRID_FEATURE,
  readOverrides,
} from '../../../src/domain/eligibility/overrides.ts';
import { spec } from '../../helpers/data/specs.ts';

const usual = spec({ percentage: 10 });
const manual = spec({ percentage: 10, rollback: { ...usual.rollback, enabled: false } });

function read(environment: Record<string, string>, feature = 'checkout', said = usual) {
  return readOverrides(environment, feature, said);
}

type Row = [variable: string, value: string, overrides: EnvironmentOverrides];

describe('in development', () => {
  test.each<Row>([
    ['EMERGENCY_STOP', 'true', { env_stop: true }],
    ['EMERGENCY_STOP', '1', { env_stop: true }],
    ['EMERGENCY_STOP', 'ture', { env_stop: true }],
    ['EMERGENCY_STOP', 'please', { env_stop: true }],
    ['EMERGENCY_STOP', 'false', {}],
    ['EMERGENCY_STOP', 'FALSE', {}],
    ['EMERGENCY_STOP', ' off ', {}],
    ['EMERGENCY_STOP', 'no', {}],
    ['EMERGENCY_STOP', '0', {}],
    ['EMERGENCY_STOP', '  ', {}],
    ['PERCENTAGE', '50', { percentage: 50 }],
    ['PERCENTAGE', '0', { percentage: 0 }],
    ['PERCENTAGE', ' 2.5 ', { percentage: 2.5 }],
    ['PERCENTAGE', '', {}],
    ['STRATEGY', 'whitelist', { strategy: 'whitelist' }],
    ['AUTO_ROLLBACK', 'false', { auto_rollback: false }],
    ['AUTO_ROLLBACK', 'On', { auto_rollback: true }],
    ['MAX_ERROR_RATE', '20', { max_error_rate: 20 }],
  ])('in development ROLLOUT_%s=%j gives %j', (variable, value, overrides) => {
    expect(read({ [`ROLLOUT_${variable}`]: value }).overrides).toEqual(overrides);
  });

  test.each([
    ['PERCENTAGE', '101'],
    ['PERCENTAGE', '-1'],
    ['PERCENTAGE', 'ten'],
    ['PERCENTAGE', 'NaN'],
    ['STRATEGY', 'random'],
    ['STRATEGY', 'toString'],
    ['AUTO_ROLLBACK', 'maybe'],
    ['MAX_ERROR_RATE', '0'],
    ['MAX_ERROR_RATE', '200'],
  ])('in development ROLLOUT_%s=%j is refused, noted and ignored', (variable, value) => {
    const { overrides, notes } = read({ [`ROLLOUT_${variable}`]: value });
    expect(overrides).toEqual({});
    expect(notes).toEqual([
      { variable: `ROLLOUT_${variable}`, value, applied: false, because: expect.any(String) },
    ]);
  });
});

describe('in production only what is safer passes', () => {
  test.each<[...Row, typeof usual]>([
    ['EMERGENCY_STOP', 'true', { env_stop: true }, usual],
    ['PERCENTAGE', '5', { percentage: 5 }, usual],
    ['PERCENTAGE', '10', { percentage: 10 }, usual],
    ['PERCENTAGE', '10.01', {}, usual],
    ['STRATEGY', 'whitelist', {}, usual],
    ['AUTO_ROLLBACK', 'true', { auto_rollback: true }, manual],
    ['AUTO_ROLLBACK', 'false', {}, usual],
    ['AUTO_ROLLBACK', 'false', { auto_rollback: false }, manual],
    ['MAX_ERROR_RATE', '4', { max_error_rate: 4 }, usual],
    ['MAX_ERROR_RATE', '6', {}, usual],
  ])(
    'in production, where only a safer value passes, ROLLOUT_%s=%j gives %j',
    (variable, value, overrides, said) => {
      const reading = read({ NODE_ENV: 'production', [`ROLLOUT_${variable}`]: value }, 'checkout', said);
      expect(reading.overrides).toEqual(overrides);
      expect(reading.notes.map(({ applied }) => applied)).toEqual([Object.keys(overrides).length > 0]);
    },
  );
});

describe('HYBRID_ variables', () => {
  const environment = {
    HYBRID_EMERGENCY_STOP: 'true',
    HYBRID_ROLLOUT_PERCENTAGE: '50',
    HYBRID_ROLLOUT_STRATEGY: 'whitelist',
    HYBRID_AUTO_ROLLBACK: 'false',
    HYBRID_MAX_ERROR_RATE: '20',
  };

  test('every HYBRID_ variable acts on the hybrid feature', () => {
    expect(read(environment, HYBRID_FEATURE).overrides).toEqual({
      env_stop: true,
      percentage: 50,
      strategy: 'whitelist',
      auto_rollback: false,
      max_error_rate: 20,
    });
  });

  test('a HYBRID_ variable does not act on another feature', () => {
    expect(read(environment, 'checkout')).toEqual({ overrides: {}, notes: [] });
  });

  test('a HYBRID_ variable overrides the one for every feature', () => {
    const both = { ROLLOUT_PERCENTAGE: '1', HYBRID_ROLLOUT_PERCENTAGE: '2' };
    expect(read(both, HYBRID_FEATURE).overrides).toEqual({ percentage: 2 });
    expect(read(both, 'checkout').overrides).toEqual({ percentage: 1 });
  });

  test.each([
    { ROLLOUT_EMERGENCY_STOP: 'true', HYBRID_EMERGENCY_STOP: 'false' },
    { ROLLOUT_EMERGENCY_STOP: 'false', HYBRID_EMERGENCY_STOP: 'true' },
  ])("a HYBRID_ variable and the one for every feature never lift each other's stop: %o stops", (both) => {
    expect(read(both, HYBRID_FEATURE).overrides).toEqual({ env_stop: true });
  });

  test('a refused HYBRID_ variable leaves the one for every feature in force', () => {
    const environment = {
      NODE_ENV: 'production',
      ROLLOUT_PERCENTAGE: '5',
      HYBRID_ROLLOUT_PERCENTAGE: '90',
    };
    expect(read(environment, HYBRID_FEATURE).overrides).toEqual({ percentage: 5 });
  });
});

test('every override in force and every refused one is explained in words', () => {
  const { notes } = read({
    NODE_ENV: 'production',
    ROLLOUT_EMERGENCY_STOP: 'yes',
    ROLLOUT_PERCENTAGE: '5',
    ROLLOUT_STRATEGY: 'whitelist',
    ROLLOUT_AUTO_ROLLBACK: 'false',
    ROLLOUT_MAX_ERROR_RATE: '50',
  });
  expect(
    notes.map(
      ({ variable, applied, because }) => `${variable} ${applied ? 'applied' : 'refused'}: ${because}`,
    ),
  ).toMatchInlineSnapshot(`
    [
      "ROLLOUT_EMERGENCY_STOP applied: stops the feature in this process",
      "ROLLOUT_PERCENTAGE applied: the spec says 10%",
      "ROLLOUT_STRATEGY refused: in production no other strategy is known to be safer",
      "ROLLOUT_AUTO_ROLLBACK refused: in production it may only be switched on",
      "ROLLOUT_MAX_ERROR_RATE refused: in production it may only lower, and the spec says 5%",
    ]
  `);
});

test('an override in force decides', () => {
  const { overrides } = read({ ROLLOUT_PERCENTAGE: '100' }, 'checkout', spec());
  expect(evaluate(spec(), { id: 'one' }, overrides)).toMatchObject({ eligible: true, percentage: 100 });
  const stop = read({ ROLLOUT_EMERGENCY_STOP: '1' }).overrides;
  expect(evaluate(spec({ percentage: 100 }), { id: 'one' }, stop)).toMatchObject({
    eligible: false,
    reason: 'env_stop',
  });
});
