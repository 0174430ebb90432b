import { Hono } from 'hono';
import { readReport } from '../app/report.ts';
import { statusPage } from '../report/page.ts';
import { cached } from './cached.ts';
import type { Env } from './context.ts';
import type { ServerDependencies, ServerOptions } from './dependencies.ts';

/** Many who look at once read the database once; whoever was told of a change gets what is new. */
const KEPT_MS = 1_000;
const EVENTS = '/api/events';
/** What only a header can say. The page itself names the scripts that may run, each by its digest. */
const POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The status page, which asks for itself again whenever something changed; `forget` before it is told so. */
export function page(
  deps: Pick<ServerDependencies, 'store' | 'now' | 'page'>,
  { showNames }: Pick<ServerOptions, 'showNames'>,
): { routes: Hono<Env>; forget: () => void } {
  const { now } = deps;
  const { assets, repositoryUrl } = deps.page;
  const html = cached(KEPT_MS, now, async () => {
    const data = await readReport(deps, { showNames, repositoryUrl, simulate: false });
    return statusPage(data, assets, { live: EVENTS });
  });
  const routes = new Hono<Env>();
  routes.get('/', async (c) => {
    const text = await html();
    c.header('content-security-policy', POLICY);
    return c.html(text);
  });
  return { routes, forget: html.forget };
}
