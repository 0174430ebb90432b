import { cors } from 'hono/cors';
import { RolloutError } from '../../errors.ts';
import { quoted } from '../../lib/text.ts';
import { MOMENT_HEADER, PATHS, VERSION_HEADER } from '../../runtime/wire/wire.ts';
import type { Middleware } from './context.ts';

const STREAM = `/${PATHS.stream}`;
/** Stands for every origin. */
const ANY = '*';
/** Seconds for which a browser caches the preflight answer. */
const REMEMBERED_S = 600;

/**
 * Allows pages of these origins to request from a browser, which otherwise hides every answer from them. Credentials
 * that a browser sends by itself are not allowed: a page brings its own token.
 */
export function crossOrigin(origins: readonly string[]): Middleware {
  if (origins.length === 0) return (_, next) => next();
  const answering = cors({
    origin: origins.includes(ANY) ? ANY : [...origins],
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['authorization', 'content-type', 'if-none-match', 'x-api-key', VERSION_HEADER],
    exposeHeaders: ['etag', 'retry-after', MOMENT_HEADER],
    maxAge: REMEMBERED_S,
  });
  // An open stream writes its own head: nothing may be added to the answer.
  return (c, next) => (c.req.path === STREAM && c.req.method === 'GET' ? next() : answering(c, next));
}

/** Cross-origin headers of a stream. */
export function crossOriginHead(
  origins: readonly string[],
  origin: string | undefined,
): Record<string, string> {
  if (origins.includes(ANY)) return { 'access-control-allow-origin': ANY };
  if (origin === undefined || !origins.includes(origin)) return {};
  return { 'access-control-allow-origin': origin, vary: 'origin' };
}

/** Returns the origins of an option. Throws `usage` for one that no browser would send. */
export function originsOf(given: readonly string[]): string[] {
  return given.map((text) => {
    if (text === ANY || (URL.canParse(text) && new URL(text).origin === text)) return text;
    throw new RolloutError('usage', `${quoted(text)} is not an origin`, {
      hint: 'write it as a browser does: https://app.example.com, with the port where it has one, without a path',
    });
  });
}
