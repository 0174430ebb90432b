import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/domain/health/health.ts';
import { binomial, normalQuantile } from '../../../src/domain/simulation/binomial.ts';
import { measureTraffic } from '../../../src/domain/simulation/measured.ts';
import { monitorOf, scoreMonitor } from '../../../src/domain/simulation/monitor.ts';
import { runLife } from '../../../src/domain/simulation/simulation.ts';
import {
  drawArrivals,
  drawLife,
  lifeOf,
  type NormalTraffic,
} from '../../../src/domain/simulation/traffic.ts';
import { evidenceOf } from '../../../src/domain/verdict/evidence.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { rows, SHORT_JOBS, TEN, windows } from '../health/health-rows.ts';

const CATEGORIES = [
  { category: 'small', share: 0.5, controlShare: 0.2 },
  { category: 'large', share: 0.3, controlShare: 0.8 },
  { category: '', share: 0.2, controlShare: 0 },
];

/** Mean and variance of the failures of a step, and the mean of its jobs. */
function countsOf(traffic: NormalTraffic, hours: number, seed = 1) {
  const buckets = drawLife({ ...traffic, hours }, seededRandom(seed)).map((step) => ({
    jobs: step.windows.reduce((sum, { jobs }) => sum + jobs, 0),
    errors: step.windows.reduce((sum, { failed }) => sum + failed, 0),
  }));
  const mean = (pick: (bucket: (typeof buckets)[number]) => number) =>
    buckets.reduce((sum, bucket) => sum + pick(bucket), 0) / buckets.length;
  const errors = mean((bucket) => bucket.errors);
  return {
    jobs: mean(({ jobs }) => jobs),
    errors,
    variance: mean((bucket) => (bucket.errors - errors) ** 2),
  };
}

describe('failures', () => {
  test.each([
    [10, 0.05],
    [10, 0.95],
    [400, 0.02],
    [20_000, 0.05],
    [20_000, 0.7],
  ])('failures of %i jobs at a share of %d have the mean and the variance of a binomial', (trials, share) => {
    const random = seededRandom(2);
    const counts = Array.from({ length: 4_000 }, () => binomial(random(), trials, share));
    const mean = counts.reduce((a, b) => a + b, 0) / counts.length;
    const variance = counts.reduce((a, b) => a + (b - mean) ** 2, 0) / counts.length;
    const expected = trials * share * (1 - share);
    expect(Math.abs(mean - trials * share)).toBeLessThan(5 * Math.sqrt(expected / counts.length));
    expect(Math.abs(variance - expected)).toBeLessThan(0.15 * expected);
  });

  test('nobody fails at 0, everybody at 1, and a higher share never fails fewer with the same luck', () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    const luck = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
    fc.assert(
      fc.property(luck, fc.nat(300), share, share, (u, trials, a, b) => {
        expect(binomial(u, trials, 0)).toBe(0);
        expect(binomial(u, trials, 1)).toBe(trials);
        const [low, high] = [binomial(u, trials, Math.min(a, b)), binomial(u, trials, Math.max(a, b))];
        expect(low).toBeLessThanOrEqual(high);
        expect(high).toBeLessThanOrEqual(trials);
      }),
    );
  });

  test('the normal quantile has its known values, and is finite at both ends', () => {
    for (const [p, z] of [
      [0.5, 0],
      [0.8, 0.8416212],
      [0.95, 1.6448536],
      [0.001, -3.0902323],
    ] as const) {
      expect(normalQuantile(p)).toBeCloseTo(z, 6);
    }
    expect(Number.isFinite(normalQuantile(0))).toBe(true);
    expect(Number.isFinite(normalQuantile(1))).toBe(true);
  });
});

