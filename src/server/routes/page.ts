import { Hono } from 'hono';
import { json, refuse } from '../http/answers.ts';
import type { Env } from '../http/context.ts';
import type { Views } from './views.ts';

/** Directives that only a header can set. The page itself lists the allowed scripts, each by its digest. */
const POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Serves the status page, which reloads itself whenever something changed. */
export function page(views: Pick<Views, 'page' | 'part'>): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/', async (c) => {
    const text = await views.page();
    c.header('content-security-policy', POLICY);
    return c.html(text);
  });
  routes.get('/page/features/:feature', async (c) => {
    const part = await views.part(c.req.param('feature'));
    if (part === null) return refuse(c, 404, 'unknown_feature', 'the page has no such feature');
    return json(c, part);
  });
  return routes;
}
