import { createHash, createHmac } from 'node:crypto';
import { Hono } from 'hono';
import { quoted } from '../../lib/text.ts';
import type { DecisionReason, Evaluation } from '../../runtime/host/evaluation.ts';
import { isNoFeature } from '../../runtime/no-feature.ts';
import { json } from '../http/answers.ts';
import { readObject } from '../http/body.ts';
import type { Env, Request } from '../http/context.ts';
import type { ServerDependencies, ServerOptions } from '../http/dependencies.ts';
import { sameText } from '../identity/same-text.ts';
import { type Audience, Streams } from '../live/streams.ts';

/** What the OpenFeature Remote Evaluation Protocol says of one flag. */
interface Flag {
  key: string;
  value: boolean;
  variant: 'on' | 'off';
  reason: FlagReason;
  metadata: Record<string, string | number | boolean>;
}

interface Failure {
  errorCode: 'PARSE_ERROR' | 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT';
  errorDetails: string;
}

/** Where changes are told, below the server. */
export const OFREP_STREAM = '/ofrep/v1/stream';
/** A page that is hidden for so long ends its stream. */
const INACTIVITY_S = 120;

/** Pages of other sites: each has a stream, and many may be behind one address. */
const PROVIDERS: Audience = {
  most: 1_000,
  mostOfOne: 100,
  // Whatever changed, all flags are asked for again: which one it was is nobody's business.
  messages: (features) => (features.length === 0 ? [] : [{ type: 'refetchEvaluation' }]),
};

/** Tells pages that hold flags to ask for them again. */
export function ofrepStreams(): Streams {
  return new Streams(PROVIDERS);
}

/**
 * What stands in the address of the stream where reading takes a token: a browser sends no header with it. It opens
 * nothing but this stream, which says that something changed; every server with this token gives the same.
 */
function ticketOf({ readToken }: Pick<ServerOptions, 'readToken'>): string | null {
  return readToken && createHmac('sha256', readToken).update('ofrep stream').digest('base64url');
}

/** May this request open the stream? */
export function hasTicket(c: Request, options: Pick<ServerOptions, 'readToken'>): boolean {
  const ticket = ticketOf(options);
  return ticket === null || sameText(c.req.query('ticket') ?? '', ticket);
}

/**
 * The OpenFeature Remote Evaluation Protocol: the library's answer for programs in any language, with the address of a
 * stream that tells of changes. A flag is a feature, its value whether the subject is eligible, and the targeting key
 * the subject's id.
 */
export function ofrep(
  { rollout }: Pick<ServerDependencies, 'rollout'>,
  options: Pick<ServerOptions, 'readToken'>,
): Hono<Env> {
  const routes = new Hono<Env>();
  const ticket = ticketOf(options);
  const requestUri = ticket === null ? OFREP_STREAM : `${OFREP_STREAM}?ticket=${ticket}`;
  const eventStreams = [{ type: 'sse', endpoint: { requestUri }, inactivityDelaySec: INACTIVITY_S }];
  routes.post('/flags/:key', async (c) => {
    const key = c.req.param('key');
    const body = await readObject(c);
    if ('problem' in body) return json(c, { key, ...unreadable(body.problem) }, 400);
    const subject = subjectOf(body.object);
    const decision = rollout.evaluate(key, typeof subject === 'string' ? subject : '');
    if (decision.reason === 'not_ready') return notReady(c);
    // Before the context is looked at: in a chain of providers the next one is asked where the name is not ours.
    if (isNoFeature(decision, rollout)) {
      const errorDetails = `there is no feature ${quoted(key)}`;
      return json(c, { key, errorCode: 'FLAG_NOT_FOUND', errorDetails }, 404);
    }
    if (typeof subject !== 'string') return json(c, { key, ...subject }, 400);
    if (decision.reason === 'invalid_subject') return json(c, { key, ...INVALID_KEY }, 400);
    return json(c, flagOf(key, decision));
  });
  routes.post('/flags', async (c) => {
    const body = await readObject(c);
    if ('problem' in body) return json(c, unreadable(body.problem), 400);
    const subject = subjectOf(body.object);
    if (typeof subject !== 'string') return json(c, subject, 400);
    const decisions = rollout.features().map((key) => [key, rollout.evaluate(key, subject)] as const);
    if (rollout.state().generation === null) return notReady(c);
    if (decisions.some(([, { reason }]) => reason === 'invalid_subject')) return json(c, INVALID_KEY, 400);
    return unlessKnown(c, { flags: decisions.map(([key, decision]) => flagOf(key, decision)), eventStreams });
  });
  return routes;
}

