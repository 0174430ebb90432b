import { expect, test } from 'vitest';
import {
  type HealthParams,
  judge,
  judgeByCategory,
  judgeByThreshold,
} from '../../../src/domain/health/health.ts';
import { quiet, rows, TEN } from './health-rows.ts';

type Row = Parameters<typeof rows>[number];

function reasonOf(list: Row[], params: HealthParams = {}): string {
  const { verdict, reason } = judge(rows(...list), params);
  return `${verdict}: ${reason}`;
}

/** The same row at the start of each of `hours` hours. */
function hourly(hours: number, [, ...counts]: Row): Row[] {
  return Array.from({ length: hours }, (_, hour): Row => [hour * 60, ...counts]);
}

test('harmful says the counts, since when, the limit and the evidence', () => {
  expect(reasonOf([[15, 20, 14]])).toMatchInlineSnapshot(
    `"harmful: 14 of 20 jobs failed since 10:15; at a limit of 5% that is evidence 27.0 against 7.6 needed"`,
  );
  expect(reasonOf([[15, 1000, 150]], { maxErrorRate: 7.5 })).toMatchInlineSnapshot(
    `"harmful: 150 of 1000 jobs failed since 10:15; at a limit of 7.5% that is evidence 29.2 against 7.6 needed"`,
  );
  expect(reasonOf([[15, 80, 40]], { designEffect: 4 })).toMatchInlineSnapshot(
    `"harmful: 40 of 80 jobs failed since 10:15; at a limit of 5%, 4 jobs counting as one, that is evidence 15.0 against 7.6 needed"`,
  );
  expect(reasonOf([[15, 1_000_000, 60_000]])).toMatchInlineSnapshot(
    `"harmful: 60000 of 1000000 jobs failed since 10:15; at a limit of 5% that is evidence 964 against 7.6 needed"`,
  );
});

test('harmful by both scores', () => {
  expect(reasonOf(hourly(4, [0, 100, 10, 900, 9]))).toMatchInlineSnapshot(
    `"harmful: 40 of 400 jobs failed since 10:00 and 36 of 3600 in control; at tolerated odds of 2 to 1 that is evidence 21.2 against 7.6 needed; and at a limit of 5% evidence 6.5 against 4.6 needed"`,
  );
  const late: Row[] = [...hourly(8, [0, 100, 3, 900, 4]), [480, 100, 18, 900, 9]];
  expect(reasonOf(late)).toMatchInlineSnapshot(
    `"harmful: 42 of 900 jobs failed since 10:00 and 41 of 8100 in control; at tolerated odds of 2 to 1 that is evidence 20.6 against 7.6 needed; and 18 of 100 jobs failed since 18:00, at a limit of 5% evidence 9.3 against 4.6 needed"`,
  );
});

test('suspect', () => {
  expect(reasonOf([[0, 100, 20, 900, 180]])).toMatchInlineSnapshot(
    `"suspect: 20 of 100 jobs failed since 10:00; at a limit of 5% that is evidence 12.4 against 7.6 needed, but 180 of 900 control jobs failed too: an outage that both arms share"`,
  );
  expect(reasonOf(hourly(5, [0, 100, 8, 900, 9]))).toMatchInlineSnapshot(
    `"suspect: 40 of 500 jobs failed since 10:00 and 45 of 4500 in control; at tolerated odds of 2 to 1 that is evidence 16.5 against 7.6 needed; for the limit of 5% it is 2.7 against 4.6 needed"`,
  );
});

test('warning', () => {
  expect(reasonOf([[0, 10, 5]])).toMatchInlineSnapshot(
    `"warning: 5 of 10 jobs failed since 10:00; at a warning rate of 2.5% that is evidence 9.5 against 4.6 needed"`,
  );
  expect(reasonOf(hourly(10, [0, 100, 2, 900, 3]))).toMatchInlineSnapshot(
    `"warning: 20 of 1000 jobs failed since 10:00 and 30 of 9000 in control; at tolerated odds of 2 to 1 that is evidence 5.0 against 4.6 needed"`,
  );
});

