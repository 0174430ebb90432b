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

/** One flag in the OpenFeature Remote Evaluation Protocol. */
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

/** Path of the stream of changes. */
export const OFREP_STREAM = '/ofrep/v1/stream';
/** Seconds after which a hidden page ends its stream. */
const INACTIVITY_S = 120;

/** Pages of other sites: each has a stream, and many may share one address. */
const PROVIDERS: Audience = {
  most: 1_000,
  mostOfOne: 100,
  // A page evaluates first and learns the address of the stream by it.
  asksFirst: true,
  // Any change makes clients request all flags again, without revealing which one changed.
  messages: (features) => (features.length === 0 ? [] : [{ type: 'refetchEvaluation' }]),
};

/** Asks pages that hold flags to request them again. */
export function ofrepStreams(): Streams {
  return new Streams(PROVIDERS);
}

/**
 * Returns the ticket in the stream's address if reading needs a token, because a browser sends no header with it. It
 * opens only this stream, which reports that something changed; every server with the same token has the same ticket.
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
 * The OpenFeature Remote Evaluation Protocol: the library's decisions for programs in any language, with the address of
 * a stream of changes. A flag is a feature, its value is the subject's eligibility, and the targeting key is the
 * subject's id.
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
    // Checked before the context: in a chain of providers the next one is tried if the name is not a feature.
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

/** Returns the targeting key of the context, or what is wrong with it. */
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
 * Metadata are texts, numbers and booleans; unknown values are left out. `version` is OpenFeature's word for the commit
 * of the file. The protocol has no reason for an answer from an unconfirmed snapshot: the reason is UNKNOWN, and the
 * metadata contain `stale`.
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

/** The protocol's reasons; STATIC is never used. */
type FlagReason = 'STATIC' | 'TARGETING_MATCH' | 'SPLIT' | 'DISABLED' | 'UNKNOWN';

/** The protocol's reasons by the library's. */
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

/** Answers 304 if the client already has this answer. */
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
