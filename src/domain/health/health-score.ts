import type { Verdict } from './health.ts';

/** Input of the health score; null is not known. */
export interface ScoreFacts {
  verdict: Verdict | null;
  /** Finished treatment jobs of the window, and the failed ones among them. */
  jobs: number;
  errors: number;
  /** Critical error rate, in percent. */
  criticalErrorRate: number;
  /** Mean duration divided by its baseline, of the slowest processor with enough jobs on both sides. */
  slowdown: number | null;
  maxSlowdown: number;
  /** Share of the eligible subjects that had a job, 0 to 1. */
  participation: number | null;
}

/** The score, 0 to 100, and its parts: 100 minus the three losses, and at most the verdict's limit. */
export interface HealthScore {
  score: number;
  errors: number;
  slowness: number;
  participation: number;
  /** Largest score that the verdict allows. */
  limit: number;
}

/** Largest loss for each part, together 100. */
const ERRORS = 60;
const SLOWNESS = 20;
const PARTICIPATION = 20;

/** Below this share of eligible subjects with a job, the feature counts as hardly tried. */
export const LEAST_PARTICIPATION = 0.1;

/** Largest score for each verdict: the verdict counts for more than the rates, so proven harm always shows. */
const LIMITS: Record<Verdict, number> = {
  healthy: 100,
  insufficient: 100,
  no_data: 100,
  warning: 74,
  suspect: 49,
  error: 49,
  harmful: 24,
};

/**
 * Computes one number for a glance. It decides nothing; the verdict does.
 *
 * Of 100, a failure rate loses up to 60 (all at the critical rate), a slowdown up to 20 (all at the largest allowed
 * one), and low participation up to 20 (all if nobody had a job). Null if no job has finished: that is neither good nor
 * bad.
 */
export function healthScore(facts: ScoreFacts): HealthScore | null {
  if (facts.jobs <= 0) return null;
  const rate = (facts.errors / facts.jobs) * 100;
  const slower = ((facts.slowdown ?? 1) - 1) / Math.max(0.01, facts.maxSlowdown - 1);
  const tried = (facts.participation ?? LEAST_PARTICIPATION) / LEAST_PARTICIPATION;
  const errors = ERRORS * share(rate / Math.max(0.01, facts.criticalErrorRate));
  const slowness = SLOWNESS * share(slower);
  const participation = PARTICIPATION * (1 - share(tried));
  const limit = facts.verdict === null ? 100 : LIMITS[facts.verdict];
  const score = Math.round(Math.min(limit, 100 - errors - slowness - participation));
  return {
    score,
    errors: rounded(errors),
    slowness: rounded(slowness),
    participation: rounded(participation),
    limit,
  };
}

function share(value: number): number {
  return Math.min(1, Math.max(0, value));
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}
