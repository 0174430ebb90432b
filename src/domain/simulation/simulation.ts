import { type LifeStep, STEP_MINUTES } from './life.ts';
import { type Monitor, raises } from './monitor.ts';

export {
  type Monitor,
  scoreMonitor,
  thresholdMonitor,
} from './monitor.ts';
export { drawLife, type Traffic } from './traffic.ts';

/** Result of a monitor for one life, which ends with the first harmful verdict. Hours since its first step. */
export interface Outcome {
  /** Hour of the check that found it harmful; null if none did. */
  harmfulAt: number | null;
  /** Hour of the first check that raised an alarm; null if none did. */
  raisedAt: number | null;
  /** Treatment jobs that failed from `countFrom` until the end. */
  failed: number;
}

/** Runs one life, drawn or stored, through a fresh monitor; failures are counted from the hour `countFrom`. */
export function runLife(life: Iterable<LifeStep>, monitor: Monitor, countFrom = 0): Outcome {
  const outcome: Outcome = { harmfulAt: null, raisedAt: null, failed: 0 };
  let origin: number | null = null;
  for (const step of life) {
    origin ??= step.minute;
    const verdict = monitor(step);
    const end = (step.minute - origin + STEP_MINUTES) / 60;
    if (end > countFrom) for (const { failed } of step.windows) outcome.failed += failed;
    if (raises(verdict)) outcome.raisedAt ??= end;
    if (verdict === 'harmful') return { ...outcome, harmfulAt: end };
  }
  return outcome;
}

/** Summary of many lives. Shares are 0 to 1. */
export interface Summary {
  lives: number;
  /** Share found harmful before the breakage. */
  falseHarmful: number;
  /** Share of the other lives that were found harmful after it. */
  detected: number;
  /** Median hours from the breakage to its detection, over those other lives; Infinity if most never detected it. */
  medianDelay: number;
  /** Median number of treatment jobs that failed meanwhile. */
  medianFailed: number;
  /** Share with at least a warning, rightly or not. */
  raised: number;
}

/** Sums up lives that broke at `brokenAt` hours; Infinity if they never broke. */
export function summarise(outcomes: readonly Outcome[], brokenAt = Infinity): Summary {
  const lives = outcomes.length;
  const inTime = outcomes.filter(({ harmfulAt }) => harmfulAt === null || harmfulAt > brokenAt);
  const found = inTime.filter(({ harmfulAt }) => harmfulAt !== null);
  return {
    lives,
    falseHarmful: (lives - inTime.length) / lives,
    detected: found.length / inTime.length,
    medianDelay: median(
      inTime.map(({ harmfulAt }) => (harmfulAt === null ? Infinity : harmfulAt - brokenAt)),
    ),
    medianFailed: median(inTime.map(({ failed }) => failed)),
    raised: outcomes.filter(({ raisedAt }) => raisedAt !== null).length / lives,
  };
}

/** The lower median: always a value of the list. NaN for an empty list. */
function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? Number.NaN;
}
