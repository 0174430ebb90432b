import { describe, expect, it } from 'vitest';
import { correlatedShare } from '../../../src/domain/fleet/beta.ts';
import { bursts } from '../../../src/domain/fleet/bursts.ts';
import { independentJobs } from '../../../src/domain/fleet/independent.ts';
import { breaking, type FleetJob, steady } from '../../../src/domain/fleet/job.ts';
import { replay } from '../../../src/domain/fleet/replay.ts';
import { slowSuccesses } from '../../../src/domain/fleet/slow-successes.ts';
import { seededRandom } from '../../../src/domain/random.ts';

const HOUR = 3600;
const shareOf = (jobs: readonly FleetJob[]) => jobs.filter(({ fails }) => fails).length / jobs.length;

/** Intra-class correlation of the failures of a subject's jobs, by the variance of the sums. */
function correlationOf(jobs: readonly FleetJob[], size: number): number {
  const failures = new Map<number, number>();
  for (const { subject, fails } of jobs)
    failures.set(subject, (failures.get(subject) ?? 0) + (fails ? 1 : 0));
  const sums = [...failures.values()];
  const mean = sums.reduce((sum, one) => sum + one, 0) / sums.length;
  const variance = sums.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (sums.length - 1);
  const share = mean / size;
  return (variance / (size * share * (1 - share)) - 1) / (size - 1);
}

describe('independent jobs', () => {
  it('arrive in order at their rate, fail at theirs, each of a subject of its own', () => {
    const jobs = [
      ...independentJobs({ jobsPerHour: 2000, until: 50 * HOUR, rate: steady(0.05) }, seededRandom(1)),
    ];
    expect(jobs.length / 100_000).toBeCloseTo(1, 1);
    expect(shareOf(jobs)).toBeCloseTo(0.05, 2);
    expect(new Set(jobs.map(({ subject }) => subject)).size).toBe(jobs.length);
    expect(jobs.every(({ at }, i) => i === 0 || at >= (jobs[i - 1]?.at ?? 0))).toBe(true);
  });

  it('fail at another rate from the breakage on', () => {
    const rate = breaking(0.01, 10 * HOUR, 0.5);
    const jobs = [...independentJobs({ jobsPerHour: 2000, until: 20 * HOUR, rate }, seededRandom(2))];
    expect(shareOf(jobs.filter(({ at }) => at < 10 * HOUR))).toBeCloseTo(0.01, 2);
    expect(shareOf(jobs.filter(({ at }) => at >= 10 * HOUR))).toBeCloseTo(0.5, 1);
  });
});

describe('bursts', () => {
  it.each([0, 0.1, 0.3])(
    'of one subject have the mean and the correlation %s that were asked for',
    (correlation) => {
      const options = { jobsPerHour: 20_000, size: 20, correlation, until: 20 * HOUR, rate: steady(0.1) };
      const jobs = [...bursts(options, seededRandom(3))];
      expect(jobs.length / 400_000).toBeCloseTo(1, 1);
      expect(shareOf(jobs)).toBeCloseTo(0.1, 2);
      expect(correlationOf(jobs, 20)).toBeCloseTo(correlation, 1);
    },
  );

  it('are over within minutes', () => {
    const options = { jobsPerHour: 200, size: 20, correlation: 0.3, until: 48 * HOUR, rate: steady(0.05) };
    const spread = new Map<number, [number, number]>();
    for (const { subject, at } of bursts(options, seededRandom(4))) {
      spread.set(subject, [spread.get(subject)?.[0] ?? at, at]);
    }
    const lengths = [...spread.values()].map(([first, last]) => last - first).sort((a, b) => a - b);
    expect(lengths[Math.floor(lengths.length / 2)]).toBeGreaterThan(20);
    expect(lengths.at(-1)).toBeLessThan(300);
  });
});

describe('a correlated share', () => {
  it('is the mean itself without correlation, and near 0 or 1 with nearly all of it', () => {
    const random = seededRandom(5);
    expect(correlatedShare(random, 0.2, 0)).toBe(0.2);
    const extreme = Array.from({ length: 2000 }, () => correlatedShare(random, 0.2, 0.999));
    expect(extreme.filter((share) => share < 0.01 || share > 0.99).length).toBeGreaterThan(1900);
    expect(extreme.reduce((sum, share) => sum + share, 0) / extreme.length).toBeCloseTo(0.2, 1);
  });
});

describe('slow successes', () => {
  it('take long, while failures end at once', () => {
    const random = seededRandom(6);
    const jobs = independentJobs({ jobsPerHour: 2000, until: 10 * HOUR, rate: steady(0.2) }, random);
    const slow = [...slowSuccesses(jobs, { failure: 10, success: 5400, spread: 0.5 }, random)];
    expect(new Set(slow.filter(({ fails }) => fails).map(({ seconds }) => seconds))).toEqual(new Set([10]));
    const successes = slow.filter(({ fails }) => !fails).map(({ seconds }) => seconds);
    const middle = successes.sort((a, b) => a - b)[Math.floor(successes.length / 2)] ?? 0;
    expect(middle / 5400).toBeCloseTo(1, 1);
  });
});

describe('a replay', () => {
  const job = (at: number, seconds: number): FleetJob => ({
    at,
    seconds,
    subject: at,
    arm: 'treatment',
    fails: false,
  });

  function heard(fleet: FleetJob[], until?: number, stopAfter = Infinity): string[] {
    const log: string[] = [];
    replay(
      fleet,
      {
        began: ({ at }) => log.push(`${at} begins`),
        ended: ({ at }, _handle, now) => log.push(`${at} ends at ${now}`),
        done: () => log.length >= stopAfter,
      },
      until,
    );
    return log;
  }

  it('tells beginnings and ends in the order of time', () => {
    expect(heard([job(1, 10), job(2, 1), job(4, 30), job(20, 0)])).toEqual([
      '1 begins',
      '2 begins',
      '2 ends at 3',
      '4 begins',
      '1 ends at 11',
      '20 begins',
      '20 ends at 20',
      '4 ends at 34',
    ]);
  });

  it('leaves open what ends after the moment it was asked for, and stops where it is told to', () => {
    expect(heard([job(1, 10), job(2, 1), job(50, 1)], 5)).toEqual(['1 begins', '2 begins', '2 ends at 3']);
    expect(heard([job(1, 10), job(2, 1)], undefined, 1)).toEqual(['1 begins']);
  });
});
