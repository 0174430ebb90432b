import { compareText } from '../../lib/text.ts';
import { ODDS_MULTIPLIERS, type PerMultiplier, zeros } from './factor.ts';
import { NOTHING } from './ledger.ts';
import { expectedShare } from './relative.ts';

/** Seconds of a window, the shortest interval in which a subject's jobs are kept. */
export const WINDOW_SECONDS = 300;

/** The jobs of one subject in one window of five minutes; it represents its span. */
export interface SubjectWindow {
  /** Seconds since 1970, a multiple of `WINDOW_SECONDS`. */
  startedAt: number;
  subject: string;
  /** Category; empty if the subject has none. */
  category: string;
  arm: 'treatment' | 'control';
  /** Jobs that were routed in this window, finished or not; 0 if jobs are only reported at their end. */
  begun: number;
  finished: number;
  failed: number;
  /** True: in a list or a test repository. People chose it, so it is never compared with the other arm. */
  listed?: boolean;
  /** Jobs of this subject before the epoch. */
  past?: { jobs: number; failed: number };
}

/** Spans that are compared with the other arm. */
export interface Compared {
  /** Expected failures of these spans by each subject's own past, as multiples of a mean subject's. */
  expected: number;
  /** Sum of the failed fractions of these spans. */
  fraction: number;
  /** Finished jobs of these spans, the failed ones, and the spans with a failure. */
  jobs: number;
  failed: number;
  failedSpans: number;
}

/** Sums of one category in one window of five minutes. */
export interface ScoreWindow {
  startedAt: number;
  category: string;
  spans: number;
  gain: PerMultiplier;
  begun: number;
  jobs: number;
  finished: number;
  failed: number;
  failedSpans: number;
  controlJobs: number;
  controlFailed: number;
  treatment: Compared;
  control: Compared;
}

export function emptyWindow(startedAt: number, category: string): ScoreWindow {
  return {
    startedAt,
    category,
    ...NOTHING,
    gain: zeros(),
    begun: 0,
    treatment: nothing(),
    control: nothing(),
  };
}

function nothing(): Compared {
  return { expected: 0, fraction: 0, jobs: 0, failed: 0, failedSpans: 0 };
}

/**
 * Sums windows by category, in the order of time and then of category. `mean` is the share of all jobs that failed
 * before the epoch; if it is 0, every span has the same expected failures. SQL computes the same sums, and a test
 * compares the two.
 */
export function windowsOf(rows: readonly SubjectWindow[], mean = 0): ScoreWindow[] {
  const windows = new Map<string, ScoreWindow>();
  for (const row of rows) {
    const key = `${row.startedAt} ${row.category}`;
    const window = windows.get(key) ?? emptyWindow(row.startedAt, row.category);
    windows.set(key, window);
    addSpan(window, row, mean);
  }
  return [...windows.values()].sort(inOrder);
}

export function inOrder(a: ScoreWindow, b: ScoreWindow): number {
  return a.startedAt - b.startedAt || compareText(a.category, b.category);
}

const NO_PAST = { jobs: 0, failed: 0 };

function addSpan(window: ScoreWindow, row: SubjectWindow, mean: number): void {
  // A job that ends in a later window also counts in the window in which it began.
  const jobs = Math.max(row.begun, row.finished);
  if (jobs === 0) return;
  const fraction = row.failed / jobs;
  if (row.arm === 'treatment') {
    window.spans += 1;
    ODDS_MULTIPLIERS.forEach((k, i) => {
      window.gain[i] = (window.gain[i] ?? 0) + Math.log1p((k - 1) * fraction);
    });
    window.begun += row.begun;
    window.jobs += jobs;
    window.finished += row.finished;
    window.failed += row.failed;
    if (row.failed > 0) window.failedSpans += 1;
  } else {
    window.controlJobs += row.finished;
    window.controlFailed += row.failed;
  }
  if (row.listed) return;
  const compared = window[row.arm];
  compared.expected += mean > 0 ? expectedShare(row.past ?? NO_PAST, mean) / mean : 1;
  compared.fraction += fraction;
  compared.jobs += row.finished;
  compared.failed += row.failed;
  if (row.failed > 0) compared.failedSpans += 1;
}

/** Groups windows by their start, in the order of time. */
export function* groupsOf(windows: readonly ScoreWindow[]): Generator<ScoreWindow[]> {
  let group: ScoreWindow[] = [];
  for (const window of windows) {
    if (group.length > 0 && group[0]?.startedAt !== window.startedAt) {
      yield group;
      group = [];
    }
    group.push(window);
  }
  if (group.length > 0) yield group;
}

/** Sums windows of several categories into one. */
export function together(windows: readonly ScoreWindow[]): ScoreWindow[] {
  return [...groupsOf(windows)].map((group) => {
    const [first] = group as [ScoreWindow];
    if (group.length === 1) return first;
    const sum = emptyWindow(first.startedAt, '');
    for (const window of group) addTo(sum, window);
    return sum;
  });
}

/** Adds the sums of `more` to `sum`, except for compared spans, which stay by category. */
export function addTo(sum: Omit<ScoreWindow, 'category' | 'treatment' | 'control'>, more: ScoreWindow): void {
  sum.spans += more.spans;
  for (let i = 0; i < sum.gain.length; i++) sum.gain[i] = (sum.gain[i] ?? 0) + (more.gain[i] ?? 0);
  sum.begun += more.begun;
  sum.jobs += more.jobs;
  sum.finished += more.finished;
  sum.failed += more.failed;
  sum.failedSpans += more.failedSpans;
  sum.controlJobs += more.controlJobs;
  sum.controlFailed += more.controlFailed;
}

/** Describes, as a clause, why these windows are impossible; null if they can be judged. */
export function impossible(windows: readonly ScoreWindow[]): string | null {
  for (const window of windows) {
    const { jobs, failed, controlJobs, controlFailed } = window;
    if (!possible(jobs, failed)) return `${named(window)} has ${failed} errors in ${jobs} jobs`;
    if (!possible(controlJobs, controlFailed)) {
      return `${named(window)} has ${controlFailed} errors in ${controlJobs} control jobs`;
    }
    const counted = [window.spans, window.failedSpans, window.finished, window.begun, ...window.gain];
    if (!counted.every((value) => value >= 0 && value < Infinity)) return `${named(window)} has no counts`;
  }
  return null;
}

/** Are these whole, non-negative counts with no more errors than jobs? */
function possible(jobs: number, errors: number): boolean {
  return Number.isSafeInteger(jobs) && Number.isSafeInteger(errors) && errors >= 0 && errors <= jobs;
}

function named({ startedAt }: ScoreWindow): string {
  const time = new Date(Math.min(startedAt * 1_000, 8.64e15) || 0).toISOString();
  return `the window of ${time.slice(0, 10)} ${time.slice(11, 16)}`;
}
