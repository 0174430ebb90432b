import { describe, expect, test } from 'vitest';
import { judge, judgeFeature, stormed } from '../../../src/domain/health/health.ts';
import { evidenceOf } from '../../../src/domain/verdict/evidence.ts';
import { spec } from '../../helpers/data/specs.ts';
import { endOf, evidence, judged, quiet, type Row, rows, TEN, windows } from './health-rows.ts';

describe('scores, worked out by hand', () => {
  test('the score of 5 failed spans of 5 at a limit of 5% is the one worked out by hand', () => {
    // k = 1.25: 5 (ln 1.25 - ln 1.0125) = 1.0536    exp =      2.87
    // k = 1.6:  5 (ln 1.6  - ln 1.03)   = 2.2022    exp =      9.05
    // k = 2.5:  5 (ln 2.5  - ln 1.075)  = 4.2199    exp =     68.02
    // k = 5:    5 (ln 5    - ln 1.2)    = 7.1356    exp =  1,255.9
    // k = 20:   5 (ln 20   - ln 1.95)   = 11.6395   exp = 113,495   mean 22,966, ln = 10.0418
    const { scores, verdict } = judged([[0, 5, 5]], { minimumJobs: 5 });
    expect(scores.absolute).toBeCloseTo(10.0418, 4);
    expect(verdict).toBe('harmful');
  });

  test('the score of 6 failed spans of 100 against none in control is the one worked out by hand', () => {
    // treatment's share of the failures may be 2 * 100 / (2 * 100 + 100) = 2/3
    // k = 1.25: 6 (ln 1.25 - ln 1.16667) = 0.4140   exp = 1.5128
    // k = 1.6:  6 (ln 1.6  - ln 1.4)     = 0.8012   exp = 2.2282
    // k = 2.5:  6 (ln 2.5  - ln 2)       = 1.3389   exp = 3.8147
    // k = 5:    6 (ln 5    - ln 3.66667) = 1.8609   exp = 6.4297
    // k = 20:   6 (ln 20   - ln 13.6667) = 2.2846   exp = 9.8221   mean 4.7615, ln = 1.5606
    expect(judged([[0, 100, 6, 100, 0]]).scores.relative).toBeCloseTo(1.5606, 4);
  });

  test('a slice adds a start of at most one before its factor', () => {
    // Two good spans a quarter of an hour later: each level is (1 + 1) / (1 + (k - 1) 0.05)^2 and the first slice's.
    const two = judged([
      [0, 1, 0],
      [15, 2, 0],
    ]);
    const mean = [1.25, 1.6, 2.5, 5, 20].map((k) => {
      const cost = 1 / (1 + (k - 1) * 0.05);
      return (cost + 1) * cost ** 2;
    });
    expect(two.scores.absolute).toBeCloseTo(Math.log(mean.reduce((a, b) => a + b) / 5), 9);
  });

  test('without jobs of both arms the comparison with control scores zero', () => {
    expect(
      judged([
        [0, 100, 50],
        [60, 100, 50],
      ]).scores.relative,
    ).toBe(0);
    expect(judged([[0, 0, 0, 100, 50]]).scores.relative).toBe(0);
  });

  test('without any evidence all scores are zero', () => {
    expect(judged([])).toEqual({
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

  test('the scores neither overflow nor vanish at a thousand million jobs a window', () => {
    const { scores } = judged([
      [0, 1e9, 1e8],
      [15, 1e9, 1e8],
    ]);
    expect(scores.absolute).toBeGreaterThan(1e6);
    expect(
      judged([
        [0, 1e9, 0],
        [15, 1e9, 0],
      ]).scores.absolute,
    ).toBeLessThan(-1e6);
    expect(Object.values(scores).every(Number.isFinite)).toBe(true);
  });

  test('limits of 0 and 100 percent are possible', () => {
    expect(judged([[0, 20, 4]], { maxErrorRate: 0 }).verdict).toBe('harmful');
    expect(judged([[0, 20, 20]], { maxErrorRate: 100, warningErrorRate: 100 }).verdict).toBe('healthy');
  });
});

describe('the table of verdicts', () => {
  test('a crossing stays for its epoch: later good jobs do not take it back', () => {
    const broken: Row[] = [...quiet(6), [0, 30, 15]];
    const after: Row[] = Array.from({ length: 200 }, (_, n): Row => [15 * (n + 1), 50, 0]);
    const harmful = judged(broken);
    expect(harmful).toMatchObject({ verdict: 'harmful', reasonCode: 'over_limit', severity: 'critical' });
    const later = judged([...broken, ...after]);
    expect(later).toMatchObject({ verdict: 'harmful', severity: 'critical', jobs: 10_270, errors: 15 });
    expect(later.window).toEqual(harmful.window);
    expect(later.scores.absolute).toBe(harmful.scores.absolute);
  });

  test('a feature that is only worse than control freezes and is never rolled back', () => {
    const worse = Array.from({ length: 24 }, (_, n): Row => [15 * n, 100, 4, 900, 4]);
    expect(judged(worse)).toMatchObject({ verdict: 'suspect', reasonCode: 'worse_than_control' });
  });

  test('too few failed jobs give insufficient instead of healthy, which holds an advance back', () => {
    const nine = judged([[0, 9, 9]]);
    expect(nine.scores.absolute).toBeGreaterThan(Math.log(5000));
    expect(nine).toMatchObject({ verdict: 'insufficient', reasonCode: 'too_few_jobs', severity: 'none' });
    expect(judged([[0, 10, 9]]).verdict).toBe('harmful');
  });

  test('failures are counted in spans: forty failures of one subject in five minutes are one', () => {
    const burst = windows([0, 1, 1]).map((window) => ({ ...window, jobs: 40, finished: 40, failed: 40 }));
    const all = [0, 300, 600].flatMap((later) =>
      burst.map((window) => ({ ...window, startedAt: window.startedAt + later })),
    );
    const { judgement } = judge(evidence(all), endOf(all), { maxErrorRate: 0.1, minimumErrors: 4 });
    expect(judgement).toMatchObject({ verdict: 'insufficient', errors: 120 });
    expect(judgement.reason).toContain('1 more span with a failure is needed');
  });

  test('minimum_jobs counts finished jobs', () => {
    const open = windows([0, 12, 7]).map((window) => ({ ...window, begun: 12, finished: 6 }));
    const { judgement } = judge(evidence(open), endOf(open));
    expect(judgement).toMatchObject({ verdict: 'insufficient', jobs: 6 });
    const done = windows([0, 12, 7]);
    expect(judge(evidence(done), endOf(done)).judgement.verdict).toBe('harmful');
  });

  test('one more failure does not undo a proof because a short burst now leads', () => {
    const proof: Row[] = [
      [0, 25, 6],
      [15, 5, 4],
    ];
    expect(judged(proof).verdict).toBe('harmful');
    expect(
      judged([
        [0, 25, 6],
        [15, 5, 5],
      ]).verdict,
    ).toBe('harmful');
  });

  test('each of several categories needs more evidence, and the errors over all need twice as much', () => {
    const broken: Row[] = [[0, 40, 11]];
    const others: Row[] = [
      [0, 400, 0, 0, 0, 'large'],
      [0, 400, 0, 0, 0, 'medium'],
    ];
    const alone = judged(broken);
    expect(alone).toMatchObject({ verdict: 'harmful', scope: 'all' });
    expect(alone.reason).toContain('against 8.5 needed');
    const diluted = judged([...broken, ...others]);
    expect(diluted.verdict).not.toBe('harmful');
    const worse = judged([[0, 40, 20], ...others]);
    expect(worse).toMatchObject({ verdict: 'harmful', scope: 'small' });
    expect(worse.reason).toContain('against 10.3 needed');
    expect(
      judged([
        [0, 40, 20],
        [0, 40, 20, 0, 0, 'large'],
      ]).reason,
    ).toContain('against 9.2 needed');
  });

  test('a category that only control has does not make another one harder to prove', () => {
    const idle: Row[] = [
      [0, 0, 0, 500, 1, 'large'],
      [0, 0, 0, 500, 1, 'enterprise'],
    ];
    expect(judged([[0, 12, 7], ...idle]).reason).toContain('against 8.5 needed');
  });

  test('a feature is judged by the analysis that its spec names', () => {
    const one = spec({ thresholds: { ...spec({}).thresholds, window: 3600 } });
    const list: Row[] = [[0, 10, 1]];
    const known = { rows: rows(...list), score: evidence(windows(...list)) };
    const at = (minute: number) => (TEN + minute) * 60;
    expect(judgeFeature({ ...one, analysis: 'threshold' }, known, at(15)).judgement.verdict).toBe('harmful');
    expect(judgeFeature({ ...one, analysis: 'threshold' }, known, at(90)).judgement.verdict).toBe('no_data');
    expect(judgeFeature({ ...one, analysis: 'sequential' }, known, at(15)).judgement.verdict).toBe('healthy');
  });

  test('a crossing among too many is suspect, and its reason names the storm', () => {
    const storm = stormed(judged([[0, 30, 20]]), 40);
    expect(storm).toMatchObject({ verdict: 'suspect', reasonCode: 'storm' });
    expect(storm.reason).toContain('more than 8 features crossed their limits within ten minutes');
  });
});

describe('an epoch that is young', () => {
  const young = (
    list: Row[],
    now: number,
    startsPerControl: number | null = null,
    meanSeconds: number | null = null,
    { timed = 100, timeless = false } = {},
  ) => {
    const durations = meanSeconds === null ? { timed: 0, meanSeconds: 0 } : { timed, meanSeconds };
    const all = windows(...list);
    const startedAt = TEN * 60;
    const of = { startedAt, now: (TEN + now) * 60, windows: all, durations, startsPerControl, timeless };
    const known = evidenceOf(of);
    return judge(known, (TEN + now) * 60).judgement;
  };

  test('a young epoch is at most suspect for a quarter of an hour when job durations are unknown', () => {
    const timeless = { timeless: true };
    const judged = young([[0, 20, 15]], 5, null, null, timeless);
    expect(judged).toMatchObject({ verdict: 'suspect', reasonCode: 'young_epoch' });
    expect(young([[0, 20, 15]], 16, null, null, timeless).verdict).toBe('harmful');
  });

  test('a young epoch with timed jobs waits for the first successes, as failures do not show how long jobs take', () => {
    expect(young([[0, 20, 20]], 170)).toMatchObject({ verdict: 'suspect', reasonCode: 'young_epoch' });
    expect(young([[0, 20, 20]], 181).verdict).toBe('harmful');
    // Five of them are a guess.
    expect(young([[0, 20, 15]], 16, null, 1, { timed: 5 }).verdict).toBe('harmful');
    expect(young([[0, 20, 15]], 60, null, 2_400, { timed: 5 }).verdict).toBe('suspect');
    expect(young([[0, 20, 15]], 16, null, 1, { timed: 4 }).verdict).toBe('suspect');
  });

  test('a young epoch is rolled back when it also fails against all jobs that must have begun', () => {
    expect(young([[0, 60, 60, 200, 0]], 5, 1).verdict).toBe('harmful');
    expect(young([[0, 6, 6, 200, 0]], 5, 1).verdict).not.toBe('harmful');
  });

  test('a young epoch is rolled back when every job failed, jobs never have times and control is silent', () => {
    const timeless = (list: Row[], isTimeless = true) => {
      const known = { startedAt: TEN * 60, now: TEN * 60 + 300, durations: { timed: 0, meanSeconds: 0 } };
      const all = windows(...list);
      const score = evidenceOf({ ...known, windows: all, startsPerControl: 1, timeless: isTimeless });
      return judge(score, TEN * 60 + 300).judgement.verdict;
    };
    expect(timeless([[0, 60, 60]])).toBe('harmful');
    expect(timeless([[0, 60, 60]], false)).toBe('suspect');
    expect(timeless([[0, 60, 59]])).toBe('suspect');
    expect(timeless([[0, 12, 12, 200, 1]])).not.toBe('harmful');
  });

  test('an epoch is never judged by jobs that ended before a success of known duration could', () => {
    const fast: Row[] = [
      [0, 12, 12],
      [60, 12, 12],
    ];
    const slow: Row[] = Array.from({ length: 20 }, (_, n): Row => [300 + 5 * n, 40, 1]);
    expect(young([...fast, ...slow], 420, null, 5_400)).toMatchObject({ verdict: 'healthy', jobs: 800 });
    expect(young(fast, 400, null, 5_400)).toMatchObject({
      verdict: 'insufficient',
      reasonCode: 'too_few_jobs',
    });
  });

  test('a young epoch is judged at once when routing shows which jobs began', () => {
    const all = windows([0, 40, 20]).map((window) => ({ ...window, begun: 40 }));
    const known = { startedAt: TEN * 60, now: TEN * 60 + 300, durations: { timed: 0, meanSeconds: 0 } };
    const score = evidenceOf({ ...known, windows: all, startsPerControl: null });
    expect(judge(score, TEN * 60 + 300).judgement.verdict).toBe('harmful');
  });
});

describe('impossible params are an error and never an exception', () => {
  test.each([
    { maxErrorRate: -1 },
    { maxErrorRate: 101 },
    { warningErrorRate: Number.NaN },
    { minimumJobs: -1 },
    { minimumErrors: Number.POSITIVE_INFINITY },
    { evidence: 1 },
    { warningEvidence: 0 },
    { sharedOutage: 'freeze' as 'suspect' },
  ])('impossible parameters are judged as an error without an exception: %j', (params) => {
    const { verdict, reason } = judged([[0, 5, 1]], params);
    expect(verdict).toBe('error');
    expect(reason).toContain(`${Object.keys(params)[0]} is ${Object.values(params)[0]}`);
  });
});

describe('subjects that run in the wrong arm', () => {
  const wrongArms = { subjects: 40, wrong: 12, named: ['acme/api'] };

  test('subjects in the wrong arm make a judgement an error, which closes the gate and never rolls back', () => {
    const all = windows([0, 40, 1]);
    const { judgement } = judge({ ...evidence(all), wrongArms }, endOf(all));
    expect(judgement).toMatchObject({ verdict: 'error', reasonCode: 'ratio' });
    expect(judgement.reason).toContain('12 of 40 subjects ran jobs in the other arm');
  });

  test('subjects in the wrong arm do not prevent the reaction to harm', () => {
    const all = windows([0, 40, 30]);
    expect(judge({ ...evidence(all), wrongArms }, endOf(all)).judgement.verdict).toBe('harmful');
  });
});
