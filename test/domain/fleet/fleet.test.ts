import { describe, expect, it } from 'vitest';
import { busiest, oneBadSubject } from '../../../src/domain/fleet/bad-subject.ts';
import { correlatedShare } from '../../../src/domain/fleet/beta.ts';
import { bursts } from '../../../src/domain/fleet/bursts.ts';
import { deploys } from '../../../src/domain/fleet/deploys.ts';
import { independentJobs } from '../../../src/domain/fleet/independent.ts';
import { breaking, type FailureRate, type FleetJob, steady } from '../../../src/domain/fleet/job.ts';
import { outage } from '../../../src/domain/fleet/outage.ts';
import { drawPopulation, jobsOf, ratesOfSubjects } from '../../../src/domain/fleet/population.ts';
import { replay } from '../../../src/domain/fleet/replay.ts';
import { dailySeason } from '../../../src/domain/fleet/seasons.ts';
import { silentHosts } from '../../../src/domain/fleet/silent-hosts.ts';
import { slowSuccesses } from '../../../src/domain/fleet/slow-successes.ts';
import { wrongArms } from '../../../src/domain/fleet/wrong-arms.ts';
import { seededRandom } from '../../../src/lib/random.ts';

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
  it('independent jobs arrive in order at their rate, fail at theirs and have a subject each', () => {
    const jobs = [
      ...independentJobs({ jobsPerHour: 2000, until: 50 * HOUR, rate: steady(0.05) }, seededRandom(1)),
    ];
    expect(jobs.length / 100_000).toBeCloseTo(1, 1);
    expect(shareOf(jobs)).toBeCloseTo(0.05, 2);
    expect(new Set(jobs.map(({ subject }) => subject)).size).toBe(jobs.length);
    expect(jobs.every(({ at }, i) => i === 0 || at >= (jobs[i - 1]?.at ?? 0))).toBe(true);
  });

  it('independent jobs fail at another rate from the breakage on', () => {
    const rate = breaking(0.01, 10 * HOUR, 0.5);
    const jobs = [...independentJobs({ jobsPerHour: 2000, until: 20 * HOUR, rate }, seededRandom(2))];
    expect(shareOf(jobs.filter(({ at }) => at < 10 * HOUR))).toBeCloseTo(0.01, 2);
    expect(shareOf(jobs.filter(({ at }) => at >= 10 * HOUR))).toBeCloseTo(0.5, 1);
  });
});

