import type { EngineSeries } from '../../domain/guardrails/engine-counts.ts';

/** An engine that has the events of metrics. Reads only. */
export interface MetricEngine {
  /**
   * The values of a query at each step from `from` to `until`, in seconds since 1970. Throws EngineRefusal where the
   * engine cannot be asked, does not answer in time, or answers something else.
   */
  range(query: string, from: number, until: number, stepSeconds: number): Promise<EngineSeries[]>;
}

/**
 * Where the events of some guardrails are; null: it is not known here. `fork`: the queries are a stranger's, for whom no
 * engine is asked, whatever is known here.
 */
export type AskedEngine = MetricEngine | null | 'fork';
