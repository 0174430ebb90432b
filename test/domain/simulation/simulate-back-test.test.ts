import { describe, expect, test } from 'vitest';
import { judgeFeature } from '../../../src/domain/health/health.ts';
import { backTest } from '../../../src/domain/simulation/back-test.ts';
import { compareWithPast } from '../../../src/domain/simulation/back-test-compare.ts';
import { drawLife } from '../../../src/domain/simulation/simulation.ts';
import { evidenceOf } from '../../../src/domain/verdict/evidence.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { spec } from '../../helpers/data/specs.ts';
import { quiet, type Row, rows, SHORT_JOBS, TEN, windows } from '../health/health-rows.ts';

const BROKEN: Row[] = [
  [0, 10, 0],
  [15, 20, 14],
  [30, 20, 15],
  [45, 20, 0],
];

/** An epoch with these jobs, each of a subject of its own. */
function epochOf(epoch: number, ...list: Row[]) {
  const all = windows(...list);
  return { epoch, rows: rows(...list), startedAt: all[0]?.startedAt ?? 0, windows: all };
}

const limit = (max_error_rate: number, analysis: 'sequential' | 'threshold' = 'sequential') => {
  const { thresholds } = spec();
  const warning_error_rate = max_error_rate / 2;
  const critical_error_rate = Math.min(100, max_error_rate * 2);
  return spec({
    analysis,
    thresholds: { ...thresholds, max_error_rate, warning_error_rate, critical_error_rate },
  });
};
const at = (minute: number) => new Date(minute * 60_000);
const rolledBack = (minute: number, id = '1') => ({
  id,
  kind: 'rollback' as const,
  opened_at: at(minute),
  reason: 'over the limit',
});

describe('a back-test', () => {
  test('a back-test finds a breakage at the end of the slice that shows it, and ends there', () => {
    const { fired, epochs } = backTest([epochOf(3, ...quiet(24), ...BROKEN)], spec());
    expect(fired).toMatchObject([{ epoch: 3, at: TEN + 30, verdict: 'harmful', reasonCode: 'over_limit' }]);
    expect(fired[0]?.reason).toMatch(/^14 of 20 jobs failed since 10:15; at a limit of 5% that is evidence/);
    expect(epochs).toMatchObject([
      {
        epoch: 3,
        from: TEN - 1440,
        until: TEN + 60,
        jobs: 1030,
        errors: 29,
        rolledBackAt: TEN + 30,
        warnings: 0,
      },
    ]);
  });

  test('each verdict of a back-test is the one that a tick would have found first at that time', () => {
    for (const analysis of ['sequential', 'threshold'] as const) {
      for (const seed of [1, 2, 3, 4]) {
        const traffic = { jobsPerHour: 12, errorRate: 3, hours: 72, breakage: { hour: 40, errorRate: 9 } };
        const drawn = drawLife(traffic, seededRandom(seed)).flatMap((step) => step.windows);
        const all = drawn.map((window) => ({ ...window, startedAt: window.startedAt + TEN * 60 }));
        const finished = all.map(({ startedAt, jobs, failed }) => ({
          ...{
            minute: startedAt / 60,
            category: 'small',
            jobs,
            errors: failed,
            controlJobs: 0,
            controlErrors: 0,
          },
        }));
        const known = { epoch: 1, rows: finished, startedAt: TEN * 60, windows: all };
        const verdictAt = (minute: number) => {
          const seen = all.filter(({ startedAt }) => startedAt < minute * 60);
          const now = {
            startedAt: TEN * 60,
            now: minute * 60,
            durations: SHORT_JOBS,
            startsPerControl: null,
          };
          const score = evidenceOf({ ...now, windows: seen });
          const before = finished.filter((row) => row.minute < minute);
          return judgeFeature(limit(5, analysis), { rows: before, score }, minute * 60).judgement.verdict;
        };
        const { fired } = backTest([known], limit(5, analysis));
        for (const { at: minute, verdict } of fired) {
          expect(verdictAt(minute)).toBe(verdict);
          expect(verdictAt(minute - 15)).not.toBe(verdict);
        }
        const harmful = fired.find(({ verdict }) => verdict === 'harmful')?.at ?? TEN + 72 * 60;
        for (let minute = TEN + 15; minute < harmful; minute += 60)
          expect(verdictAt(minute)).not.toBe('harmful');
      }
    }
  });

  test('a higher limit gives fewer findings, and each epoch is tested by itself', () => {
    const epochs = [epochOf(2, [60, 20, 0], [75, 20, 0]), epochOf(1, ...BROKEN)];
    expect(backTest(epochs, limit(60)).fired.map(({ verdict }) => verdict)).toEqual(['warning']);
    const { fired, epochs: tests } = backTest(epochs, limit(5));
    expect(fired.map(({ epoch }) => epoch)).toEqual([1]);
    expect(tests.map(({ epoch, rolledBackAt }) => [epoch, rolledBackAt])).toEqual([
      [1, TEN + 30],
      [2, null],
    ]);
  });

  test('a lasting warning is reported once by a back-test', () => {
    const slow = Array.from({ length: 120 }, (_, i): Row => [i * 15, 20, 1]);
    const { fired } = backTest([epochOf(1, ...slow)], limit(5));
    expect(fired.map(({ verdict }) => verdict)).toEqual(['warning']);
  });

  test('the plain rule also fires when good jobs leave its window without a new job', () => {
    const evidence = epochOf(1, [0, 90, 0], [60, 10, 2], [24 * 60 + 45, 1, 0]);
    const [first] = backTest([evidence], limit(5, 'threshold')).fired.filter(
      ({ verdict }) => verdict === 'harmful',
    );
    expect(first?.at).toBe(TEN + 24 * 60 + 15);
  });

  test('a back-test finds the failure of a single category and names it', () => {
    const evidence = [0, 15, 30].flatMap((minute): Row[] => [
      [minute, 300, 3, 0, 0, 'small'],
      [minute, 8, 6, 0, 0, 'large'],
    ]);
    const [fired] = backTest([epochOf(1, ...evidence)], spec()).fired.filter(
      ({ verdict }) => verdict === 'harmful',
    );
    expect(fired).toMatchObject({ scope: 'large' });
  });

  test('a back-test accepts no evidence, control alone and impossible counts', () => {
    expect(backTest([], spec())).toEqual({ fired: [], epochs: [] });
    expect(backTest([epochOf(1, [0, 0, 0, 9, 9])], spec())).toEqual({ fired: [], epochs: [] });
    const { fired, epochs } = backTest([epochOf(1, [0, 1, 2])], spec());
    expect(fired).toEqual([]);
    expect(epochs).toMatchObject([
      { epoch: 1, rolledBackAt: null, problem: expect.stringContaining('2 errors in 1 jobs') },
    ]);
  });
});

