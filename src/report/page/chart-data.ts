import { percentOf } from '../../domain/evidence/rates.ts';
import type { ReportData, ReportFeature } from '../../domain/report/report.ts';
import { DAY_SECONDS } from '../../lib/time.ts';
import { incidentWord } from '../words/report-words.ts';
import { moment } from '../words/words.ts';
import { anchorOf } from './html.ts';

/**
 * Evidence at which errors over all act if nothing else may act, and evidence at which they warn; natural logarithms.
 */
export const EVIDENCE_LINE = Math.log(5_000);
export const WARNING_LINE = Math.log(1_000);

/** One vertical mark of a chart: seconds since 1970, and its text. */
export interface Mark {
  at: number;
  kind: 'up' | 'down' | 'incident';
  text: string;
}

/** Data of one feature's charts; times are seconds since 1970, gaps are null. */
export interface ChartData {
  id: string;
  /** Times from which each percentage was live; the last point is now. */
  exposure: { at: number[]; percentage: number[] };
  /** Percentage points by which treatment fails more often than control, with the band; empty: not comparable. */
  difference: {
    since: number;
    at: number[];
    value: number[];
    low: number[];
    high: number[];
    compared: number;
  };
  /** Percentage of failed jobs among those before each moment, and the number of jobs. */
  rates: { at: number[]; treatment: (number | null)[]; control: (number | null)[] };
  jobs: { treatment: number[]; control: number[] };
  /**
   * Percentage of failed jobs in each of the newest spans of time, aligned with the end of `rates.at`; earlier spans
   * are left out.
   */
  raw: { treatment: (number | null)[]; control: (number | null)[] };
  times: { treatment: (number | null)[]; control: (number | null)[] };
  limits: { max: number; warning: number; critical: number };
  scores: { at: number[]; absolute: number[]; relative: number[] };
  checks: { at: number[]; badness: number[] };
  marks: Mark[];
}

/** Height of a check in the strip: the worse, the higher. */
export const BADNESS = {
  no_data: 0,
  insufficient: 0,
  healthy: 1,
  warning: 2,
  suspect: 3,
  error: 4,
  harmful: 4,
} as const;

export function chartData({ generated_at }: ReportData, feature: ReportFeature): ChartData {
  const { rates, scores, thresholds } = feature;
  const now = seconds(generated_at);
  const points = feature.exposure.map(({ at, percentage }) => ({ at: seconds(at), percentage }));
  const last = points.at(-1);
  if (last) points.push({ at: now, percentage: last.percentage });
  const ends = rates.at.map((at, i) => Math.min(at + (rates.span[i] ?? 0), Math.max(at, now)));
  const treatment = trailing(ends, rates.jobs, rates.errors);
  const control = trailing(ends, rates.control_jobs, rates.control_errors);
  return {
    id: anchorOf(feature.feature),
    exposure: { at: points.map(({ at }) => at), percentage: points.map(({ percentage }) => percentage) },
    difference: differenceData(feature),
    rates: { at: ends, treatment: treatment.rates, control: control.rates },
    jobs: { treatment: treatment.jobs, control: control.jobs },
    raw: {
      treatment: alone(rates.jobs, rates.errors),
      control: alone(rates.control_jobs, rates.control_errors),
    },
    times: { treatment: rates.mean_ms, control: rates.control_mean_ms },
    limits: {
      max: thresholds.max_error_rate,
      warning: thresholds.warning_error_rate,
      critical: thresholds.critical_error_rate,
    },
    scores: { at: scores.at, absolute: scores.absolute, relative: scores.relative },
    checks: { at: scores.at, badness: scores.verdict.map((verdict) => BADNESS[verdict]) },
    marks: marksOf(feature),
  };
}

function differenceData({ difference }: ReportFeature): ChartData['difference'] {
  if (difference === null) return { since: 0, at: [], value: [], low: [], high: [], compared: 0 };
  const { since, difference: value, ...rest } = difference;
  return { since: seconds(since), value, ...rest };
}

/** Limit of unsmoothed points: the spans of a whole year would be more than the page can carry. */
const MOST_RAW = 96;

/** Returns the rate of each span of time. */
function alone(jobs: readonly number[], errors: readonly number[]): (number | null)[] {
  const newest = jobs.slice(-MOST_RAW);
  return newest.map((count, i) => {
    const failed = errors[jobs.length - newest.length + i] ?? 0;
    return count === 0 ? null : Math.round(percentOf(failed, count) * 10) / 10;
  });
}

/** A change within this many seconds of an incident belongs to the incident. */
const SAME = 60;

/** Returns marks for changes of exposure and for incidents, each with a sentence. */
function marksOf({ exposure, incidents }: ReportFeature): Mark[] {
  const changes = exposure.flatMap(({ at, percentage }, i): Mark[] => {
    if (incidents.some((incident) => Math.abs(seconds(incident.opened_at) - seconds(at)) < SAME)) return [];
    const before = exposure[i - 1]?.percentage ?? 0;
    const kind = percentage < before ? 'down' : 'up';
    return [{ at: seconds(at), kind, text: `${before}% → ${percentage}%, ${moment(at)}` }];
  });
  const taken = incidents.map(({ id, kind, opened_at }): Mark => {
    return {
      at: seconds(opened_at),
      kind: 'incident',
      text: `incident ${id}: ${incidentWord(kind)}, ${moment(opened_at)}`,
    };
  });
  return [...changes, ...taken].sort((a, b) => a.at - b.at);
}

/** With fewer jobs, a rate jumps with every single one. */
const JOBS_OF_A_RATE = 60;
const LONGEST_BEFORE = DAY_SECONDS;

/** Returns at each moment the rate of the preceding jobs: enough of them to be meaningful, but at most a day's. */
function trailing(ends: readonly number[], jobs: readonly number[], errors: readonly number[]) {
  const of = ends.map((end, i) => {
    const sum = { jobs: 0, errors: 0 };
    for (let j = i; j >= 0 && sum.jobs < JOBS_OF_A_RATE; j--) {
      if (j < i && end - (ends[j] ?? 0) > LONGEST_BEFORE) break;
      sum.jobs += jobs[j] ?? 0;
      sum.errors += errors[j] ?? 0;
    }
    return sum;
  });
  return {
    jobs: of.map((sum) => sum.jobs),
    rates: of.map((sum) => (sum.jobs === 0 ? null : percentOf(sum.errors, sum.jobs))),
  };
}

function seconds(at: Date): number {
  return Math.round(at.getTime() / 1_000);
}
