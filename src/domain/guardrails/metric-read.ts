import type { Judgement } from '../health/judgement.ts';
import { timeText } from '../health/wording.ts';

/** How far the events of a guardrail were read from an engine. */
export interface MetricRead {
  /** End of the last step that was read; null: none was. */
  readUntil: Date | null;
  /** Why the last attempt failed, as a clause; null: it did not. */
  problem: string | null;
  /** When attempts began to fail; null: the last one succeeded. */
  failingSince: Date | null;
  /** Earliest time of the next query that the engine accepts; null: any time. */
  retryAt: Date | null;
  /** End of the newest step of this epoch with an event of treatment; null: none had one. */
  eventsUntil: Date | null;
}

/**
 * Returns the read with the longest pause that an engine asked for, which holds for all its metrics; null: it may be
 * queried.
 */
export function pausedBy(reads: Iterable<MetricRead | undefined>, now: Date): MetricRead | null {
  let last: MetricRead | null = null;
  for (const read of reads) {
    if (read?.retryAt && read.retryAt > (last?.retryAt ?? now)) last = read;
  }
  return last;
}

/** Seconds of a query's step: as long as a window of evidence, so that scrapes a minute apart are enough. */
export const STEP_SECONDS = 300;

/** Seconds after a step's end at which it is read, because samples of some exporters come late. */
const LAG_SECONDS = 60;

/** Seconds for which an unread metric is not reported. */
const GRACE_SECONDS = 900;

/** Returns from when a metric is to be read, in seconds since 1970: no step begins in another epoch. */
export function readFrom(read: MetricRead | undefined, epochStartedAt: Date): number {
  const begin = Math.ceil(epochStartedAt.getTime() / 1_000 / STEP_SECONDS) * STEP_SECONDS;
  return Math.max(begin, (read?.readUntil?.getTime() ?? 0) / 1_000);
}

/** Limit of steps that one read catches up on; older events are no longer useful. */
const MOST_STEPS = 72;

/** Seconds for which a step is read again, because a remote write may bring some series later than others. */
const LATE_SECONDS = 3_600;

/**
 * Returns from when on the steps before a moment are read, in seconds since 1970: steps that are due, those of the last
 * hour again, and again the last step with an event of treatment and all later ones, which the engine may not have had
 * completely.
 */
export function readAgainFrom(read: MetricRead | undefined, epochStartedAt: Date, until: number): number {
  const begin = readFrom(undefined, epochStartedAt);
  const newest = (read?.eventsUntil?.getTime() ?? 0) / 1_000 - STEP_SECONDS;
  const from = Math.min(readFrom(read, epochStartedAt), until - LATE_SECONDS, newest);
  return Math.max(begin, until - MOST_STEPS * STEP_SECONDS, from);
}

/** Returns the end of the last step that is over, with the lag; seconds since 1970. */
export function closedAt(now: Date): number {
  return Math.floor((now.getTime() / 1_000 - LAG_SECONDS) / STEP_SECONDS) * STEP_SECONDS;
}

/** Returns since when a metric is not read, in seconds since 1970; null: it is, or was within the grace period. */
export function unreadSince(read: MetricRead | undefined, epochStartedAt: Date, now: Date): number | null {
  const since = readFrom(read, epochStartedAt);
  return closedAt(now) - since > GRACE_SECONDS ? since : null;
}

/** Returns when an engine that asked for a pause is queried again; null: with the next tick. */
export function asksAgainAt(read: MetricRead | undefined, now: Date): Date | null {
  return read?.retryAt && read.retryAt > now ? read.retryAt : null;
}

/** Seconds without an event of treatment after which the engine counts as silent. */
const SILENT_SECONDS = 3_600;

/**
 * The judgement of a guardrail whose engine answers without an event of treatment for an hour: silence is not health.
 */
export function silenced(judgement: Judgement, metric: string, newest: number | null, now: Date): Judgement {
  const quiet = newest === null ? 0 : now.getTime() / 1_000 - newest;
  if (quiet <= SILENT_SECONDS || judgement.verdict !== 'healthy') return judgement;
  const since = timeText(Math.floor((newest ?? 0) / 60), Math.floor(now.getTime() / 60_000));
  return {
    ...judgement,
    verdict: 'insufficient',
    reasonCode: 'outcomes_stopped',
    reason: `guardrail ${metric}: the engine has no event of treatment since ${since}`,
  };
}

/**
 * The judgement of a guardrail whose metric is not read. Observed harm stays harm; otherwise the evidence is not enough
 * to go on, and nothing is rolled back for unread events.
 */
export function unread(
  judgement: Judgement,
  metric: string,
  { since, read, now }: { since: number; read: MetricRead | undefined; now: Date },
): Judgement {
  if (judgement.verdict === 'harmful' || judgement.verdict === 'suspect') return judgement;
  const minute = Math.floor(now.getTime() / 60_000);
  const again = asksAgainAt(read, now);
  const pause = again
    ? `; it is asked again at ${timeText(Math.ceil(again.getTime() / 60_000), minute)}`
    : '';
  const why = read?.problem ?? 'no tick has asked for them';
  return {
    ...judgement,
    verdict: 'insufficient',
    reasonCode: 'metric_unread',
    severity: 'none',
    reason: `guardrail ${metric}: its events since ${timeText(Math.floor(since / 60), minute)} were not read: ${why}${pause}`,
  };
}
