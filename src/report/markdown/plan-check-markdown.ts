import type { AgainstMerging } from '../../domain/proposal/plan-check.ts';
import { againstText } from '../words/check-words.ts';
import type { PlanLike } from '../words/plan-model.ts';
import { capped } from './capped.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { planMarkdown } from './plan-markdown.ts';

/** Bytes that GitHub accepts in a check's summary, minus room for a closing line. */
const CHECK_LIMIT = 65_535 - 1_000;

/**
 * Formats a check's summary: what prevents the merge, and the plan. Contains only the deciding facts: text that changes
 * with every job would cause a new check each time.
 */
export function planCheckMarkdown(
  plan: PlanLike,
  against: readonly AgainstMerging[],
  notes: readonly string[],
): string {
  const lines = [
    ...against.map((one) => `- :x: ${escapeMarkdown(againstText(one))}`),
    ...(against.length > 0 ? [''] : []),
    ...notes.flatMap((note) => [`> ${escapeMarkdown(note)}`, '']),
    planMarkdown({ ...plan, revision: null }),
  ];
  return capped(lines.join('\n').trimEnd(), CHECK_LIMIT);
}
