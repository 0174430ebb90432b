import { describe, expect, test } from 'vitest';
import { judgeByThreshold } from '../../../src/domain/health/health.ts';
import { emptyWindow } from '../../../src/domain/score/window.ts';
import {
  drawLife,
  runLife,
  scoreMonitor,
  summarise,
  type Traffic,
  thresholdMonitor,
} from '../../../src/domain/simulation/simulation.ts';
import { poisson, seededRandom } from '../../../src/lib/random.ts';
import { runs } from '../../helpers/run/runs.ts';
import { addJobs } from './health-rows.ts';

const BUSY: Traffic = {
  hours: 40,
  jobsPerHour: 60,
  errorRate: 3,
  breakage: { hour: 30, errorRate: 12 },
  control: { jobsPerHour: 120, errorRate: 3 },
};

/** The rows of the first `count` steps of a life, as the plain rule reads them. */
function rowsOf(life: ReturnType<typeof drawLife>, count: number) {
  return life.slice(0, count).flatMap(({ minute, windows }) =>
    windows.map(({ category, finished, failed, controlJobs, controlFailed }) => ({
      ...{ minute, category, jobs: finished, errors: failed },
      ...{ controlJobs, controlErrors: controlFailed },
    })),
  );
}

describe('randomness', () => {
  test('a seed repeats its numbers, another seed has others, and all are between 0 and 1', () => {
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
  test('the plain monitor gives the verdict of judging its window', () => {
    const life = drawLife({ ...BUSY, jobsPerHour: 3 }, seededRandom(4));
    const monitor = thresholdMonitor({ windowMinutes: 360 });
    life.forEach((step, index) => {
      const params = { windowMinutes: 360, now: step.minute + 5 };
      expect(monitor(step)).toBe(judgeByThreshold(rowsOf(life, index + 1), params).verdict);
    });
  });

  test('a monitor refuses impossible parameters', () => {
    expect(() => scoreMonitor({ maxErrorRate: -1 })).toThrow(RangeError);
    expect(() => thresholdMonitor({ minimumJobs: -1 })).toThrow(RangeError);
  });
});

describe('lives', () => {
  const step = (minute: number, jobs: number, errors: number) => {
    const window = emptyWindow(minute * 60, '');
    addJobs(window, jobs, errors);
    return { minute, windows: [window] };
  };

  test('a life ends at its first harmful verdict and counts the failures from the breakage on', () => {
    const life = [step(10, 20, 1), step(25, 10, 4), step(40, 20, 10), step(55, 20, 20)];
    expect(runLife(life, scoreMonitor(), 0.25)).toEqual({
      harmfulAt: 35 / 60,
      raisedAt: 35 / 60,
      failed: 14,
    });
    expect(runLife(life.slice(0, 1), scoreMonitor())).toEqual({ harmfulAt: null, raisedAt: null, failed: 1 });
    expect(runLife([], scoreMonitor())).toEqual({ harmfulAt: null, raisedAt: null, failed: 0 });
  });

  test('a summary separates false alarms from detections', () => {
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

  test('drawn traffic has the requested numbers, before and after the breakage', () => {
    const life = drawLife({ ...BUSY, hours: 400, breakage: { hour: 200, errorRate: 12 } }, seededRandom(5));
    const total = (part: typeof life) => {
      const all = part.flatMap(({ windows }) => windows);
      const jobs = all.reduce((sum, each) => sum + each.jobs, 0);
      return [jobs / 200, (all.reduce((sum, each) => sum + each.failed, 0) / jobs) * 100];
    };
    const [before, after] = [total(life.slice(0, 2400)), total(life.slice(2400))];
    expect(before[0]).toBeCloseTo(60, -1);
    expect(before[1]).toBeCloseTo(3, 0);
    expect(after[1]).toBeCloseTo(12, 0);
  });
});

describe('operating characteristics', () => {
  const many = (traffic: Traffic, monitor = () => scoreMonitor()) => {
    const random = seededRandom(11);
    const brokenAt = traffic.breakage?.hour;
    const outcomes = Array.from({ length: runs(60, 200) }, () =>
      runLife(drawLife(traffic, random), monitor(), brokenAt),
    );
    return summarise(outcomes, brokenAt);
  };

  test.each([20, 200])('a true 4.5% at %i jobs/h is hardly ever rolled back', (jobsPerHour) => {
    expect(many({ hours: 48, jobsPerHour, errorRate: 4.5 }).falseHarmful).toBeLessThanOrEqual(0.01);
  });

  test('the plain rule rolls a true 4.5% back more often than not', () => {
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
});
