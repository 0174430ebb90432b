import { unevenOf } from '../../domain/evidence/warning.ts';
import { unevenText } from '../words/evidence-words.ts';
import { said } from './said.ts';

/** The JSON format of `categories --json`: counts by category, and a warning if one of them has nearly all subjects. */
export function categoriesJson<C extends { category: string | null; subjects: number }>(
  categories: readonly C[],
) {
  const uneven = said(unevenOf(categories), unevenText);
  return { categories, warnings: uneven === null ? [] : [uneven] };
}
