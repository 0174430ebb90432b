import { describe, expect, it } from 'vitest';
import { type AdoptedSystem, readExport } from '../../../src/domain/adopt/adopt.ts';
import { isLeftOut } from '../../../src/domain/adopt/flag.ts';

/** What is read of each flag, in short: `25% +u1 -u2`, `off`, or why it is left out. */
function read(system: AdoptedSystem, document: unknown, environment: string | null = null) {
  const { flags } = readExport(system, JSON.stringify(document), environment);
  return Object.fromEntries(
    flags.map((flag) => [
      flag.key,
      isLeftOut(flag)
        ? flag.code
        : [
            flag.active ? `${flag.percentage}%` : 'off',
            ...flag.whitelist.map((id) => `+${id}`),
            ...flag.blacklist.map((id) => `-${id}`),
          ].join(' '),
    ]),
  );
}

const BOOLEAN = { on: true, off: false };

describe('a flag definition of flagd', () => {
  it('an export of flagd is read with defaults, shares and disabled flags', () => {
    const flag = (rest: object) => ({ state: 'ENABLED', variants: BOOLEAN, defaultVariant: 'off', ...rest });
    const shares = (...parts: unknown[]) => flag({ targeting: { fractional: parts } });
    const hash = { cat: [{ var: '$flagd.flagKey' }, { var: 'targetingKey' }] };
    expect(
      read('flagd', {
        flags: {
          nobody: flag({}),
          everybody: flag({ defaultVariant: 'on', targeting: {} }),
          disabled: flag({ state: 'DISABLED', defaultVariant: 'on' }),
          quarter: shares(['on', 25], ['off', 75]),
          third: shares(hash, ['on'], ['off', 2]),
          none: shares(['on', 0], ['off', 5]),
          by_email: shares({ var: 'email' }, ['on', 1], ['off', 1]),
          weightless: shares(['on', 0], ['off', 0]),
          negative: shares(['on', -1], ['off', 5]),
          unknown: shares(['purple', 1]),
          ruled: flag({ targeting: { if: [{ '==': [1, 1] }, 'on', 'off'] } }),
          text: flag({ variants: { a: 'x', b: 'y' }, defaultVariant: 'a' }),
          open: flag({ defaultVariant: null }),
          broken: 7,
        },
      }),
    ).toEqual({
      ...{ nobody: '0%', everybody: '100%', disabled: 'off', quarter: '25%', third: '33.33%', none: '0%' },
      ...{
        by_email: 'other_bucket',
        weightless: 'rules',
        negative: 'rules',
        unknown: 'rules',
        ruled: 'rules',
      },
      ...{ text: 'not_boolean', open: 'no_default', broken: 'unreadable' },
    });
  });
});

