import type { GuardrailResult } from '../../domain/guardrails/result.ts';
import { verdictWord } from '../../domain/health/wording.ts';
import { harmless } from '../../lib/text.ts';
import type { Style } from '../style/style.ts';
import { notYetText } from '../words/not-yet.ts';

const LONGEST_SENTENCE = 500;

/**
 * Formats one guardrail in a line: `guardrail refunds: healthy (rollback at 3%): 2 of 400 events were bad ...`;
 * `feature` is used in the next command.
 */
export function guardrailText(style: Style, one: GuardrailResult, feature: string): string {
  const say = one.verdict === 'healthy' ? style.good : worried(one) ? style.warn : style.dim;
  const effect = `${one.on_harm}${one.dry_run ? ', dry run' : ''} at ${one.limit}%`;
  const notYet = one.not_yet ? `; it may not roll back yet: ${notYetText(one.not_yet, feature)}` : '';
  return `guardrail ${harmless(one.metric)}: ${say(guardrailWord(one))} (${effect}): ${harmless(one.reason + notYet, LONGEST_SENTENCE)}`;
}

/** The verdict of a guardrail, which counts events. */
export function guardrailWord({ verdict }: Pick<GuardrailResult, 'verdict'>): string {
  if (verdict === 'no_data') return 'no events';
  return verdict === 'insufficient' ? 'not enough events yet' : verdictWord(verdict);
}

/** Should a person look at it? */
export function worried({ verdict }: Pick<GuardrailResult, 'verdict'>): boolean {
  return verdict === 'warning' || verdict === 'suspect' || verdict === 'harmful' || verdict === 'error';
}
