import { describe, expect, test } from 'vitest';
import { judgeByThreshold, thresholdParams } from '../../../src/domain/health/health.ts';
import { rows, TEN } from './health-rows.ts';

describe('the plain rule', () => {
  test.each([
    [9, 9, 'insufficient', 'none'],
    [10, 0, 'healthy', 'none'],
    [40, 1, 'healthy', 'none'],
    [39, 1, 'warning', 'warning'],
    [20, 1, 'warning', 'warning'],
    [19, 1, 'harmful', 'error'],
    [10, 1, 'harmful', 'error'],
    [9_999, 1_000, 'harmful', 'critical'],
    [0, 0, 'no_data', 'none'],
  ])('the plain rule judges %i jobs with %i errors as %s', (jobs, errors, verdict, severity) => {
    const judged = judgeByThreshold(rows([0, jobs, errors]));
    expect(judged).toMatchObject({ verdict, severity, scope: 'all', jobs, errors });
    expect(judged.scores).toEqual({ absolute: 0, relative: 0, warning: 0, critical: 0 });
  });

  test('the plain rule counts the window before now, or before the last bucket without a now', () => {
    const evidence = rows([0, 10, 10], [60, 10, 0], [120, 10, 0]);
    const jobsAt = (params: { now?: number; windowMinutes?: number }) =>
      judgeByThreshold(evidence, params).jobs;
    expect(jobsAt({})).toBe(30);
    expect(jobsAt({ windowMinutes: 60 })).toBe(10);
    expect(jobsAt({ windowMinutes: 75 })).toBe(20);
    expect(jobsAt({ windowMinutes: 60, now: TEN + 121 })).toBe(10);
    expect(jobsAt({ windowMinutes: 60, now: TEN + 195 })).toBe(0);
    expect(judgeByThreshold(evidence, { windowMinutes: 75 }).window).toMatchObject({
      since: TEN + 60,
      jobs: 20,
    });
  });

  test('the plain rule ignores control', () => {
    expect(judgeByThreshold(rows([0, 20, 4, 900, 400])).verdict).toBe('harmful');
    expect(judgeByThreshold(rows([0, 0, 0, 900, 400])).verdict).toBe('no_data');
  });

  test('the plain rule answers impossible evidence and parameters with an error', () => {
    expect(judgeByThreshold(rows([0, 5, 6])).verdict).toBe('error');
    expect(judgeByThreshold([], { windowMinutes: 0 }).verdict).toBe('error');
    expect(judgeByThreshold([], { now: Number.NaN }).verdict).toBe('error');
    expect(judgeByThreshold([], { maxErrorRate: -5 }).verdict).toBe('error');
  });

  test('the plain rule takes its window from the spec, in minutes', () => {
    const thresholds = {
      max_error_rate: 8,
      warning_error_rate: 4,
      critical_error_rate: 16,
      minimum_jobs: 30,
      window: 7200,
      advance_error_rate: 3,
      max_slowdown: 1.5,
      job_timeout: {},
    };
    const rollback = { enabled: true, fuse: true, via: 'commit', on_shared_outage: 'freeze' } as const;
    expect(thresholdParams({ thresholds, rollback }, TEN)).toEqual({
      maxErrorRate: 8,
      warningErrorRate: 4,
      criticalErrorRate: 16,
      minimumJobs: 30,
      sharedOutage: 'suspect',
      fewSubjects: 'suspect',
      windowMinutes: 120,
      now: TEN,
    });
  });
});
