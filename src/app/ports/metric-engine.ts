import type { EngineSeries } from '../../domain/guardrails/engine-counts.ts';

/** An engine that has the events of metrics. Reads only. */
export interface MetricEngine {
  /**
   * The values of a query at each step from `from` to `until`, in seconds since 1970. Throws EngineRefusal where the
   * engine cannot be asked, does not answer in time, or answers something else.
   */
  range(query: string, from: number, until: number, stepSeconds: number): Promise<EngineSeries[]>;
}
