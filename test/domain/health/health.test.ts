import { describe, expect, test } from 'vitest';
import { type EvidenceRow, judge, judgeByCategory, judgeFeature } from '../../../src/domain/health/health.ts';
import { quiet, rows, TEN } from './health-rows.ts';

describe('scores, worked out by hand', () => {
  test('5 of 5 failed at a limit of 5%', () => {
    // k = 1.25: 5 (ln 1.25 - ln 1.0125) = 1.0536    exp =      2.87
    // k = 1.6:  5 (ln 1.6  - ln 1.03)   = 2.2022    exp =      9.05
    // k = 2.5:  5 (ln 2.5  - ln 1.075)  = 4.2199    exp =     68.02
    // k = 5:    5 (ln 5    - ln 1.2)    = 7.1356    exp =  1,255.9
    // k = 20:   5 (ln 20   - ln 1.95)   = 11.6395   exp = 113,495   mean 22,966, ln = 10.0418
    const { scores, verdict } = judge(rows([0, 5, 5]), { minimumJobs: 5 });
    expect(scores.absolute).toBeCloseTo(10.0418, 4);
    expect(verdict).toBe('harmful');
  });

  test('6 of 100 treatment jobs failed and none of 100 in control, with odds of 2 tolerated', () => {
    // treatment's share of the failures may be 2 * 100 / (2 * 100 + 100) = 2/3
    // k = 1.25: 6 (ln 1.25 - ln 1.16667) = 0.4140   exp = 1.5128
    // k = 1.6:  6 (ln 1.6  - ln 1.4)     = 0.8012   exp = 2.2282
    // k = 2.5:  6 (ln 2.5  - ln 2)       = 1.3389   exp = 3.8147
    // k = 5:    6 (ln 5    - ln 3.66667) = 1.8609   exp = 6.4297
    // k = 20:   6 (ln 20   - ln 13.6667) = 2.2846   exp = 9.8221   mean 4.7615, ln = 1.5606
    expect(judge(rows([0, 100, 6, 100, 0])).scores.relative).toBeCloseTo(1.5606, 4);
  });

  test('good days before a breakage change neither its score nor its window', () => {
    const alone = judge(rows([0, 20, 10]));
    const after = judge([...quiet(36), ...rows([0, 20, 10])]);
    expect(after.scores.absolute).toBe(alone.scores.absolute);
    expect(after.window).toEqual({ since: TEN, jobs: 20, errors: 10, controlJobs: 0, controlErrors: 0 });
    expect(after).toMatchObject({ verdict: 'harmful', severity: 'critical', jobs: 1460, errors: 10 });
  });

  test('the floor is once a bucket: failures first or last in a quarter hour are the same', () => {
    const once = judge(rows([0, 20, 10]));
    expect(judge(rows([0, 10, 10], [7, 5, 0], [14, 5, 0]))).toEqual(once);
    expect(judge(rows([0, 10, 0], [14, 10, 10]))).toEqual(once);
    expect(judge(rows([0, 10, 0], [15, 10, 10])).scores.absolute).toBeGreaterThan(once.scores.absolute);
  });

  test('a design effect divides the score of a bucket that is all of the evidence of each run', () => {
    const plain = judge(rows([0, 20, 10]));
    const grouped = judge(rows([0, 80, 40]), { designEffect: 4 });
    expect(grouped.scores.absolute).toBeCloseTo(plain.scores.absolute, 10);
  });

  test('without control there is no opinion about control', () => {
    expect(judge(rows([0, 100, 50], [60, 100, 50])).scores.relative).toBe(0);
    expect(judge(rows([0, 0, 0, 100, 50])).scores.relative).toBe(0);
  });

  test('no evidence at all scores zero', () => {
    expect(judge([])).toEqual({
      verdict: 'no_data',
      reasonCode: 'no_treated_jobs',
      reason: 'no job of the treatment arm has finished',
      severity: 'none',
      scope: 'all',
      jobs: 0,
      errors: 0,
      scores: { absolute: 0, relative: 0, warning: 0, critical: 0 },
      window: { since: null, jobs: 0, errors: 0, controlJobs: 0, controlErrors: 0 },
    });
  });

  test('a million jobs a bucket neither overflow nor vanish', () => {
    const { scores } = judge(rows([0, 1e9, 1e8], [15, 1e9, 1e8]));
    expect(scores.absolute).toBeGreaterThan(1e6);
    expect(judge(rows([0, 1e9, 0])).scores.absolute).toBeLessThan(-1e6);
    expect(Object.values(scores).every(Number.isFinite)).toBe(true);
  });

  test('limits of 0 and 100 percent are possible', () => {
    expect(judge(rows([0, 20, 4]), { maxErrorRate: 0 }).verdict).toBe('harmful');
    expect(judge(rows([0, 20, 20]), { maxErrorRate: 100, warningErrorRate: 100 }).verdict).toBe('healthy');
  });
});

