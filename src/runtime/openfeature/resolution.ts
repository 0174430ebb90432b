import { ErrorCode, type ResolutionDetails, StandardResolutionReasons } from '@openfeature/server-sdk';
import type { DecisionReason, Evaluation } from '../host/evaluation.ts';

const { TARGETING_MATCH, SPLIT, DISABLED, STALE, ERROR } = StandardResolutionReasons;

/** The standard reason for each of the library's reasons. The last three mean that no decision was possible. */
const REASONS: Readonly<Record<DecisionReason, string>> = {
  whitelist: TARGETING_MATCH,
  blacklist: TARGETING_MATCH,
  not_whitelisted: TARGETING_MATCH,
  category: TARGETING_MATCH,
  repository_size: TARGETING_MATCH,
  uncategorized: TARGETING_MATCH,
  unknown_attribute: TARGETING_MATCH,
  attribute: TARGETING_MATCH,
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

/** A previous answer, and its decision. */
interface Given<T> {
  decision: Evaluation;
  details: Promise<ResolutionDetails<T>>;
}

/**
 * Decisions in OpenFeature's terms: the value is one of two, by the variant `on` or `off`.
 *
 * If no decision was possible, an error code: then the SDK returns the caller's default value. A stopped or
 * switched-off feature is `off`, whatever the default.
 *
 * Two subjects of one feature with the same reason get the same frozen object: creating and freezing one for each would
 * cost more than the decision.
 */
export class Resolutions<T> {
  readonly #values: { readonly on: T; readonly off: T };
  /** Answers by feature, then by reason; an answer is reused while the feature is unchanged. */
  readonly #on = new Map<string, Map<DecisionReason, Given<T>>>();
  readonly #off = new Map<string, Map<DecisionReason, Given<T>>>();

  constructor(values: { readonly on: T; readonly off: T }) {
    this.#values = values;
  }

  of(
    flag: string,
    targetingKey: unknown,
    decision: Evaluation,
    defaultValue: T,
  ): Promise<ResolutionDetails<T>> {
    const { eligible, reason } = decision;
    const byFlag = eligible ? this.#on : this.#off;
    const given = byFlag.get(flag)?.get(reason);
    if (given && isSame(given.decision, decision)) return given.details;
    const failure = failureOf(targetingKey, reason);
    if (failure) return Promise.resolve({ value: defaultValue, reason: ERROR, ...failure });
    const details = Promise.resolve(this.#detailsOf(decision));
    // Answers for unknown names are not stored, because there is no limit to such names.
    if (decision.percentage === null) return details;
    const byReason = byFlag.get(flag) ?? new Map<DecisionReason, Given<T>>();
    byFlag.set(flag, byReason.set(reason, { decision, details }));
    return details;
  }

  #detailsOf({ eligible, reason, percentage, revision, stale }: Evaluation): ResolutionDetails<T> {
    const flagMetadata: Record<string, string | number | boolean> = { reason };
    if (percentage !== null) flagMetadata.percentage = percentage;
    if (revision !== null) flagMetadata.version = revision;
    if (stale) flagMetadata.stale = true;
    return Object.freeze({
      value: eligible ? this.#values.on : this.#values.off,
      variant: eligible ? 'on' : 'off',
      reason: stale ? STALE : REASONS[reason],
      flagMetadata: Object.freeze(flagMetadata),
    });
  }
}

/** Do two evaluations give equal details? Feature, reason and answer are equal by the lookup. */
function isSame(a: Evaluation, b: Evaluation): boolean {
  return a.percentage === b.percentage && a.revision === b.revision && a.stale === b.stale;
}

function failureOf(
  targetingKey: unknown,
  reason: DecisionReason,
): { errorCode: ErrorCode; errorMessage: string } | null {
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
