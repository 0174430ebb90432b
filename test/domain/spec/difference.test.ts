import { describe, expect, test } from 'vitest';
import { differences, same } from '../../../src/domain/spec/difference.ts';

describe('two values are the same', () => {
  test.each<[unknown, unknown, string]>([
    [{ a: 1, b: [1, 2] }, { b: [1, 2], a: 1 }, 'whatever the order of the keys'],
    [null, null, 'where both are null'],
    [[], [], 'where both lists are empty'],
  ])('two values are the same: %j and %j, %s', (a, b) => {
    expect(same(a, b)).toBe(true);
  });
});

describe('two values differ', () => {
  test.each<[unknown, unknown, string]>([
    [[1, 2], [2, 1], 'in the order of a list'],
    [[1], [1, 2], 'in the length of a list'],
    [{ a: undefined }, { b: undefined }, 'in the name of a key'],
    [{ a: 1 }, {}, 'in a key that one lacks'],
    [{}, { a: 1 }, 'in a key that the other lacks'],
    [null, {}, 'where one is null'],
    [[], {}, 'where one is a list'],
    [10, '10', 'in their type'],
    [{ toString: 1 }, { valueOf: 1 }, 'in keys that every object inherits'],
  ])('two values differ: %j and %j, %s', (a, b) => {
    expect(same(a, b)).toBe(false);
    expect(same(b, a)).toBe(false);
  });
});

describe('differences', () => {
  test('differences name the path of every changed value, and a list is one value', () => {
    const before = {
      percentage: 10,
      thresholds: { max_error_rate: 5, window: 60 },
      whitelist: ['a'],
      gone: 1,
    };
    const after = { percentage: 25, thresholds: { max_error_rate: 8, window: 60 }, whitelist: ['a', 'b'] };
    expect(differences(before, after)).toEqual([
      { path: 'percentage', before: 10, after: 25 },
      { path: 'thresholds.max_error_rate', before: 5, after: 8 },
      { path: 'whitelist', before: ['a'], after: ['a', 'b'] },
      { path: 'gone', before: 1, after: undefined },
    ]);
  });

  test('equal records have no differences', () => {
    expect(differences({ a: { b: [1] } }, { a: { b: [1] } })).toEqual([]);
  });
});
