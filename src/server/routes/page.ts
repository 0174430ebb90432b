import { Hono } from 'hono';
import type { Env } from '../http/context.ts';
import type { Views } from './views.ts';

/** What only a header can say. The page itself names the scripts that may run, each by its digest. */
const POLICY = "frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** The status page, which asks for itself again whenever something changed. */
export function page(views: Pick<Views, 'page'>): Hono<Env> {
  const routes = new Hono<Env>();
  routes.get('/', async (c) => {
    const text = await views.page();
    c.header('content-security-policy', POLICY);
    return c.html(text);
  });
  return routes;
}
