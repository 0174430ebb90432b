import { describe, expect, test } from 'vitest';
import { parseConfig } from '../../../src/config/read/parse.ts';
import { PLANS, TIER_DISABLED } from '../../../src/config/read/plans.ts';
import { feature, fixture, onlySpec } from '../said.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;

function thresholds(own: string, shared = '{}') {
  const text = `version: 1\ndefaults: { thresholds: ${shared} }\nfeatures: { checkout: { thresholds: ${own} } }\n`;
  return onlySpec(text).thresholds;
}

describe('what is left out', () => {
  test('omitted keys of a feature are filled in and expose nobody', () => {
    expect(onlySpec('version: 1\nfeatures: { checkout: {} }\n')).toEqual({
      description: null,
      owner: null,
      subject: 'repository',
      active: true,
      emergency_stop: false,
      paused: false,
      strategy: 'percentage',
      percentage: 0,
      categories: null,
      whitelist: [],
      blacklist: [],
      salt: 'checkout',
      analysis: 'sequential',
      thresholds: {
        max_error_rate: 5,
        warning_error_rate: 2.5,
        critical_error_rate: 10,
        minimum_jobs: 10,
        window: DAY,
        advance_error_rate: 3,
        max_slowdown: 1.5,
        job_timeout: { inngest: 900, github_actions: 3 * HOUR },
      },
      rollback: { enabled: true, fuse: true, via: 'commit', on_shared_outage: 'freeze' },
      steps: [],
      advance: 'manual',
      routing: {
        fallback: 'inngest',
        realtime: 'inngest',
        bulk: 'github_actions',
        recent_days: 1,
        small_batch: 10,
        large_batch: 50,
      },
      costs: {},
    });
  });

  test('omitted keys of the file are filled in', () => {
    const { config } = parseConfig('version: 1\nfeatures: {}\n');
    expect(config).toEqual({
      environment: 'default',
      freeze: [],
      policy: null,
      outcomes: null,
      resumes: new Map(),
      notify: null,
      skips_steps: new Set(),
      test_repositories: [],
      features: new Map(),
    });
  });
});

describe('the error rates', () => {
  test.each([
    ['follow max_error_rate', '{ max_error_rate: 8 }', '{}', [8, 4, 16, 4.8]],
    ['are rounded to hundredths', '{ max_error_rate: 0.33 }', '{}', [0.33, 0.17, 0.66, 0.2]],
    ['stay at most 100', '{ max_error_rate: 60 }', '{}', [60, 30, 100, 36]],
    ['follow max_error_rate of defaults', '{}', '{ max_error_rate: 2 }', [2, 1, 4, 1.2]],
    [
      'follow the own max_error_rate before that of defaults',
      '{ max_error_rate: 4 }',
      '{ max_error_rate: 2 }',
      [4, 2, 8, 2.4],
    ],
    [
      'do not follow where they are said',
      '{ warning_error_rate: 1 }',
      '{ critical_error_rate: 9 }',
      [5, 1, 9, 3],
    ],
  ])('error rates %s', (_, own, shared, [max, warning, critical, advance]) => {
    expect(thresholds(own, shared)).toMatchObject({
      max_error_rate: max,
      warning_error_rate: warning,
      critical_error_rate: critical,
      advance_error_rate: advance,
    });
  });
});

describe('defaults', () => {
  const { config } = parseConfig(fixture('valid/sharing-defaults.yaml'));

  test('defaults fill the keys that a feature omits', () => {
    const spec = config?.features.get('fast_refunds');
    expect(spec).toMatchObject({ owner: '@acme/payments', subject: 'customer', advance: 'pull_request' });
    expect(spec?.steps).toEqual(PLANS.pilot);
    expect(spec?.rollback).toEqual({
      enabled: true,
      fuse: true,
      via: 'pull_request',
      on_shared_outage: 'freeze',
    });
  });

  test("defaults give way to a feature's own keys, key by key within maps", () => {
    const spec = config?.features.get('slow_refunds');
    expect(spec).toMatchObject({ owner: '@acme/support', steps: [] });
    expect(spec?.thresholds.job_timeout).toEqual({ inngest: 1_800, github_actions: HOUR });
    expect(spec?.thresholds.max_error_rate).toBe(10);
  });
});

