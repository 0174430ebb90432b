import { RolloutError } from '../../errors.ts';
import {
  anyOf,
  has,
  type Identify,
  type Identity,
  IdentityRefused,
  type Right,
} from '../identity/identity.ts';
import { oidcIdentity } from '../identity/oidc.ts';
import { proxyIdentity } from '../identity/proxy-header.ts';
import { sameText } from '../identity/same-text.ts';
import { later, refuse } from './answers.ts';
import type { Middleware, Request } from './context.ts';
import type { ServerDependencies, ServerOptions } from './dependencies.ts';
import { Limiter } from './limiter.ts';
import { CLIENT_TOKENS, shortDigest, WRITE_TOKENS } from './tokens.ts';

/** Limit of wrong tokens per minute from one client. A correct one always passes: a stop must get through. */
const MOST_FAILURES = 10;

/** Probes that need no token: they only show that the server lives. */
export const PROBES = ['/healthz', '/readyz'];

interface Guards {
  reader: Middleware;
  /** Allows followers of the snapshot. */
  client: Middleware;
  /** Allows senders of outcomes. */
  writer: Middleware;
  /**
   * Allows an operation to the holder of the admin token, or to a verified person with the right; null: to no person.
   */
  operator: (right: Right | null) => Middleware;
}

/** Returns the checks for readers and writers. */
export function guards({ now }: Pick<ServerDependencies, 'now'>, options: ServerOptions): Guards {
  const failures = new Limiter(MOST_FAILURES, now);
  const { adminToken, readToken, clientTokens, writeTokens, showNames } = options;
  const identify = identifying(options.identity, now);
  const known = [readToken, adminToken].filter((token) => token !== null);

  /** With a token set, everything but the probes needs one: as bearer, as API key, or as a browser's password. */
  const reader: Middleware = async (c, next) => {
    if (readToken === null || PROBES.includes(c.req.path)) return next();
    const given = bearer(c) ?? c.req.header('x-api-key')?.trim() ?? password(c);
    if (given !== undefined && isOneOf(given, known)) return next();
    const identity = await identified(c);
    if (identity instanceof Response) return identity;
    if (identity !== null) return next();
    return unauthorized(c, 'Basic realm="rollout", charset="UTF-8"', given);
  };

  /** The snapshot contains ids of lists: without a token it is only for those who may see names. */
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

  /** Only a bearer token: a browser sends a password automatically, even for another site's form. */
  const operator =
    (right: Right | null): Middleware =>
    async (c, next) => {
      const given = bearer(c);
      const isAdmin = adminToken !== null && given !== undefined && sameText(given, adminToken);
      const identity = await identified(c);
      // An operator's token passes, even with a wrong proof of identity beside it.
      if (isAdmin) {
        c.set('holdsAdminToken', true);
        return next();
      }
      if (identity instanceof Response) return identity;
      if (identity !== null) return (await mayNot(c, identity, right)) ?? next();
      if (readToken !== null && given !== undefined && sameText(given, readToken)) {
        return refuse(
          c,
          403,
          'forbidden',
          'this token may only read',
          'use the token of ROLLOUT_ADMIN_TOKEN',
        );
      }
      return unauthorized(c, 'Bearer realm="rollout admin"', given);
    };

  async function identified(c: Request): Promise<Identity | null | Response> {
    try {
      const { incoming } = c.env ?? {};
      const identity = await identify({
        peer: incoming?.socket.remoteAddress,
        rawHeaders: incoming?.rawHeaders ?? [],
        authorization: c.req.header('authorization'),
      });
      c.set('identity', identity ?? undefined);
      return identity;
    } catch (error) {
      if (error instanceof IdentityRefused) return unauthorized(c, CHALLENGE, 'a proof', error.message);
      if (!(error instanceof RolloutError)) throw error;
      return refuse(c, 503, error.code, error.message, error.hint ?? null);
    }
  }

  async function mayNot(c: Request, identity: Identity, right: Right | null): Promise<Response | null> {
    if (isForeign(c)) {
      return refuse(c, 403, 'forbidden', 'a page of another site asks', 'ask from the page of this server');
    }
    const rights = options.identity?.rights;
    if (right !== null && rights !== undefined && has(right, identity, rights)) return null;
    const hint =
      right === null
        ? 'this needs the token of ROLLOUT_ADMIN_TOKEN'
        : `the server gives it to groups: --may-${right} GROUP`;
    return refuse(c, 403, 'forbidden', `${identity.name} may not do this`, hint);
  }

  function unauthorized(c: Request, challenge: string, given: string | undefined, why?: string): Response {
    const wait = given === undefined ? 0 : failures.take(c.get('client'));
    if (wait > 0) return later(c, wait, 'too many wrong tokens');
    c.header('www-authenticate', challenge);
    const said = why ?? (given === undefined ? 'this needs a token' : 'the token is wrong');
    return refuse(c, 401, 'unauthorized', said, 'send it as: Authorization: Bearer TOKEN');
  }

  return { reader, client, writer, operator };
}

function identifying(identity: ServerOptions['identity'], now: () => Date): Identify {
  if (identity === null) return async () => null;
  const { header, oidc } = identity;
  // A token identifies a person by itself; a header only states what a proxy believes.
  return anyOf([
    ...(oidc === null ? [] : [oidcIdentity(oidc, now)]),
    ...(header === null ? [] : [proxyIdentity(header)]),
  ]);
}

/**
 * Does the request come from another site? A browser that is logged in at the proxy sends its proof for every site; it
 * also says which site asks.
 */
function isForeign(c: Request): boolean {
  const site = c.req.header('sec-fetch-site');
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return true;
  const origin = c.req.header('origin');
  return origin !== undefined && (!URL.canParse(origin) || new URL(origin).host !== c.req.header('host'));
}

const CHALLENGE = 'Bearer realm="rollout"';

/** Compares all of them, so that the time does not reveal which one it was. */
function isOneOf(given: string, tokens: readonly string[]): boolean {
  return tokens.map((token) => sameText(given, token)).includes(true);
}

function bearer(c: Request): string | undefined {
  return /^bearer +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

/** Returns the password of HTTP basic authentication, which a browser asks its user for; the name is ignored. */
function password(c: Request): string | undefined {
  const encoded = /^basic +(\S+) *$/i.exec(c.req.header('authorization') ?? '')?.[1];
  if (encoded === undefined) return undefined;
  const pair = Buffer.from(encoded, 'base64').toString('utf8');
  return pair.includes(':') ? pair.slice(pair.indexOf(':') + 1) : undefined;
}