test('insufficient says what is missing', () => {
  expect(reasonOf([[0, 4, 1]])).toMatchInlineSnapshot(
    `"insufficient: 4 jobs finished, 1 failed; 6 more jobs are needed for a judgement"`,
  );
  expect(reasonOf([[0, 9, 0]])).toMatchInlineSnapshot(
    `"insufficient: 9 jobs finished, 0 failed; 1 more job is needed for a judgement"`,
  );
  expect(reasonOf([[0, 1, 1]])).toMatchInlineSnapshot(
    `"insufficient: 1 job finished, 1 failed; 9 more jobs are needed for a judgement"`,
  );
  expect(judge([...quiet(2), ...rows([0, 6, 6])]).reason).toMatchInlineSnapshot(
    `"6 of 6 jobs failed since 10:00; at a warning rate of 2.5% that is evidence 14.0 against 4.6 needed, but 4 more jobs are needed for a judgement"`,
  );
  expect(reasonOf([[0, 20, 4]], { maxErrorRate: 1, minimumErrors: 5 })).toMatchInlineSnapshot(
    `"insufficient: 4 of 20 jobs failed since 10:00; at a warning rate of 0.5% that is evidence 8.6 against 4.6 needed, but 1 more failure is needed for a judgement"`,
  );
});

test('healthy', () => {
  expect(reasonOf([[0, 500, 3]])).toMatchInlineSnapshot(
    `"healthy: 3 of 500 jobs failed since 10:00; at a warning rate of 2.5% that is evidence -4.0 against 4.6 needed"`,
  );
  expect(judge([...quiet(2), ...rows([0, 40, 2])]).reason).toMatchInlineSnapshot(
    `"2 of 120 jobs failed in all, 2 of 40 since 10:00; at a warning rate of 2.5% that is evidence -0.1 against 4.6 needed"`,
  );
});

test('no data', () => {
  expect(reasonOf([])).toMatchInlineSnapshot(`"no_data: no job of the treatment arm has finished"`);
  expect(reasonOf([[0, 0, 0, 40, 1]])).toMatchInlineSnapshot(
    `"no_data: no job of the treatment arm has finished, against 40 of control"`,
  );
});

test('a category names itself', () => {
  const others = rows([0, 200, 0, 0, 0, 'large'], [0, 200, 0, 0, 0, 'medium']);
  expect(judgeByCategory([...others, ...rows([0, 20, 10])]).reason).toMatchInlineSnapshot(
    `"small: 10 of 20 jobs failed since 10:00; at a limit of 5% that is evidence 15.0 against 8.7 needed"`,
  );
  expect(judgeByCategory([...others, ...rows([0, 20, 15, 0, 0, ''])]).reason).toMatchInlineSnapshot(
    `"without a category: 15 of 20 jobs failed since 10:00; at a limit of 5% that is evidence 30.0 against 8.7 needed"`,
  );
});

test('a window that begins on another day than its last row says which', () => {
  expect(
    reasonOf([
      [-615, 10, 4],
      [-600, 10, 4],
    ]),
  ).toMatchInlineSnapshot(
    `"harmful: 8 of 20 jobs failed since 2026-11-21 23:45; at a limit of 5% that is evidence 9.2 against 7.6 needed"`,
  );
  expect(
    reasonOf([
      [-600, 10, 4],
      [0, 10, 4],
    ]),
  ).toMatchInlineSnapshot(
    `"harmful: 8 of 20 jobs failed since 00:00; at a limit of 5% that is evidence 9.2 against 7.6 needed"`,
  );
});

test('a score just short of what it needs does not look as if it had reached it', () => {
  const { scores } = judge(rows([0, 12, 6]));
  const evidence = Math.exp(scores.absolute) + 1;
  const short = judge(rows([0, 12, 6]), { warningErrorRate: 5, evidence: 1e9, warningEvidence: evidence });
  expect(short.verdict).toBe('healthy');
  expect(short.reason).toMatchInlineSnapshot(
    `"6 of 12 jobs failed since 10:00; at a warning rate of 5% that is evidence 8.4356 against 8.4359 needed"`,
  );
});

test('impossible evidence says what was impossible', () => {
  expect(reasonOf([[7, 5, 6]])).toMatchInlineSnapshot(
    `"error: not judged: the row of 2026-11-22 10:07 has 6 errors in 5 jobs"`,
  );
  expect(reasonOf([[7, 5, 5, 1.5, 1]])).toMatchInlineSnapshot(
    `"error: not judged: the row of 2026-11-22 10:07 has 1 errors in 1.5 control jobs"`,
  );
  expect(reasonOf([[0, 5, 5]], { maxErrorRate: 120 })).toMatchInlineSnapshot(
    `"error: not judged: maxErrorRate is 120, not 0 to 100 percent"`,
  );
});

test('the plain rule', () => {
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
