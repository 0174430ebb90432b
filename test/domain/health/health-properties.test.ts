import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type EvidenceRow, judge, judgeByCategory } from '../../../src/domain/health/health.ts';

const MULTIPLIERS = [1.25, 1.6, 2.5, 5, 20];
const CATEGORIES = ['', 'large', 'small'];

/** Counts of one arm: jobs, and errors among them. */
const arm = (most: number) =>
  fc
    .integer({ min: 0, max: most })
    .chain((jobs) => fc.tuple(fc.constant(jobs), fc.integer({ min: 0, max: jobs })));

const row: fc.Arbitrary<EvidenceRow> = fc
  .record({
    minute: fc.integer({ min: 29_000_000, max: 29_000_400 }),
    category: fc.constantFrom(...CATEGORIES),
    treatment: arm(12),
    control: fc.oneof(arm(40), fc.constant<[number, number]>([0, 0])),
  })
  .map(({ minute, category, treatment: [jobs, errors], control: [controlJobs, controlErrors] }) => ({
    minute,
    category,
    jobs,
    errors,
    controlJobs,
    controlErrors,
  }));

const evidence = fc.array(row, { maxLength: 25 });
const limits = fc.record({
  maxErrorRate: fc.integer({ min: 1, max: 40 }),
  designEffect: fc.constantFrom(1, 1.5, 4),
});

/**
 * The scores written down the plain way. A run floored at zero before each bucket is at its end the
 * largest sum of increments from any bucket to the last, so: try them all.
 */
function largestSum(increments: number[]): number {
  if (increments.length === 0) return 0;
  const sums = increments.map((_, start) => increments.slice(start).reduce((a, b) => a + b, 0));
  return Math.max(...sums);
}

function score(groups: EvidenceRow[][], incrementOf: (group: EvidenceRow[], k: number) => number): number {
  const levels = MULTIPLIERS.map((k) => largestSum(groups.map((group) => incrementOf(group, k))));
  return Math.log(levels.reduce((sum, level) => sum + Math.exp(level), 0) / MULTIPLIERS.length);
}

function groupBy(rows: EvidenceRow[], key: (row: EvidenceRow) => number): EvidenceRow[][] {
  const keys = [...new Set(rows.map(key))].sort((a, b) => a - b);
  return keys.map((each) => rows.filter((one) => key(one) === each));
}

const sum = (rows: EvidenceRow[], count: 'jobs' | 'errors' | 'controlJobs' | 'controlErrors') =>
  rows.reduce((total, each) => total + each[count], 0);

function naiveAbsolute(rows: EvidenceRow[], percent: number, designEffect: number): number {
  const limit = percent / 100;
  const some = rows.filter(({ jobs, controlJobs }) => jobs + controlJobs > 0);
  return score(
    groupBy(some, ({ minute }) => Math.floor(minute / 15)),
    (group, k) => {
      return (
        (sum(group, 'errors') * Math.log(k) - sum(group, 'jobs') * Math.log(1 + (k - 1) * limit)) /
        designEffect
      );
    },
  );
}

function naiveRelative(rows: EvidenceRow[], designEffect: number): number {
  const some = rows.filter(({ jobs, controlJobs }) => jobs + controlJobs > 0);
  return score(
    groupBy(some, ({ minute }) => Math.floor(minute / 60)),
    (group, k) => {
      let increment = 0;
      for (const category of CATEGORIES) {
        const alone = group.filter((each) => each.category === category);
        const treated = 2 * sum(alone, 'jobs');
        const all = treated + sum(alone, 'controlJobs');
        if (all === 0) continue;
        const failed = sum(alone, 'errors') + sum(alone, 'controlErrors');
        increment += sum(alone, 'errors') * Math.log(k) - failed * Math.log(1 + (k - 1) * (treated / all));
      }
      return increment / designEffect;
    },
  );
}

/** Puts the row at `index`, if there is one, through `change`. */
function changed(
  rows: EvidenceRow[],
  index: number,
  change: (row: EvidenceRow) => EvidenceRow,
): EvidenceRow[] {
  return rows.map((each, at) => (at === index % Math.max(rows.length, 1) ? change(each) : each));
}

const rising = ['absolute', 'warning', 'critical'] as const;

