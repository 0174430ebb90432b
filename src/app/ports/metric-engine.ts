import type { EngineSeries } from '../../domain/guardrails/engine-counts.ts';

/** An engine that stores events of metrics. Reads only. */
export interface MetricEngine {
  /**
   * Returns the values of a query at each step from `from` to `until`, in seconds since 1970. Throws EngineRefusal if
   * the engine cannot be reached, does not answer in time, or answers with anything unexpected.
   */
  range(query: string, from: number, until: number, stepSeconds: number): Promise<EngineSeries[]>;
}

/**
 * The engine for guardrails' events; null: not configured here. `fork`: the queries come from a fork, for which no
 * engine is queried.
 */
export type AskedEngine = MetricEngine | null | 'fork';