describe('arrivals', () => {
  const traffic = { jobsPerHour: 40, errorRate: 10, control: { jobsPerHour: 20, errorRate: 5 } };

  test('the same seed draws the same jobs, whatever fails', () => {
    const life = (errorRate: number) => [
      ...lifeOf(drawArrivals({ ...traffic, categories: CATEGORIES }, 48, seededRandom(3)), { errorRate }),
    ];
    const [low, high] = [life(5), life(30)];
    expect(life(5)).toEqual(low);
    low.forEach(({ minute, windows: drawn }, step) => {
      expect(high[step]?.minute).toBe(minute);
      drawn.forEach(({ category, jobs, spans, controlJobs, controlFailed, failed, failedSpans }, index) => {
        const other = high[step]?.windows[index];
        expect(other).toMatchObject({ category, jobs, spans, controlJobs, controlFailed });
        expect(other?.failed).toBeGreaterThanOrEqual(failed);
        expect(other?.failedSpans).toBeGreaterThanOrEqual(failedSpans);
      });
    });
  });

  test.each([1, 2, 3.5])(
    'clusters of %d keep the mean of failures and multiply its variance',
    (jobsTogether) => {
      const { jobs, errors, variance } = countsOf({ ...traffic, jobsTogether }, 5_000);
      expect(Math.abs(jobs - 40 / 12)).toBeLessThan(0.1);
      expect(Math.abs(errors - 4 / 12)).toBeLessThan(0.05);
      expect(variance / errors).toBeGreaterThan(0.9 * jobsTogether);
      expect(variance / errors).toBeLessThan(1.1 * jobsTogether);
    },
  );

  test('categories get their shares of the jobs, sorted by name', () => {
    const life = drawLife({ ...traffic, hours: 2_000, categories: CATEGORIES }, seededRandom(4));
    const all = life.flatMap((step) => step.windows);
    const jobs = (name: string) =>
      all.filter(({ category }) => category === name).reduce((sum, stratum) => sum + stratum.jobs, 0);
    expect(jobs('small') / 80_000).toBeCloseTo(0.5, 1);
    expect(jobs('') / 80_000).toBeCloseTo(0.2, 1);
    expect(all.some(({ category, controlJobs }) => category === '' && controlJobs > 0)).toBe(false);
    for (const step of life) {
      const names = step.windows.map(({ category }) => category);
      expect(names).toEqual([...new Set(names)].sort());
    }
  });

  test('without traffic every step has no jobs', () => {
    const life = drawLife({ jobsPerHour: 0, errorRate: 100, hours: 1 }, seededRandom(1));
    expect(life.map((step) => step.windows)).toEqual(Array.from({ length: 12 }, () => []));
  });
});

