import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono } from 'hono';
import { SUBJECT_TYPES } from '../../domain/spec/vocabulary.ts';
import { quoted } from '../../lib/text.ts';
import { MOMENT_HEADER, VERSION_HEADER, WIRE_VERSION } from '../../runtime/wire/wire.ts';
import { json, refuse } from '../http/answers.ts';
import type { Env, Request } from '../http/context.ts';
import { crossOriginHead } from '../http/cross-origin.ts';
import { onlyKnown } from '../http/query.ts';
import type { Relay } from '../relay/relay.ts';

/** Seconds after which a refused client requests again. */
const FULL_S = 10;
const NOT_READY_S = 2;

/** Serves the snapshot for applications without a database, and the stream of its changes. */
export function relayRoutes(relay: Relay, origins: readonly string[]): Hono<Env> {
  const routes = new Hono<Env>();
  routes.use(async (c, next) => (canRead(c) ? next() : tooOld(c)));
  routes.get('/', async (c) => {
    onlyKnown(c, []);
    const moment = relay.moment();
    if (moment === null) return notReady(c);
    const packed = /\bgzip\b/.test(c.req.header('accept-encoding') ?? '');
    const etag = `"${moment.tag}"`;
    c.header('etag', etag);
    c.header('cache-control', 'private, no-cache');
    c.header('vary', 'accept-encoding, authorization');
    c.header(MOMENT_HEADER, JSON.stringify(moment));
    if (tagsOf(c).includes(etag)) return c.body(null, 304);
    c.header('content-type', 'application/json; charset=utf-8');
    if (packed) c.header('content-encoding', 'gzip');
    return c.body(new Uint8Array(await relay.body(packed)));
  });
  routes.get('/subjects', async (c) => {
    onlyKnown(c, []);
    const body = await relay.subjects();
    if (body === null) return notReady(c);
    c.header('content-type', 'application/octet-stream');
    return c.body(new Uint8Array(body));
  });
  routes.get('/facts', async (c) => {
    onlyKnown(c, ['subject']);
    const asked = c.req.query('subject');
    const subject = SUBJECT_TYPES.find((type) => type === asked);
    if (subject === undefined) {
      const found = asked === undefined ? 'subject is missing' : `subject is ${quoted(asked, 40)}`;
      return refuse(c, 400, 'bad_request', found, `subject is one of ${SUBJECT_TYPES.join(', ')}`);
    }
    const body = relay.facts(subject);
    if (body === null) return notReady(c);
    c.header('content-type', 'application/octet-stream');
    return c.body(new Uint8Array(body));
  });
  routes.get('/stream', (c) => {
    onlyKnown(c, []);
    const moment = relay.moment();
    if (moment === null) return notReady(c);
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    const owner = c.get('token') ?? '';
    const full = relay.followers.refusal(owner);
    if (full !== null) {
      c.header('retry-after', String(FULL_S));
      return refuse(c, 503, 'too_many_streams', full, 'this application goes on by asking; see --streams');
    }
    const head = crossOriginHead(origins, c.req.header('origin'));
    relay.follow(c.env.outgoing, owner, head, moment);
    return RESPONSE_ALREADY_SENT;
  });
  return routes;
}

/** Readers name the newest version that they can read; a request without one comes from a person. */
function canRead(c: Request): boolean {
  const newest = c.req.header(VERSION_HEADER);
  return newest === undefined || Number(newest) >= WIRE_VERSION;
}

function tooOld(c: Request): Response {
  return refuse(
    c,
    406,
    'relay_incompatible',
    `this relay sends version ${WIRE_VERSION} of the snapshot`,
    'update rollout-controller in the application',
  );
}

function tagsOf(c: Request): string[] {
  const known = (c.req.header('if-none-match') ?? '').split(',');
  return known.map((tag) => tag.trim().replace(/^W\//, ''));
}

function notReady(c: Request): Response {
  c.header('retry-after', String(NOT_READY_S));
  return json(
    c,
    { error: { code: 'not_ready', message: 'the server has not read the database yet', hint: 'try again' } },
    503,
  );
}
