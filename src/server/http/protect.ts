import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { later, refuse } from './answers.ts';
import type { Middleware } from './context.ts';
import type { ServerDependencies, ServerOptions } from './dependencies.ts';
import { PROBES } from './guard.ts';
import { Limiter } from './limiter.ts';

const LARGEST_BODY = 64 * 1024;
/** Thousands of sums and stamps. */
const LARGEST_PARCEL = 4 * 1024 * 1024;

export const OUTCOMES = '/api/outcomes';

/** Content security policy of an answer that is not a page: it may load and run nothing. */
export const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Headers that keep an answer from being run, framed, guessed at or kept. A route may say otherwise of its own. */
export function headers(): Middleware[] {
  const cautious: Middleware = async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
    if (!c.res.headers.has('content-security-policy')) c.res.headers.set('content-security-policy', NOTHING);
  };
  // Whether the address is reached by TLS is the proxy's to know.
  return [secureHeaders({ xFrameOptions: 'DENY', strictTransportSecurity: false }), cautious];
}

/**
 * Refuses other names than the server's own. A page of another site whose name its owner lets point to this
 * machine has that name in `Host`, and could read here with the reader's browser.
 */
export function onlyHosts(hosts: readonly string[] | null): Middleware {
  return async (c, next) => {
    if (hosts === null || PROBES.includes(c.req.path)) return next();
    const { hostname } = new URL(c.req.url);
    if (hosts.includes(hostname.toLowerCase())) return next();
    const hint = 'ask by the address it listens on, or start it with --allow-host NAME';
    return refuse(c, 421, 'wrong_host', 'the server does not answer under this name', hint);
  };
}

/** So many requests a minute from one client. Probes and what takes a feature away are never refused. */
export function limitRate(
  { now }: Pick<ServerDependencies, 'now'>,
  { rateLimit }: ServerOptions,
  free: readonly string[],
): Middleware {
  const limiter = new Limiter(rateLimit, now);
  return async (c, next) => {
    if (rateLimit === 0 || free.includes(c.req.path)) return next();
    const wait = limiter.take(c.get('client'));
    return wait === 0 ? next() : later(c, wait, `more than ${rateLimit} requests a minute`);
  };
}

/** A body that is larger than any of ours is not read to its end. Batches of outcomes have a limit of their own. */
export function limitBody(): Middleware {
  const usual = limitTo(LARGEST_BODY);
  return (c, next) => (c.req.path === OUTCOMES ? next() : usual(c, next));
}

/** After the tokens: a body of unknown length is held in memory while it comes, which is not for strangers. */
export function limitParcel(): Middleware {
  return limitTo(LARGEST_PARCEL);
}

function limitTo(maxSize: number): Middleware {
  return bodyLimit({
    maxSize,
    onError: (c) => {
      // The rest of the body is discarded.
      c.header('connection', 'close');
      return refuse(c, 413, 'too_large', `the body is larger than ${maxSize / 1024} KiB`);
    },
  });
}
