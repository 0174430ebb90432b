import { CATEGORIES, type Category } from '../../domain/spec/vocabulary.ts';

/** Source of the categories of repositories. */
export interface Categories {
  /** Returns the repository's category as a code of `categoryCode`. */
  codeOf(id: string): number;
}

/** No categories: for customers, and if no feature needs them. */
export const NO_CATEGORIES: Categories = { codeOf: () => 0 };

/** Returns the code of a category: 0 for none, otherwise from 1, smallest first. */
export function categoryCode(category: Category | null): number {
  return category === null ? 0 : CATEGORIES.indexOf(category) + 1;
}

/** Returns a bit mask of the codes. */
export function categoryBits(categories: readonly Category[]): number {
  return categories.reduce((bits, category) => bits | (1 << categoryCode(category)), 0);
}
