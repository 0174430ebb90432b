import { describe, expect, it } from 'vitest';
import { costOf, type ProcessorJobs } from '../../../src/domain/evidence/cost.ts';
import { money } from '../../../src/domain/report/advice.ts';

const routing = {
  ...{ fallback: 'inngest', realtime: 'inngest', bulk: 'github_actions' },
  ...{ recent_days: 1, small_batch: 10, large_batch: 50 },
};
const costs = {
  inngest: { per_job: 0.5, per_minute: 0 },
  github_actions: { per_job: 0, per_minute: 2 },
};

/** So many jobs of one minute each. */
function ran(processor: string, jobs: number, timed_jobs = jobs, minutes = timed_jobs): ProcessorJobs {
  return { processor, jobs, timed_jobs, processing_ms: minutes * 60_000 };
}

describe('what jobs cost', () => {
  it("the cost of jobs is each processor's price per job and minute, compared with all on the fallback", () => {
    const cost = costOf([ran('inngest', 100), ran('github_actions', 10, 10, 5)], { routing, costs }, 28);
    expect(cost).toMatchObject({
      days: 28,
      total: 60,
      alone: 55,
      saved: -5,
      fallback: 'inngest',
      problem: null,
    });
    expect(cost.processors).toEqual([
      { processor: 'inngest', jobs: 100, minutes: 100, cost: 50, per_job: 0.5 },
      { processor: 'github_actions', jobs: 10, minutes: 5, cost: 10, per_job: 1 },
    ]);
  });

  it('the cost of jobs uses the mean time for jobs without a time', () => {
    const { total } = costOf([ran('github_actions', 10, 5, 10)], { routing, costs }, 7);
    expect(total).toBe(40);
  });

  it("the fallback's cost uses its own job times, or else the times of the processors that ran the jobs", () => {
    const slow = { ...routing, fallback: 'github_actions' };
    const both = [ran('inngest', 10, 10, 10), ran('github_actions', 10, 10, 30)];
    expect(costOf(both, { routing: slow, costs }, 7).alone).toBe(20 * 3 * 2);
    expect(costOf([ran('inngest', 10, 10, 10)], { routing: slow, costs }, 7).alone).toBe(10 * 2);
  });

  it.each([
    ['no job', { code: 'no_job' }, [], costs],
    ['no price', { code: 'no_prices' }, [ran('inngest', 1)], {}],
    [
      'no price of one processor',
      { code: 'unpriced', processors: ['other'] },
      [ran('inngest', 1), ran('other', 1)],
      costs,
    ],
    [
      'no price of the fallback',
      { code: 'fallback_unpriced', fallback: 'inngest' },
      [ran('github_actions', 1)],
      { github_actions: costs.github_actions },
    ],
    [
      'no time of jobs',
      { code: 'untimed', processors: ['github_actions'] },
      [ran('github_actions', 3, 0, 0)],
      costs,
    ],
  ])(
    'The cost of jobs names what is missing and compares nothing: %s.',
    (_missing, problem, sums, prices) => {
      expect(costOf(sums, { routing, costs: prices }, 7)).toMatchObject({ problem, saved: null });
    },
  );

  it('a cost is written with two decimals, or two significant digits when it is small', () => {
    expect([1_234.5, 0, 0.0042, -0.0042, 12].map(money)).toEqual([
      '1,234.50',
      '0.00',
      '0.0042',
      '-0.0042',
      '12.00',
    ]);
  });
});
