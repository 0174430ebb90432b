import { CATEGORIES, type Category } from '../../domain/spec/vocabulary.ts';

/** Whom a feature asks for the size of a repository. */
export interface Categories {
  /** As `categoryCode` gives it. */
  codeOf(id: string): number;
}

/** No category at all: of customers, and where nobody asks. */
export const NO_CATEGORIES: Categories = { codeOf: () => 0 };

/** How categories are kept: 0 none, else from 1, smallest first. */
export function categoryCode(category: Category | null): number {
  return category === null ? 0 : CATEGORIES.indexOf(category) + 1;
}

/** A bit for the code of each. */
export function categoryBits(categories: readonly Category[]): number {
  return categories.reduce((bits, category) => bits | (1 << categoryCode(category)), 0);
}