describe('the table of verdicts', () => {
  test('a shared outage is suspect, or harmful where the feature asks for that', () => {
    const outage = rows([0, 100, 20, 900, 180]);
    expect(judge(outage)).toMatchObject({ verdict: 'suspect', reasonCode: 'shared_outage' });
    expect(judge(outage, { sharedOutage: 'harmful' })).toMatchObject({
      verdict: 'harmful',
      reasonCode: 'over_limit',
    });
  });

  test('an outage is not shared when control has too few jobs, is at the limit, or is far better', () => {
    for (const control of [
      [4, 3],
      [60, 3],
      [200, 30],
    ] as const) {
      expect(judge(rows([0, 40, 24, ...control])).reasonCode).not.toBe('shared_outage');
    }
    expect(judge(rows([0, 40, 24, 40, 20])).reasonCode).toBe('shared_outage');
    expect(judge(rows([0, 20, 20, 20, 20])).reasonCode).toBe('shared_outage');
  });

  test('failures that are too few to rest on hold an advance back: insufficient, not healthy', () => {
    const nine = judge([...quiet(6), ...rows([0, 9, 9])]);
    expect(nine.scores.absolute).toBeGreaterThan(Math.log(2000));
    expect(nine).toMatchObject({ verdict: 'insufficient', reasonCode: 'too_few_jobs', severity: 'none' });
    expect(judge([...quiet(6), ...rows([0, 10, 9])]).verdict).toBe('harmful');
  });

  test('one more failure does not undo a proof because a short burst now leads', () => {
    expect(judge(rows([0, 25, 5], [15, 5, 4])).verdict).toBe('harmful');
    const worse = judge(rows([0, 25, 5], [15, 5, 5]));
    expect(worse).toMatchObject({ verdict: 'harmful', window: { since: TEN, jobs: 30, errors: 10 } });
    expect(worse.scores.absolute).toBeGreaterThan(judge(rows([15, 5, 5])).scores.absolute);
  });

  test('each category alone needs m times the evidence', () => {
    const others = rows([0, 200, 0, 0, 0, 'large'], [0, 200, 0, 0, 0, 'medium']);
    const six = judgeByCategory([...others, ...rows([0, 12, 6])]);
    expect(judge(rows([0, 12, 6])).verdict).toBe('harmful');
    expect(six).toMatchObject({ verdict: 'warning', scope: 'small' });
    expect(judgeByCategory([...others, ...rows([0, 20, 10])])).toMatchObject({
      verdict: 'harmful',
      scope: 'small',
    });
  });

  test('a category that only control has makes no other one harder to prove', () => {
    const broken = rows([0, 12, 6]);
    const idle = rows([0, 0, 0, 500, 1, 'large'], [0, 0, 0, 500, 1, 'enterprise']);
    expect(judgeByCategory([...broken, ...idle]).verdict).toBe('harmful');
  });

  test('where a category says no worse than all together, the judgement is over all', () => {
    expect(judgeByCategory(rows([0, 20, 10])).scope).toBe('all');
    expect(judgeByCategory(rows([0, 20, 0], [0, 3, 0, 0, 0, 'large']))).toMatchObject({
      verdict: 'healthy',
      scope: 'all',
    });
  });

  test('a feature is judged by the analysis its spec names', () => {
    const thresholds = {
      max_error_rate: 5,
      warning_error_rate: 2.5,
      critical_error_rate: 10,
      minimum_jobs: 10,
      window: 3600,
      advance_error_rate: 3,
      max_slowdown: 1.5,
      job_timeout: {},
      design_effect: 1,
    };
    const rollback = { enabled: true, fuse: true, via: 'commit', on_shared_outage: 'rollback' } as const;
    const spec = { thresholds, rollback };
    const one = rows([0, 10, 1]);
    expect(judgeFeature({ ...spec, analysis: 'threshold' }, one, TEN + 15).verdict).toBe('harmful');
    expect(judgeFeature({ ...spec, analysis: 'threshold' }, one, TEN + 90).verdict).toBe('no_data');
    expect(judgeFeature({ ...spec, analysis: 'sequential' }, one, TEN + 15).verdict).toBe('healthy');
    const outage = rows([0, 100, 20, 900, 180]);
    expect(judgeFeature({ ...spec, analysis: 'sequential' }, outage, TEN + 15).verdict).toBe('harmful');
  });
});

