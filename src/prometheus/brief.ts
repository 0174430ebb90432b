import type { MetricEngine } from '../app/ports/metric-engine.ts';
import { EngineRefusal } from '../domain/guardrails/engine-refusal.ts';
import type { EngineAddress } from './ask.ts';
import { prometheusEngine } from './engine.ts';

/**
 * Wraps an engine for a waiting person: all its answers together take no longer than this time, and after a refusal
 * that holds for every query none is sent any more. `clock` returns monotonic milliseconds.
 */
export function briefEngine(
  address: EngineAddress,
  { totalMs, clock }: { totalMs: number; clock: () => number },
): MetricEngine {
  let end: number | null = null;
  let refusal: EngineRefusal | null = null;
  return {
    range: async (...asked) => {
      if (refusal) throw refusal;
      end ??= clock() + totalMs;
      const left = end - clock();
      try {
        if (left <= 0) throw outOfTime(totalMs);
        const timeoutMs = Math.min(address.timeoutMs, Math.ceil(left));
        return await prometheusEngine({ ...address, timeoutMs }).range(...asked);
      } catch (error) {
        if (error instanceof EngineRefusal && error.forAll) refusal = error;
        throw error;
      }
    },
  };
}

function outOfTime(totalMs: number): EngineRefusal {
  const seconds = totalMs / 1_000;
  return new EngineRefusal(`the engine did not answer everything within ${seconds} s`, { forAll: true });
}
