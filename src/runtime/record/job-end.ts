import type { Outcome } from '../../domain/evidence/outcomes.ts';
import { labelledText } from '../../lib/error-text.ts';
import { redact } from '../../lib/redact.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';
import { type Decider, isId } from '../decide/decider.ts';
import type { DatabaseClock } from '../follow/database-clock.ts';
import type { JobEnd, Stamp } from '../host/job.ts';
import type { Recorder } from './recorder.ts';
import { isName, readStamp } from './stamp.ts';

/** Length of a text that is searched for secrets; 300 characters of it are kept. */
const LONGEST_TEXT = 2_000;

/** Why an end cannot count; for the log. */
type Problem = string;

/** Facts by which an end is checked. */
interface Ground {
  decider: Decider;
  clock: Pick<DatabaseClock, 'time'>;
  recorder: Pick<Recorder, 'add' | 'end' | 'retry' | 'observe'>;
}

/** Records a job's end as reported by the host; returns why it cannot count, or null. `at`: when it ended. */
export function report(end: JobEnd, ground: Ground, at = ground.clock.time()): Problem | null {
  if (typeof end !== 'object' || end === null) return 'record was not given the end of a job';
  if (typeof end.ok !== 'boolean') return 'record was given an end whose `ok` is neither true nor false';
  const retrying = retryProblem(end);
  if (retrying !== null) return retrying;
  return end.stamp === undefined ? reportPlain(end, ground, at) : reportStamped(end, ground, at);
}

/** Returns the contradiction in an end's `willRetry`; null: none. */
function retryProblem(end: JobEnd): Problem | null {
  if ('retry' in end)
    return '`retry` is not a field of record; write `willRetry: true` where another attempt follows';
  const { willRetry } = end;
  if (willRetry === undefined || willRetry === false) return null;
  if (willRetry !== true) return 'record was given a `willRetry` that is neither true nor false';
  if (end.ok)
    return 'record was given `ok: true` with `willRetry: true`; a job that ended well is not tried again';
  if (end.stamp !== undefined) return null;
  return 'record was given `willRetry: true` without a stamp, by which the last attempt could be known';
}

function reportStamped(end: JobEnd, { decider, clock, recorder }: Ground, at: number): Problem | null {
  if (end.stamp === null) return 'a job of an unknown feature or subject ended';
  const stamp = readStamp(end.stamp);
  if (!stamp) return 'record was given a stamp that is none: hand on what route returned, unchanged';
  if (end.willRetry) {
    recorder.retry(stamp, textOf(end.error), clock.time() - stamp.routed_at);
    return null;
  }
  const seconds = decider.rowOf(stamp.feature)?.job_timeout?.[stamp.processor];
  const timeout = (seconds ?? Number.POSITIVE_INFINITY) * 1_000;
  const added = recorder.end(stamp, outcomeOf(end, stamp, at), timeout, end.elsewhere !== false);
  if (added) observeTime(added, decider, recorder);
  return null;
}

function reportPlain(end: JobEnd, { decider, recorder }: Ground, at: number): Problem | null {
  const { feature, subject, processor } = end;
  const row = decider.rowOf(feature ?? '');
  if (!row) return `record was given an end of the unknown feature ${JSON.stringify(feature)}`;
  if (!isId(subject)) return `record was given an end of ${row.feature} without a subject's id`;
  if (!isName(processor)) return `record was given an end of ${row.feature} without a processor's name`;
  const arm = decider.isEligible(row.feature, subject) ? 'treatment' : 'control';
  const category = decider.categoryOf(row.feature, subject);
  const { feature: name, epoch } = row;
  const place = { feature: name, subject, processor, arm, epoch, job_class: '', category } as const;
  const outcome = outcomeOf(end, place, at);
  recorder.add(outcome);
  observeTime(outcome, decider, recorder);
  return null;
}

/** Reports the duration of a job to its guardrails before it is added up, because the sum loses it. */
function observeTime(outcome: Outcome, decider: Decider, recorder: Ground['recorder']): void {
  const { feature, subject, arm, epoch, category, duration_ms, finished_at: at } = outcome;
  if (duration_ms === null || arm === 'fallback') return;
  for (const [metric, most] of timesOf(decider.rowOf(feature), category)) {
    const bad = duration_ms > most ? 1 : 0;
    recorder.observe({ feature, metric, subject, arm, epoch, category, at, events: 1, bad, id: null });
  }
}

/** Yields the duration guardrails that apply to a job of this category, each with its limit in milliseconds. */
function* timesOf(
  row: Pick<RuntimeFeature, 'slower_than' | 'slower_than_by'> | undefined,
  category: string,
): Generator<[metric: string, most: number]> {
  if (row === undefined) return;
  yield* Object.entries(row.slower_than);
  for (const [metric, times] of Object.entries(row.slower_than_by)) {
    const most = Object.hasOwn(times, category) ? times[category] : undefined;
    if (most !== undefined) yield [metric, most];
  }
}

function outcomeOf(end: JobEnd, place: Omit<Stamp, 'id' | 'routed_at'>, at: number): Outcome {
  const { ok, durationMs } = end;
  // Written out, because copying by spread takes five times as long.
  return {
    feature: place.feature,
    subject: place.subject,
    processor: place.processor,
    arm: place.arm,
    epoch: place.epoch,
    job_class: place.job_class,
    category: place.category,
    ok,
    duration_ms: typeof durationMs === 'number' && durationMs >= 0 && durationMs < 1e12 ? durationMs : null,
    error: ok ? null : textOf(end.error),
    finished_at: at,
  };
}

/**
 * Returns the error text of a failed job without secrets, with name and code, which decide its class; null if there is
 * none.
 */
function textOf(error: unknown): string | null {
  if (error === undefined || error === null) return null;
  return withoutSecrets(labelledText(error).slice(0, LONGEST_TEXT)) || null;
}

/** Cached: failures repeat the same texts, and each is searched for a dozen kinds of secrets. */
const lookedThrough = new Map<string, string>();
const MOST_TEXTS = 100;

function withoutSecrets(text: string): string {
  const known = lookedThrough.get(text);
  if (known !== undefined) return known;
  if (lookedThrough.size >= MOST_TEXTS) lookedThrough.clear();
  const kept = redact(text);
  lookedThrough.set(text, kept);
  return kept;
}
