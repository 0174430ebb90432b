import { describe, expect, it } from 'vitest';
import { judge } from '../../../src/domain/health/health.ts';
import type { HealthParams } from '../../../src/domain/score/rule.ts';
import { type SubjectWindow, windowsOf } from '../../../src/domain/score/window.ts';
import { evidenceOf } from '../../../src/domain/verdict/evidence.ts';
import { isToBlame, runOfSubject, type SubjectJobs } from '../../../src/domain/verdict/lone-subject.ts';
import { SHORT_JOBS } from '../health/health-rows.ts';

const times = (count: number, window: SubjectJobs) => Array.from({ length: count }, () => window);
const evidenceOfRun = (windows: readonly SubjectJobs[], limit = 5) =>
  Math.exp(runOfSubject(windows, limit).score);

/** Chances of each number of failures of jobs that are correlated (beta-binomial), by recursion. */
function correlatedFailures(jobs: number, mean: number, correlation: number): number[] {
  const strength = 1 / correlation - 1;
  const [a, b] = [mean * strength, (1 - mean) * strength];
  let first = 1;
  for (let i = 0; i < jobs; i++) first *= (b + i) / (a + b + i);
  const chances = [first];
  for (let k = 0; k < jobs; k++)
    chances.push(((chances[k] ?? 0) * (jobs - k) * (a + k)) / ((k + 1) * (b + jobs - k - 1)));
  return chances;
}

describe('the evidence that one subject fails nearly everything', () => {
  it('a subject that fails a fifth has no evidence on average, however many correlated jobs a window has', () => {
    for (const jobs of [...Array.from({ length: 60 }, (_, n) => n + 1), 100, 400]) {
      for (const mean of [0.01, 0.05, 0.2]) {
        // A run of one window is worth one start.
        const factor = correlatedFailures(jobs, mean, 0.3).reduce(
          (sum, chance, failed) => sum + chance * evidenceOfRun([{ jobs, failed }]),
          0,
        );
        expect(factor, `${jobs} jobs, ${mean}`).toBeLessThanOrEqual(1.000001);
      }
    }
  });

  it('one or two windows are not enough evidence against one subject, however many jobs failed', () => {
    for (const jobs of [10, 1_000, 100_000]) {
      expect(isToBlame(runOfSubject(times(2, { jobs, failed: jobs }), 5), 2 * jobs, 5)).toBe(false);
      expect(isToBlame(runOfSubject(times(3, { jobs, failed: jobs }), 5), 3 * jobs, 5)).toBe(true);
    }
  });

  it('twenty failures are enough evidence against one subject, even with few jobs per window', () => {
    const enough = (jobs: number) => {
      for (let n = 1; ; n++)
        if (isToBlame(runOfSubject(times(n, { jobs, failed: jobs }), 5), n * jobs * 3, 5)) return n * jobs;
    };
    expect([1, 2, 3, 4, 5, 6].map(enough)).toEqual([10, 10, 12, 16, 15, 18]);
  });

  it('a subject is not to blame when its failures are not more of all jobs than the limit', () => {
    const run = runOfSubject(times(10, { jobs: 5, failed: 5 }), 5);
    expect(isToBlame(run, 1_000, 5)).toBe(false);
    expect(isToBlame(run, 999, 5)).toBe(true);
  });

  it('the evidence against one subject begins anew after good windows', () => {
    const run = runOfSubject([...times(4, { jobs: 5, failed: 5 }), ...times(30, { jobs: 5, failed: 0 })], 5);
    expect(isToBlame(run, run.jobs, 5)).toBe(false);
    const again = runOfSubject(
      [...times(30, { jobs: 5, failed: 0 }), ...times(4, { jobs: 5, failed: 5 })],
      5,
    );
    expect(again).toMatchObject({ first: 30, jobs: 20, failed: 20, failedWindows: 4 });
  });

  it('a higher limit tolerates more failures of one subject', () => {
    expect(evidenceOfRun(times(4, { jobs: 5, failed: 5 }), 50)).toBeLessThan(10);
    expect(evidenceOfRun(times(4, { jobs: 5, failed: 5 }), 100)).toBeLessThan(10);
  });
});

/** 90 subjects with a job an hour each, and one with five jobs in each window. */
function fleet(hours: number): SubjectWindow[] {
  const row = { category: '', arm: 'treatment', begun: 0 } as const;
  return Array.from({ length: hours * 12 }, (_, n) => n * 300).flatMap((startedAt, n) => [
    { ...row, startedAt, subject: 'bad', finished: 5, failed: 5 },
    ...Array.from({ length: 8 }, (_, k) => ({
      ...{ ...row, startedAt, subject: `s${(n * 8 + k) % 90}`, finished: 1, failed: 0 },
    })),
  ]);
}

function judged(params: HealthParams = {}) {
  const rows = fleet(0.25);
  const run = runOfSubject(
    rows
      .filter(({ subject }) => subject === 'bad')
      .map(({ finished, failed }) => ({ jobs: finished, failed })),
    5,
  );
  const known = evidenceOf({
    ...{ startedAt: 0, now: 900, windows: windowsOf(rows), durations: SHORT_JOBS, startsPerControl: null },
  });
  const lone = [{ ...run, subject: 'bad', since: 0, everybody: 39 }];
  return judge({ ...known, lone }, 900, params).judgement;
}

describe('a subject that is to blame alone', () => {
  it('a single subject to blame is named while the score of all is far from its limit', () => {
    const judgement = judged();
    expect(judgement).toMatchObject({ verdict: 'suspect', reasonCode: 'few_subjects' });
    expect(judgement.worst).toMatchObject([{ subject: 'bad', jobs: 15, failed: 15 }]);
    expect(judgement.scores.absolute).toBeLessThan(Math.log(1_000));
    expect(judgement.reason).toMatch(
      /^bad alone is to blame: 15 of 15 jobs failed since 00:00, in 3 windows of five minutes, which is 38% of all 39 jobs; that it fails nearly everything is evidence \d+\.\d against 9\.2 needed: quarantine or fix it$/,
    );
  });

  it('harm by a single subject is the feature’s harm when few_subjects is rollback', () => {
    expect(judged({ fewSubjects: 'harmful' }).reasonCode).not.toBe('few_subjects');
  });
});
