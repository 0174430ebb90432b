import { ODDS_MULTIPLIERS, type PerMultiplier, zeros } from './factor.ts';

/** Counts of treatment in one slice. */
export interface SliceCounts {
  /** Jobs that began, finished or not. */
  jobs: number;
  failed: number;
  /** Spans with a failure: '3 errors' are counted in these. */
  failedSpans: number;
}

/** Everything that began between two moments at which a start was added. */
export interface Slice extends SliceCounts {
  /** Seconds since 1970 at which its first job began. */
  readonly startedAt: number;
  /** The start that was added with its first job, 0 to 1. */
  readonly weight: number;
  /** ln of the product of the factors of the spans that began in it. */
  readonly logFactor: PerMultiplier;
}

export function newSlice(startedAt: number, weight: number): Slice {
  return { startedAt, weight, logFactor: zeros(), jobs: 0, failed: 0, failedSpans: 0 };
}

/** Seconds that a span of a subject lasts from its first job. */
export const SPAN_SECONDS = 300;

/** The jobs of one subject that began within five minutes: one bet, however many they are. */
export interface Span {
  readonly slice: Slice;
  readonly startedAt: number;
  jobs: number;
  failed: number;
}

/** A span without a job yet; it belongs for good to the slice in which it began. */
export function newSpan(slice: Slice, startedAt: number): Span {
  return { slice, startedAt, jobs: 0, failed: 0 };
}

/**
 * Jobs of the span begin. They count as not failed from this moment on: a job that is charged when it ends lets
 * failures that end in seconds run ahead of successes that take an hour.
 */
export function beginJobs(span: Span, count: number, limit: PerMultiplier): void {
  if (span.jobs === 0) charge(span.slice, limit);
  replace(span, span.jobs + count, span.failed);
  span.slice.jobs += count;
}

/** Jobs of the span failed or timed out. */
export function failJobs(span: Span, count: number): void {
  if (span.failed === 0) span.slice.failedSpans += 1;
  replace(span, span.jobs, span.failed + count);
  span.slice.failed += count;
}

function charge(slice: Slice, limit: PerMultiplier): void {
  for (let i = 0; i < limit.length; i++) slice.logFactor[i] = (slice.logFactor[i] ?? 0) - (limit[i] ?? 0);
}

/** The new factor of the span takes the place of the old one. */
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
