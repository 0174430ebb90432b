import { expect, test } from 'vitest';
import { judgeByThreshold } from '../../../src/domain/health/health.ts';
import type { HealthParams } from '../../../src/domain/score/rule.ts';
import { judged, quiet, type Row, rows, TEN } from './health-rows.ts';

function reasonOf(list: Row[], params: HealthParams = {}): string {
  const { verdict, reason } = judged(list, params);
  return `${verdict}: ${reason}`;
}

/** The same row at the start of each of `count` quarters of an hour. */
function repeated(count: number, [, ...counts]: Row): Row[] {
  return Array.from({ length: count }, (_, n): Row => [n * 15, ...counts]);
}

test('the reason of harmful has the counts, their start, the limit, the evidence and its arithmetic', () => {
  expect(reasonOf([[15, 20, 14]])).toMatchInlineSnapshot(
    `"harmful: 14 of 20 jobs failed since 10:15; at a limit of 5% that is evidence 27.0 against 8.5 needed (odds x 20: 41.9 - 20 spans x 0.6678)"`,
  );
  // 14 ln 20 = 41.9 and 20 ln(1 + 19 x 5%) = 20 x 0.6678: the other four multipliers and ln 5 make it 27.0.
  expect(14 * Math.log(20) - 20 * 0.6678 - Math.log(5)).toBeCloseTo(27, 0);
  expect(reasonOf([[15, 1000, 150]], { maxErrorRate: 7.5 })).toMatchInlineSnapshot(
    `"harmful: 150 of 1000 jobs failed since 10:15; at a limit of 7.5% that is evidence 29.2 against 8.5 needed (odds x 2.5: 137.4 - 1000 spans x 0.1066)"`,
  );
  expect(reasonOf([[15, 1_000_000, 60_000]])).toMatchInlineSnapshot(
    `"harmful: 60000 of 1000000 jobs failed since 10:15; at a limit of 5% that is evidence 964 against 8.5 needed (odds x 1.25: 13388.6 - 1000000 spans x 0.0124)"`,
  );
});

test('the reason of suspect names the shared outage or the comparison with control', () => {
  expect(reasonOf([[0, 100, 20, 900, 180]])).toMatchInlineSnapshot(
    `"suspect: 20 of 100 jobs failed since 10:00; at a limit of 5% that is evidence 12.4 against 8.5 needed (odds x 5: 32.2 - 100 spans x 0.1823), but 180 of 900 control jobs failed too: an outage that both arms share"`,
  );
  expect(reasonOf(repeated(20, [0, 100, 4, 900, 4]))).toMatchInlineSnapshot(
    `"suspect: 80 of 2000 jobs failed since 10:00 and 80 of 18000 in control; at tolerated odds of 2 to 1 that is evidence 39.8 against 8.5 needed; for the limit of 5% it is -0.5 against 8.5 needed"`,
  );
});

test('the reason of warning has the counts and the evidence against the warning rate or control', () => {
  expect(reasonOf([[0, 10, 5]])).toMatchInlineSnapshot(
    `"warning: 5 of 10 jobs failed since 10:00; at a warning rate of 2.5% that is evidence 9.5 against 6.9 needed"`,
  );
  expect(reasonOf(repeated(14, [0, 100, 2, 900, 3]))).toMatchInlineSnapshot(
    `"warning: 28 of 1400 jobs failed since 10:00 and 42 of 12600 in control; at tolerated odds of 2 to 1 that is evidence 8.2 against 6.9 needed"`,
  );
});

test('the reason of insufficient says what is missing', () => {
  expect(reasonOf([[0, 4, 1]])).toMatchInlineSnapshot(
    `"insufficient: 4 jobs finished, 1 failed; 6 more jobs are needed for a judgement"`,
  );
  expect(reasonOf([[0, 9, 0]])).toMatchInlineSnapshot(
    `"insufficient: 9 jobs finished, 0 failed; 1 more job is needed for a judgement"`,
  );
  expect(reasonOf([[0, 1, 1]])).toMatchInlineSnapshot(
    `"insufficient: 1 job finished, 1 failed; 9 more jobs are needed for a judgement"`,
  );
  expect(reasonOf([...quiet(2), [0, 6, 6]])).toMatchInlineSnapshot(
    `"insufficient: 6 of 6 jobs failed since 10:00; at a warning rate of 2.5% that is evidence 14.1 against 6.9 needed, but 4 more jobs are needed for a judgement"`,
  );
  expect(reasonOf([[0, 20, 4]], { maxErrorRate: 1, minimumErrors: 5 })).toMatchInlineSnapshot(
    `"insufficient: 4 of 20 jobs failed since 10:00; at a warning rate of 0.5% that is evidence 8.6 against 6.9 needed, but 1 more span with a failure is needed for a judgement"`,
  );
});

