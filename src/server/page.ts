import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { readReport } from '../app/report.ts';
import { statusPage } from '../report/page.ts';
import { cached } from './cached.ts';
import type { Env } from './context.ts';
import type { ServerDependencies, ServerOptions } from './dependencies.ts';

/** Many who look at once read the database once; whoever was told of a change gets what is new. */
const KEPT_MS = 1_000;
const EVENTS = '/api/events';

/** The status page, which asks for itself again whenever something changed; `forget` before it is told so. */
export function page(
  deps: Pick<ServerDependencies, 'store' | 'now' | 'page'>,
  { showNames }: Pick<ServerOptions, 'showNames'>,
): { routes: Hono<Env>; forget: () => void } {
  const { now } = deps;
  const { assets, repositoryUrl } = deps.page;
  const policy = policyFor(assets);
  const html = cached(KEPT_MS, now, async () => {
    const data = await readReport(deps, { showNames, repositoryUrl, simulate: false });
    return statusPage(data, assets, { live: EVENTS });
  });
  const routes = new Hono<Env>();
  routes.get('/', async (c) => {
    const text = await html();
    c.header('content-security-policy', policy);
    return c.html(text);
  });
  return { routes, forget: html.forget };
}

/**
 * What the page may do: run its own scripts, each known by its digest, and ask this server. A script that got in
 * by a text is none of them.
 */
function policyFor(assets: ServerDependencies['page']['assets']): string {
  const digests = (...texts: string[]) =>
    texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`).join(' ');
  return [
    "default-src 'none'",
    `script-src ${digests(assets.chartScript, assets.script)}`,
    `style-src ${digests(assets.chartStyle, assets.style)}`,
    // Widths of bars are attributes of their elements.
    "style-src-attr 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  ].join('; ');
}
