import { percentOf } from './rates.ts';

/** Why the numbers of a feature say less than they seem to. */
export type EvidenceWarning =
  /** Fewer subjects had a job than a judgement of all of them needs. */
  { code: 'few_participate'; participants: number; eligible: number } | Uneven;

/** More than four in five subjects are of one category; `percent` are. */
export interface Uneven {
  code: 'uneven';
  category: string;
  percent: number;
}

/** Above this share of one category, the others are hardly tried. */
const MOST_OF_ONE_CATEGORY = 0.8;

/** The category that has more than four in five subjects; null where none has. */
export function unevenOf(
  categories: readonly { category: string | null; subjects: number }[],
): Uneven | null {
  const total = categories.reduce((sum, { subjects }) => sum + subjects, 0);
  const most = categories.find(({ subjects }) => subjects > total * MOST_OF_ONE_CATEGORY);
  if (!most || most.category === null) return null;
  return { code: 'uneven', category: most.category, percent: percentOf(most.subjects, total) };
}
