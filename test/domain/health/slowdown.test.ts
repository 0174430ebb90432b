import { describe, expect, it } from 'vitest';
import type { Judgement } from '../../../src/domain/health/health.ts';
import { type SpeedComparison, slowest, withSlowdown } from '../../../src/domain/health/slowdown.ts';

const healthy: Judgement = {
  verdict: 'healthy',
  reasonCode: 'healthy',
  reason: 'all is well',
  severity: 'none',
  scope: 'all',
  jobs: 100,
  errors: 0,
  scores: { absolute: 0, relative: 0, warning: 0, critical: 0 },
  window: { since: null, jobs: 100, errors: 0, controlJobs: 0, controlErrors: 0 },
};

function speed(changed: Partial<SpeedComparison> = {}): SpeedComparison {
  return {
    processor: 'inngest',
    job_class: '',
    jobs: 30,
    mean_ms: 301,
    baseline_jobs: 30,
    baseline_ms: 200,
    baseline: 'control',
    ...changed,
  };
}

describe('a slowdown', () => {
  it('a slowdown is a mean above the limit with thirty timed jobs on both sides', () => {
    expect(slowest([speed()], 1.5)).not.toBeNull();
    expect(slowest([speed({ mean_ms: 300 })], 1.5)).toBeNull();
    expect(slowest([speed({ jobs: 29 })], 1.5)).toBeNull();
    expect(slowest([speed({ baseline_jobs: 29 })], 1.5)).toBeNull();
    expect(slowest([], 1.5)).toBeNull();
  });

  it('the slowdown in the reason is the worst in proportion, not in milliseconds', () => {
    const long = speed({ processor: 'github_actions', mean_ms: 40_000, baseline_ms: 20_000 });
    const short = speed({ mean_ms: 600 });
    expect(slowest([long, short], 1.5)).toBe(short);
  });

  it('a slowdown is a warning only at the second check in a row', () => {
    expect(withSlowdown(healthy, speed(), false, 1.5)).toBe(healthy);
    expect(withSlowdown(healthy, null, true, 1.5)).toBe(healthy);
    expect(withSlowdown(healthy, speed({ mean_ms: 400 }), true, 1.5)).toMatchObject({
      verdict: 'warning',
      reasonCode: 'slower',
      reason:
        'inngest takes 400 ms, 2 times as long as control (200 ms) for the second check; at most 1.5 times is allowed',
    });
  });

  it('the reason of a slowdown names the step before when it compares with that', () => {
    expect(withSlowdown(healthy, speed({ baseline: 'before' }), true, 1.5).reason).toContain(
      'as long as before this step',
    );
  });

  it.each(['warning', 'suspect', 'harmful', 'insufficient', 'no_data', 'error'] as const)(
    'a slowdown leaves the verdict %s as it is',
    (verdict) => {
      const worse = { ...healthy, verdict };
      expect(withSlowdown(worse, speed(), true, 1.5)).toBe(worse);
    },
  );
});