describe('bursts', () => {
  it.each([0, 0.1, 0.3])("a subject's bursts have the requested mean and correlation %s", (correlation) => {
    const options = { jobsPerHour: 20_000, size: 20, correlation, until: 20 * HOUR, rate: steady(0.1) };
    const jobs = [...bursts(options, seededRandom(3))];
    expect(jobs.length / 400_000).toBeCloseTo(1, 1);
    expect(shareOf(jobs)).toBeCloseTo(0.1, 2);
    expect(correlationOf(jobs, 20)).toBeCloseTo(correlation, 1);
  });

  it('a burst is over within minutes', () => {
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
  it('a correlated share is the mean without correlation, and near 0 or 1 with almost full correlation', () => {
    const random = seededRandom(5);
    expect(correlatedShare(random, 0.2, 0)).toBe(0.2);
    const extreme = Array.from({ length: 2000 }, () => correlatedShare(random, 0.2, 0.999));
    expect(extreme.filter((share) => share < 0.01 || share > 0.99).length).toBeGreaterThan(1900);
    expect(extreme.reduce((sum, share) => sum + share, 0) / extreme.length).toBeCloseTo(0.2, 1);
  });
});

describe('slow successes', () => {
  it('slow successes take long while failures end at once', () => {
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

  it('a replay reports starts and ends in the order of time', () => {
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

  it('a replay leaves jobs open that end after its limit, and stops when asked', () => {
    expect(heard([job(1, 10), job(2, 1), job(50, 1)], 5)).toEqual(['1 begins', '2 begins', '2 ends at 3']);
    expect(heard([job(1, 10), job(2, 1)], undefined, 1)).toEqual(['1 begins']);
  });
});

describe('a population', () => {
  const population = drawPopulation({ subjects: 90, treated: 9, activitySpread: 1 }, seededRandom(7));

  it('a population has subjects of very different activity, and its first ones are treatment', () => {
    const sorted = [...population.activity].sort((a, b) => b - a);
    expect(sorted.reduce((sum, each) => sum + each, 0)).toBeCloseTo(1, 9);
    expect((sorted[0] ?? 0) / (sorted[45] ?? 1)).toBeGreaterThan(4);
    const jobs = [
      ...jobsOf(population, { jobsPerHour: 2000, until: 20 * HOUR, rate: steady(0.05) }, seededRandom(8)),
    ];
    expect(jobs.length / 40_000).toBeCloseTo(1, 1);
    expect(jobs.every(({ arm, subject }) => (arm === 'treatment') === subject < 9)).toBe(true);
    const share = jobs.filter(({ subject }) => subject === 3).length / jobs.length;
    expect(share).toBeCloseTo(population.activity[3] ?? 0, 2);
  });

  it('subjects of a population fail at rates of their own, with the requested mean', () => {
    const large = drawPopulation({ subjects: 5000, treated: 0, activitySpread: 0 }, seededRandom(9));
    const rate = ratesOfSubjects(large, 0.1, 0.1, seededRandom(10));
    const shares = large.activity.map((_, subject) => rate(0, subject));
    expect(shares.reduce((sum, each) => sum + each, 0) / 5000).toBeCloseTo(0.1, 1);
    expect(rate(5, 17)).toBe(rate(900, 17));
    expect(Math.max(...shares)).toBeGreaterThan(0.4);
  });

  it('a population can have one subject with a third of the jobs that fails from a moment on', () => {
    const uneven = busiest(population, 1 / 3);
    const rate = oneBadSubject(steady(0), 10 * HOUR);
    const jobs = [...jobsOf(uneven, { jobsPerHour: 500, until: 20 * HOUR, rate }, seededRandom(11))];
    expect(jobs.filter(({ subject }) => subject === 0).length / jobs.length).toBeCloseTo(1 / 3, 1);
    expect(jobs.every(({ fails, subject, at }) => fails === (subject === 0 && at >= 10 * HOUR))).toBe(true);
  });
});

describe('what happens to a fleet', () => {
  const rate = (jobs: Iterable<FleetJob>, from: number, until: number) =>
    shareOf([...jobs].filter(({ at }) => at >= from && at < until));
  const life = (failing: FailureRate, seed: number, hours = 20) =>
    independentJobs({ jobsPerHour: 2000, until: hours * HOUR, rate: failing }, seededRandom(seed));

  it('an outage fails a share of the jobs that would succeed, as long as it lasts', () => {
    const jobs = [...life(outage(steady(0.1), 5 * HOUR, 10 * HOUR, 0.5), 12)];
    expect(rate(jobs, 0, 5 * HOUR)).toBeCloseTo(0.1, 1);
    expect(rate(jobs, 5 * HOUR, 10 * HOUR)).toBeCloseTo(0.55, 1);
    expect(rate(jobs, 10 * HOUR, 20 * HOUR)).toBeCloseTo(0.1, 1);
  });

  it('deploys fail jobs for moments, again and again', () => {
    const jobs = [...life(deploys(steady(0), { every: 4 * HOUR, last: 600, share: 0.3 }), 13)];
    const within = jobs.filter(({ at }) => at % (4 * HOUR) < 600);
    expect(shareOf(within)).toBeCloseTo(0.3, 1);
    expect(shareOf(jobs.filter(({ at }) => at % (4 * HOUR) >= 600))).toBe(0);
  });

  it('a daily season keeps the jobs of noon and thins out those of the night', () => {
    const jobs = [...dailySeason(life(steady(0.05), 14, 48), 0.1, seededRandom(15))];
    const around = (hour: number) =>
      jobs.filter(({ at }) => Math.abs(((at / HOUR) % 24) - hour) < 0.5).length;
    expect(around(12) / 4000).toBeCloseTo(1, 1);
    expect(around(1) / around(12)).toBeLessThan(0.3);
  });

  it('silent hosts report no more jobs, and the other hosts go on', () => {
    const all = [...life(steady(0.05), 16)];
    const heard = [...silentHosts(all, { hosts: 10, silent: 3, from: 10 * HOUR })];
    expect(heard.filter(({ at }) => at < 10 * HOUR)).toEqual(all.filter(({ at }) => at < 10 * HOUR));
    const later = heard.filter(({ at }) => at >= 10 * HOUR);
    expect(later.every(({ subject }) => subject % 10 >= 3)).toBe(true);
    expect(later.length).toBeGreaterThan(10_000);
  });

  it('wrong arms change only the arm of a job', () => {
    const all = [...life(steady(0.05), 17)];
    const mixed = [...wrongArms(all, 0.1, seededRandom(18))];
    expect(mixed.map(({ at }) => at)).toEqual(all.map(({ at }) => at));
    expect(mixed.filter(({ arm }) => arm === 'control').length / mixed.length).toBeCloseTo(0.1, 1);
  });
});