describe('scores', () => {
  test('equal the best of every possible start', () => {
    fc.assert(
      fc.property(evidence, limits, (rows, { maxErrorRate, designEffect }) => {
        const { scores } = judge(rows, { maxErrorRate, designEffect });
        expect(scores.absolute).toBeCloseTo(naiveAbsolute(rows, maxErrorRate, designEffect), 8);
        expect(scores.warning).toBeCloseTo(naiveAbsolute(rows, maxErrorRate / 2, designEffect), 8);
        expect(scores.critical).toBeCloseTo(naiveAbsolute(rows, maxErrorRate * 2, designEffect), 8);
        expect(scores.relative).toBeCloseTo(naiveRelative(rows, designEffect), 8);
      }),
      { numRuns: 1000 },
    );
  });

  test('a window is everything since its beginning', () => {
    fc.assert(
      fc.property(evidence, (rows) => {
        const { window } = judge(rows);
        const begin = window.since ?? 0;
        const inside = rows.filter(({ minute }) => minute >= begin);
        expect(window).toMatchObject({
          jobs: sum(inside, 'jobs'),
          errors: sum(inside, 'errors'),
          controlJobs: sum(inside, 'controlJobs'),
          controlErrors: sum(inside, 'controlErrors'),
        });
      }),
    );
  });

  test('a stricter rate scores at least as high', () => {
    fc.assert(
      fc.property(evidence, (rows) => {
        const { scores } = judge(rows);
        expect(scores.warning).toBeGreaterThanOrEqual(scores.absolute - 1e-9);
        expect(scores.absolute).toBeGreaterThanOrEqual(scores.critical - 1e-9);
      }),
    );
  });
});

describe('what changes nothing at all', () => {
  test('the order of the rows', () => {
    const shuffled = evidence.chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    fc.assert(
      fc.property(shuffled, ([rows, other]) => {
        expect(judge(other)).toEqual(judge(rows));
        expect(judgeByCategory(other)).toEqual(judgeByCategory(rows));
      }),
    );
  });

  test('a row split in two, anywhere in its quarter hour, and rows of nothing', () => {
    const cuts = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 14 })),
      {
        minLength: 25,
        maxLength: 25,
      },
    );
    fc.assert(
      fc.property(evidence, cuts, (rows, shares) => {
        const split = rows.flatMap((each, index) => {
          const [share, offset] = shares[index] as [number, number];
          const part = (jobs: number, errors: number): [number, number] => {
            const failed = Math.floor(errors * share);
            return [failed + Math.floor((jobs - errors) * share), failed];
          };
          const [jobs, errors] = part(each.jobs, each.errors);
          const [controlJobs, controlErrors] = part(each.controlJobs, each.controlErrors);
          const rest = {
            jobs: each.jobs - jobs,
            errors: each.errors - errors,
            controlJobs: each.controlJobs - controlJobs,
            controlErrors: each.controlErrors - controlErrors,
          };
          const minute = Math.floor(each.minute / 15) * 15 + offset;
          const nothing = { jobs: 0, errors: 0, controlJobs: 0, controlErrors: 0 };
          return [
            { ...each, jobs, errors, controlJobs, controlErrors },
            { ...each, ...rest, minute },
            { ...each, ...nothing, minute: minute + 45 },
          ];
        });
        expect(judge(split)).toEqual(judge(rows));
        expect(judgeByCategory(split)).toEqual(judgeByCategory(rows));
      }),
    );
  });
});

describe('which way one job moves the scores', () => {
  const index = fc.nat(1000);

  test('a job that failed instead of succeeded lowers none of them', () => {
    fc.assert(
      fc.property(evidence, index, (rows, at) => {
        const worse = changed(rows, at, (each) => ({
          ...each,
          errors: Math.min(each.jobs, each.errors + 1),
        }));
        const [before, after] = [judge(rows).scores, judge(worse).scores];
        for (const name of [...rising, 'relative'] as const) {
          expect(after[name]).toBeGreaterThanOrEqual(before[name] - 1e-9);
        }
      }),
    );
  });

  test('one more success beside other jobs raises none of the rates', () => {
    fc.assert(
      fc.property(evidence, index, (rows, at) => {
        const some = rows.filter(({ jobs, controlJobs }) => jobs + controlJobs > 0);
        const better = changed(some, at, (each) => ({ ...each, jobs: each.jobs + 1 }));
        const [before, after] = [judge(some).scores, judge(better).scores];
        for (const name of rising) expect(after[name]).toBeLessThanOrEqual(before[name] + 1e-9);
      }),
    );
  });

  test('one more success in a quarter hour of its own lifts runs to zero at most: evidence by less than 1 to 1', () => {
    fc.assert(
      fc.property(evidence, row, (rows, extra) => {
        const success = { ...extra, jobs: 1, errors: 0, controlJobs: 0, controlErrors: 0 };
        const [before, after] = [judge(rows).scores, judge([...rows, success]).scores];
        for (const name of rising) {
          expect(Math.exp(after[name])).toBeLessThanOrEqual(Math.exp(before[name]) * (1 + 1e-9) + 1);
        }
      }),
    );
  });

  test('a control job that failed instead of succeeded does not raise the comparison', () => {
    fc.assert(
      fc.property(evidence, index, (rows, at) => {
        const other = changed(rows, at, (each) => ({
          ...each,
          controlErrors: Math.min(each.controlJobs, each.controlErrors + 1),
        }));
        const [before, after] = [judge(rows).scores, judge(other).scores];
        expect(after.relative).toBeLessThanOrEqual(before.relative + 1e-9);
        expect(after.absolute).toBe(before.absolute);
      }),
    );
  });
});
