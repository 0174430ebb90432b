import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasDrifted, judgeDrift } from '../../../src/domain/plan/drift.ts';
import { atMost } from '../../../src/domain/spec/at-most.ts';
import { EXPOSURE_FIELDS, type Exposure } from '../../../src/domain/spec/spec.ts';
import { admitted, exposure, exposurePair, population, within } from '../../helpers/data/specs.ts';
import { runs } from '../../helpers/run/runs.ts';

const expected = exposure({
  percentage: 25,
  categories: ['test', 'small'],
  whitelist: ['a', 'b'],
  blacklist: ['x'],
});

type Fields = (keyof Exposure)[];
type Row = [what: string, changed: Partial<Exposure>, adopted: Fields, repaired: Fields];

describe('what was changed by hand, field by field', () => {
  test.each<Row>([
    ['nothing', {}, [], []],
    ['switched off', { active: false }, ['active'], []],
    ['stopped', { emergency_stop: true }, ['emergency_stop'], []],
    ['a lower percentage', { percentage: 10 }, ['percentage'], []],
    ['a higher percentage', { percentage: 30 }, [], ['percentage']],
    ['fewer categories', { categories: ['test'] }, ['categories'], []],
    ['more categories', { categories: ['test', 'small', 'large'] }, [], ['categories']],
    ['no filter', { categories: null }, [], ['categories']],
    ['a smaller whitelist', { whitelist: ['a'] }, ['whitelist'], []],
    ['a larger whitelist', { whitelist: ['a', 'b', 'c'] }, [], ['whitelist']],
    ['another whitelist', { whitelist: ['a', 'c'] }, [], ['whitelist']],
    ['a larger blacklist', { blacklist: ['x', 'y'] }, ['blacklist'], []],
    ['a smaller blacklist', { blacklist: [] }, [], ['blacklist']],
    ['another salt', { salt: 'other' }, [], ['salt']],
    ['whitelist only', { strategy: 'whitelist' }, ['strategy'], []],
    ['another strategy', { strategy: 'repository_size' }, [], ['strategy']],
    ['narrower and wider', { percentage: 10, whitelist: ['a', 'b', 'c'] }, ['percentage'], ['whitelist']],
    [
      'off, and all else wider',
      { active: false, percentage: 100, salt: 'z' },
      ['active'],
      ['percentage', 'salt'],
    ],
    ['off and 0%', { active: false, percentage: 0 }, ['active', 'percentage'], []],
  ])(
    'a manual change (%s) is adopted where it is narrower, and repaired everywhere else',
    (_, changed, adopted, repaired) => {
      const drift = judgeDrift({ ...expected, ...changed }, expected);
      const kept = Object.fromEntries(adopted.map((field) => [field, changed[field]]));
      expect(drift).toEqual({ adopted, repaired, rest: { ...expected, ...kept } });
      expect(hasDrifted(drift)).toBe(Object.keys(changed).length > 0);
    },
  );

  test('a manually lowered percentage of a feature that is off removes nobody and is repaired', () => {
    const off = { ...expected, active: false };
    expect(judgeDrift({ ...off, percentage: 0 }, off)).toEqual({
      adopted: [],
      repaired: ['percentage'],
      rest: off,
    });
  });
});

describe('changes that are narrower only together are adopted together', () => {
  const everybody = exposure({ percentage: 100, whitelist: ['a'] });

  test.each<[what: string, changed: Partial<Exposure>]>([
    ['0% and an emptied whitelist', { percentage: 0, whitelist: [] }],
    ['another strategy at a lower percentage', { strategy: 'repository_size', percentage: 10 }],
    ['another salt at a lower percentage', { salt: 'other', percentage: 10 }],
  ])(
    'changes that are narrower only together are adopted: %s on a feature that was on for everybody',
    (_, changed) => {
      const columns = { ...everybody, ...changed };
      const drift = judgeDrift(columns, everybody);
      expect(drift.repaired).toEqual([]);
      expect([...drift.adopted].sort()).toEqual(Object.keys(changed).sort());
      expect(drift.rest).toEqual(columns);
    },
  );
});

describe('for whatever was changed', () => {
  test('after any manual change the kept state admits nobody beyond what may be live', () => {
    fc.assert(
      fc.property(exposurePair, population, ([columns, live], subjects) => {
        const { rest } = judgeDrift(columns, live);
        expect(atMost(rest, live)).toBe(true);
        expect(within(admitted(rest, subjects), admitted(live, subjects))).toBe(true);
      }),
      { numRuns: runs(1_000, 5_000), seed: 1 },
    );
  });

  test('a manual change that is narrower as a whole admits nobody again', () => {
    let seen = 0;
    fc.assert(
      fc.property(exposurePair, population, ([columns, live], subjects) => {
        if (!atMost(columns, live)) return;
        seen++;
        const { rest } = judgeDrift(columns, live);
        expect(within(admitted(rest, subjects), admitted(columns, subjects))).toBe(true);
      }),
      { numRuns: runs(1_000, 5_000), seed: 2 },
    );
    expect(seen).toBeGreaterThan(runs(200, 1_000));
  });

  test('every changed field is either adopted or repaired, and no other field is', () => {
    fc.assert(
      fc.property(exposurePair, ([columns, live]) => {
        const { adopted, repaired } = judgeDrift(columns, live);
        const differing = EXPOSURE_FIELDS.filter(
          (field) => JSON.stringify(columns[field]) !== JSON.stringify(live[field]),
        );
        expect([...adopted, ...repaired].sort()).toEqual([...differing].sort());
      }),
      { numRuns: runs(500, 2_000), seed: 3 },
    );
  });

  test('the kept state of a judged drift has no drift itself', () => {
    fc.assert(
      fc.property(exposurePair, ([columns, live]) => {
        const { rest } = judgeDrift(columns, live);
        expect(hasDrifted(judgeDrift(rest, rest))).toBe(false);
      }),
    );
  });
});
