import { EngineRefusal } from '../../domain/guardrails/engine-refusal.ts';
import type { MetricEngine } from '../ports/metric-engine.ts';

/** An engine that is left alone after a refusal that holds for every question: each later one is refused in the same words. */
export function untilRefused(engine: MetricEngine): MetricEngine {
  let refusal: EngineRefusal | null = null;
  return {
    range: async (...asked) => {
      if (refusal) throw refusal;
      try {
        return await engine.range(...asked);
      } catch (error) {
        if (error instanceof EngineRefusal && error.forAll) refusal = error;
        throw error;
      }
    },
  };
}
