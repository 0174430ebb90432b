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

/** The metrics of a feature's guardrails, each with the correlation of its events where subjects are not told apart. */
export function observedMetrics(
  spec: Pick<Spec, 'guardrails'>,
): { metric: string; correlation: number | null }[] {
  return guardrailsOf(spec).map(([metric, { correlation }]) => ({
    metric,
    correlation: correlation ?? null,
  }));
}

/** Are the events of this guardrail those of nobody? Then a burst of one subject looks like harm to all. */
export function isBlind({ query }: Pick<Guardrail, 'query'>): boolean {
  return query !== undefined && query.subject_label === null;
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
