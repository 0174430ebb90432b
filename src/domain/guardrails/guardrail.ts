import { compareText } from '../../lib/text.ts';
import type { Guardrail, OnHarm, Spec } from '../spec/spec.ts';

/** Returns the scope of a guardrail's judgement, incident and score. */
export function guardrailScope(metric: string): string {
  return `guardrail:${metric}`;
}

/** Returns a feature's guardrails with their metrics, in the order of the names. */
export function guardrailsOf({ guardrails = {} }: Pick<Spec, 'guardrails'>): [string, Guardrail][] {
  return Object.entries(guardrails).sort(([a], [b]) => compareText(a, b));
}

/**
 * Returns the metrics of a feature's guardrails, each with the correlation of its events if subjects are not told
 * apart.
 */
export function observedMetrics(
  spec: Pick<Spec, 'guardrails'>,
): { metric: string; correlation: number | null }[] {
  return guardrailsOf(spec).map(([metric, { correlation }]) => ({
    metric,
    correlation: correlation ?? null,
  }));
}

/** Do the events of this guardrail lack subjects? Then a burst of one subject looks like harm to all. */
export function isBlind({ query }: Pick<Guardrail, 'query'>): boolean {
  return query !== undefined && query.subject_label === null;
}

/** What a guardrail may do to its feature; null: it is only shown. */
export function effectOf({ on_harm, dry_run }: Guardrail): OnHarm | null {
  return dry_run ? null : on_harm;
}

/** Does the ramp wait for this guardrail? A guardrail that only warns or is only shown holds no step. */
export function holdsTheRamp(guardrail: Guardrail): boolean {
  const effect = effectOf(guardrail);
  return effect === 'rollback' || effect === 'freeze';
}
