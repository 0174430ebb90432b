import { describe, expect, test } from 'vitest';
import { type EvidenceRow, judge, judgeByCategory } from '../../../src/domain/health/health.ts';
import { TEN } from './health-rows.ts';

type Counts = readonly [jobs: number, errors: number, controlJobs: number, controlErrors: number];

/** One row a category, all of the same quarter of an hour. */
function evidence(categories: Record<string, Counts>): EvidenceRow[] {
  return Object.entries(categories).map(([category, [jobs, errors, controlJobs, controlErrors]]) => ({
    minute: TEN,
    category,
    jobs,
    errors,
    controlJobs,
    controlErrors,
  }));
}

/** An outage of one category that both arms have. */
const OUTAGE: Counts = [600, 90, 600, 100];

describe('an outage that control shares', () => {
  test('is one whatever control does in other categories', () => {
    const judged = judgeByCategory(evidence({ enterprise: OUTAGE, test: [20, 0, 3960, 4] }));
    expect(judged).toMatchObject({ verdict: 'suspect', reasonCode: 'shared_outage', scope: 'all' });
    expect(judged.reason).toContain('but 100 of 600 control jobs of enterprise failed too');
    expect(judgeByCategory(evidence({ enterprise: OUTAGE })).verdict).toBe('suspect');
  });

  test('is none where control fails only in categories in which treatment does not', () => {
    const judged = judgeByCategory(evidence({ enterprise: [600, 90, 0, 0], test: [20, 0, 3960, 900] }));
    expect(judged).toMatchObject({ verdict: 'harmful', reasonCode: 'over_limit' });
  });

  test('hides no category that fails without control', () => {
    const shared = evidence({ enterprise: OUTAGE, medium: [40, 20, 0, 0] });
    expect(judge(shared)).toMatchObject({ verdict: 'harmful', reasonCode: 'over_limit' });
    expect(judgeByCategory(shared).verdict).toBe('harmful');
  });

  test('hides no category that control does not share', () => {
    const judged = judgeByCategory(evidence({ enterprise: OUTAGE, medium: [200, 60, 200, 2] }));
    expect(judged.verdict).toBe('harmful');
  });

  test('may lie in several categories at once, each too thin to tell alone', () => {
    const thin = Object.fromEntries(
      ['small', 'medium', 'large', 'enterprise'].map((category) => [category, [8, 4, 8, 4] as const]),
    );
    expect(judgeByCategory(evidence(thin))).toMatchObject({
      verdict: 'suspect',
      reasonCode: 'shared_outage',
    });
  });

  test('is not made of many good control jobs of a category with a single failure of treatment', () => {
    // Of 3,000 test jobs of treatment one fails; the enterprise fails, and control there is as bad.
    const judged = judgeByCategory(evidence({ enterprise: OUTAGE, test: [3000, 1, 9000, 3] }));
    expect(judged.verdict).toBe('suspect');
  });
});