describe('lists', () => {
  test('lists of subjects are sorted by code unit, with each subject once', () => {
    const spec = onlySpec(feature('whitelist: [b, "10", a, "9", Octo/Cat, octo/cat, B, a]'));
    expect(spec.whitelist).toEqual(['10', '9', 'B', 'Octo/Cat', 'a', 'b']);
  });

  test('lists in another order give the same spec', () => {
    const one = onlySpec(
      feature('whitelist: [a/B, c, A/b]', 'blacklist: [z, y]', 'categories: [large, test]'),
    );
    const other = onlySpec(
      feature('whitelist: [A/b, a/B, c]', 'blacklist: [y, z]', 'categories: [test, large]'),
    );
    expect(one).toEqual(other);
  });

  test('categories are in the order of size', () => {
    expect(onlySpec(feature('categories: [enterprise, test, small, test]')).categories).toEqual([
      'test',
      'small',
      'enterprise',
    ]);
  });
});

describe('processors', () => {
  test('a processor that jobs are routed to gets a timeout, so a job that never ends can count', () => {
    const spec = onlySpec(feature('routing: { bulk: lambda, fallback: constructor }'));
    expect(spec.thresholds.job_timeout).toEqual({
      inngest: 900,
      github_actions: 3 * HOUR,
      lambda: 3 * HOUR,
      constructor: 3 * HOUR,
    });
  });

  test('the costs of processors are merged price by price', () => {
    const text = [
      'version: 1',
      'defaults: { costs: { inngest: { per_job: 1, per_minute: 2 }, lambda: { per_job: 3 } } }',
      'features: { checkout: { costs: { inngest: { per_job: 0.0005 } } } }',
    ].join('\n');
    expect(onlySpec(text).costs).toEqual({
      inngest: { per_job: 0.0005, per_minute: 2 },
      lambda: { per_job: 3, per_minute: 0 },
    });
  });
});

describe('steps', () => {
  test('steps may be a list, with or without a soak', () => {
    expect(onlySpec(feature('steps: [{ percentage: 0.5, soak: 90s }, { percentage: 100 }]')).steps).toEqual([
      { percentage: 0.5, soak: 90, name: null },
      { percentage: 100, soak: null, name: null },
    ]);
  });

  test('steps may be the plan playbook', () => {
    const soaks = onlySpec(feature('steps: playbook')).steps.map(({ percentage, soak }) => [
      percentage,
      soak,
    ]);
    expect(soaks).toEqual([
      [10, 2 * DAY],
      [25, 3 * DAY],
      [50, 7 * DAY],
      [75, 14 * DAY],
      [100, null],
    ]);
  });

  test('steps may be the plan pilot, whose stages have names', () => {
    expect(onlySpec(feature('steps: pilot')).steps).toEqual([
      { percentage: 1, soak: 2 * DAY, name: 'tier_1_internal' },
      { percentage: 10, soak: 7 * DAY, name: 'tier_2_early_adopters' },
      { percentage: 50, soak: 7 * DAY, name: 'tier_3_general' },
      { percentage: 100, soak: null, name: 'tier_4_full' },
    ]);
    expect(TIER_DISABLED).toBe('tier_0_disabled');
  });
});

test('a step with approve: true needs a person, and approve: false equals no key', () => {
  const text =
    'version: 1\nfeatures: { checkout: { steps: [{ percentage: 10, approve: false }, { percentage: 50, approve: true }] } }\n';
  expect(onlySpec(text).steps).toEqual([
    { percentage: 10, soak: null, name: null },
    { percentage: 50, soak: null, name: null, approve: true },
  ]);
});

test('a step keeps its minimum of jobs, and a step without one has no such field', () => {
  const text =
    'version: 1\nfeatures: { checkout: { steps: [{ percentage: 10, minimum_jobs: 500 }, { percentage: 50 }] } }\n';
  expect(onlySpec(text).steps).toEqual([
    { percentage: 10, soak: null, name: null, minimum_jobs: 500 },
    { percentage: 50, soak: null, name: null },
  ]);
});
