import {
  add,
  BUCKET_MINUTES,
  type EvidenceRow,
  emptyTally,
  gather,
  type Tally,
} from '../evidence/evidence.ts';
import type { ScoreWindow } from '../score/window.ts';
import { type Durations, LEAST_TIMED } from '../verdict/young.ts';
import type { CategoryShare, NormalTraffic } from './traffic.ts';

/** Traffic of a feature, as measured from stored evidence. */
export interface MeasuredTraffic extends Required<Omit<NormalTraffic, 'control' | 'jobsTogether'>> {
  /** Bursts of one subject's jobs within five minutes. Null if no jobs are kept by subject. */
  bursts: Bursts | null;
  /** Mean duration of a job in seconds; null if fewer than 30 are known. */
  meanSeconds: number | null;
  control: { jobsPerHour: number; errorRate: number } | null;
  /** The counts behind it, from `since` to `until` in minutes since 1970. */
  counts: Tally;
  since: number;
  until: number;
  /**
   * Variance of the failures in a quarter of an hour, divided by that of independent jobs; null if there are too few. A
   * fault in the time range also raises it.
   */
  clumping: number | null;
}

/** Measurements of a span: one subject's jobs within five minutes. */
export interface Bursts {
  /** Mean number of treatment jobs of a span. */
  jobsPerSpan: number;
  /** Mean number of failed jobs in a span with a failure. 1 if none failed. */
  failedTogether: number;
}

/** With fewer buckets or failures, clumping cannot be measured. */
const LEAST_BUCKETS = 20;
const LEAST_ERRORS = 10;

/** Measures jobs per hour of both arms, rates and categories from `since` to `until`; null without a treatment job. */
export function measureTraffic(
  rows: readonly EvidenceRow[],
  since: number,
  until: number,
  { windows, durations }: { windows: readonly ScoreWindow[]; durations: Durations },
): MeasuredTraffic | null {
  const within = rows.filter(({ minute }) => minute >= since - BUCKET_MINUTES && minute < until);
  const counts = emptyTally();
  const byCategory = new Map<string, Tally>();
  for (const row of within) {
    const tally = byCategory.get(row.category) ?? emptyTally();
    byCategory.set(row.category, tally);
    add(tally, row);
    add(counts, row);
  }
  if (counts.jobs === 0) return null;
  const hours = Math.max(BUCKET_MINUTES, until - since) / 60;
  return {
    jobsPerHour: counts.jobs / hours,
    errorRate: percent(counts.errors, counts.jobs),
    control:
      counts.controlJobs === 0
        ? null
        : {
            jobsPerHour: counts.controlJobs / hours,
            errorRate: percent(counts.controlErrors, counts.controlJobs),
          },
    categories: [...byCategory].map(([category, tally]) => shareOfCategory(category, tally, counts)),
    counts,
    since,
    until,
    clumping: clumpingOf(within, counts),
    bursts: burstsOf(
      windows.filter(({ startedAt }) => startedAt >= since * 60 - 300 && startedAt < until * 60),
    ),
    meanSeconds: durations.timed < LEAST_TIMED ? null : durations.meanSeconds,
  };
}

function burstsOf(windows: readonly ScoreWindow[]): Bursts | null {
  let [spans, jobs, failed, failedSpans] = [0, 0, 0, 0];
  for (const window of windows) {
    spans += window.spans;
    jobs += window.jobs;
    failed += window.failed;
    failedSpans += window.failedSpans;
  }
  if (spans === 0) return null;
  return { jobsPerSpan: jobs / spans, failedTogether: failedSpans === 0 ? 1 : failed / failedSpans };
}

function shareOfCategory(category: string, tally: Tally, all: Tally): CategoryShare {
  return {
    category,
    share: tally.jobs / all.jobs,
    controlShare: all.controlJobs === 0 ? 0 : tally.controlJobs / all.controlJobs,
  };
}

function percent(part: number, whole: number): number {
  return (part / whole) * 100;
}

/** Pearson's statistic divided by its degrees of freedom. */
function clumpingOf(rows: readonly EvidenceRow[], { jobs, errors }: Tally): number | null {
  const rate = errors / jobs;
  let sum = 0;
  let buckets = 0;
  for (const { strata } of gather(rows)) {
    const bucket = emptyTally();
    for (const stratum of strata) add(bucket, stratum);
    if (bucket.jobs === 0) continue;
    sum += (bucket.errors - bucket.jobs * rate) ** 2 / (bucket.jobs * rate * (1 - rate));
    buckets += 1;
  }
  return buckets < LEAST_BUCKETS || errors < LEAST_ERRORS || errors === jobs ? null : sum / (buckets - 1);
}
