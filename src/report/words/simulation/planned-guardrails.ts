import { effectOf } from '../../../domain/guardrails/guardrail.ts';
import { notYetText } from '../not-yet.ts';
import type { PlannedGuardrailLike } from '../plan-model.ts';
import { forRollback } from './back-test-report.ts';
import { guardrailTestSentences } from './guardrail-test-sentences.ts';

/** One sentence of a plan about a guardrail. */
export interface GuardrailSentence {
  /** True: an engine did not answer, so the reviewer lacks its evidence. */
  warning: boolean;
  text: string;
}

/** The back-test of each guardrail of a plan, and its future reaction. */
export function plannedGuardrailSentences(
  feature: string,
  guardrails: readonly PlannedGuardrailLike[],
): GuardrailSentence[] {
  return guardrails.flatMap((one) => {
    const tested = guardrailTestSentences(feature, [one], one.expected === null ? 'simulate' : 'back-test');
    const warning = one.found.code === 'engine_refused';
    return [
      ...tested.map((text) => ({ warning, text })),
      ...reaction(feature, one).map((text) => ({ warning: false, text })),
    ];
  });
}

/** Describes the reaction of a guardrail without subjects, if it differs from the file. */
function reaction(feature: string, { metric, guardrail, found, expected }: PlannedGuardrailLike): string[] {
  if (expected === null) return [];
  const { notYet, afterTick } = expected;
  const name = `guardrail ${metric}`;
  const effect = effectOf(guardrail);
  if (effect === 'freeze' && notYet?.code === 'no_correlation') {
    const write = forRollback(found);
    return write === null ? [] : [`${name}: it freezes; ${write}`];
  }
  if (effect !== 'rollback') return [];
  if (notYet !== null) {
    return [
      `${name}: on_harm: rollback acts as freeze until a back-test allows more: ${notYetText(notYet, feature)}`,
    ];
  }
  return [
    afterTick
      ? `${name}: on_harm: rollback acts as freeze until a tick has made this back-test itself`
      : `${name}: it may roll back`,
  ];
}
