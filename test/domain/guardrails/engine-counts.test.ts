import { describe, expect, it } from 'vitest';
import {
  type ArmAnswer,
  type EngineSeries,
  queryFor,
  stepCounts,
} from '../../../src/domain/guardrails/engine-counts.ts';

const series = (values: readonly string[], labels = {}): EngineSeries => ({
  labels,
  points: values.map((value, i) => [300 * (i + 1), value] as const),
});
const arm = (bad: readonly string[], all: readonly string[]) => ({ bad: [series(bad)], all: [series(all)] });
const NONE: ArmAnswer = { bad: [], all: [] };
const ONE = { subject_label: null };
const counts = (
  treatment: Parameters<typeof stepCounts>[0]['treatment'],
  control = NONE,
  query: { subject_label: string | null } = ONE,
) => stepCounts({ treatment, control }, query).counts;

describe('the counts of an engine', () => {
  it('counts of an engine are whole events per step and arm, with never more bad ones than events', () => {
    expect(counts(arm(['1.6', '20.4'], ['20.2', '20']), arm(['0'], ['7.5']))).toEqual([
      { at: 300, arm: 'treatment', subject: '', events: 20, bad: 2 },
      { at: 600, arm: 'treatment', subject: '', events: 20, bad: 20 },
      { at: 300, arm: 'control', subject: '', events: 8, bad: 0 },
    ]);
  });

  it('counts of an engine leave out gaps, NaN and steps without an event', () => {
    expect(counts(arm(['NaN', '1', '0'], ['NaN', '10', '0.2'])).map(({ at }) => at)).toEqual([600]);
    expect(counts(NONE)).toEqual([]);
  });

  it.each([
    ['an infinite value', arm(['+Inf'], ['10']), /bad is \+Inf, which is not a number of events/],
    ['a negative value', arm(['0'], ['-3']), /all is -3, which is not a number of events/],
    ['a text', arm(['many'], ['10']), /bad is many/],
    ['an empty text', arm([''], ['10']), /bad is , which is not/],
    ['bad events above all', arm(['50'], ['10']), /bad is 50 and all is 10; are the two queries swapped/],
    [
      'bad events where all has no value',
      { bad: [series(['9'])], all: [] },
      /in a step in which all has no value/,
    ],
    ['more events than a step has', arm(['0'], ['1e15']), /^all is 1000000000000000, and a step has at most/],
  ])('a step of an engine cannot be believed with %s, and says why', (_, treatment, message) => {
    const control = arm(['0', '0'], ['20', '30']);
    const { counts: found, impossible } = stepCounts({ treatment, control }, ONE);
    expect([...impossible.keys()]).toEqual([300]);
    expect(impossible.get(300)).toMatch(message);
    expect(found).toEqual([{ at: 600, arm: 'control', subject: '', events: 30, bad: 0 }]);
  });

  it('several series of an engine that are not told apart are refused with the way out', () => {
    const all = [series(['1'], { code: '200' }), series(['1'], { code: '500' })];
    expect(() => counts({ bad: [], all })).toThrow(/all answers 2 series; add them up with sum\(\.\.\.\)/);
  });

  it("two exactly equal arms of an engine are refused, because the arm's label is missing", () => {
    const same = arm(['1.25', '2'], ['100.5', '90']);
    expect(() => counts(same, same)).toThrow(/do not tell the arms apart/);
    expect(counts(arm(['0'], ['3']), arm(['0'], ['3']))).toHaveLength(2);
  });

  it('counts of an engine keep the largest subjects separate and the smaller ones together', () => {
    const all = Array.from({ length: 60 }, (_, i) => series([String(i + 1)], { repo: `r${i}` }));
    const found = counts({ bad: [series(['60'], { repo: 'r59' })], all }, NONE, { subject_label: 'repo' });
    expect(found).toHaveLength(51);
    expect(found[0]).toMatchObject({ subject: 'r59', events: 60, bad: 60 });
    // 1 to 10 events each.
    expect(found.at(-1)).toMatchObject({ subject: '', events: 55, bad: 0 });
  });

  it('a query to an engine is filled in with its arm and step', () => {
    expect(queryFor('sum(increase(x{arm="$arm"}[$step])) / count(y{arm="$arm"})', 'control')).toBe(
      'sum(increase(x{arm="control"}[300s])) / count(y{arm="control"})',
    );
  });
});
