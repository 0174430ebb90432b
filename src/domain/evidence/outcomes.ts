import { cutTo } from '../../lib/text.ts';
import { errorClass } from './error-class.ts';
import { timePlace } from './time-counters.ts';

/** The arm of a job; no judgement reads jobs of `fallback`. */
export const ARMS = ['treatment', 'control', 'fallback'] as const;
export type Arm = (typeof ARMS)[number];

/** The keys under which the outcome of a job is counted. They are fixed when the job is routed. */
export interface OutcomePlace {
  feature: string;
  subject: string;
  processor: string;
  arm: Arm;
  epoch: number;
  /** Routing class; empty if the program has none. */
  job_class: string;
  /** Category of the subject; empty if it has none. */
  category: string;
}

/** How one job ended. */
export interface Outcome extends OutcomePlace {
  ok: boolean;
  /** Milliseconds; null if not known. */
  duration_ms: number | null;
  /** Error text of a failed job. */
  error: string | null;
  /** Milliseconds since 1970. */
  finished_at: number;
}

/** Outcomes of one place in one five-minute window, added up. */
export interface OutcomeSum extends OutcomePlace {
  /** Start of the window in milliseconds since 1970. */
  window: number;
  jobs: number;
  errors: number;
  timed_jobs: number;
  processing_ms: number;
  /**
   * Places of the durations, each followed by its count; null with fewer than two timed jobs, whose duration is
   * `processing_ms`.
   */
  times?: number[] | null;
  last_error: string | null;
  last_error_at: number;
}

/** How often one error text occurred. */
export interface ErrorSum {
  feature: string;
  processor: string;
  arm: Arm;
  message: string;
  occurrences: number;
  last_at: number;
}

/** Minutes of clock time in which outcomes are counted together. */
export const WINDOW_MINUTES = 5;

const WINDOW_MS = WINDOW_MINUTES * 60_000;
const LONGEST_ERROR = 300;
/** Limit of different error texts per feature, processor and arm; all others are counted as one more. */
const MOST_ERRORS = 100;
const OTHER_ERRORS = '(other errors)';

/**
 * Outcomes added up until they are flushed: one sum per place, however many jobs end.
 *
 * Indexed by feature and subject, because a subject has only one or two sums, and searching these is faster than
 * building a key of nine parts.
 */
export class OutcomeSums {
  readonly sums: OutcomeSum[] = [];
  readonly errors: ErrorSum[] = [];
  /** Number of outcomes added. */
  outcomes = 0;
  readonly #byFeature = new Map<string, Map<string, OutcomeSum[]>>();
  readonly #errorsByKey = new Map<string, Map<string, ErrorSum>>();

  /**
   * Adds an outcome. Returns false, without adding it, if there are already `most` sums and the outcome belongs to none
   * of them.
   */
  add(outcome: Outcome, most = Number.POSITIVE_INFINITY): boolean {
    const sum = this.#sumOf(outcome, most);
    if (!sum) return false;
    this.outcomes += 1;
    sum.jobs += 1;
    if (outcome.duration_ms !== null) {
      countTime(sum, outcome.duration_ms);
    }
    if (outcome.ok) return true;
    sum.errors += 1;
    if (outcome.error !== null) this.#addError(sum, cutTo(outcome.error, LONGEST_ERROR), outcome.finished_at);
    return true;
  }

  #sumOf(outcome: Outcome, most: number): OutcomeSum | null {
    const window = outcome.finished_at - (outcome.finished_at % WINDOW_MS);
    const bySubject = entryOf(this.#byFeature, outcome.feature, newMap<OutcomeSum[]>);
    const known = bySubject.get(outcome.subject);
    if (known) for (const sum of known) if (isSame(sum, outcome, window)) return sum;
    if (this.sums.length >= most) return null;
    const sums = known ?? entryOf(bySubject, outcome.subject, newList);
    const sum = newSum(outcome, window);
    sums.push(sum);
    this.sums.push(sum);
    return sum;
  }

  #addError(sum: OutcomeSum, message: string, at: number): void {
    if (at >= sum.last_error_at) {
      sum.last_error = message;
      sum.last_error_at = at;
    }
    const { feature, processor, arm } = sum;
    const key = `${feature}\n${processor}\n${arm}`;
    const texts = entryOf(this.#errorsByKey, key, newMap<ErrorSum>);
    const text = texts.has(message) || texts.size < MOST_ERRORS ? message : otherOf(message, texts);
    let error = texts.get(text);
    if (!error) {
      error = { feature, processor, arm, message: text, occurrences: 0, last_at: at };
      texts.set(text, error);
      this.errors.push(error);
    }
    error.occurrences += 1;
    error.last_at = Math.max(error.last_at, at);
  }
}

/**
 * Returns the text under which a text above the limit is counted: the others of its class if that has its own counts,
 * otherwise all others.
 */
function otherOf(message: string, texts: ReadonlyMap<string, ErrorSum>): string {
  const kind = errorClass(message);
  if (kind === '') return OTHER_ERRORS;
  const labels = [kind, `${kind.replace(' ', ' [')}]`, `Error [${kind}]`];
  const others = labels.map((label) => `${label}: ${OTHER_ERRORS}`).find((text) => errorClass(text) === kind);
  return others !== undefined && (texts.has(others) || texts.size < 2 * MOST_ERRORS) ? others : OTHER_ERRORS;
}

/** A sum of one job, the most common kind, needs no counters. */
function countTime(sum: OutcomeSum, ms: number): void {
  if (sum.timed_jobs > 0) {
    sum.times ??= [timePlace(sum.processing_ms), 1];
    const { times } = sum;
    const place = timePlace(ms);
    let at = 0;
    while (at < times.length && times[at] !== place) at += 2;
    if (at < times.length) times[at + 1] = (times[at + 1] ?? 0) + 1;
    else times.push(place, 1);
  }
  sum.timed_jobs += 1;
  sum.processing_ms += ms;
}

function entryOf<T>(map: Map<string, T>, key: string, make: () => T): T {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function newMap<T>(): Map<string, T> {
  return new Map();
}

function newList(): OutcomeSum[] {
  return [];
}

function isSame(sum: OutcomeSum, outcome: Outcome, window: number): boolean {
  return (
    sum.window === window &&
    sum.processor === outcome.processor &&
    sum.arm === outcome.arm &&
    sum.epoch === outcome.epoch &&
    sum.job_class === outcome.job_class &&
    sum.category === outcome.category
  );
}

function newSum(outcome: Outcome, window: number): OutcomeSum {
  return {
    feature: outcome.feature,
    subject: outcome.subject,
    processor: outcome.processor,
    arm: outcome.arm,
    epoch: outcome.epoch,
    job_class: outcome.job_class,
    category: outcome.category,
    window,
    jobs: 0,
    errors: 0,
    timed_jobs: 0,
    processing_ms: 0,
    times: null,
    last_error: null,
    last_error_at: 0,
  };
}
