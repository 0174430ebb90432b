import type { MetricEngine } from '../app/ports/metric-engine.ts';
import { EngineRefusal } from '../domain/guardrails/engine-refusal.ts';
import type { EngineAddress } from './ask.ts';
import { prometheusEngine } from './engine.ts';

/**
 * An engine for somebody who waits: all its answers together take no longer than this time, and after a refusal that holds
 * for every question none is asked any more. `clock` is in milliseconds and never goes back.
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
