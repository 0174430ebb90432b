import { describe, expect, test } from 'vitest';
import { type EvidenceRow, judgeFeature } from '../../../src/domain/health/health.ts';
import { backTest } from '../../../src/domain/simulation/back-test.ts';
import { compareWithPast } from '../../../src/domain/simulation/back-test-compare.ts';
import { drawLife } from '../../../src/domain/simulation/simulation.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { spec } from '../../helpers/specs.ts';
import { quiet, rows, TEN } from '../health/health-rows.ts';

const BROKEN = rows([0, 10, 0], [15, 20, 14], [30, 20, 15], [45, 20, 0]);
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
  test('finds a breakage at the end of the quarter of an hour that shows it, and ends there', () => {
    const { fired, epochs } = backTest([{ epoch: 3, rows: [...quiet(24), ...BROKEN] }], spec());
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

  test('each verdict is the one that a tick would have found then, and no check before it had it', () => {
    for (const analysis of ['sequential', 'threshold'] as const) {
      for (const seed of [1, 2, 3, 4]) {
        const traffic = { jobsPerHour: 12, errorRate: 3, hours: 72, breakage: { hour: 40, errorRate: 9 } };
        const evidence: EvidenceRow[] = drawLife(traffic, seededRandom(seed)).flatMap(({ minute, strata }) =>
          strata.map((stratum) => ({ ...stratum, category: 'small', minute: TEN + minute })),
        );
        const proposed = limit(5, analysis);
        const verdictAt = (minute: number) =>
          judgeFeature(
            proposed,
            evidence.filter((row) => row.minute < minute),
            minute,
          ).verdict;
        const { fired } = backTest([{ epoch: 1, rows: evidence }], proposed);
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

  test('a higher limit is quieter, and epochs do not speak for each other', () => {
    const epochs = [
      { epoch: 2, rows: rows([60, 20, 0], [75, 20, 0]) },
      { epoch: 1, rows: BROKEN },
    ];
    expect(backTest(epochs, limit(90)).fired.map(({ verdict }) => verdict)).toEqual(['warning']);
    const { fired, epochs: tests } = backTest(epochs, limit(5));
    expect(fired.map(({ epoch }) => epoch)).toEqual([1]);
    expect(tests.map(({ epoch, rolledBackAt }) => [epoch, rolledBackAt])).toEqual([
      [1, TEN + 30],
      [2, null],
    ]);
  });

  test('a warning is told once while it lasts', () => {
    const slow = Array.from({ length: 40 }, (_, i): [number, number, number] => [i * 15, 20, 1]);
    const { fired } = backTest([{ epoch: 1, rows: rows(...slow) }], limit(5));
    expect(fired.map(({ verdict }) => verdict)).toEqual(['warning']);
  });

  test('the plain rule also speaks where good jobs leave its window without a new one coming', () => {
    const evidence = rows([0, 90, 0], [60, 10, 2], [24 * 60 + 45, 1, 0]);
    const [first] = backTest([{ epoch: 1, rows: evidence }], limit(5, 'threshold')).fired.filter(
      ({ verdict }) => verdict === 'harmful',
    );
    expect(first?.at).toBe(TEN + 24 * 60 + 15);
  });

  test('a failure of one category alone is found with its name', () => {
    const evidence = [0, 15, 30].flatMap((minute) =>
      rows([minute, 300, 3, 0, 0, 'small'], [minute, 8, 6, 0, 0, 'large']),
    );
    const [fired] = backTest([{ epoch: 1, rows: evidence }], spec()).fired.filter(
      ({ verdict }) => verdict === 'harmful',
    );
    expect(fired).toMatchObject({ scope: 'large' });
  });

  test('nothing, control alone and impossible counts', () => {
    expect(backTest([], spec())).toEqual({ fired: [], epochs: [] });
    expect(backTest([{ epoch: 1, rows: rows([0, 0, 0, 9, 9]) }], spec())).toEqual({ fired: [], epochs: [] });
    const { fired, epochs } = backTest([{ epoch: 1, rows: rows([0, 1, 2]) }], spec());
    expect(fired).toEqual([]);
    expect(epochs).toMatchObject([
      { epoch: 1, rolledBackAt: null, problem: expect.stringContaining('2 errors in 1 jobs') },
    ]);
  });
});

describe('beside what really happened', () => {
  const tested = backTest(
    [
      { epoch: 1, rows: BROKEN },
      { epoch: 3, rows: rows([300, 20, 0], [315, 20, 0]) },
    ],
    limit(5),
  );

  test('both took it back: by how much these thresholds were earlier', () => {
    expect(compareWithPast(tested, [rolledBack(TEN + 150)])).toMatchObject([
      { epoch: 1, agreement: 'both', rolledBackAt: TEN + 30, hoursEarlier: 2 },
    ]);
    expect(compareWithPast(tested, [rolledBack(TEN + 15)])).toMatchObject([{ hoursEarlier: -0.25 }]);
  });

  test('only one of them did', () => {
    expect(compareWithPast(tested, [])).toMatchObject([
      { epoch: 1, agreement: 'only_proposed', incident: null },
    ]);
    const quietTest = backTest([{ epoch: 1, rows: BROKEN }], limit(90));
    expect(compareWithPast(quietTest, [rolledBack(TEN + 150)])).toMatchObject([
      { epoch: 1, agreement: 'only_past', rolledBackAt: null, hoursEarlier: null },
    ]);
    expect(compareWithPast(quietTest, [])).toEqual([]);
  });

  test('an incident belongs to the epoch it ended, the first one where there are two', () => {
    const incidents = [rolledBack(TEN + 400, '9'), rolledBack(TEN + 150, '8'), rolledBack(TEN + 60, '7')];
    expect(compareWithPast(tested, incidents).map(({ epoch, incident }) => [epoch, incident?.id])).toEqual([
      [1, '7'],
      [3, '9'],
    ]);
    expect(compareWithPast({ epochs: [] }, incidents)).toEqual([]);
    expect(compareWithPast(tested, [rolledBack(TEN - 10)])).toMatchObject([{ agreement: 'only_proposed' }]);
  });

  test('where the next epoch begins in the same quarter of an hour, it ended the one before', () => {
    const close = backTest(
      [
        { epoch: 1, rows: rows([0, 20, 0], [15, 5, 0]) },
        { epoch: 2, rows: rows([15, 5, 0], [30, 20, 0]) },
      ],
      limit(5),
    );
    expect(compareWithPast(close, [rolledBack(TEN + 20)])).toMatchObject([{ epoch: 1 }]);
    expect(compareWithPast(close, [rolledBack(TEN + 40)])).toMatchObject([{ epoch: 2 }]);
  });
});
