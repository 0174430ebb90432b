import type { NotYet } from '../../../domain/guardrails/allowance.ts';
import type { GuardrailBackTest } from '../../../domain/simulation/guardrail-test.ts';
import { notYetText } from '../not-yet.ts';
import { guardrailTestSentences } from './guardrail-test-sentences.ts';

/** The results of `back-test`, as the formatters need them. */
export interface BackTestReportLike {
  feature: string;
  guardrails: readonly (GuardrailBackTest & { blind: boolean; notYet: NotYet | null })[];
}

/** The back-test of each guardrail, and whether it may roll back, one sentence each. */
export function backTestReportSentences({ feature, guardrails }: BackTestReportLike): string[] {
  return guardrails.flatMap((one) => [
    ...guardrailTestSentences(feature, [one], 'back-test'),
    ...(one.blind ? [allowedSentence(feature, one)] : []),
  ]);
}

function allowedSentence(
  feature: string,
  { metric, guardrail, found, notYet }: BackTestReportLike['guardrails'][number],
): string {
  const name = `guardrail ${metric}`;
  if (notYet === null) {
    return guardrail.on_harm === 'rollback'
      ? `${name}: it may roll back`
      : `${name}: it may roll back; write on_harm: rollback where it should`;
  }
  const write = notYet.code === 'no_correlation' ? forRollback(found) : null;
  if (write !== null) return `${name}: ${write}`;
  return `${name}: it may not roll back yet: ${notYetText(notYet, feature)}`;
}

/** What to write into the file if an engine found no alarm, as a clause; null: it found one, or was not queried. */
export function forRollback(found: GuardrailBackTest['found']): string | null {
  if (found.code !== 'tested' || found.by !== 'engine' || found.test.acted.length > 0) return null;
  return `for a rollback write on_harm: rollback, and in the feature advanced: { correlation: ${found.test.correlation ?? 1} }`;
}
