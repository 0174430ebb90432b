import { type Arrivals, countArrivals, jobsLastHour, newArrivals } from './arrivals.ts';
import { costs, type PerMultiplier } from './factor.ts';
import { leaderOf, scoreOf } from './levels.ts';
import { runOf } from './run.ts';
import { beginJobs, failJobs, newSpan, type SliceCounts, SPAN_SECONDS, type Span } from './slice.ts';
import { sliceSeconds } from './slice-length.ts';
import { newTimeline, settle, sliceAt, standing, type Timeline, touch } from './timeline.ts';

/** Parameters for one arm of one scope. */
export interface DetectorOptions {
  /** Share of jobs that may fail, 0 to 1. */
  limit: number;
  /** When the epoch began, in seconds since 1970. */
  startedAt: number;
  /** Longest duration of a job, in seconds; later news of a job changes nothing. */
  longestJob: number;
}

/**
 * The score of one scope while its jobs run: receives the beginnings and failures of jobs in the order in which they
 * are reported, and can be read at any time. Mutable.
 */
export interface Detector {
  readonly costs: PerMultiplier;
  readonly longestJob: number;
  readonly timeline: Timeline;
  readonly arrivals: Arrivals;
  /** The newest span of each subject. */
  readonly spans: Map<number | string, Span>;
  sweptAt: number;
}

export function newDetector({ limit, startedAt, longestJob }: DetectorOptions): Detector {
  return {
    costs: costs(limit),
    longestJob,
    timeline: newTimeline(startedAt),
    arrivals: newArrivals(startedAt),
    spans: new Map(),
    sweptAt: startedAt,
  };
}

/** Records that jobs of this subject begin. Returns their span, for later failures. */
export function jobsBegan(detector: Detector, now: number, subject: number | string, count = 1): Span {
  sweep(detector, now);
  const seconds = sliceSeconds(jobsLastHour(detector.arrivals, now));
  const slice = sliceAt(detector.timeline, now, seconds);
  countArrivals(detector.arrivals, now, count);
  let span = detector.spans.get(subject);
  if (!span || now - span.startedAt >= SPAN_SECONDS) {
    span = newSpan(slice, now);
    detector.spans.set(subject, span);
  }
  beginJobs(span, count, detector.costs);
  touch(detector.timeline, span.slice);
  return span;
}

/** Records that jobs of this span failed, or did not end in time. */
export function jobsFailed(detector: Detector, span: Span, count = 1): void {
  failJobs(span, count);
  touch(detector.timeline, span.slice);
}

/** The score, and the run of the leading multiplier. */
export interface Reading {
  /** Natural logarithm of the evidence. */
  score: number;
  /** Index of the leading multiplier. */
  leader: number;
  run: SliceCounts & { since: number | null };
}

export function readDetector({ timeline }: Detector): Reading {
  const { levels, runs } = standing(timeline);
  const leader = leaderOf(levels);
  return { score: scoreOf(levels), leader, run: runOf(runs, leader) };
}

/** Forgets spans that accept no more jobs, and folds slices whose jobs have all ended. */
function sweep(detector: Detector, now: number): void {
  if (now - detector.sweptAt < SPAN_SECONDS) return;
  detector.sweptAt = now;
  for (const [subject, span] of detector.spans) {
    if (now - span.startedAt >= SPAN_SECONDS) detector.spans.delete(subject);
  }
  settle(detector.timeline, now - SPAN_SECONDS - detector.longestJob);
}
