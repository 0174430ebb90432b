import { percentOf } from './rates.ts';

/** Why a feature's numbers prove less than they seem to. */
export type EvidenceWarning =
  /** Fewer subjects had a job than a judgement of all subjects needs. */
  { code: 'few_participate'; participants: number; eligible: number } | Uneven;

/** One category has more than four in five of the subjects; `percent` is its share. */
export interface Uneven {
  code: 'uneven';
  category: string;
  percent: number;
}

/** Above this share of one category, the other categories are hardly tested. */
const MOST_OF_ONE_CATEGORY = 0.8;

/** Returns the category with more than four in five of the subjects; null if none has. */
export function unevenOf(
  categories: readonly { category: string | null; subjects: number }[],
): Uneven | null {
  const total = categories.reduce((sum, { subjects }) => sum + subjects, 0);
  const most = categories.find(({ subjects }) => subjects > total * MOST_OF_ONE_CATEGORY);
  if (!most || most.category === null) return null;
  return { code: 'uneven', category: most.category, percent: percentOf(most.subjects, total) };
}
