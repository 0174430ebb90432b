import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/domain/health/health.ts';
import type { HealthParams } from '../../../src/domain/score/rule.ts';
import { type SubjectWindow, windowsOf } from '../../../src/domain/score/window.ts';
import { evidenceOf } from '../../../src/domain/verdict/evidence.ts';
import { scoresWithout, type WorstSubjects, worstCount } from '../../../src/domain/verdict/few-subjects.ts';
import { isStorm, stormLimit } from '../../../src/domain/verdict/storm.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { SHORT_JOBS } from '../health/health-rows.ts';

const HOURS = 12;

/** `subjects` with a job in every window each, of which those in `bad` fail always from the sixth hour on. */
function fleet(subjects: number, bad: readonly number[], rate = 0.01): SubjectWindow[] {
  const random = seededRandom(subjects);
  return Array.from({ length: HOURS * 12 }, (_, n) => n * 300).flatMap((startedAt) =>
    Array.from({ length: subjects }, (_, subject): SubjectWindow => {
      const broken = bad.includes(subject) && startedAt >= 6 * 3600;
      const failed = broken || random() < rate ? 1 : 0;
      return {
        startedAt,
        subject: `s${subject}`,
        category: '',
        arm: 'treatment',
        begun: 0,
        finished: 1,
        failed,
      };
    }),
  );
}

function judged(rows: readonly SubjectWindow[], worst: WorstSubjects | null, params: HealthParams = {}) {
  const now = HOURS * 3600;
  const windows = windowsOf(rows);
  const known = evidenceOf({ startedAt: 0, now, windows, durations: SHORT_JOBS, startsPerControl: null });
  return judge({ ...known, worst: new Map(worst ? [[null, worst]] : []) }, now, params);
}

/** What the store answers when it is asked for the worst subjects. */
function worstOf(rows: readonly SubjectWindow[], subjects: number, names: readonly string[]): WorstSubjects {
  const own = rows.filter(({ subject }) => names.includes(subject));
  const sum = (name: string, of: (row: SubjectWindow) => number) =>
    own.filter(({ subject }) => subject === name).reduce((all, row) => all + of(row), 0);
  return {
    subjects,
    worst: names.map((subject) => ({
      subject,
      jobs: sum(subject, ({ finished }) => finished),
      failed: sum(subject, ({ failed }) => failed),
    })),
    windows: windowsOf(own),
  };
}

describe('a score that rests on few subjects', () => {
  test('a crossing asks for its worst subjects, then freezes and names them when it rests on few', () => {
    const rows = fleet(9, [4]);
    const { over } = judged(rows, null);
    expect(over).toHaveLength(1);
    expect(over[0]?.category).toBeNull();
    const { judgement } = judged(rows, worstOf(rows, 9, ['s4']));
    expect(judgement).toMatchObject({ verdict: 'suspect', reasonCode: 'few_subjects' });
    expect(judgement.reason).toMatch(/but without s4 \(7\d of 144 failed\) of 9 subjects it is -?\d/);
  });

  test('a crossing is harmful when the other subjects are broken too', () => {
    const rows = fleet(9, [1, 2, 4, 6, 8]);
    expect(judged(rows, worstOf(rows, 9, ['s4'])).judgement.verdict).toBe('harmful');
  });

  test('a crossing by few subjects is harmful when few_subjects is set that way', () => {
    const rows = fleet(9, [4]);
    expect(judged(rows, worstOf(rows, 9, ['s4']), { fewSubjects: 'harmful' }).judgement.verdict).toBe(
      'harmful',
    );
  });

  test('a crossing of fewer than five subjects is not tested for few subjects', () => {
    const rows = fleet(4, [2]);
    expect(judged(rows, worstOf(rows, 4, ['s2'])).judgement.verdict).toBe('harmful');
  });

  test('two subjects in a hundred are left out when there are fifty or more', () => {
    expect([1, 5, 49, 50, 51, 1000].map(worstCount)).toEqual([1, 1, 1, 1, 2, 20]);
    const rows = fleet(60, [3, 7]);
    expect(judged(rows, worstOf(rows, 60, ['s3', 's7']), { maxErrorRate: 3 }).judgement.reasonCode).toBe(
      'few_subjects',
    );
  });

  test('the score without the worst subjects is the one that the other subjects alone have', () => {
    const rows = fleet(9, [4]);
    const others = rows.filter(({ subject }) => subject !== 's4');
    const known = (all: readonly SubjectWindow[]) =>
      evidenceOf({
        startedAt: 0,
        now: 1,
        windows: windowsOf(all),
        durations: SHORT_JOBS,
        startsPerControl: null,
      });
    const slices = known(rows).scopes.get(null)?.slices ?? [];
    const without = scoresWithout(slices, 5, worstOf(rows, 9, ['s4']))?.at(-1);
    expect(without).toBeCloseTo(judged(others, null).judgement.scores.absolute, 6);
  });
});

describe('the storm guard', () => {
  test('the storm guard lets fewer than three features cross, or a fifth of the live ones', () => {
    expect([1, 15, 20, 98].map(stormLimit)).toEqual([3, 3, 4, 19.6]);
    expect(isStorm([900, 950], 10, 1000)).toBe(false);
    expect(isStorm([900, 950, 980], 10, 1000)).toBe(true);
    expect(isStorm([900, 950, 980], 20, 1000)).toBe(false);
  });

  test('the storm guard counts ten minutes', () => {
    expect(isStorm([400, 950, 980], 10, 1000)).toBe(false);
    expect(isStorm([401, 950, 980], 10, 1000)).toBe(true);
  });
});
