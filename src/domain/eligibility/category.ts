import { CATEGORIES, type Category } from '../spec/vocabulary.ts';

/** What is known of a repository's size. A null count is unknown: beside a known one it counts as 0. */
export interface Counts {
  star_count: number | null;
  contributor_count: number | null;
  pr_count: number | null;
}

interface Limits {
  stars: number;
  contributors: number;
  prs: number;
}

/** Largest counts that still fit a category. `enterprise` is everything else. */
const LIMITS: readonly (readonly [Category, Limits])[] = [
  ['test', { stars: 0, contributors: 2, prs: 10 }],
  ['small', { stars: 50, contributors: 10, prs: 100 }],
  ['medium', { stars: 500, contributors: 50, prs: 1_000 }],
  ['large', { stars: 5_000, contributors: 200, prs: 10_000 }],
];

/** Higher is rolled out earlier. */
export const PRIORITY: Readonly<Record<Category, number>> = {
  test: 100,
  small: 80,
  medium: 60,
  large: 40,
  enterprise: 20,
};

/**
 * The first category that fits. A repository named in `test_repositories` is test whatever its size; one of which no
 * count is known has no size, so null: it must not be among the first to get a feature.
 */
export function categoryOf(counts: Counts, namedAsTest = false): Category | null {
  if (namedAsTest) return 'test';
  if ((counts.star_count ?? counts.contributor_count ?? counts.pr_count ?? null) === null) return null;
  const stars = counts.star_count ?? 0;
  const contributors = counts.contributor_count ?? 0;
  const prs = counts.pr_count ?? 0;
  const fit = LIMITS.find(
    ([, limit]) => stars <= limit.stars && contributors <= limit.contributors && prs <= limit.prs,
  );
  return fit?.[0] ?? 'enterprise';
}

/**
 * How many categories, smallest first, the `repository_size` strategy admits at a percentage:
 * 0 nobody, up to 10 test, up to 25 small, up to 50 medium, up to 75 large, above that enterprise.
 */
export function band(percentage: number): number {
  if (percentage <= 0) return 0;
  if (percentage <= 10) return 1;
  if (percentage <= 25) return 2;
  if (percentage <= 50) return 3;
  if (percentage <= 75) return 4;
  return 5;
}

/** The categories of that band, smallest first. */
export function categoriesInBand(percentage: number): readonly Category[] {
  return CATEGORIES.slice(0, band(percentage));
}
