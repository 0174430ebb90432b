import { EngineRefusal } from '../../domain/guardrails/engine-refusal.ts';
import type { MetricEngine } from '../ports/metric-engine.ts';

/**
 * Wraps an engine so that after a refusal that holds for every query, later queries get the same refusal without being
 * sent.
 */
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