describe('watching by category', () => {
  test('watching by category gives at each quarter of an hour the verdict of judging all its windows', () => {
    for (const [seed, errorRate, controlRate, jobsPerHour] of [
      [1, 4, 4, 30],
      [2, 9, 1, 300],
      [3, 20, 20, 30],
      [4, 3, 0.5, 300],
    ] as const) {
      const control = { jobsPerHour: 40, errorRate: controlRate };
      const traffic = { jobsPerHour, errorRate, control, categories: CATEGORIES };
      const life = drawLife({ ...traffic, hours: 10 }, seededRandom(seed));
      // Whether control shares an outage is asked when a slice ends, with what had ended by then.
      const params = { sharedOutage: 'harmful' } as const;
      const monitor = scoreMonitor(params, CATEGORIES.map(({ category }) => category).sort());
      const seen: string[] = [];
      const judged: string[] = [];
      life.forEach((step, index) => {
        const verdict = monitor(step);
        const end = step.minute + 5;
        if (end % 15 !== 0) return;
        const all = life.slice(0, index + 1).flatMap((one) => one.windows);
        const known = { startedAt: 0, now: end * 60, durations: SHORT_JOBS, startsPerControl: null };
        seen.push(verdict);
        judged.push(judge(evidenceOf({ ...known, windows: all }), end * 60, params).judgement.verdict);
      });
      expect(seen).toEqual(judged);
    }
  });

  test('with the same arrivals neither rule finds a higher rate later', () => {
    const rate = fc.double({ min: 0, max: 100, noNaN: true });
    const analysis = fc.constantFrom('sequential', 'threshold') as fc.Arbitrary<'sequential' | 'threshold'>;
    fc.assert(
      fc.property(
        fc.nat(),
        fc.constantFrom(1, 8, 60),
        rate,
        rate,
        analysis,
        (seed, jobsPerHour, a, b, rule) => {
          const arrivals = drawArrivals({ jobsPerHour, errorRate: 1 }, 36, seededRandom(seed));
          const foundAt = (errorRate: number) => {
            const life = lifeOf(arrivals, { errorRate: 1, breakage: { hour: 6, errorRate } });
            return runLife(life, monitorOf(rule, {})).harmfulAt ?? Infinity;
          };
          expect(foundAt(Math.max(a, b))).toBeLessThanOrEqual(foundAt(Math.min(a, b)));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('measured traffic', () => {
  const UNKNOWN = { windows: [], durations: { timed: 0, meanSeconds: 0 } };

  test('measured traffic has the jobs per hour, rates, shares and counts of the requested time', () => {
    const evidence = rows(
      [-60, 100, 50, 0, 0, 'large'],
      [0, 6, 1, 2, 0, 'small'],
      [60, 2, 0, 6, 2, 'large'],
      [120, 50, 0],
    );
    expect(measureTraffic(evidence, TEN, TEN + 120, UNKNOWN)).toEqual({
      jobsPerHour: 4,
      errorRate: 12.5,
      control: { jobsPerHour: 4, errorRate: 25 },
      categories: [
        { category: 'small', share: 0.75, controlShare: 0.25 },
        { category: 'large', share: 0.25, controlShare: 0.75 },
      ],
      counts: { jobs: 8, errors: 1, controlJobs: 8, controlErrors: 2 },
      since: TEN,
      until: TEN + 120,
      clumping: null,
      bursts: null,
      meanSeconds: null,
    });
    expect(measureTraffic(rows([0, 0, 0, 5, 1]), TEN, TEN + 60, UNKNOWN)).toBeNull();
    expect(measureTraffic(rows([0, 5, 1]), TEN, TEN + 5, UNKNOWN)?.jobsPerHour).toBe(20);
    expect(measureTraffic(rows([0, 5, 1]), TEN, TEN + 60, UNKNOWN)?.control).toBeNull();
  });

  test('measured traffic has the bursts and durations of the requested time', () => {
    const bursts = [-60, 0, 30]
      .flatMap((after) => windows([after, 4, 1]))
      .map((window) => ({ ...window, jobs: 20, failed: 5 }));
    const kept = { windows: bursts, durations: { timed: 40, meanSeconds: 90 } };
    const traffic = measureTraffic(rows([0, 20, 5]), TEN, TEN + 60, kept);
    expect(traffic?.bursts).toEqual({ jobsPerSpan: 5, failedTogether: 5 });
    expect(traffic?.meanSeconds).toBe(90);
  });

  test.each([1, 4])(
    'clumping finds clusters of %d, and so do the failures of their spans',
    (jobsTogether) => {
      const traffic = { jobsPerHour: 60, errorRate: 10, jobsTogether, hours: 500 };
      const life = drawLife(traffic, seededRandom(6));
      const evidence = life.flatMap(({ minute, windows: drawn }) =>
        drawn.map(({ category, finished, failed }) => ({
          ...{ minute, category, jobs: finished, errors: failed, controlJobs: 0, controlErrors: 0 },
        })),
      );
      const kept = { windows: life.flatMap((step) => step.windows), durations: UNKNOWN.durations };
      const measured = measureTraffic(evidence, 0, 30_000, kept);
      expect((measured?.clumping ?? 0) / jobsTogether).toBeGreaterThan(0.85);
      expect((measured?.clumping ?? 0) / jobsTogether).toBeLessThan(1.15);
      expect(measured?.bursts?.failedTogether).toBeCloseTo(jobsTogether, 6);
    },
  );
});