describe('an export of Unleash', () => {
  const strategies = {
    all: [{ name: 'default' }],
    half: [
      { name: 'flexibleRollout', parameters: { rollout: '50', stickiness: 'default', groupId: 'half' } },
    ],
    old: [{ name: 'gradualRolloutUserId', parameters: { percentage: '10', groupId: 'x' } }],
    named: [
      { name: 'userWithId', parameters: { userIds: 'u1, u2,,' } },
      { name: 'flexibleRollout', parameters: { rollout: '5', stickiness: 'userId' } },
    ],
    none: [],
    asleep: [{ name: 'default', disabled: true }],
    twice: [
      { name: 'flexibleRollout', parameters: { rollout: 5 } },
      { name: 'flexibleRollout', parameters: { rollout: 7 } },
    ],
    random: [{ name: 'flexibleRollout', parameters: { rollout: '5', stickiness: 'random' } }],
    ruled: [{ name: 'default', constraints: [{ contextName: 'country', operator: 'IN', values: ['DE'] }] }],
    grouped: [{ name: 'default', segments: [3] }],
    ours: [{ name: 'remoteAddress', parameters: { IPs: '10.0.0.1' } }],
    over: [{ name: 'flexibleRollout', parameters: { rollout: '140' } }],
    varied: [{ name: 'flexibleRollout', parameters: { rollout: '9' }, variants: [{ name: 'blue' }] }],
  };
  const expected = {
    ...{ all: '100%', half: '50%', old: '10%', named: '5% +u1 +u2', none: '100%', asleep: '0%' },
    ...{
      twice: 'several_percentages',
      random: 'other_bucket',
      ruled: 'rules',
      grouped: 'segments',
      ours: 'rules',
    },
    ...{ over: 'unreadable', varied: 'variants' },
  };

  it('an export of Unleash is read with what each strategy defines', () => {
    const features = Object.entries(strategies).map(([name, own]) => ({
      name,
      enabled: true,
      strategies: own,
    }));
    const others = [
      { name: 'stopped', enabled: false, strategies: strategies.half },
      { name: 'gone', enabled: true, archived: true, strategies: [] },
      { name: 'child', enabled: true, strategies: [], dependencies: [{ feature: 'all' }] },
    ];
    expect(read('unleash', { version: 1, features: [...features, ...others] })).toEqual({
      ...{ ...expected, stopped: 'off', gone: 'archived', child: 'prerequisites' },
    });
  });

  it('an export of Unleash is read for one environment', () => {
    const document = {
      features: [...Object.keys(strategies).map((name) => ({ name })), { name: 'elsewhere' }],
      featureStrategies: Object.entries(strategies).flatMap(([featureName, own]) => [
        ...own.map((one) => ({ featureName, environment: 'production', ...one })),
        { featureName, environment: 'development', name: 'default' },
      ]),
      featureEnvironments: Object.keys(strategies).flatMap((featureName) => [
        { featureName, environment: 'production', enabled: true },
        { featureName, environment: 'development', enabled: false },
      ]),
      dependencies: [{ feature: 'half', dependencies: [{ feature: 'all', enabled: true }] }],
    };
    expect(read('unleash', document, 'production')).toEqual({
      ...{ ...expected, half: 'prerequisites', elsewhere: 'not_in_environment' },
    });
    expect(Object.values(read('unleash', document, 'development'))).toContain('off');
    expect(() => read('unleash', document)).toThrow(
      'the environments production, development; none was named',
    );
    expect(() => read('unleash', document, 'staging')).toThrow('staging is not among them');
  });
});

describe('the flags of LaunchDarkly', () => {
  it('an export of LaunchDarkly is read with targets, shares and disabled flags', () => {
    const flag = (key: string, here: object | null, rest: object = {}) => ({
      ...{ key, kind: 'boolean', variations: [{ value: true }, { value: false }] },
      environments: here
        ? { production: { on: true, offVariation: 1, fallthrough: { variation: 1 }, ...here } }
        : { test: {} },
      ...rest,
    });
    const shared = (rollout: object) => ({ fallthrough: { rollout } });
    const weights = [
      { variation: 0, weight: 12_500 },
      { variation: 1, weight: 87_500 },
    ];
    const items = [
      flag('nobody', {}),
      flag('everybody', { fallthrough: { variation: 0 } }),
      flag('off', { on: false, fallthrough: { variation: 0 }, rules: [{ clauses: [] }] }),
      flag('eighth', {
        ...shared({ variations: weights }),
        targets: [
          { variation: 0, values: ['u1'] },
          { variation: 1, values: ['u2'] },
        ],
      }),
      flag('user', { contextTargets: [{ contextKind: 'user', variation: 0, values: ['u3'] }] }),
      flag('device', { contextTargets: [{ contextKind: 'device', variation: 0, values: ['d'] }] }),
      flag('unused', { contextTargets: [{ contextKind: 'device', variation: 0, values: [] }] }),
      flag('by_company', shared({ variations: weights, bucketBy: 'company' })),
      flag('by_device', shared({ variations: weights, contextKind: 'device' })),
      flag('trial', shared({ variations: weights, kind: 'experiment' })),
      flag('ruled', { rules: [{ variation: 0 }] }),
      flag('behind', { prerequisites: [{ key: 'nobody', variation: 0 }] }),
      flag('inverted', { offVariation: 0 }),
      flag('text', {}, { variations: [{ value: 'a' }, { value: 'b' }] }),
      flag('gone', {}, { archived: true }),
      flag('elsewhere', null),
    ];
    expect(read('launchdarkly', { items }, 'production')).toEqual({
      ...{
        nobody: '0%',
        everybody: '100%',
        off: 'off',
        eighth: '12.5% +u1 -u2',
        user: '0% +u3',
        unused: '0%',
      },
      ...{ device: 'rules', by_company: 'other_bucket', by_device: 'other_bucket', trial: 'experiment' },
      ...{ ruled: 'rules', behind: 'prerequisites', inverted: 'off_is_true', text: 'not_boolean' },
      ...{ gone: 'archived', elsewhere: 'not_in_environment' },
    });
  });
});

