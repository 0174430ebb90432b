import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Middleware, Request } from '../http/context.ts';
import type { ServerDependencies } from '../http/dependencies.ts';
import type { Streams } from '../live/streams.ts';
import type { Followers } from '../relay/followers.ts';
import { type Facts, readFacts } from './metrics-facts.ts';
import type { Views } from './views.ts';

/** Metrics of the process that have the suffix of a counter although they are not counters. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

/** From a decision in memory to a newly built report. */
const DURATIONS_S = [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30];

export interface Metrics {
  /** Counts and times every request by its route, never by its path, because paths are unlimited. */
  count: Middleware;
  answer(c: Request): Promise<Response>;
}

/** Serves Prometheus: the state and health of each feature, and whether the controller lives. */
export function metrics(
  { store, log }: Pick<ServerDependencies, 'store' | 'log'>,
  views: Pick<Views, 'stats'>,
  streams: Streams,
  followers: Pick<Followers, 'open' | 'cut'>,
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const up = gauge(registry, 'rollout_database_up', 'Whether the database answered this scrape.');
  const open = gauge(registry, 'rollout_event_streams', 'Pages that are watched now.');
  const following = gauge(registry, 'rollout_relay_streams', 'Applications that follow the snapshot now.');
  const cut = gauge(registry, 'rollout_relay_streams_cut', 'Streams cut since the start: nobody read them.');
  const requests = new Counter({
    name: 'rollout_http_requests_total',
    help: 'Requests by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'rollout_http_request_duration_seconds',
    help: 'Seconds until the answer began, by route; of a stream, until it was opened.',
    labelNames: ['method', 'route'],
    buckets: DURATIONS_S,
    registers: [registry],
  });
  return {
    count: async (c, next) => {
      const began = performance.now();
      await next();
      const known = ['GET', 'HEAD', 'POST'].includes(c.req.method);
      const labels = { method: known ? c.req.method : 'other', route: routeOf(c) };
      requests.inc({ ...labels, status: c.res.status });
      durations.observe(labels, (performance.now() - began) / 1_000);
    },
    answer: async (c) => {
      // Without the database the features' values are left out: old ones would look like new ones.
      const facts = await readFacts(store, views).catch((error: Error) => {
        log(`metrics: ${error.message}`);
        return null;
      });
      up.set(facts ? 1 : 0);
      open.set(streams.open);
      following.set(followers.open);
      cut.set(followers.cut);
      const text = `${await registry.metrics()}\n${await textOf(facts ?? [])}`;
      return c.body(text, 200, { 'content-type': registry.contentType });
    },
  };
}

/** Returns the pattern of the matched route; one common word if no route matched. */
function routeOf(c: Request): string {
  const last = c.req.matchedRoutes.filter(({ path }) => !path.endsWith('*')).at(-1);
  return last?.path ?? 'none';
}

function gauge(registry: Registry, name: string, help: string, ...labelNames: string[]): Gauge {
  return new Gauge({ name, help, labelNames, registers: [registry] });
}

/** Uses a new registry each time, so that series that ended since the last scrape disappear. */
function textOf(facts: Facts): Promise<string> {
  const registry = new Registry();
  const gauges = new Map<string, Gauge>();
  for (const { name, help, labels, value } of facts) {
    const known = gauges.get(name) ?? gauge(registry, name, help, ...Object.keys(labels));
    gauges.set(name, known);
    known.set(labels, value);
  }
  return registry.metrics();
}
