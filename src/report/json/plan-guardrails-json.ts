import type { PlannedGuardrailLike } from '../words/plan-model.ts';
import { guardrailJson } from './simulate-model.ts';

/** `guardrails` of `plan --json`, by feature: those that the plan adds or alters. Left out if there are none. */
export function planGuardrailsJson(
  planned: ReadonlyMap<string, readonly PlannedGuardrailLike[]> = new Map(),
) {
  const features = [...planned].flatMap(([feature, guardrails]) => {
    const altered = guardrails.filter((one) => one.altered);
    return altered.length === 0 ? [] : [[feature, altered.map(oneJson)] as const];
  });
  return features.length === 0 ? {} : { guardrails: Object.fromEntries(features) };
}

function oneJson({ expected, ...one }: PlannedGuardrailLike) {
  return {
    ...guardrailJson(one),
    not_yet: expected?.notYet ?? null,
    after_tick: expected?.afterTick ?? false,
  };
}
