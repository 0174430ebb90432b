import type { Verdict } from './health.ts';

/** What the score is made of; null is not known. */
export interface ScoreFacts {
  verdict: Verdict | null;
  /** Finished treatment jobs of the window, and those that failed. */
  jobs: number;
  errors: number;
  /** Percent. */
  criticalErrorRate: number;
  /** Mean time over its baseline, of the slowest processor with enough jobs on both sides. */
  slowdown: number | null;
  maxSlowdown: number;
  /** Share of the eligible subjects that had a job, 0 to 1. */
  participation: number | null;
}

/** 0 to 100, and how it came about: 100 less the three, and at most what the verdict allows. */
export interface HealthScore {
  score: number;
  errors: number;
  slowness: number;
  participation: number;
  /** The most that the verdict allows. */
  limit: number;
}

/** What can be lost by each, together 100. */
const ERRORS = 60;
const SLOWNESS = 20;
const PARTICIPATION = 20;

/** Below this share of eligible subjects with a job, little was tried. */
export const LEAST_PARTICIPATION = 0.1;

/** The verdict counts for more than the rates: whatever is proven against a feature shows. */
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
 * One number for a glance. It decides nothing: what acts is the verdict.
 *
 * Of 100, a rate of failures loses up to 60 (all of them at the critical rate), a slowdown up to 20 (all of them at
 * the largest that is allowed), and too few participants up to 20 (all of them where nobody had a job). Null where
 * no job has finished: that is neither good nor bad.
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
