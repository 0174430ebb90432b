import type { Arm } from './outcomes.ts';
import { mergedCounters, type Quantiles, quantilesOf, type TimeCounters } from './time-counters.ts';

/** Finished jobs added up. */
export interface Rate extends Quantiles {
  jobs: number;
  errors: number;
  /** Percentage of failed jobs; null without a job. */
  error_rate: number | null;
  /** Mean duration of the jobs whose duration is known, in milliseconds; null if none is. */
  mean_ms: number | null;
}

/** Where jobs ran. */
export interface Place {
  processor: string;
  arm: Arm;
  category: string;
}

interface Counts {
  jobs: number;
  errors: number;
  timed_jobs: number;
  processing_ms: number;
  /** Counters of durations; left out if durations were not counted. */
  times?: TimeCounters;
}

export function rateOf(rows: readonly Counts[]): Rate {
  const sum = (pick: (row: Counts) => number) => rows.reduce((total, row) => total + pick(row), 0);
  const jobs = sum((row) => row.jobs);
  const errors = sum((row) => row.errors);
  const timed = sum((row) => row.timed_jobs);
  return {
    jobs,
    errors,
    error_rate: jobs === 0 ? null : percentOf(errors, jobs),
    mean_ms: timed === 0 ? null : Math.round(sum((row) => row.processing_ms) / timed),
    ...quantilesOf(mergedCounters(rows.flatMap(({ times }) => (times ? [times] : [])))),
  };
}

/** Returns one rate for each processor, arm and category, in the order of the rows. */
export function ratesByPlace(rows: readonly (Counts & Place)[]): (Rate & Place)[] {
  const places = byKey(rows, ({ processor, arm, category }) => [processor, arm, category].join('\n'));
  return [...places.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const { processor, arm, category } = first;
    return [{ processor, arm, category, ...rateOf(same) }];
  });
}

/** Durations of one processor and arm over all categories. */
export interface ProcessorTimes extends Quantiles, Omit<Place, 'category'> {}

/** Returns durations by processor and arm, in the order of the rows; those without a known duration are left out. */
export function timesByProcessor(rows: readonly (Counts & Place)[]): ProcessorTimes[] {
  const places = byKey(rows, ({ processor, arm }) => `${processor}\n${arm}`);
  return [...places.values()].flatMap((same) => {
    const { p50_ms, p95_ms, p99_ms } = rateOf(same);
    const [first] = same;
    if (!first || p50_ms === null) return [];
    return [{ processor: first.processor, arm: first.arm, p50_ms, p95_ms, p99_ms }];
  });
}

export function byKey<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}

export function percentOf(part: number, whole: number): number {
  return hundredths((part / whole) * 100);
}

export function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
