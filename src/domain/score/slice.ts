import { ODDS_MULTIPLIERS, type PerMultiplier, zeros } from './factor.ts';

/** Counts of treatment in one slice. */
export interface SliceCounts {
  /** Jobs that began, finished or not. */
  jobs: number;
  failed: number;
  /** Spans with a failure; a minimum of 3 errors means three such spans. */
  failedSpans: number;
}

/** Everything that began between two starts. */
export interface Slice extends SliceCounts {
  /** Start of its first job, in seconds since 1970. */
  readonly startedAt: number;
  /** The start that was added with its first job, 0 to 1. */
  readonly weight: number;
  /** ln of the product of the factors of the spans that began in it. */
  readonly logFactor: PerMultiplier;
}

export function newSlice(startedAt: number, weight: number): Slice {
  return { startedAt, weight, logFactor: zeros(), jobs: 0, failed: 0, failedSpans: 0 };
}

/** Seconds of a subject's span, from its first job. */
export const SPAN_SECONDS = 300;

/** The jobs of one subject that began within five minutes: one bet, however many jobs. */
export interface Span {
  readonly slice: Slice;
  readonly startedAt: number;
  jobs: number;
  failed: number;
}

/** Returns a span without jobs; it always belongs to the slice in which it began. */
export function newSpan(slice: Slice, startedAt: number): Span {
  return { slice, startedAt, jobs: 0, failed: 0 };
}

/**
 * Adds beginning jobs to a span. They count as not failed from now on: if jobs were charged only at their end, failures
 * that end in seconds would outrun successes that take an hour.
 */
export function beginJobs(span: Span, count: number, limit: PerMultiplier): void {
  if (span.jobs === 0) charge(span.slice, limit);
  replace(span, span.jobs + count, span.failed);
  span.slice.jobs += count;
}

/** Records failed or timed-out jobs of a span. */
export function failJobs(span: Span, count: number): void {
  if (span.failed === 0) span.slice.failedSpans += 1;
  replace(span, span.jobs, span.failed + count);
  span.slice.failed += count;
}

function charge(slice: Slice, limit: PerMultiplier): void {
  for (let i = 0; i < limit.length; i++) slice.logFactor[i] = (slice.logFactor[i] ?? 0) - (limit[i] ?? 0);
}

/** Replaces the span's factor in its slice. */
function replace(span: Span, jobs: number, failed: number): void {
  const before = span.jobs === 0 ? 0 : span.failed / span.jobs;
  const after = failed / jobs;
  const { logFactor } = span.slice;
  span.jobs = jobs;
  span.failed = failed;
  if (before === after) return;
  for (let i = 0; i < ODDS_MULTIPLIERS.length; i++) {
    const odds = (ODDS_MULTIPLIERS[i] ?? 1) - 1;
    logFactor[i] = (logFactor[i] ?? 0) + Math.log1p((odds * (after - before)) / (1 + odds * before));
  }
}
