import { Hono } from 'hono';
import { answerError, refuse } from './http/answers.ts';
import { type Env, knowClient } from './http/context.ts';
import { crossOrigin } from './http/cross-origin.ts';
import type { ServerDependencies, ServerOptions } from './http/dependencies.ts';
import { guards, PROBES } from './http/guard.ts';
import { hasOperators } from './http/operators.ts';
import { headers, limitBody, limitParcel, limitRate, OUTCOMES, onlyHosts } from './http/protect.ts';
import { inTurn } from './http/serial.ts';
import { ADMIN_TOKEN } from './http/tokens.ts';
import { passOn } from './live/heard.ts';
import { Streams } from './live/streams.ts';
import { Outcomes } from './relay/outcomes.ts';
import { Relay } from './relay/relay.ts';
import { admin, RIGHTS } from './routes/admin.ts';
import { api } from './routes/api.ts';
import { metrics } from './routes/metrics.ts';
import { hasTicket, OFREP_STREAM, ofrep, ofrepStreams } from './routes/ofrep.ts';
import { takeOutcomes } from './routes/outcomes.ts';
import { page } from './routes/page.ts';
import { probes } from './routes/probes.ts';
import { relayRoutes } from './routes/relay.ts';
import { ADMIN, createViews } from './routes/views.ts';

export interface App {
  fetch: Hono<Env>['fetch'];
  /**
   * Stops listening and ends open streams. Resolves when work after answers, such as the issue of a stop, is done;
   * never rejects.
   */
  close(): Promise<void>;
}

/** Routes that lower exposure, which are never refused with a request to retry later. */
const URGENT = [`${ADMIN}/stop`, `${ADMIN}/rollback`];

/** Paths that pages of the configured other origins may request. */
const OPEN_TO_PAGES = ['/api/snapshot', '/api/snapshot/*', OUTCOMES, '/ofrep/*'];

/** Builds every route, with the checks before it. */
export function createApp(deps: ServerDependencies, options: ServerOptions): App {
  const { log } = deps;
  const streams = new Streams();
  const providers = ofrepStreams();
  const relay = new Relay(deps.source, options.streams);
  const outcomes = new Outcomes(deps.sink);
  const views = createViews(deps, options);
  const end = passOn(deps, (features) => {
    // Before listeners are notified: a request that follows at once must not get the old data.
    views.forget();
    streams.tell(features);
    providers.tell(features);
  });
  const running = new Set<Promise<void>>();
  const measured = metrics(deps, views, streams, relay.followers);
  const guard = guards(deps, options);
  const app = new Hono<Env>();
  app.use(...headers(), measured.count, knowClient(options.trustProxy), onlyHosts(options.hosts));
  // Before the tokens, because a browser's preflight request has none.
  for (const path of OPEN_TO_PAGES) app.use(path, crossOrigin(options.origins));
  app.use(limitRate(deps, options, [...PROBES, ...URGENT]), limitBody());
  app.route('/', probes(deps));

  if (!hasOperators(options)) {
    app.all(`${ADMIN}/*`, (c) =>
      refuse(c, 404, 'admin_off', 'there are no admin routes', `start the server with ${ADMIN_TOKEN}`),
    );
  } else {
    app.use(`${ADMIN}/*`, (c, next) =>
      guard.operator(RIGHTS[c.req.path.slice(ADMIN.length + 1)] ?? null)(c, next),
    );
    app.route(
      ADMIN,
      admin({ ...deps, store: deps.urgent, repository: inTurn(deps.repository), goOn }, options),
    );
  }

  app.use('/api/snapshot', guard.client).use('/api/snapshot/*', guard.client);
  app.route('/api/snapshot', relayRoutes(relay, options.origins));

  app.use(OUTCOMES, guard.writer, limitParcel());
  app.post(OUTCOMES, (c) => takeOutcomes(c, outcomes, log));

  app.get(OFREP_STREAM, (c) =>
    hasTicket(c, options)
      ? providers.answer(c)
      : refuse(
          c,
          401,
          'unauthorized',
          'this address has no ticket',
          'ask /ofrep/v1/evaluate/flags for its address',
        ),
  );

  app.use(guard.reader);
  app.route('/api', api(deps, options, views, streams));
  app.route('/ofrep/v1/evaluate', ofrep(deps, options));
  app.get('/metrics', (c) => measured.answer(c));
  app.route('/', page(views));

  app.notFound((c) =>
    refuse(c, 404, 'not_found', 'there is nothing here', 'see docs/server.md for the routes'),
  );
  app.onError((error, c) => answerError(c, error, log));
  return { fetch: app.fetch, close };

  function goOn(work: Promise<void>): void {
    running.add(work);
    void work.finally(() => running.delete(work));
  }

  async function close(): Promise<void> {
    end();
    streams.close();
    providers.close();
    relay.close();
    outcomes.close();
    await Promise.all(running);
  }
}