describe('impossible evidence is an error and never an exception', () => {
  const good: EvidenceRow = {
    minute: TEN,
    category: 'small',
    jobs: 5,
    errors: 1,
    controlJobs: 5,
    controlErrors: 1,
  };
  const cases: [string, unknown][] = [
    ['more errors than jobs', [{ ...good, errors: 6 }]],
    ['more control errors than control jobs', [{ ...good, controlErrors: 6 }]],
    ['one bad row among good ones of its bucket', [good, { ...good, errors: 6 }, good]],
    ['negative jobs', [{ ...good, jobs: -1, errors: -1 }]],
    ['negative errors', [{ ...good, errors: -1 }]],
    ['negative control', [{ ...good, controlJobs: -1, controlErrors: -2 }]],
    ['NaN', [{ ...good, jobs: Number.NaN }]],
    ['infinitely many', [{ ...good, jobs: Number.POSITIVE_INFINITY }]],
    ['half a job', [{ ...good, jobs: 5.5 }]],
    ['a count as text', [{ ...good, errors: '1' }]],
    ['a count that is missing', [{ ...good, controlErrors: undefined }]],
    ['a time before 1970', [{ ...good, minute: -1 }]],
    ['no time', [{ ...good, minute: Number.NaN }]],
    ['a time after the end of dates', [{ ...good, minute: 1e15 }]],
    ['no category', [{ ...good, category: null }]],
    ['no row', [null]],
    ['no list', null],
    ['counts beyond counting', [{ ...good, jobs: Number.MAX_SAFE_INTEGER }, good]],
  ];
  test.each(cases)('%s', (_name, evidence) => {
    for (const judged of [judge, judgeByCategory]) {
      const { verdict, reasonCode, severity, reason } = judged(evidence as EvidenceRow[]);
      expect({ verdict, reasonCode, severity }).toEqual({
        verdict: 'error',
        reasonCode: 'impossible_evidence',
        severity: 'error',
      });
      expect(reason).toMatch(/^not judged: /);
    }
  });

  test.each([
    { maxErrorRate: -1 },
    { maxErrorRate: 101 },
    { warningErrorRate: Number.NaN },
    { minimumJobs: -1 },
    { minimumErrors: Number.POSITIVE_INFINITY },
    { designEffect: 0.5 },
    { oddsRatio: 0 },
    { evidence: 1 },
    { warningEvidence: 0 },
    { blockMinutes: 20 },
    { sharedOutage: 'freeze' as 'suspect' },
  ])('impossible params: %j', (params) => {
    const { verdict, reason } = judge([good], params);
    expect(verdict).toBe('error');
    expect(reason).toContain(`${Object.keys(params)[0]} is ${Object.values(params)[0]}`);
  });
});
