import {
  add,
  BUCKET_MINUTES,
  type Bucket,
  type EvidenceRow,
  emptyTally,
  gather,
  impossible,
  type Tally,
} from '../evidence/evidence.ts';
import { type HealthParams, healthParams, type Rule, ruleOf } from '../score/rule.ts';
import type { Spec } from '../spec/spec.ts';
import { ALL, type Judgement, type ReasonCode, type Severity, unjudged, type Verdict } from './judgement.ts';
import { missingText } from './sentence.ts';
import { comparedText, plural, timeText } from './wording.ts';

/** Params of the plain rule; of the inherited ones it reads the three rates and `minimumJobs`. */
export interface ThresholdParams extends HealthParams {
  /** Minutes of finished jobs over which the rate is taken. Default 1440. */
  windowMinutes?: number;
  /** Minute since 1970 at which the window ends. Default: the end of the last bucket with a job. */
  now?: number;
}

/** Default minutes of the plain rule's window: a day. */
export const DEFAULT_WINDOW = 1440;

/** Returns the params of the plain rule from a feature's spec. */
export function thresholdParams(spec: Pick<Spec, 'thresholds' | 'rollback'>, now?: number): ThresholdParams {
  const params = { ...healthParams(spec), windowMinutes: spec.thresholds.window / 60 };
  return now === undefined ? params : { ...params, now };
}

/**
 * Judges by the plain rule of `analysis: threshold`: the share of failed treatment jobs of the window against the
 * limit, once there are `minimumJobs`. Control is not considered, and there are no scores.
 *
 * Evaluated often, it rolls back healthy features by chance and sees a sudden breakage late, because the good jobs of
 * its window dilute the bad ones; the sequential rule does neither.
 */
export function judgeByThreshold(rows: readonly EvidenceRow[], params: ThresholdParams = {}): Judgement {
  const rule = ruleOf(params);
  const { windowMinutes = DEFAULT_WINDOW, now } = params;
  const problem = typeof rule === 'string' ? rule : (windowProblem(windowMinutes, now) ?? impossible(rows));
  if (typeof rule === 'string' || problem !== null) return unjudged(problem ?? '');
  const buckets = gather(rows);
  const last = buckets.at(-1)?.minute ?? 0;
  const end = now === undefined ? last + BUCKET_MINUTES : Math.ceil(now / BUCKET_MINUTES) * BUCKET_MINUTES;
  const counts = emptyTally();
  let since: number | null = null;
  for (const { minute, strata } of buckets) {
    if (minute < end - windowMinutes) continue;
    for (const stratum of strata) add(counts, stratum);
    since ??= minute;
  }
  const { jobs, errors } = counts;
  return {
    ...decideByRate(counts, rule),
    reason: reasonOf(counts, rule, since === null ? '' : ` since ${timeText(since, last)}`),
    scope: ALL,
    jobs,
    errors,
    scores: { absolute: 0, relative: 0, warning: 0, critical: 0 },
    window: { since: jobs > 0 ? since : null, ...counts },
  };
}

/** The window of the plain rule when it is evaluated after each bucket: its buckets and their sum. */
export interface RateWindow {
  readonly rule: Rule;
  readonly windowMinutes: number;
  readonly sum: Tally;
  readonly buckets: Bucket[];
}

export function newRateWindow(rule: Rule, windowMinutes: number): RateWindow {
  return { rule, windowMinutes, sum: emptyTally(), buckets: [] };
}

/** Adds the next bucket, removes the buckets that have left the window, and decides. */
export function slide(window: RateWindow, bucket: Bucket): RateDecision {
  const { buckets, sum } = window;
  buckets.push(bucket);
  for (const stratum of bucket.strata) add(sum, stratum);
  const begin = bucket.minute + BUCKET_MINUTES - window.windowMinutes;
  while ((buckets[0]?.minute ?? begin) < begin) {
    for (const stratum of buckets.shift()?.strata ?? []) add(sum, negated(stratum));
  }
  return decideByRate(sum, window.rule);
}

function negated({ jobs, errors, controlJobs, controlErrors }: Tally): Tally {
  return { jobs: -jobs, errors: -errors, controlJobs: -controlJobs, controlErrors: -controlErrors };
}

function windowProblem(windowMinutes: number, now: number | undefined): string | null {
  if (!(windowMinutes > 0 && windowMinutes < Infinity))
    return `windowMinutes is ${windowMinutes}, not above 0`;
  return now === undefined || now >= 0 ? null : `now is ${now}, not a minute since 1970`;
}

export interface RateDecision {
  verdict: Verdict;
  reasonCode: ReasonCode;
  severity: Severity;
}

/** The plain rule on the counts of one window. */
function decideByRate({ jobs, errors }: Tally, rule: Rule): RateDecision {
  if (jobs === 0) return { verdict: 'no_data', reasonCode: 'no_treated_jobs', severity: 'none' };
  if (jobs < rule.minimumJobs)
    return { verdict: 'insufficient', reasonCode: 'too_few_jobs', severity: 'none' };
  const over = (limit: number) => errors * 100 > jobs * limit;
  if (over(rule.maxErrorRate)) {
    const severity = over(rule.criticalErrorRate) ? 'critical' : 'error';
    return { verdict: 'harmful', reasonCode: 'over_limit', severity };
  }
  if (over(rule.warningErrorRate))
    return { verdict: 'warning', reasonCode: 'over_warning_rate', severity: 'warning' };
  return { verdict: 'healthy', reasonCode: 'healthy', severity: 'none' };
}

function reasonOf(counts: Tally, rule: Rule, since: string): string {
  const { jobs, errors } = counts;
  const { reasonCode } = decideByRate(counts, rule);
  if (reasonCode === 'no_treated_jobs') return 'no job of the treatment arm has finished in the window';
  if (reasonCode === 'too_few_jobs')
    return missingText(jobs, errors, { what: 'jobs', count: Math.ceil(rule.minimumJobs - jobs) }, since);
  const rate = (errors / jobs) * 100;
  const failed = `${errors} of ${plural(jobs, 'job')} failed${since}; `;
  if (reasonCode === 'over_limit') return failed + comparedText(rate, rule.maxErrorRate, 'over the limit of');
  if (reasonCode === 'healthy')
    return failed + comparedText(rate, rule.warningErrorRate, 'not over the warning rate of');
  return failed + comparedText(rate, rule.warningErrorRate, 'over the warning rate of');
}