describe('beside what really happened', () => {
  const tested = backTest([epochOf(1, ...BROKEN), epochOf(3, [300, 20, 0], [315, 20, 0])], limit(5));

  test('when both rolled back, the comparison says how much earlier the proposed thresholds were', () => {
    expect(compareWithPast(tested, [rolledBack(TEN + 150)])).toMatchObject([
      { epoch: 1, agreement: 'both', rolledBackAt: TEN + 30, hoursEarlier: 2 },
    ]);
    expect(compareWithPast(tested, [rolledBack(TEN + 15)])).toMatchObject([{ hoursEarlier: -0.25 }]);
  });

  test('the comparison says when only the past or only the proposed thresholds rolled back', () => {
    expect(compareWithPast(tested, [])).toMatchObject([
      { epoch: 1, agreement: 'only_proposed', incident: null },
    ]);
    const quietTest = backTest([epochOf(1, ...BROKEN)], limit(90));
    expect(compareWithPast(quietTest, [rolledBack(TEN + 150)])).toMatchObject([
      { epoch: 1, agreement: 'only_past', rolledBackAt: null, hoursEarlier: null },
    ]);
    expect(compareWithPast(quietTest, [])).toEqual([]);
  });

  test('an incident belongs to the epoch that it ended, and the first incident counts', () => {
    const incidents = [rolledBack(TEN + 400, '9'), rolledBack(TEN + 150, '8'), rolledBack(TEN + 60, '7')];
    expect(compareWithPast(tested, incidents).map(({ epoch, incident }) => [epoch, incident?.id])).toEqual([
      [1, '7'],
      [3, '9'],
    ]);
    expect(compareWithPast({ epochs: [] }, incidents)).toEqual([]);
    expect(compareWithPast(tested, [rolledBack(TEN - 10)])).toMatchObject([{ agreement: 'only_proposed' }]);
  });

  test('an incident in the quarter of an hour in which the next epoch begins ended the earlier epoch', () => {
    const close = backTest(
      [epochOf(1, [0, 20, 0], [15, 5, 0]), epochOf(2, [15, 5, 0], [30, 20, 0])],
      limit(5),
    );
    expect(compareWithPast(close, [rolledBack(TEN + 20)])).toMatchObject([{ epoch: 1 }]);
    expect(compareWithPast(close, [rolledBack(TEN + 40)])).toMatchObject([{ epoch: 2 }]);
  });
});
