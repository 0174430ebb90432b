import { BUCKET_MINUTES, type Bucket } from './evidence.ts';
import { decide } from './health/decide.ts';
import type { Verdict } from './health/judgement.ts';
import { type HealthParams, type Rule, ruleOf } from './health/rule.ts';
import { newWatch, observe } from './health/watch.ts';
import { poisson, type Random } from './random.ts';
import { DEFAULT_WINDOW, newRateWindow, slide, type ThresholdParams } from './threshold-rule.ts';

/** The jobs of one feature: Poisson arrivals that fail independently. Rates of failure are percent. */
export interface Traffic {
  /** Length of the life in hours. */
  hours: number;
  jobsPerHour: number;
  errorRate: number;
  /** From this hour on treatment jobs fail at another rate. */
  breakage?: { hour: number; errorRate: number };
  control?: { jobsPerHour: number; errorRate: number };
}

/** One life, a bucket for every 15 minutes; buckets without a job are there too, without strata. */
export function drawLife(traffic: Traffic, random: Random): Bucket[] {
  const { hours, breakage, control } = traffic;
  const life: Bucket[] = [];
  for (let minute = 0; minute < hours * 60; minute += BUCKET_MINUTES) {
    const broken = breakage !== undefined && minute >= breakage.hour * 60;
    const [jobs, errors] = drawJobs(
      traffic.jobsPerHour,
      broken ? breakage.errorRate : traffic.errorRate,
      random,
    );
    const [controlJobs, controlErrors] = control
      ? drawJobs(control.jobsPerHour, control.errorRate, random)
      : [0, 0];
    const empty = jobs + controlJobs === 0;
    life.push({ minute, strata: empty ? [] : [{ category: '', jobs, errors, controlJobs, controlErrors }] });
  }
  return life;
}

/** Jobs and how many of them fail: failures and successes are two independent Poisson streams. */
function drawJobs(perHour: number, percent: number, random: Random): [jobs: number, errors: number] {
  const mean = (perHour * BUCKET_MINUTES) / 60;
  const errors = poisson(random, (mean * percent) / 100);
  return [errors + poisson(random, mean * (1 - percent / 100)), errors];
}

/** Looks at a feature after each bucket and says what it sees. */
export type Monitor = (bucket: Bucket) => Verdict;

/** The sequential rule over all categories together. Throws RangeError on impossible params. */
export function sequentialMonitor(params: HealthParams = {}): Monitor {
  const watch = newWatch(trustedRule(params));
  return (bucket) => {
    if (bucket.strata.length > 0) observe(watch, bucket);
    return decide(watch).verdict;
  };
}

/** The plain rule. Throws RangeError on impossible params. */
export function thresholdMonitor(params: ThresholdParams = {}): Monitor {
  const window = newRateWindow(trustedRule(params), params.windowMinutes ?? DEFAULT_WINDOW);
  return (bucket) => slide(window, bucket).verdict;
}

function trustedRule(params: HealthParams): Rule {
  const rule = ruleOf(params);
  if (typeof rule === 'string') throw new RangeError(rule);
  return rule;
}

/** What a monitor saw of one life, which ends with the first harmful verdict. Hours since its first bucket. */
export interface Outcome {
  /** Hour of the check that found it harmful; null when none did. */
  harmfulAt: number | null;
  /** Hour of the first check that raised anything; null when none did. */
  raisedAt: number | null;
  /** Treatment jobs that failed from `countFrom` until the end. */
  failed: number;
}

/** Runs one life, drawn or stored, past a fresh monitor; failures are counted from the hour `countFrom`. */
export function runLife(life: readonly Bucket[], monitor: Monitor, countFrom = 0): Outcome {
  const outcome: Outcome = { harmfulAt: null, raisedAt: null, failed: 0 };
  const origin = life[0]?.minute ?? 0;
  for (const bucket of life) {
    const verdict = monitor(bucket);
    const end = (bucket.minute - origin + BUCKET_MINUTES) / 60;
    if (end > countFrom) for (const { errors } of bucket.strata) outcome.failed += errors;
    if (verdict === 'harmful' || verdict === 'suspect' || verdict === 'warning') outcome.raisedAt ??= end;
    if (verdict === 'harmful') return { ...outcome, harmfulAt: end };
  }
  return outcome;
}

/** What many lives had in common. Shares are 0 to 1. */
export interface Summary {
  lives: number;
  /** Share found harmful before anything was broken. */
  falseHarmful: number;
  /** Share of the others found harmful afterwards. */
  detected: number;
  /** Median hours from the breakage to the check that found it, over those others; Infinity where most never did. */
  medianDelay: number;
  /** Median of the treatment jobs that failed meanwhile. */
  medianFailed: number;
  /** Share that was at least warned about, rightly or not. */
  raised: number;
}

/** Sums up lives that broke at `brokenAt` hours; Infinity where nothing ever did. */
export function summarise(outcomes: readonly Outcome[], brokenAt = Infinity): Summary {
  const lives = outcomes.length;
  const inTime = outcomes.filter(({ harmfulAt }) => harmfulAt === null || harmfulAt > brokenAt);
  const found = inTime.filter(({ harmfulAt }) => harmfulAt !== null);
  return {
    lives,
    falseHarmful: (lives - inTime.length) / lives,
    detected: found.length / inTime.length,
    medianDelay: median(
      inTime.map(({ harmfulAt }) => (harmfulAt === null ? Infinity : harmfulAt - brokenAt)),
    ),
    medianFailed: median(inTime.map(({ failed }) => failed)),
    raised: outcomes.filter(({ raisedAt }) => raisedAt !== null).length / lives,
  };
}

/** The lower median: always a value that occurred. NaN of nothing. */
function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
