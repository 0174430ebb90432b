import { ErrorCode, type ResolutionDetails, StandardResolutionReasons } from '@openfeature/server-sdk';
import type { DecisionReason, Evaluation } from '../types.ts';

const { TARGETING_MATCH, SPLIT, DISABLED, STALE, ERROR } = StandardResolutionReasons;

/** The standard word for each of our reasons. The last three are answers that could not be given. */
const REASONS: Readonly<Record<DecisionReason, string>> = {
  whitelist: TARGETING_MATCH,
  blacklist: TARGETING_MATCH,
  not_whitelisted: TARGETING_MATCH,
  category: TARGETING_MATCH,
  repository_size: TARGETING_MATCH,
  uncategorized: TARGETING_MATCH,
  percentage: SPLIT,
  inactive: DISABLED,
  emergency_stop: DISABLED,
  global_stop: DISABLED,
  env_stop: DISABLED,
  stale: STALE,
  unknown: ERROR,
  not_ready: ERROR,
  invalid_subject: ERROR,
};

/**
 * A decision in OpenFeature's words: `value` is one of `values`, by the variant `on` or `off`.
 *
 * Where no decision could be made, an error code: then the SDK gives the caller the default value. A feature that
 * is stopped or off is `off`, whatever the default.
 */
export function resolutionOf<T>(
  flag: string,
  targetingKey: unknown,
  decision: Evaluation,
  values: { readonly on: T; readonly off: T },
  defaultValue: T,
): ResolutionDetails<T> {
  const { eligible, reason, bucket, percentage, revision } = decision;
  const failure = failureOf(flag, targetingKey, reason);
  if (failure) return { value: defaultValue, reason: ERROR, ...failure };
  const flagMetadata: Record<string, string | number | boolean> = { reason };
  if (bucket !== null) flagMetadata.bucket = bucket;
  if (percentage !== null) flagMetadata.percentage = percentage;
  if (revision !== null) flagMetadata.version = revision;
  return {
    value: eligible ? values.on : values.off,
    variant: eligible ? 'on' : 'off',
    reason: decision.stale ? STALE : REASONS[reason],
    flagMetadata,
  };
}

function failureOf(
  flag: string,
  targetingKey: unknown,
  reason: DecisionReason,
): { errorCode: ErrorCode; errorMessage: string } | null {
  if (reason === 'unknown') {
    return {
      errorCode: ErrorCode.FLAG_NOT_FOUND,
      errorMessage: `there is no feature ${JSON.stringify(flag)}`,
    };
  }
  if (reason === 'not_ready') {
    return {
      errorCode: ErrorCode.PROVIDER_NOT_READY,
      errorMessage: 'no feature was read from the database yet',
    };
  }
  if (reason !== 'invalid_subject') return null;
  return targetingKey === undefined || targetingKey === null || targetingKey === ''
    ? {
        errorCode: ErrorCode.TARGETING_KEY_MISSING,
        errorMessage: 'the context has no targetingKey: the id of the subject',
      }
    : { errorCode: ErrorCode.INVALID_CONTEXT, errorMessage: 'targetingKey is not the id of a subject' };
}
