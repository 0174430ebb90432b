import { bodyLimit } from 'hono/body-limit';
import { secureHeaders } from 'hono/secure-headers';
import { later, refuse } from './answers.ts';
import type { Middleware } from './context.ts';
import type { ServerDependencies, ServerOptions } from './dependencies.ts';
import { PROBES } from './guard.ts';
import { Limiter } from './limiter.ts';

const LARGEST_BODY = 64 * 1024;
/** Bytes of a body with thousands of sums and stamps. */
const LARGEST_PARCEL = 4 * 1024 * 1024;

export const OUTCOMES = '/api/outcomes';

/** Content security policy of an answer that is not a page: it may load and run nothing. */
export const NOTHING = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/** Sets headers that keep an answer from being executed, framed, sniffed or cached. A route may override them. */
export function headers(): Middleware[] {
  const cautious: Middleware = async (c, next) => {
    await next();
    if (!c.res.headers.has('cache-control')) c.res.headers.set('cache-control', 'no-store');
    if (!c.res.headers.has('content-security-policy')) c.res.headers.set('content-security-policy', NOTHING);
  };
  // Only the proxy knows whether the address uses TLS.
  return [secureHeaders({ xFrameOptions: 'DENY', strictTransportSecurity: false }), cautious];
}

/**
 * Refuses host names that are not the server's. Otherwise another site could point its name to this machine, and its
 * page could read here with the reader's browser; the name is in `Host`.
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

/** Limits the requests per minute of one client. Probes and requests that lower exposure are never refused. */
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

/** Stops reading a body that is larger than any valid one. Batches of outcomes have their own limit. */
export function limitBody(): Middleware {
  const usual = limitTo(LARGEST_BODY);
  return (c, next) => (c.req.path === OUTCOMES ? next() : usual(c, next));
}

/**
 * After the token check: a body of unknown length is held in memory while it arrives, which strangers must not cause.
 */
export function limitParcel(): Middleware {
  return limitTo(LARGEST_PARCEL);
}

function limitTo(maxSize: number): Middleware {
  return bodyLimit({
    maxSize,
    onError: (c) => {
      // Discards the rest of the body.
      c.header('connection', 'close');
      return refuse(c, 413, 'too_large', `the body is larger than ${maxSize / 1024} KiB`);
    },
  });
}
