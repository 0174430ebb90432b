import { type SubjectWindow, windowsOf } from '../../src/domain/score/window.ts';
import { scoreMonitor } from '../../src/domain/simulation/monitor.ts';
import { MINUTES, type MinuteEvents } from './guardrail-worlds.ts';

/** What a rule sees of a minute: both arms, all subjects together. */
export interface MinuteSums {
  treatment: { events: number; bad: number };
  control: { events: number; bad: number };
}

/** The minute after which a rule rolls back; null: it does not. */
export type GuardrailRule = (
  minutes: readonly MinuteSums[],
  limit: number,
  day: readonly MinuteEvents[],
) => number | null;

export function sumsOf(day: readonly MinuteEvents[]): MinuteSums[] {
  const minutes = Array.from({ length: MINUTES }, (): MinuteSums => {
    return { treatment: { events: 0, bad: 0 }, control: { events: 0, bad: 0 } };
  });
  for (const { minute, arm, events, bad } of day) {
    const sums = minutes[minute]?.[arm];
    if (!sums) continue;
    sums.events += events;
    sums.bad += bad;
  }
  return minutes;
}

function added(minutes: readonly MinuteSums[], arm: keyof MinuteSums) {
  const sum = { events: 0, bad: 0 };
  for (const one of minutes) {
    sum.events += one[arm].events;
    sum.bad += one[arm].bad;
  }
  return sum;
}

const FAILED_CHECKS = 5;

/**
 * Flagger: each minute the success rate of that minute must be at least 100 - limit; after five failed checks of the
 * analysis it rolls back. A minute without traffic is no check. After its documented example (interval 1m, threshold
 * 5, request-success-rate; https://docs.flagger.app/usage/how-it-works), not after its source.
 */
export const flagger: GuardrailRule = (minutes, limit) => {
  let failed = 0;
  for (const [minute, { treatment }] of minutes.entries()) {
    if (treatment.events === 0 || (treatment.bad / treatment.events) * 100 <= limit) continue;
    failed += 1;
    if (failed === FAILED_CHECKS) return minute + 1;
  }
  return null;
};

/** Standard normal quantile of a two-sided confidence of 98%. */
const Z_98 = 2.326;
const TOLERANCE = 0.25;
const LOOKBACK = 60;

/**
 * Kayenta's default judge: once an hour, over the last hour, the rates of the minutes of both arms are compared by the
 * Mann-Whitney U test. The metric is High, and the canary fails, where the 98% interval of their difference (Hodges and
 * Lehmann) lies above a quarter of the estimate. It knows no limit. After
 * its description (https://spinnaker.io/docs/guides/user/canary/judge), not after its source.
 */
export const kayenta: GuardrailRule = (minutes) => {
  for (let end = LOOKBACK; end <= minutes.length; end += LOOKBACK) {
    const seen = minutes.slice(end - LOOKBACK, end);
    const rates = (arm: keyof MinuteSums) =>
      seen.flatMap(({ [arm]: one }) => (one.events === 0 ? [] : [one.bad / one.events]));
    if (isHigh(rates('treatment'), rates('control'))) return end;
  }
  return null;
};

function isHigh(canary: readonly number[], baseline: readonly number[]): boolean {
  const [n, m] = [canary.length, baseline.length];
  if (n === 0 || m === 0) return false;
  const differences = Float64Array.from(canary.flatMap((x) => baseline.map((y) => x - y))).sort();
  const rank = Math.floor((n * m) / 2 - Z_98 * Math.sqrt((n * m * (n + m + 1)) / 12));
  const lowest = rank < 1 ? Number.NEGATIVE_INFINITY : (differences[rank - 1] ?? 0);
  const estimate = differences[Math.floor((n * m) / 2)] ?? 0;
  return lowest > TOLERANCE * Math.abs(estimate) && lowest > 0;
}

/**
 * A threshold on a metric, as a safeguard of a release plan of Unleash: the share of bad events of the last hour, looked
 * at each minute. After its description (https://docs.getunleash.io/concepts/impact-metrics), not after its source.
 */
export const threshold: GuardrailRule = (minutes, limit) => {
  const sum = { events: 0, bad: 0 };
  for (const [minute, { treatment }] of minutes.entries()) {
    const old = minutes[minute - 60]?.treatment ?? { events: 0, bad: 0 };
    sum.events += treatment.events - old.events;
    sum.bad += treatment.bad - old.bad;
    if (sum.events > 0 && (sum.bad / sum.events) * 100 > limit) return minute + 1;
  }
  return null;
};

const HORIZON = MINUTES / 2;
/** One-sided 1%. */
const Z_99 = 2.326;

/**
 * A test of two shares with a planned end, after half a day: one look, one-sided at 1%, pooled variance; what every
 * textbook has. It knows no limit either.
 */
export const fixedHorizon: GuardrailRule = (minutes) => {
  const seen = minutes.slice(0, HORIZON);
  const [a, b] = [added(seen, 'treatment'), added(seen, 'control')];
  if (a.events === 0 || b.events === 0) return null;
  const pooled = (a.bad + b.bad) / (a.events + b.events);
  const deviation = Math.sqrt(pooled * (1 - pooled) * (1 / a.events + 1 / b.events));
  return deviation > 0 && (a.bad / a.events - b.bad / b.events) / deviation > Z_99 ? HORIZON : null;
};

/** Evidence of a guardrail that shares the budget with errors of jobs: docs/guardrails.md. */
const EVIDENCE = 10_000;

/** Ours: the score of a guardrail, looked at after each five minutes, as the tick with a tick every five minutes. */
export const ours: GuardrailRule = (_minutes, limit, day) => {
  const rows = new Map<string, SubjectWindow>();
  for (const { minute, arm, subject, events, bad } of day) {
    const startedAt = Math.floor(minute / 5) * 300;
    const key = `${startedAt} ${subject}`;
    const row = rows.get(key) ?? { startedAt, subject, category: '', arm, begun: 0, finished: 0, failed: 0 };
    row.finished += events;
    row.failed += bad;
    rows.set(key, row);
  }
  const windows = new Map(windowsOf([...rows.values()]).map((window) => [window.startedAt, window]));
  const monitor = scoreMonitor({
    maxErrorRate: limit,
    warningErrorRate: limit,
    evidence: EVIDENCE,
    shared: true,
  });
  for (let minute = 0; minute < MINUTES; minute += 5) {
    const window = windows.get(minute * 60);
    if (monitor({ minute, windows: window ? [window] : [] }) === 'harmful') return minute + 5;
  }
  return null;
};