describe('the features of GrowthBook', () => {
  const rules = {
    nobody: [],
    quarter: [{ force: true, coverage: 0.25, hashAttribute: 'id' }],
    all: [{ force: true }],
    never: [{ force: false, coverage: 0.5 }],
    ruled: [{ force: true, condition: { country: 'DE' } }],
    two: [{ force: true, coverage: 0.1 }, { force: true }],
    trial: [{ variations: [false, true], weights: [0.5, 0.5] }],
    by_company: [{ force: true, coverage: 0.5, hashAttribute: 'company' }],
    behind: [{ force: true, parentConditions: [{ id: 'x', condition: { value: true } }] }],
    behind_too: [{ force: true, prerequisites: [{ id: 'x', condition: '{"value": true}' }] }],
    later: [{ force: true, scheduleRules: [{ timestamp: '2027-01-01T00:00:00Z', enabled: true }] }],
    ramped: [{ force: true, coverage: 0.5, scheduleType: 'ramp', rampScheduleId: 'r1' }],
    over: [{ force: true, coverage: 3 }],
  };
  const expected = {
    ...{
      nobody: '0%',
      quarter: '25%',
      all: '100%',
      never: '0%',
      ruled: 'rules',
      two: 'rules',
      trial: 'experiment',
    },
    ...{ by_company: 'other_bucket', behind: 'prerequisites', over: 'unreadable' },
    ...{ behind_too: 'prerequisites', later: 'rules', ramped: 'rules' },
  };

  it('features of GrowthBook are read from an SDK payload', () => {
    const features = Object.fromEntries(
      Object.entries(rules).map(([key, own]) => [key, { defaultValue: false, rules: own }]),
    );
    const others = {
      on: { defaultValue: true },
      inverted: { defaultValue: true, rules: [{ force: true, coverage: 0.5 }] },
      text: { defaultValue: 'a' },
    };
    expect(read('growthbook', { features: { ...features, ...others } })).toEqual({
      ...{ ...expected, on: '100%', inverted: 'off_is_true', text: 'not_boolean' },
    });
  });

  it("features of GrowthBook are read from the REST API's list, with values and conditions as texts", () => {
    const features = Object.entries(rules).map(([id, own]) => ({
      ...{ id, valueType: 'boolean', defaultValue: 'false' },
      environments: {
        production: {
          enabled: true,
          rules: own.map(({ force, condition, ...rest }: { force?: boolean; condition?: object }) => ({
            ...(force === undefined ? {} : { value: String(force) }),
            ...{ condition: condition ? JSON.stringify(condition) : '{}', enabled: true, ...rest },
          })),
        },
      },
    }));
    const others = [
      {
        id: 'stopped',
        valueType: 'boolean',
        defaultValue: 'true',
        environments: { production: { enabled: false } },
      },
      { id: 'text', valueType: 'string', defaultValue: 'a', environments: { production: { enabled: true } } },
      { id: 'gone', archived: true, valueType: 'boolean', environments: {} },
      {
        ...{ id: 'child', valueType: 'boolean', defaultValue: 'true', prerequisites: ['text'] },
        environments: { production: { enabled: true, rules: [] } },
      },
    ];
    expect(read('growthbook', { features: [...features, ...others] }, 'production')).toEqual({
      ...{ ...expected, stopped: 'off', text: 'not_boolean', gone: 'archived', child: 'prerequisites' },
    });
  });
});

describe('a file that is not such an export', () => {
  it.each([
    ['flagd', '{"flags": []}'],
    ['unleash', '{"features": {}}'],
    ['launchdarkly', '{"items": [{"key": "a"}]}'],
    ['growthbook', '[]'],
    ['flagd', 'null'],
    ['flagd', 'flags: {}'],
    ['flagd', '{"flags": {"a": '],
  ] as const)('a file that is not an export of %s is refused: %s', (system, text) => {
    expect(() => readExport(system, text, null)).toThrow(/is not an export of|is not JSON/);
  });
});