test('the reason of healthy has the counts and the evidence against the warning rate', () => {
  expect(reasonOf([[0, 500, 3]])).toMatchInlineSnapshot(
    `"healthy: 3 of 500 jobs failed since 10:00; at a warning rate of 2.5% that is evidence -4.0 against 6.9 needed"`,
  );
  expect(reasonOf([...quiet(2), [0, 40, 2]])).toMatchInlineSnapshot(
    `"healthy: 2 of 120 jobs failed in all, 2 of 40 since 10:00; at a warning rate of 2.5% that is evidence 1.5 against 6.9 needed"`,
  );
});

test('the reason of no data says that no treatment job has finished', () => {
  expect(reasonOf([])).toMatchInlineSnapshot(`"no_data: no job of the treatment arm has finished"`);
  expect(reasonOf([[0, 0, 0, 40, 1]])).toMatchInlineSnapshot(
    `"no_data: no job of the treatment arm has finished, against 40 of control"`,
  );
});

test("the reason of a category's verdict names the category", () => {
  const others: Row[] = [
    [0, 200, 0, 0, 0, 'large'],
    [0, 200, 0, 0, 0, 'medium'],
  ];
  expect(reasonOf([...others, [0, 20, 12]])).toMatchInlineSnapshot(
    `"harmful: small: 12 of 20 jobs failed since 10:00; at a limit of 5% that is evidence 21.0 against 10.3 needed (odds x 20: 35.9 - 20 spans x 0.6678)"`,
  );
  expect(reasonOf([...others, [0, 20, 15, 0, 0, '']])).toMatchInlineSnapshot(
    `"harmful: without a category: 15 of 20 jobs failed since 10:00; at a limit of 5% that is evidence 30.0 against 10.3 needed (odds x 20: 44.9 - 20 spans x 0.6678)"`,
  );
});

test('a reason names the day when its run began on another day', () => {
  expect(
    reasonOf([
      [-615, 10, 4],
      [-600, 10, 4],
      [-585, 10, 4],
    ]),
  ).toMatchInlineSnapshot(
    `"harmful: 8 of 20 jobs failed since 2026-11-21 23:45; at a limit of 5% that is evidence 9.2 against 8.5 needed (odds x 20: 24.0 - 20 spans x 0.6678)"`,
  );
});

test('the reason of an error names the impossible parameter', () => {
  expect(reasonOf([[0, 5, 5]], { maxErrorRate: 120 })).toMatchInlineSnapshot(
    `"error: not judged: maxErrorRate is 120, not 0 to 100 percent"`,
  );
});

test('the reasons of the plain rule have the counts, the share and the limit', () => {
  const plain = (list: Row[], now = TEN + 60) => {
    const { verdict, reason } = judgeByThreshold(rows(...list), { now });
    return `${verdict}: ${reason}`;
  };
  expect(plain([[15, 20, 14]])).toMatchInlineSnapshot(
    `"harmful: 14 of 20 jobs failed since 10:15; 70% is over the limit of 5%"`,
  );
  expect(
    plain([
      [-720, 1000, 20],
      [15, 1000, 40],
    ]),
  ).toMatchInlineSnapshot(
    `"warning: 60 of 2000 jobs failed since 2026-11-21 22:00; 3% is over the warning rate of 2.5%"`,
  );
  expect(plain([[15, 500, 3]])).toMatchInlineSnapshot(
    `"healthy: 3 of 500 jobs failed since 10:15; 0.6% is not over the warning rate of 2.5%"`,
  );
  expect(plain([[15, 8, 3]])).toMatchInlineSnapshot(
    `"insufficient: 8 jobs finished since 10:15, 3 failed; 2 more jobs are needed for a judgement"`,
  );
  expect(plain([[15, 8, 3]], TEN + 3000)).toMatchInlineSnapshot(
    `"no_data: no job of the treatment arm has finished in the window"`,
  );
  expect(plain([[15, 1_000_000, 50_001]])).toMatchInlineSnapshot(
    `"harmful: 50001 of 1000000 jobs failed since 10:15; 5.0001% is over the limit of 5%"`,
  );
  expect(plain([[15, 5, 6]])).toMatchInlineSnapshot(
    `"error: not judged: the row of 2026-11-22 10:15 has 6 errors in 5 jobs"`,
  );
});
