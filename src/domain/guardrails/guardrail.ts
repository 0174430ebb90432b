import { compareText } from '../../lib/text.ts';
import type { Guardrail, OnHarm, Spec } from '../spec/spec.ts';

/** The scope of a judgement, an incident and a score over one guardrail. */
export function guardrailScope(metric: string): string {
  return `guardrail:${metric}`;
}

/** The guardrails of a feature with their metrics, in the order of the names. */
export function guardrailsOf({ guardrails = {} }: Pick<Spec, 'guardrails'>): [string, Guardrail][] {
  return Object.entries(guardrails).sort(([a], [b]) => compareText(a, b));
}

/** What a guardrail may do to its feature; null: nothing, it is only shown. */
export function effectOf({ on_harm, dry_run }: Guardrail): OnHarm | null {
  return dry_run ? null : on_harm;
}

/** Does the ramp wait for this guardrail? Where it only warns, or is only shown, no step depends on it. */
export function holdsTheRamp(guardrail: Guardrail): boolean {
  const effect = effectOf(guardrail);
  return effect === 'rollback' || effect === 'freeze';
}
