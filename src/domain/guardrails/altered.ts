import { same } from '../spec/difference.ts';
import type { Spec } from '../spec/spec.ts';
import { guardrailsOf } from './guardrail.ts';

/** Returns the metrics of guardrails that a spec adds to or changes from another one. */
export function alteredGuardrails(
  { guardrails: before = {} }: Pick<Spec, 'guardrails'>,
  after: Pick<Spec, 'guardrails'>,
): Set<string> {
  return new Set(
    guardrailsOf(after)
      .filter(([metric, guardrail]) => !same(before[metric], guardrail))
      .map(([metric]) => metric),
  );
}