function unreadable(problem: string): Failure {
  return { errorCode: 'PARSE_ERROR', errorDetails: problem };
}

/** The targeting key of the context, or what is wrong. */
function subjectOf({ context = {} }: Readonly<Record<string, unknown>>): string | Failure {
  if (typeof context !== 'object' || context === null || Array.isArray(context)) {
    return { errorCode: 'INVALID_CONTEXT', errorDetails: 'the context is not an object' };
  }
  const key: unknown = 'targetingKey' in context ? context.targetingKey : undefined;
  if (typeof key === 'string' && key !== '') return key;
  return key === undefined || key === null || key === ''
    ? {
        errorCode: 'TARGETING_KEY_MISSING',
        errorDetails: 'context.targetingKey has to be the id of a subject',
      }
    : INVALID_KEY;
}

const INVALID_KEY: Failure = {
  errorCode: 'INVALID_CONTEXT',
  errorDetails: 'context.targetingKey is not the id of a subject; ids are texts',
};

/**
 * Metadata holds texts, numbers and booleans; what is not known is left out. `version` is OpenFeature's word for the
 * commit of the file. The protocol has no word for an answer from a snapshot that the database has not confirmed
 * lately: its reason is UNKNOWN, and the metadata say `stale`.
 */
function flagOf(key: string, decision: Evaluation): Flag {
  const { eligible, reason, bucket, percentage, revision } = decision;
  return {
    key,
    value: eligible,
    variant: eligible ? 'on' : 'off',
    reason: decision.stale ? 'UNKNOWN' : (REASONS[reason] ?? 'UNKNOWN'),
    metadata: {
      reason,
      ...(bucket === null ? {} : { bucket }),
      ...(percentage === null ? {} : { percentage }),
      ...(revision === null ? {} : { version: revision }),
      ...(decision.stale ? { stale: true } : {}),
    },
  };
}

/** The reasons that the protocol has; STATIC is none of ours. */
type FlagReason = 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'UNKNOWN';

/** The words that the protocol has for ours. */
const REASONS: Readonly<Partial<Record<DecisionReason, FlagReason>>> = {
  inactive: 'DISABLED',
  emergency_stop: 'DISABLED',
  global_stop: 'DISABLED',
  env_stop: 'DISABLED',
  percentage: 'SPLIT',
  whitelist: 'TARGETING_MATCH',
  blacklist: 'TARGETING_MATCH',
  not_whitelisted: 'TARGETING_MATCH',
  category: 'TARGETING_MATCH',
  repository_size: 'TARGETING_MATCH',
  uncategorized: 'TARGETING_MATCH',
  unknown_attribute: 'TARGETING_MATCH',
  attribute: 'TARGETING_MATCH',
};

/** 304 where the client has this very answer. */
function unlessKnown(
  c: Request,
  value: { flags: readonly Flag[]; eventStreams: readonly object[] },
): Response {
  const etag = `"${createHash('sha256').update(JSON.stringify(value)).digest('base64url')}"`;
  c.header('etag', etag);
  c.header('cache-control', 'private, no-cache');
  const known = (c.req.header('if-none-match') ?? '').split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  return known.includes(etag) || known.includes('*') ? c.body(null, 304) : json(c, value);
}

function notReady(c: Request): Response {
  c.header('retry-after', '2');
  return json(c, { errorDetails: 'the server has not read the database yet' }, 503);
}
