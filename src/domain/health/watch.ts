import { add, type Bucket, copyTally, emptyTally, type Tally } from '../evidence/evidence.ts';
import { newRelative, observeBlock, type RelativeScore, relativeRuns } from './relative.ts';
import type { Rule } from './rule.ts';
import { advanceFixed, leaderOf, newRuns, type Run, scoreOf } from './score.ts';

/** The counts a score rests on. */
export interface Window extends Tally {
  /** Start of its first bucket in minutes since 1970; null where there is none. */
  since: number | null;
}

/** One score (natural log) and what it rests on. */
export interface Reading {
  score: number;
  /** The part of the score that rests on enough jobs and errors; -Infinity where none does. */
  firm: number;
  /** The buckets since the leading run last restarted. */
  window: Window;
}

export interface Readings {
  absolute: Reading;
  relative: Reading;
  warning: Reading;
  critical: Reading;
}

/**
 * The running state of one judgement. Each bucket costs the same whatever came before, so a check after
 * every bucket of a life is no dearer than one check at its end. Changed in place by `observe`.
 */
export interface Watch {
  readonly rule: Rule;
  readonly totals: Tally;
  readonly buckets: Bucket[];
  /** Start of each bucket seen, and the totals before it. */
  readonly minutes: number[];
  readonly before: Tally[];
  /** Treatment jobs alone against the limit, the warning rate and the critical rate. */
  readonly absolute: Run[];
  readonly warning: Run[];
  readonly critical: Run[];
  readonly relative: RelativeScore;
}

export function newWatch(rule: Rule): Watch {
  return {
    rule,
    totals: emptyTally(),
    buckets: [],
    minutes: [],
    before: [],
    absolute: newRuns(rule.designEffect, rule.maxErrorRate / 100),
    warning: newRuns(rule.designEffect, rule.warningErrorRate / 100),
    critical: newRuns(rule.designEffect, rule.criticalErrorRate / 100),
    relative: newRelative(rule),
  };
}

/** Takes in the next bucket. Throws RangeError when it is not later than the last one. */
export function observe(watch: Watch, bucket: Bucket): void {
  const { totals, minutes } = watch;
  const ordinal = minutes.length;
  if (ordinal > 0 && bucket.minute <= (minutes[ordinal - 1] as number)) {
    throw new RangeError('buckets must come in the order of time');
  }
  const before = copyTally(totals);
  watch.buckets.push(bucket);
  minutes.push(bucket.minute);
  watch.before.push(before);
  for (const stratum of bucket.strata) add(totals, stratum);
  const errors = totals.errors - before.errors;
  const jobs = totals.jobs - before.jobs;
  advanceFixed(watch.absolute, ordinal, errors, jobs);
  advanceFixed(watch.warning, ordinal, errors, jobs);
  advanceFixed(watch.critical, ordinal, errors, jobs);
  observeBlock(watch.relative, bucket, ordinal, watch.rule);
}

/** The four scores as they stand, each with its window. */
export function readingsOf(watch: Watch): Readings {
  return {
    absolute: readingOf(watch, watch.absolute),
    relative: readingOf(watch, relativeRuns(watch.relative, watch.rule)),
    warning: readingOf(watch, watch.warning),
    critical: readingOf(watch, watch.critical),
  };
}

/**
 * A score is firm where the window of its leading run has enough in it. Where a short burst of failures
 * leads, the longer runs that have enough still count for what they say by themselves: otherwise one more
 * failure could turn a proof into none, only because a run that began later has overtaken it.
 */
function readingOf(watch: Watch, runs: readonly Run[]): Reading {
  const { rule } = watch;
  const score = scoreOf(runs);
  const window = windowFrom(watch, leaderOf(runs).start);
  if (isEnough(window, rule)) return { score, firm: score, window };
  const least = Math.log(rule.warningEvidence);
  const rested = score < least ? [] : runs.filter(({ start }) => isEnough(windowFrom(watch, start), rule));
  if (rested.length === 0) return { score, firm: -Infinity, window };
  const firm = scoreOf(rested) + Math.log(rested.length / runs.length);
  return { score, firm, window: firm < least ? window : windowFrom(watch, leaderOf(rested).start) };
}

/** Are these enough treatment jobs and errors to say something from? */
function isEnough({ jobs, errors }: Window, { minimumJobs, minimumErrors }: Rule): boolean {
  return jobs >= minimumJobs && errors >= minimumErrors;
}

/** Everything counted since the bucket with this ordinal. */
function windowFrom({ minutes, before, totals }: Watch, start: number): Window {
  const then = before[start] ?? emptyTally();
  return {
    since: minutes[start] ?? null,
    jobs: totals.jobs - then.jobs,
    errors: totals.errors - then.errors,
    controlJobs: totals.controlJobs - then.controlJobs,
    controlErrors: totals.controlErrors - then.controlErrors,
  };
}
