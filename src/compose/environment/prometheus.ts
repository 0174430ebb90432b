import { readFileSync } from 'node:fs';
import type { MetricEngine } from '../../app/ports/metric-engine.ts';
import { EngineRefusal } from '../../domain/guardrails/engine-refusal.ts';
import type { EngineAddress } from '../../prometheus/ask.ts';
import { briefEngine } from '../../prometheus/brief.ts';
import { prometheusEngine } from '../../prometheus/engine.ts';
import type { Environment } from './settings.ts';

const TIMEOUT_MS = 10_000;

/** Milliseconds that a plan waits for an engine, for all answers together. */
const PLAN_MS = 20_000;

/**
 * Returns the engine of `ROLLOUT_PROMETHEUS_URL`. Address, token and certificate are secrets, so they are never in a
 * file. If it is missing or unusable, each query is refused with the reason: features without engine metrics do not
 * need it.
 */
export function metricEngineOf(environment: Environment): MetricEngine {
  return whenAsked(() => prometheusEngine(addressOf(environment)));
}

/** Returns the engine for a plan, with a limited wait; null: the environment names none. */
export function planEngineOf(environment: Environment): MetricEngine | null {
  if (!knowsEngine(environment)) return null;
  const limits = { totalMs: PLAN_MS, clock: () => performance.now() };
  return whenAsked(() => briefEngine(addressOf(environment), limits));
}

/** Certificates are read, and an address is refused, only at the first query. */
function whenAsked(make: () => MetricEngine): MetricEngine {
  let engine: MetricEngine | null = null;
  return {
    range: async (...asked) => {
      engine ??= make();
      return engine.range(...asked);
    },
  };
}

/** Does this environment name an engine? */
export function knowsEngine(environment: Environment): boolean {
  return Boolean(environment.ROLLOUT_PROMETHEUS_URL?.trim());
}

function addressOf(environment: Environment): EngineAddress {
  const text = environment.ROLLOUT_PROMETHEUS_URL?.trim();
  if (!text) refuse('ROLLOUT_PROMETHEUS_URL is not set for the controller');
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    refuse('ROLLOUT_PROMETHEUS_URL is not a URL that begins with http:// or https://');
  }
  const [ca, cert, key] = ['CA', 'CERT', 'KEY'].map((name) =>
    fileOf(environment, `ROLLOUT_PROMETHEUS_${name}_FILE`),
  );
  return {
    url: new URL(text),
    token: environment.ROLLOUT_PROMETHEUS_TOKEN?.trim() || null,
    tenant: environment.ROLLOUT_PROMETHEUS_TENANT?.trim() || null,
    tls: { ...(ca ? { ca } : {}), ...(cert ? { cert } : {}), ...(key ? { key } : {}) },
    timeoutMs: TIMEOUT_MS,
  };
}

function fileOf(environment: Environment, name: string): string | null {
  const path = environment[name]?.trim();
  if (!path) return null;
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return refuse(`${name} names a file that cannot be read`);
  }
}

function refuse(why: string): never {
  throw new EngineRefusal(why, { forAll: true });
}
