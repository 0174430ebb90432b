import { later, refuse } from './answers.ts';
import type { Middleware, Request } from './context.ts';
import type { ServerDependencies, ServerOptions } from './dependencies.ts';
import { Limiter } from './limiter.ts';
import { CLIENT_TOKENS, sameToken, shortDigest, WRITE_TOKENS } from './tokens.ts';

/** Wrong tokens a minute from one client. A right one passes however many were wrong: a stop must get through. */
const MOST_FAILURES = 10;

/** Which probes stay open: they say nothing but that the server lives. */
export const PROBES = ['/healthz', '/readyz'];

interface Guards {
  reader: Middleware;
  /** Who may follow the snapshot. */
  client: Middleware;
  /** Who may record outcomes. */
  writer: Middleware;
  admin: Middleware;
}

/** Who may read, and who may change. */
export function guards({ now }: Pick<ServerDependencies, 'now'>, options: ServerOptions): Guards {
  const failures = new Limiter(MOST_FAILURES, now);
  const { adminToken, readToken, clientTokens, writeTokens, showNames } = options;
  const known = [readToken, adminToken].filter((token) => token !== null);

  /** With a token set everything but the probes wants one: as bearer, as API key, or as a browser's password. */
  const reader: Middleware = async (c, next) => {
    if (readToken === null || PROBES.includes(c.req.path)) return next();
    const given = bearer(c) ?? c.req.header('x-api-key')?.trim() ?? password(c);
    if (given !== undefined && isOneOf(given, known)) return next();
    return unauthorized(c, 'Basic realm="rollout", charset="UTF-8"', given);
  };

  /** The snapshot holds the ids in lists: without a token it is for those who may see names. */
  const client: Middleware = async (c, next) => {
    const tokens = [...clientTokens, ...(readToken === null ? [] : [readToken])];
    if (tokens.length === 0) {
      if (showNames) return next();
      const hint = `set ${CLIENT_TOKENS}, or start the server with --show-names`;
      return refuse(c, 403, 'forbidden', 'the snapshot names subjects, and there is no token for it', hint);
    }
    const given = bearer(c) ?? c.req.header('x-api-key')?.trim();
    if (given === undefined || !isOneOf(given, tokens)) return unauthorized(c, CHALLENGE, given);
    c.set('token', shortDigest(given));
    return next();
  };

  const writer: Middleware = async (c, next) => {
    if (writeTokens.length === 0) {
      const hint = `start the server with ${WRITE_TOKENS}`;
      return refuse(c, 404, 'outcomes_off', 'this server takes no outcomes', hint);
    }
    const given = bearer(c);
    if (given === undefined || !isOneOf(given, writeTokens)) return unauthorized(c, CHALLENGE, given);
    c.set('token', shortDigest(given));
    return next();
  };

  /** Only a bearer token: a browser sends a password by itself, also for another site's form. */
  const admin: Middleware = async (c, next) => {
    const given = bearer(c);
    if (adminToken !== null && given !== undefined && sameToken(given, adminToken)) return next();
    if (readToken !== null && given !== undefined && sameToken(given, readToken)) {
      return refuse(c, 403, 'forbidden', 'this token may only read', 'use the token of ROLLOUT_ADMIN_TOKEN');
    }
    return unauthorized(c, 'Bearer realm="rollout admin"', given);
  };

  function unauthorized(c: Request, challenge: string, given: string | undefined): Response {
    const wait = given === undefined ? 0 : failures.take(c.get('client'));
    if (wait > 0) return later(c, wait, 'too many wrong tokens');
    c.header('www-authenticate', challenge);
    const said = given === undefined ? 'this needs a token' : 'the token is wrong';
    return refuse(c, 401, 'unauthorized', said, 'send it as: Authorization: Bearer TOKEN');
  }

  return { reader, client, writer, admin };
}

const CHALLENGE = 'Bearer realm="rollout"';

/** All are compared, so that the time does not tell which one it was. */
function isOneOf(given: string, tokens: readonly string[]): boolean {
  return tokens.map((token) => sameToken(given, token)).includes(true);
}

function bearer(c: Request): string | undefined {
  return /^bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

/** The password of HTTP basic authentication, which a browser asks its user for; the name does not matter. */
function password(c: Request): string | undefined {
  const encoded = /^basic +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
}
