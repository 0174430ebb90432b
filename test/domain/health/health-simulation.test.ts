import { describe, expect, test } from 'vitest';
import { judge, judgeByThreshold } from '../../../src/domain/health/health.ts';
import {
  drawLife,
  runLife,
  sequentialMonitor,
  summarise,
  type Traffic,
  thresholdMonitor,
} from '../../../src/domain/simulation/simulation.ts';
import { poisson, seededRandom } from '../../../src/lib/random.ts';
import { rows, TEN } from './health-rows.ts';

const BUSY: Traffic = {
  hours: 40,
  jobsPerHour: 60,
  errorRate: 3,
  breakage: { hour: 30, errorRate: 12 },
  control: { jobsPerHour: 120, errorRate: 3 },
};

/** The rows of the first `count` buckets of a life. */
function rowsOf(life: ReturnType<typeof drawLife>, count: number) {
  return life
    .slice(0, count)
    .flatMap(({ minute, strata }) => strata.map((stratum) => ({ ...stratum, minute })));
}

describe('randomness', () => {
  test('a seed gives the same numbers again, another seed others, all within 0 and 1', () => {
    const draw = (seed: number) => Array.from({ length: 1000 }, seededRandom(seed));
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7).every((number) => number >= 0 && number < 1)).toBe(true);
  });

  test.each([0, 0.3, 5, 50, 499, 501, 25_000])(
    'poisson counts of mean %d have that mean and variance',
    (mean) => {
      const random = seededRandom(1);
      const counts = Array.from({ length: 4000 }, () => poisson(random, mean));
      const average = counts.reduce((a, b) => a + b, 0) / counts.length;
      const variance = counts.reduce((a, b) => a + (b - average) ** 2, 0) / counts.length;
      expect(Math.abs(average - mean)).toBeLessThanOrEqual(5 * Math.sqrt(mean / counts.length));
      expect(Math.abs(variance - mean)).toBeLessThanOrEqual(0.15 * mean);
    },
  );
});

describe('monitors', () => {
  test('the sequential one says after each bucket what judging all its rows says', () => {
    const life = drawLife(BUSY, seededRandom(3));
    const monitor = sequentialMonitor();
    life.forEach((bucket, index) => {
      expect(monitor(bucket)).toBe(judge(rowsOf(life, index + 1)).verdict);
    });
  });

  test('the plain one says what judging the window says', () => {
    const life = drawLife({ ...BUSY, jobsPerHour: 3 }, seededRandom(4));
    const monitor = thresholdMonitor({ windowMinutes: 360 });
    life.forEach((bucket, index) => {
      const params = { windowMinutes: 360, now: bucket.minute + 15 };
      expect(monitor(bucket)).toBe(judgeByThreshold(rowsOf(life, index + 1), params).verdict);
    });
  });

  test('impossible params are refused, and buckets out of order', () => {
    expect(() => sequentialMonitor({ maxErrorRate: -1 })).toThrow(RangeError);
    expect(() => thresholdMonitor({ minimumJobs: -1 })).toThrow(RangeError);
    const monitor = sequentialMonitor();
    const strata = [{ category: '', jobs: 1, errors: 0, controlJobs: 0, controlErrors: 0 }];
    monitor({ minute: 15, strata });
    expect(() => monitor({ minute: 15, strata })).toThrow('buckets must come in the order of time');
  });
});

describe('lives', () => {
  const stratum = (jobs: number, errors: number) => ({
    category: '',
    jobs,
    errors,
    controlJobs: 0,
    controlErrors: 0,
  });

  test('a life ends at its first harmful verdict and counts the failures from the breakage on', () => {
    const life = [
      { minute: TEN, strata: [stratum(20, 1)] },
      { minute: TEN + 15, strata: [stratum(10, 4)] },
      { minute: TEN + 30, strata: [stratum(20, 10)] },
      { minute: TEN + 45, strata: [stratum(20, 20)] },
    ];
    expect(runLife(life, sequentialMonitor(), 0.25)).toEqual({ harmfulAt: 0.75, raisedAt: 0.5, failed: 14 });
    expect(runLife(life.slice(0, 1), sequentialMonitor())).toEqual({
      harmfulAt: null,
      raisedAt: null,
      failed: 1,
    });
    expect(runLife([], sequentialMonitor())).toEqual({ harmfulAt: null, raisedAt: null, failed: 0 });
  });

  test('a summary tells false alarms from detections', () => {
    const outcomes = [
      { harmfulAt: 1, raisedAt: 1, failed: 0 },
      { harmfulAt: 37, raisedAt: 36.5, failed: 20 },
      { harmfulAt: 39, raisedAt: 36.5, failed: 40 },
      { harmfulAt: null, raisedAt: null, failed: 90 },
    ];
    expect(summarise(outcomes, 36)).toEqual({
      lives: 4,
      falseHarmful: 0.25,
      detected: 2 / 3,
      medianDelay: 3,
      medianFailed: 40,
      raised: 0.75,
    });
    expect(summarise(outcomes)).toMatchObject({ falseHarmful: 0.75 });
  });

  test('drawn traffic has the asked numbers, before and after the breakage', () => {
    const life = drawLife({ ...BUSY, hours: 400, breakage: { hour: 200, errorRate: 12 } }, seededRandom(5));
    const total = (part: typeof life) => {
      const all = part.flatMap(({ strata }) => strata);
      const jobs = all.reduce((sum, each) => sum + each.jobs, 0);
      return [jobs / 200, (all.reduce((sum, each) => sum + each.errors, 0) / jobs) * 100];
    };
    const [before, after] = [total(life.slice(0, 800)), total(life.slice(800))];
    expect(before[0]).toBeCloseTo(60, -1);
    expect(before[1]).toBeCloseTo(3, 0);
    expect(after[1]).toBeCloseTo(12, 0);
  });
});

describe('operating characteristics', () => {
  const many = (traffic: Traffic, monitor = () => sequentialMonitor()) => {
    const random = seededRandom(11);
    const brokenAt = traffic.breakage?.hour;
    const outcomes = Array.from({ length: 200 }, () =>
      runLife(drawLife(traffic, random), monitor(), brokenAt),
    );
    return summarise(outcomes, brokenAt);
  };

  test.each([20, 200])('a true 4.5% at %i jobs/h is hardly ever rolled back', (jobsPerHour) => {
    expect(many({ hours: 48, jobsPerHour, errorRate: 4.5 }).falseHarmful).toBeLessThanOrEqual(0.01);
  });

  test('the plain rule rolls the same back more often than not', () => {
    expect(
      many({ hours: 48, jobsPerHour: 20, errorRate: 4.5 }, () => thresholdMonitor()).falseHarmful,
    ).toBeGreaterThan(0.5);
  });

  test.each([
    [10, 3],
    [20, 0.75],
    [50, 0.5],
  ])('a breakage to %i percent after 36 good hours at 200 jobs/h is found within %d h', (errorRate, most) => {
    const summary = many({ hours: 48, jobsPerHour: 200, errorRate: 1, breakage: { hour: 36, errorRate } });
    expect(summary.medianDelay).toBeLessThanOrEqual(most);
    expect(summary.detected).toBe(1);
  });

  test('10 failures of 20 jobs are found at the first check', () => {
    expect(judge(rows([0, 20, 10])).verdict).toBe('harmful');
  });
});
