import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, test } from 'vitest';
import {
  type EvidenceRow,
  type HealthParams,
  type Judgement,
  judge,
  judgeByCategory,
  judgeByThreshold,
} from '../../../src/domain/health/health.ts';

/** Sixty worked cases, kept beside the checkout and not in it. */
const FILE = resolve(import.meta.dirname, '../../../../shared/data/health-cases.csv');

type Case = Record<
  | 'id'
  | 'description'
  | 'function'
  | 'options_json'
  | 'rows_json'
  | 'decision'
  | 'reason'
  | 'severity'
  | 'scope'
  | 'ln_abs'
  | 'ln_rel'
  | 'ln_warn'
  | 'ln_crit'
  | 'abs_since'
  | 'abs_n'
  | 'abs_x'
  | 'abs_cn'
  | 'abs_cx'
  | 'rate'
  | 'rule_a',
  string
>;

/** What the file calls each verdict. */
const DECISIONS: Record<Judgement['verdict'], string> = {
  healthy: 'continue',
  insufficient: 'continue',
  warning: 'warn',
  suspect: 'hold',
  harmful: 'rollback',
  no_data: 'no_data',
  error: 'RangeError',
};

/** What the file calls the few reasons and severities that have another name here. */
const NAMES: Record<string, string> = {
  over_warning_rate: 'over_warn_rate',
  too_few_jobs: 'healthy',
  warning: 'warn',
};

function rowsOf(each: Case): EvidenceRow[] {
  const rows = JSON.parse(each.rows_json) as [number, number, number, number?, number?, string?][];
  return rows.map(([minute, jobs, errors, controlJobs = 0, controlErrors = 0, category = '']) => ({
    minute,
    category,
    jobs,
    errors,
    controlJobs,
    controlErrors,
  }));
}

/** The file gives rates as fractions and has another default for the least number of jobs. */
function paramsOf(each: Case): HealthParams {
  const options = JSON.parse(each.options_json) as Record<string, number | string>;
  const params: HealthParams = { minimumJobs: Number(options.minSample ?? 5) };
  if (options.maxErrorRate !== undefined) params.maxErrorRate = Number(options.maxErrorRate) * 100;
  if (options.warnErrorRate !== undefined) params.warningErrorRate = Number(options.warnErrorRate) * 100;
  if (options.criticalErrorRate !== undefined)
    params.criticalErrorRate = Number(options.criticalErrorRate) * 100;
  if (options.designEffect !== undefined) params.designEffect = Number(options.designEffect);
  if (options.sharedOutage === 'rollback') params.sharedOutage = 'harmful';
  return params;
}

function check(each: Case): void {
  const judged = (each.function === 'decide' ? judge : judgeByCategory)(rowsOf(each), paramsOf(each));
  expect(DECISIONS[judged.verdict]).toBe(each.decision);
  if (judged.verdict === 'error') return;
  const { scores, window } = judged;
  expect({
    reason: NAMES[judged.reasonCode] ?? judged.reasonCode,
    severity: NAMES[judged.severity] ?? judged.severity,
    scope: judged.scope,
    since: String(window.since ?? ''),
    counts: [window.jobs, window.errors, window.controlJobs, window.controlErrors].map(String),
    rate: judged.jobs > 0 ? (judged.errors / judged.jobs).toFixed(4) : '',
  }).toEqual({
    reason: each.reason,
    severity: each.severity,
    scope: each.scope,
    since: each.abs_since,
    counts: [each.abs_n, each.abs_x, each.abs_cn, each.abs_cx],
    rate: judged.scope === 'all' ? each.rate : expect.any(String),
  });
  const expected = [each.ln_abs, each.ln_rel, each.ln_warn, each.ln_crit].map(Number);
  const actual = [scores.absolute, scores.relative, scores.warning, scores.critical];
  actual.forEach((score, index) => {
    expect(Math.abs(score - (expected[index] as number))).toBeLessThan(6e-5);
  });
}

describe('worked cases', () => {
  if (!existsSync(FILE)) {
    test('the file of worked cases is absent beside this checkout, so none of them was run', () => {
      expect(existsSync(FILE)).toBe(false);
    });
    return;
  }
  const cases = parse<Case>(readFileSync(FILE, 'utf8'), { columns: true });

  test('there are 60 of them', () => {
    expect(cases).toHaveLength(60);
  });

  test.each(cases.map((each) => [each.id, each.description, each] as const))('%s: %s', (_id, _text, each) => {
    check(each);
  });

  test('the plain rule rolls back exactly where the file says it would', () => {
    const possible = cases.filter((each) => each.decision !== 'RangeError');
    const rolledBack = possible.map((each) => judgeByThreshold(rowsOf(each)).verdict === 'harmful');
    expect(rolledBack).toEqual(possible.map((each) => each.rule_a === 'rollback'));
  });
});
