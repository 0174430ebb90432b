import type { Guardrail } from '../spec/spec.ts';
import { isBlind } from './guardrail.ts';

/** The last back-test of a guardrail whose metric does not tell subjects apart. */
export interface KeptBackTest {
  /** Digest of the two tested queries. */
  queriesDigest: string;
  /** Limit of the share of bad events, in percent. */
  limit: number;
  /** The correlation of the guardrail, and the measured one; null: too few events were bad to measure it. */
  correlation: number;
  measured: number | null;
  from: Date;
  until: Date;
  /** Days of the range with an event. */
  days: number;
  events: number;
  bad: number;
  /** When it would have acted in that range. */
  alarms: readonly Date[];
  testedAt: Date;
}

/** Days of events that a back-test needs. */
export const DAYS_NEEDED = 7;
const DAY_MS = 86_400_000;

/** Why a guardrail whose metric does not tell subjects apart may not roll back yet. */
export type NotYet =
  | { code: 'no_correlation' }
  | { code: 'not_tested' }
  | { code: 'queries_changed' }
  | { code: 'limit_lowered'; tested: number; limit: number }
  | { code: 'too_few_days'; days: number; needed: number }
  | { code: 'false_alarms'; count: number; last: string }
  /** A feature without effect has this share of bad events, in percent, and the limit is not above it. */
  | { code: 'limit_not_above'; limit: number; share: number }
  /** Too few events were bad to measure the correlation, so five minutes must count as one span. */
  | { code: 'not_measured'; written: number }
  | { code: 'correlation_below'; written: number; least: number };

/**
 * Returns why a guardrail may not roll back yet; null: it may. `digest` is the digest of its queries. The SQL function
 * `rollout_back_test_allows` makes the same check, and a test compares the two.
 */
export function notYetAllowed(
  guardrail: Guardrail,
  kept: KeptBackTest | undefined,
  digest: string | null,
): NotYet | null {
  const { limit, correlation: written } = guardrail;
  if (!isBlind(guardrail)) return null;
  if (written === undefined) return { code: 'no_correlation' };
  if (!kept) return { code: 'not_tested' };
  if (kept.queriesDigest !== digest) return { code: 'queries_changed' };
  if (limit < kept.limit) return { code: 'limit_lowered', tested: kept.limit, limit };
  const whole = kept.until.getTime() - kept.from.getTime() >= DAYS_NEEDED * DAY_MS;
  if (kept.days < DAYS_NEEDED || !whole)
    return { code: 'too_few_days', days: kept.days, needed: DAYS_NEEDED };
  // Multiplied, as in SQL: a rounded quotient would make the two differ where the share equals the limit.
  if (kept.bad * 100 >= limit * Math.max(1, kept.events)) {
    return { code: 'limit_not_above', limit, share: (kept.bad / Math.max(1, kept.events)) * 100 };
  }
  const last = kept.alarms.at(-1);
  if (last) return { code: 'false_alarms', count: kept.alarms.length, last: last.toISOString() };
  if (kept.measured === null && written < 1) return { code: 'not_measured', written };
  const least = Math.max(kept.correlation, kept.measured ?? 1);
  return written < least ? { code: 'correlation_below', written, least } : null;
}

/**
 * Was this exact guardrail tested? A test of another file's version proves little: a lower limit has other alarms, and
 * a higher correlation allows less.
 */
export function isTestOf(kept: KeptBackTest, guardrail: Guardrail, digest: string | null): boolean {
  return (
    kept.queriesDigest === digest &&
    kept.limit === guardrail.limit &&
    kept.correlation === guardrail.correlation
  );
}

/** Returns the guardrail with its permitted effect: one that may not roll back yet freezes instead. */
export function asAllowed(guardrail: Guardrail, notYet: NotYet | null): Guardrail {
  return notYet !== null && guardrail.on_harm === 'rollback'
    ? { ...guardrail, on_harm: 'freeze' }
    : guardrail;
}
