import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/domain/health/health.ts';
import type { HealthParams } from '../../../src/domain/score/rule.ts';
import { endOf, evidence, judged, quiet, type Row, windows } from './health-rows.ts';

type Counts = readonly [jobs: number, errors: number, controlJobs: number, controlErrors: number];

/** One row a category, all of the same window. */
function at(after: number, categories: Record<string, Counts>): Row[] {
  return Object.entries(categories).map(([category, counts]): Row => [after, ...counts, category]);
}

/** An outage of one category that both arms have. */
const OUTAGE: Counts = [600, 90, 600, 100];

describe('an outage that control shares', () => {
  test('an outage that control shares is suspect, or harmful when the feature asks for that', () => {
    const outage: Row[] = [[0, 100, 20, 900, 180]];
    expect(judged(outage)).toMatchObject({ verdict: 'suspect', reasonCode: 'shared_outage' });
    const asked = judged(outage, { sharedOutage: 'harmful' });
    expect(asked).toMatchObject({ verdict: 'harmful', reasonCode: 'over_limit' });
  });

  test('an outage does not count as shared when control is at the limit or far better', () => {
    for (const [jobs, failed] of [
      [60, 3],
      [200, 30],
    ] as const) {
      expect(judged([[0, 40, 24, jobs, failed]]).verdict).toBe('harmful');
    }
    expect(judged([[0, 40, 24, 40, 20]]).reasonCode).toBe('shared_outage');
    expect(judged([[0, 20, 20, 20, 20]]).reasonCode).toBe('shared_outage');
  });

  test('an outage that control shares in one category counts as shared, whatever its other categories do', () => {
    const found = judged(at(0, { enterprise: OUTAGE, test: [20, 0, 3960, 4] }));
    expect(found).toMatchObject({ verdict: 'suspect', reasonCode: 'shared_outage', scope: 'all' });
    expect(found.reason).toContain('but 100 of 600 control jobs of enterprise failed too');
    expect(judged(at(0, { enterprise: OUTAGE })).verdict).toBe('suspect');
  });

  test('an outage is not shared when control fails only in other categories than treatment', () => {
    const found = judged(at(0, { enterprise: [600, 90, 0, 0], test: [20, 0, 3960, 900] }));
    expect(found).toMatchObject({ verdict: 'harmful', reasonCode: 'over_limit' });
  });

  test('a shared outage hides no category that control lacks or in which control is good', () => {
    expect(judged(at(0, { enterprise: OUTAGE, medium: [40, 20, 0, 0] })).verdict).toBe('harmful');
    expect(judged(at(0, { enterprise: OUTAGE, medium: [200, 60, 200, 2] })).verdict).toBe('harmful');
  });

  test('a shared outage may lie in several categories, each too thin to show it alone', () => {
    const thin = Object.fromEntries(
      ['small', 'medium', 'large', 'enterprise'].map((category) => [category, [8, 4, 8, 4] as const]),
    );
    expect(judged(at(0, thin))).toMatchObject({ verdict: 'suspect', reasonCode: 'shared_outage' });
  });

  test('a shared outage stays shared when control has more good jobs than treatment in the hours after it', () => {
    const outage: Row = [0, 300, 120, 40, 16];
    expect(judged([outage])).toMatchObject({ verdict: 'suspect', reasonCode: 'shared_outage' });
    // Over the whole run control fails less than the limit, and treatment far more.
    const after = [2, 3, 4, 5].map((hours): Row => [hours * 60, 20, 0, 400, 2]);
    expect(judged([outage, ...after])).toMatchObject({ verdict: 'suspect', reasonCode: 'shared_outage' });
    const failing = after.map(([at, jobs, , ...control]): Row => [at, jobs, 1, ...control]);
    expect(judged([outage, ...failing])).toMatchObject({ verdict: 'suspect', reasonCode: 'shared_outage' });
    // The same share of failures, not at the time of control's.
    expect(judged([[0, 20, 0, 40, 16], ...after.map(([at]): Row => [at, 75, 30, 400, 2])]).verdict).toBe(
      'harmful',
    );
  });

  test('one treatment failure in a good, large category does not hide a shared outage elsewhere', () => {
    const found = judged(at(0, { enterprise: OUTAGE, test: [3000, 1, 9000, 3] }));
    expect(found.verdict).toBe('suspect');
  });

  test('a shared outage is over when both arms are good again, and never counts as a crossing', () => {
    const after = Array.from({ length: 400 }, (_, n): Row => [15 * (n + 1), 20, 0, 180, 0]);
    expect(judged([[0, 40, 10, 360, 90], ...after]).verdict).toBe('healthy');
  });
});

describe('control that is heard of, but not of this', () => {
  /** Both arms good for an hour, then treatment breaks before control has finished a job. */
  const until = (...last: Row[]): Row[] => [
    ...Array.from({ length: 12 }, (_, n): Row => [5 * n - 60, 20, 0, 20, 0]),
    ...last,
  ];
  const look = (list: Row[], seconds: number, params: HealthParams = {}) => {
    const all = windows(...list);
    return judge(evidence(all), endOf(all) - 300 + seconds, params).judgement;
  };

  test('a verdict waits for control until it is silent longer than its own pace explains', () => {
    const broken = until([0, 20, 12]);
    expect(look(broken, 30)).toMatchObject({ verdict: 'suspect', reasonCode: 'awaiting_control' });
    expect(look(broken, 30).reason).toContain('too few to know whether it fails as well');
    expect(look(broken, 90).verdict).toBe('harmful');
  });

  test('a verdict waits for control while it has too few jobs to show that it fails too', () => {
    expect(look(until([0, 20, 12, 3, 0]), 240).reasonCode).toBe('awaiting_control');
    expect(look(until([0, 20, 12, 40, 0]), 240).verdict).toBe('harmful');
  });

  test('a verdict does not wait for control that was silent for the last hour', () => {
    expect(look([...quiet(6), [0, 20, 12]], 30).verdict).toBe('harmful');
  });
});
