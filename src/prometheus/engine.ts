import type { MetricEngine } from '../app/ports/metric-engine.ts';
import type { EngineSeries } from '../domain/guardrails/engine-counts.ts';
import { EngineRefusal } from '../domain/guardrails/engine-refusal.ts';
import { redact } from '../lib/redact.ts';
import { harmless } from '../lib/text.ts';
import { type Answer, ask, type EngineAddress } from './ask.ts';
import { pauseOf } from './retry-after.ts';

const LONGEST_WHY = 200;

/** An engine with the HTTP API of Prometheus: Prometheus, Thanos, Mimir, Cortex, VictoriaMetrics. */
export function prometheusEngine(address: EngineAddress): MetricEngine {
  return {
    range: async (query, from, until, stepSeconds) => {
      const answer = await ask(address, '/api/v1/query_range', {
        ...{ query, start: String(from), end: String(until), step: String(stepSeconds) },
        timeout: `${Math.ceil(address.timeoutMs / 1_000)}s`,
      });
      return seriesOf(bodyOf(answer));
    },
  };
}

/** Returns the JSON of a successful answer; throws EngineRefusal for any other. */
function bodyOf({ status, headers, text }: Answer): Record<string, unknown> {
  if (status === 401 || status === 403) {
    const hint = 'check ROLLOUT_PROMETHEUS_TOKEN and what its holder may read';
    throw new EngineRefusal(`the engine answered ${status}; ${hint}`, { forAll: true });
  }
  if (status >= 300 && status < 400) {
    throw new EngineRefusal(
      `the engine answered ${status}, a redirect, which is not followed; set ROLLOUT_PROMETHEUS_URL to where it leads`,
      { forAll: true },
    );
  }
  if (status === 429 || status === 503) {
    const retryAfterSeconds = pauseOf(headers);
    throw new EngineRefusal(`the engine answered ${status}`, { retryAfterSeconds, forAll: true });
  }
  const body = parsed(text);
  if (status !== 200 || body?.status !== 'success') throw new EngineRefusal(refusalOf(status, body));
  return body;
}

function refusalOf(status: number, body: Record<string, unknown> | null): string {
  const { error } = body ?? {};
  const why = typeof error === 'string' ? `: ${harmless(redact(error), LONGEST_WHY)}` : '';
  if (status !== 200) return `the engine answered ${status}${why}`;
  return body === null ? 'the engine did not answer with JSON' : `the engine refused the query${why}`;
}

/** Returns every series of a matrix. Throws EngineRefusal for another kind of result, and for a partial one. */
function seriesOf({ data, warnings }: Record<string, unknown>): EngineSeries[] {
  const { resultType, result } = (isRecord(data) ? data : {}) as Record<string, unknown>;
  if (resultType !== 'matrix' || !Array.isArray(result)) {
    const found = typeof resultType === 'string' ? harmless(resultType) : 'no result';
    throw new EngineRefusal(`the engine answered ${found}, not a matrix`);
  }
  if (Array.isArray(warnings) && warnings.length > 0) {
    const said = harmless(redact(String(warnings[0])), LONGEST_WHY);
    throw new EngineRefusal(`the engine answered in part: ${said}`);
  }
  return result.map(oneSeries);
}

function oneSeries(value: unknown): EngineSeries {
  const { metric, values } = (isRecord(value) ? value : {}) as Record<string, unknown>;
  if (!isRecord(metric) || !Array.isArray(values)) {
    throw new EngineRefusal('the engine answered a series without labels or values');
  }
  const labels = Object.fromEntries(
    Object.entries(metric).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
  const points = values.map((point: unknown) => {
    const [at, text] = Array.isArray(point) ? (point as unknown[]) : [];
    if (typeof at !== 'number' || typeof text !== 'string') {
      throw new EngineRefusal('the engine answered a value without a time');
    }
    return [at, text] as const;
  });
  return { labels, points };
}

function parsed(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
