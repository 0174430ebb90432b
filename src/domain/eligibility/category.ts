import { CATEGORIES, type Category } from '../spec/vocabulary.ts';

/** Known counts that measure a repository's size. Null is unknown; next to a known count it counts as 0. */
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

/** Largest counts of each category. `enterprise` is everything above. */
const LIMITS: readonly (readonly [Category, Limits])[] = [
  ['test', { stars: 0, contributors: 2, prs: 10 }],
  ['small', { stars: 50, contributors: 10, prs: 100 }],
  ['medium', { stars: 500, contributors: 50, prs: 1_000 }],
  ['large', { stars: 5_000, contributors: 200, prs: 10_000 }],
];

/** Categories with a higher priority are rolled out earlier. */
export const PRIORITY: Readonly<Record<Category, number>> = {
  test: 100,
  small: 80,
  medium: 60,
  large: 40,
  enterprise: 20,
};

/**
 * Returns the first category that fits. A repository in `test_repositories` is `test`, whatever its size. Null if no
 * count is known: a repository of unknown size must not be among the first to get a feature.
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
 * Returns how many categories, smallest first, the `repository_size` strategy admits at a percentage: 0 nobody, up to
 * 10 test, up to 25 small, up to 50 medium, up to 75 large, above that enterprise.
 */
export function band(percentage: number): number {
  if (percentage <= 0) return 0;
  if (percentage <= 10) return 1;
  if (percentage <= 25) return 2;
  if (percentage <= 50) return 3;
  if (percentage <= 75) return 4;
  return 5;
}

/** Returns the categories that the strategy admits at a percentage, smallest first. */
export function categoriesInBand(percentage: number): readonly Category[] {
  return CATEGORIES.slice(0, band(percentage));
}
