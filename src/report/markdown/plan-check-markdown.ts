import type { AgainstMerging } from '../../domain/proposal/plan-check.ts';
import { againstText } from '../words/check-words.ts';
import type { PlanLike } from '../words/plan-model.ts';
import { capped } from './capped.ts';
import { escapeMarkdown } from './escape-markdown.ts';
import { planMarkdown } from './plan-markdown.ts';

/** Bytes that GitHub takes of a check's summary, less what a closing line needs. */
const CHECK_LIMIT = 65_535 - 1_000;

/**
 * The summary of a check: what speaks against merging, and the plan. Only what the plan decides by: text that moves with
 * every job would make the check anew each time.
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
