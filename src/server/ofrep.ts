import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import { quoted } from '../domain/text.ts';
import { isNoFeature } from '../runtime/no-feature.ts';
import type { DecisionReason, Evaluation } from '../runtime/types.ts';
import { json } from './answers.ts';
import { readObject } from './body.ts';
import type { Env, Request } from './context.ts';
import type { ServerDependencies } from './dependencies.ts';

/** What the OpenFeature Remote Evaluation Protocol says of one flag. */
interface Flag {
  key: string;
  value: boolean;
  variant: 'on' | 'off';
  reason: string;
  metadata: Record<string, string | number>;
}

interface Failure {
  errorCode: 'PARSE_ERROR' | 'TARGETING_KEY_MISSING' | 'INVALID_CONTEXT';
  errorDetails: string;
}

/**
 * The OpenFeature Remote Evaluation Protocol, version 0.1: the library's answer for programs in any language.
 * A flag is a feature, its value whether the subject is eligible, and the targeting key the subject's id.
 */
export function ofrep({ rollout }: Pick<ServerDependencies, 'rollout'>): Hono<Env> {
  const routes = new Hono<Env>();
  routes.post('/flags/:key', async (c) => {
    const key = c.req.param('key');
    const subject = await subjectOf(c);
    if (typeof subject !== 'string') return json(c, { key, ...subject }, 400);
    const decision = rollout.evaluate(key, subject);
    if (decision.reason === 'not_ready') return notReady(c);
    if (decision.reason === 'invalid_subject') return json(c, { key, ...INVALID_KEY }, 400);
    if (!isNoFeature(decision, rollout)) return json(c, flagOf(key, decision));
    const errorDetails = `there is no feature ${quoted(key)}`;
    return json(c, { key, errorCode: 'FLAG_NOT_FOUND', errorDetails }, 404);
  });
  routes.post('/flags', async (c) => {
    const subject = await subjectOf(c);
    if (typeof subject !== 'string') return json(c, subject, 400);
    const decisions = rollout.features().map((key) => [key, rollout.evaluate(key, subject)] as const);
    if (rollout.state().generation === null) return notReady(c);
    if (decisions.some(([, { reason }]) => reason === 'invalid_subject')) return json(c, INVALID_KEY, 400);
    return unlessKnown(c, { flags: decisions.map(([key, decision]) => flagOf(key, decision)) });
  });
  return routes;
}

/** The targeting key of the context, or what is wrong. */
async function subjectOf(c: Request): Promise<string | Failure> {
  const body = await readObject(c);
  if ('problem' in body) return { errorCode: 'PARSE_ERROR', errorDetails: body.problem };
  const { context = {} } = body.object;
  if (typeof context !== 'object' || context === null || Array.isArray(context)) {
    return { errorCode: 'INVALID_CONTEXT', errorDetails: 'the context is no object' };
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
  errorDetails: 'context.targetingKey is no id of a subject; ids are texts',
};

/**
 * Metadata holds texts and numbers; what is not known is left out. `version` is OpenFeature's word for the commit of
 * the file.
 */
function flagOf(key: string, decision: Evaluation): Flag {
  const { eligible, reason, bucket, percentage, revision } = decision;
  return {
    key,
    value: eligible,
    variant: eligible ? 'on' : 'off',
    reason: decision.stale ? 'STALE' : (REASONS[reason] ?? 'UNKNOWN'),
    metadata: {
      reason,
      ...(bucket === null ? {} : { bucket }),
      ...(percentage === null ? {} : { percentage }),
      ...(revision === null ? {} : { version: revision }),
    },
  };
}

/** The words that the protocol has for ours. */
const REASONS: Readonly<Partial<Record<DecisionReason, string>>> = {
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
  stale: 'STALE',
};

/** 304 where the client has this very answer. */
function unlessKnown(c: Request, value: { flags: readonly Flag[] }): Response {
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
