import { describe, expect, test } from 'vitest';
import { band, categoriesInBand, categoryOf, PRIORITY } from '../../../src/domain/eligibility/category.ts';
import { CATEGORIES, type Category } from '../../../src/domain/spec/vocabulary.ts';

const counts = (stars: number | null, contributors: number | null, prs: number | null) => ({
  star_count: stars,
  contributor_count: contributors,
  pr_count: prs,
});

describe('a repository is', () => {
  test.each<[Category, number | null, number | null, number | null]>([
    ['test', 0, 2, 10],
    ['test', 0, null, null],
    ['test', null, 2, null],
    ['test', null, null, 10],
    ['small', 1, 0, 0],
    ['small', 0, 3, 0],
    ['small', 0, 0, 11],
    ['small', 50, 10, 100],
    ['medium', 51, 0, 0],
    ['medium', 0, 11, 0],
    ['medium', 0, 0, 101],
    ['medium', 500, 50, 1_000],
    ['large', 501, null, null],
    ['large', 0, 51, 0],
    ['large', 0, 0, 1_001],
    ['large', 5_000, 200, 10_000],
    ['enterprise', 5_001, 0, 0],
    ['enterprise', null, 201, null],
    ['enterprise', 0, 0, 10_001],
  ])(
    'a repository is %s with %j stars, %j contributors and %j pull requests',
    (category, stars, contributors, prs) => {
      expect(categoryOf(counts(stars, contributors, prs))).toBe(category);
    },
  );

  test('a repository without any known count has no size and is not among the first', () => {
    expect(categoryOf(counts(null, null, null))).toBeNull();
    expect(categoryOf(counts(null, null, null), true)).toBe('test');
  });

  test('a repository that the file lists as test is test, whatever its size', () => {
    expect(categoryOf(counts(100_000, 5_000, 90_000), true)).toBe('test');
  });

  test('smaller repositories have a higher rollout priority', () => {
    expect(CATEGORIES.map((category) => PRIORITY[category])).toEqual([100, 80, 60, 40, 20]);
  });
});

describe('the size strategy admits', () => {
  test.each<[number, number]>([
    [0, 0],
    [0.01, 1],
    [5, 1],
    [10, 1],
    [10.01, 2],
    [20, 2],
    [25, 2],
    [25.01, 3],
    [30, 3],
    [50, 3],
    [50.01, 4],
    [75, 4],
    [75.01, 5],
    [99.99, 5],
    [100, 5],
  ])('the size strategy admits at %d %% the %d smallest categories', (percentage, many) => {
    expect(band(percentage)).toBe(many);
    expect(categoriesInBand(percentage)).toEqual(CATEGORIES.slice(0, many));
  });
});
