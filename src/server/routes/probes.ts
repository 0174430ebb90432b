import { Hono } from 'hono';
import type { Env } from '../http/context.ts';
import type { ServerDependencies } from '../http/dependencies.ts';
import { cached } from '../live/cached.ts';

const PATIENCE_MS = 2_000;
const KEPT_MS = 1_000;

/** Serves probes for supervisors and load balancers: is the server alive, and can it answer? */
export function probes({
  store,
  rollout,
  now,
}: Pick<ServerDependencies, 'store' | 'rollout' | 'now'>): Hono<Env> {
  const answers = cached(KEPT_MS, now, () =>
    within(
      PATIENCE_MS,
      store.reading((read) => read.state()),
    ).catch(() => false),
  );
  const routes = new Hono<Env>();
  routes.get('/healthz', (c) => c.text('ok\n'));
  routes.get('/readyz', async (c) => {
    if (!(await answers())) return c.text('the database does not answer\n', 503);
    return knows(rollout) ? c.text('ready\n') : c.text('the database was not read yet\n', 503);
  });
  return routes;
}

/** Does the library have a snapshot for decisions? */
function knows(rollout: ServerDependencies['rollout']): boolean {
  return ['ready', 'stale'].includes(rollout.state().status);
}

/** Returns whether `work` finished in time; throws its errors. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  const late = new AbortController();
  const timeout = new Promise<boolean>((resolve) => {
    const timer = setTimeout(resolve, milliseconds, false);
    late.signal.addEventListener('abort', () => clearTimeout(timer));
  });
  try {
    return await Promise.race([work.then(() => true), timeout]);
  } finally {
    late.abort();
    work.catch(() => undefined);
  }
}
