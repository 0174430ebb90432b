import { unevenOf } from '../../domain/evidence/warning.ts';
import type { Style } from '../style/style.ts';
import { table } from '../style/table.ts';
import { unevenText } from '../words/evidence-words.ts';
import { count, share } from '../words/words.ts';

export interface CategoryLike {
  category: string | null;
  subjects: number;
  stars: number;
  contributors: number;
  prs: number;
}

export function categoriesText(style: Style, categories: readonly CategoryLike[]): string {
  const total = categories.reduce((sum, { subjects }) => sum + subjects, 0);
  if (total === 0) return 'the registry is empty; next: rollout import FILE';
  const rows = categories.map((c) => [
    c.category ?? 'without category',
    count(c.subjects),
    share(c.subjects, total),
    count(Math.round(c.stars / c.subjects)),
    count(Math.round(c.contributors / c.subjects)),
    count(Math.round(c.prs / c.subjects)),
  ]);
  const head = ['category', 'repositories', 'share', 'mean stars', 'mean contributors', 'mean prs'];
  const shown = table(style, head, rows);
  const uneven = unevenOf(categories);
  return uneven === null
    ? shown
    : `${shown}\n${style.warn(`${unevenText(uneven)}: what holds for them may not hold for the others`)}`;
}
