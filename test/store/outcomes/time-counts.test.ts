import { expect, it } from 'vitest';
import { type Outcome, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { timePlace } from '../../../src/domain/evidence/time-counters.ts';
import { timesOf } from '../../../src/store/outcomes/time-counts.ts';

const JOB: Outcome = {
  ...{ feature: 'one', subject: 's1', processor: 'inngest', arm: 'treatment', epoch: 1, job_class: '' },
  ...{ category: 'small', ok: true, duration_ms: 1_000, error: null, finished_at: 1_764_000_000_000 },
};

function counted(...jobs: Partial<Outcome>[]) {
  const sums = new OutcomeSums();
  for (const job of jobs) sums.add({ ...JOB, ...job });
  return timesOf(sums.sums);
}

it('times of several subjects, of one job or of many, are added up by their place', () => {
  const more = [
    { subject: 's2' },
    { subject: 's2' },
    { subject: 's2', duration_ms: 9_000 },
    { job_class: 'batch' },
  ];
  const { feature, processor, arm, epoch, category, finished_at } = JOB;
  const like = { feature, processor, arm, epoch, category, window: finished_at - (finished_at % 300_000) };
  expect(counted({}, ...more, { subject: 's3', duration_ms: null })).toEqual([
    { ...like, place: timePlace(1_000), count: 4 },
    { ...like, place: timePlace(9_000), count: 1 },
  ]);
});

it.each([
  { feature: 'two' },
  { processor: 'github_actions' },
  { arm: 'control' as const },
  { epoch: 2 },
  { category: 'large' },
  { finished_at: JOB.finished_at + 300_000 },
])('times of sums that differ in %o are counted apart', (other) => {
  expect(counted({}, other, {}, other).map(({ count }) => count)).toEqual([2, 2]);
});
