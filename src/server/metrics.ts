import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { cached } from './cached.ts';
import type { Middleware, Request } from './context.ts';
import type { ServerDependencies } from './dependencies.ts';
import { type Facts, readFacts } from './metrics-facts.ts';
import type { Streams } from './streams.ts';

/** However often it is scraped, the database is read once in this time. */
const KEPT_MS = 5_000;

/** Of the process, with the suffix of a counter that they are not. */
const MISNAMED = ['handles', 'requests', 'resources'].map((what) => `nodejs_active_${what}_total`);

export interface Metrics {
  /** Counts every request by its route, never by its path: a path can be anything. */
  count: Middleware;
  answer(c: Request): Promise<Response>;
}

/** What Prometheus scrapes: where each feature stands, how it fares, and whether the controller lives. */
export function metrics(
  { store, now, log }: Pick<ServerDependencies, 'store' | 'now' | 'log'>,
  streams: Streams,
): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of MISNAMED) registry.removeSingleMetric(name);
  const show = factsIn(registry);
  const read = cached(KEPT_MS, now, () => readFacts(store));
  const up = gauge(registry, 'rollout_database_up', 'Whether the database answered this scrape.');
  const open = gauge(registry, 'rollout_event_streams', 'Pages that are watched now.');
  const requests = new Counter({
    name: 'rollout_http_requests_total',
    help: 'Requests by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  return {
    count: async (c, next) => {
      await next();
      const known = ['GET', 'HEAD', 'POST'].includes(c.req.method);
      requests.inc({ method: known ? c.req.method : 'other', route: routeOf(c), status: c.res.status });
    },
    answer: async (c) => {
      // Without the database the numbers of the features are left out: old ones would look like new ones.
      const facts = await read().catch((error: Error) => {
        log(`metrics: ${error.message}`);
        return null;
      });
      up.set(facts ? 1 : 0);
      open.set(streams.open);
      show(facts);
      return c.body(await registry.metrics(), 200, { 'content-type': registry.contentType });
    },
  };
}

/** The pattern of the route that answered; of what no route takes, one word for all. */
function routeOf(c: Request): string {
  const last = c.req.matchedRoutes.filter(({ path }) => !path.endsWith('*')).at(-1);
  return last?.path ?? 'none';
}

function gauge(registry: Registry, name: string, help: string, ...labelNames: string[]): Gauge {
  return new Gauge({ name, help, labelNames, registers: [registry] });
}

/** Puts facts into gauges; what is gone since the last scrape is gone from them too. */
function factsIn(registry: Registry): (facts: Facts | null) => void {
  const gauges = new Map<string, Gauge>();
  return (facts) => {
    for (const one of gauges.values()) one.reset();
    for (const { name, help, labels, value } of facts ?? []) {
      const names = Object.keys(labels);
      const known = gauges.get(name) ?? gauge(registry, name, help, ...names);
      gauges.set(name, known);
      known.set(labels, value);
    }
  };
}
