import type { Routing, Thresholds } from '../../domain/spec/spec.ts';
import type { ThresholdsEntry } from '../base/schema-types.ts';
import { seconds } from './fill-values.ts';

const MAX_ERROR_RATE = 5;

const JOB_TIMEOUT: Readonly<Record<string, string>> = { inngest: '15m', github_actions: '3h' };
/** Timeout of processors that are routed to and have none of their own. */
const OTHER_JOB_TIMEOUT = '3h';

/** Fills in every default of the thresholds: a feature's own, otherwise the shared ones, otherwise the built-in ones. */
export function fillThresholds(own: ThresholdsEntry, shared: ThresholdsEntry, routing: Routing): Thresholds {
  const said = { ...shared, ...own };
  const max = said.max_error_rate ?? MAX_ERROR_RATE;
  return {
    max_error_rate: max,
    warning_error_rate: said.warning_error_rate ?? twoDecimals(max / 2),
    critical_error_rate: said.critical_error_rate ?? Math.min(100, twoDecimals(max * 2)),
    minimum_jobs: said.minimum_jobs ?? 10,
    window: seconds(said.window ?? '24h'),
    advance_error_rate: said.advance_error_rate ?? twoDecimals(max * 0.6),
    max_slowdown: said.max_slowdown ?? 1.5,
    job_timeout: fillTimeouts({ ...JOB_TIMEOUT, ...shared.job_timeout, ...own.job_timeout }, routing),
  };
}

/** Returns timeouts for every processor that a job may be routed to: a job that never ends must count too. */
function fillTimeouts(said: Readonly<Record<string, string>>, routing: Routing): Record<string, number> {
  const routed = [routing.fallback, routing.realtime, routing.bulk];
  const names = [...new Set([...Object.keys(said), ...routed])];
  return Object.fromEntries(
    names.map((name) => [name, seconds(Object.hasOwn(said, name) ? (said[name] ?? '') : OTHER_JOB_TIMEOUT)]),
  );
}

/** Rounds to hundredths, half up. */
function twoDecimals(value: number): number {
  return Math.round(value * 100) / 100;
}
