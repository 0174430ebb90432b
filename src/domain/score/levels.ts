import { ODDS_MULTIPLIERS, type PerMultiplier } from './factor.ts';
import type { Slice } from './slice.ts';

/**
 * The levels of the detector, one for each odds multiplier, as natural logarithms.
 *
 * With time-weighted starts it is the Shiryaev-Roberts procedure (Shiryaev 1963, Roberts 1966) as an e-detector in the
 * sense of Shin, Ramdas and Rinaldo (2023): a level is a sum of bets that began at different moments. Each slice adds a
 * start of at most one in fifteen minutes, and then the factors of the spans that began in it multiply every start up
 * to it, and no later one:
 *
 *     M <- (M + weight) * factor          M = 1 before the first slice
 *
 * A span belongs to the slice in which it began, also for later news of it. A start that was added in the middle of a
 * span is never multiplied by later factors of the span: it would gain by them on average. While the true share is at
 * most the limit, M minus the starts given so far is a supermartingale, so the mean time to a false alarm at evidence E
 * is at least E times fifteen minutes, however often the score is read.
 */
export type Levels = PerMultiplier;

/** Returns the levels with one start each, before any slice. */
export function firstLevels(): Levels {
  return [0, 0, 0, 0, 0];
}

/** PostgreSQL's `exp` raises an error below this exponent; both sides clamp here, so that they stay equal. */
const LEAST_EXPONENT = -700;

/** Returns the levels after one more slice. */
export function fold(levels: Levels, { weight, logFactor }: Pick<Slice, 'weight' | 'logFactor'>): Levels {
  return levels.map((level, i) => addStart(level, weight) + (logFactor[i] ?? 0)) as Levels;
}

/** ln(exp(level) + weight), without overflow or underflow. */
export function addStart(level: number, weight: number): number {
  return weight <= 0 ? level : addLogStart(level, Math.log(weight));
}

/** Adds a start, given as the logarithm of its weight, to a level. */
export function addLogStart(level: number, start: number): number {
  const high = Math.max(level, start);
  return high + Math.log1p(Math.exp(Math.max(LEAST_EXPONENT, Math.min(level, start) - high)));
}

/** Returns the score: ln of the mean of the levels. Evidence of E to 1 is a score of ln E. */
export function scoreOf(levels: Levels): number {
  const high = Math.max(...levels);
  let sum = 0;
  for (const level of levels) sum += Math.exp(Math.max(LEAST_EXPONENT, level - high));
  return high + Math.log(sum / ODDS_MULTIPLIERS.length);
}

/** Index of the leading multiplier. */
export function leaderOf(levels: Levels): number {
  return levels.indexOf(Math.max(...levels));
}
