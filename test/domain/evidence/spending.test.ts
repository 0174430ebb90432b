import { describe, expect, it } from 'vitest';
import { excessOf, type Spent, spendingOf } from '../../../src/domain/evidence/spending.ts';

const costs = { inngest: { per_job: 0.5, per_minute: 0 }, actions: { per_job: 0, per_minute: 2 } };
const ran = (processor: string, jobs: number, minutes: number | null = null) => ({
  ...{ processor, jobs },
  ...{ timed_jobs: minutes === null ? 0 : jobs, processing_ms: (minutes ?? 0) * 60_000 },
});
const DAY = 86_400;
/** 100 runs of 1.00 on average in a day: 3,000 in 30 days. */
const spent: Spent = { processors: [ran('inngest', 80), ran('actions', 20, 30)], seconds: DAY };

describe('the cost of a step', () => {
  it('A projected cost grows with the subjects, and the cost of a job does not', () => {
    const spending = spendingOf({ budget: { monthly: 5_000 }, costs }, spent, { percentage: 25, times: 2.5 });
    expect(spending).toEqual({
      budget: { monthly: 5_000 },
      ...{ monthly: 3_000, per_job: 1, problem: null },
      next: { percentage: 25, monthly: 7_500 },
    });
    expect(excessOf(spending)).toEqual({ over: 'monthly', percentage: 25, cost: 7_500, budget: 5_000 });
  });

  it.each([
    ['within it', { monthly: 7_500 }, null],
    ['above it by a little', { monthly: 7_499.99 }, 'monthly'],
    ['with jobs above their price', { monthly: 8_000, per_job: 0.99 }, 'per_job'],
    ['with jobs at their price', { per_job: 1 }, null],
  ])('A budget compared with a step %s (%j) gives %j', (_what, budget, over) => {
    const spending = spendingOf({ budget, costs }, spent, { percentage: 25, times: 2.5 });
    expect(excessOf(spending)?.over ?? null).toBe(over);
  });

  it('nothing exceeds a budget where there is no next step, or nobody knows how many more subjects it has', () => {
    const of = (raise: Parameters<typeof spendingOf>[2]) =>
      spendingOf({ budget: { monthly: 1 }, costs }, spent, raise);
    expect(of(null)).toMatchObject({ monthly: 3_000, next: null });
    expect(excessOf(of(null))).toBeNull();
    expect(of({ percentage: 10, times: null }).next).toEqual({ percentage: 10, monthly: null });
    expect(excessOf(of({ percentage: 10, times: null }))).toBeNull();
  });

  it.each<[string, Spent['processors'], object]>([
    ['no job has finished', [], { code: 'no_job' }],
    ['a processor has no price', [ran('lambda', 1)], { code: 'unpriced', processors: ['lambda'] }],
    ['minutes are not known', [ran('actions', 1)], { code: 'untimed', processors: ['actions'] }],
  ])('A cost is not known where %s', (_what, processors, problem) => {
    const spending = spendingOf(
      { budget: { monthly: 1 }, costs },
      { processors, seconds: DAY },
      {
        ...{ percentage: 25, times: 2 },
      },
    );
    expect(spending).toMatchObject({ monthly: null, per_job: null, next: { monthly: null }, problem });
  });
});
