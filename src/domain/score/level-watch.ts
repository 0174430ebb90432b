import { costs, ODDS_MULTIPLIERS, type PerMultiplier, zeros } from './factor.ts';
import { type Counts, type Ledger, NOTHING } from './ledger.ts';
import { addLogStart, firstLevels, type Levels, leaderOf, scoreOf } from './levels.ts';
import type { Rule } from './rule.ts';
import { logFactorOf, type StoredSlice } from './stored-slice.ts';

/**
 * The levels of one scope against one rate, each with Page's level (CUSUM, Page 1954). Page's level only marks the run,
 * which began when it was last at zero. Mutable.
 */
export interface LevelWatch {
  readonly cost: PerMultiplier;
  readonly levels: Levels;
  readonly page: PerMultiplier;
  /** Ordinal of the slice in which each run began. */
  readonly starts: PerMultiplier;
}

/** `rate`: percentage of jobs that may fail. */
export function newLevelWatch(rate: number): LevelWatch {
  return { cost: costs(rate / 100), levels: firstLevels(), page: zeros(), starts: zeros() };
}

/** What is stored of a level watch; its costs follow from its rate. */
export type StoredLevels = Omit<LevelWatch, 'cost'>;

/** Returns what is to be stored of a level watch, beside a ledger of these slices only. */
export function storedLevels({ levels, page, starts }: LevelWatch, kept: readonly number[]): StoredLevels {
  const places = starts.map((start) => kept.indexOf(start));
  return { levels: [...levels], page: [...page], starts: places as PerMultiplier };
}

/** Returns a level watch that goes on from stored levels. */
export function resumedLevels(rate: number, { levels, page, starts }: StoredLevels): LevelWatch {
  return { cost: costs(rate / 100), levels: [...levels], page: [...page], starts: [...starts] };
}

/** Returns the ordinals of the slices with which the runs of these watches began, in the order of time. */
export function startsOf(...watches: readonly LevelWatch[]): number[] {
  return [...new Set(watches.flatMap(({ starts }) => starts))].sort((a, b) => a - b);
}

/** Adds the slice with this ordinal. */
export function observeLevels(watch: LevelWatch, slice: StoredSlice, ordinal: number): void {
  advance(watch, logFactorOf(slice, watch.cost), slice.weight, ordinal);
}

/** Multiplies by one more factor, after adding the start that comes before it. */
export function advance(
  { levels, page, starts }: LevelWatch,
  logFactor: PerMultiplier,
  weight: number,
  ordinal: number,
): void {
  const start = weight > 0 ? Math.log(weight) : null;
  for (let i = 0; i < logFactor.length; i++) {
    const factor = logFactor[i] ?? 0;
    const level = levels[i] ?? 0;
    levels[i] = (start === null ? level : addLogStart(level, start)) + factor;
    if ((page[i] ?? 0) <= 0) {
      page[i] = 0;
      starts[i] = ordinal;
    }
    page[i] = (page[i] ?? 0) + factor;
  }
}

/** The run of one multiplier: its counts, its beginning, and its arithmetic. */
export interface Run extends Counts {
  /** Seconds since 1970; null before the first slice. */
  since: number | null;
  /** The odds multiplier. */
  multiplier: number;
  /** Cost of each span: ln(1 + (k - 1) rate). */
  cost: number;
  /** Page's level: the gain of the spans minus their cost. */
  level: number;
}

/** One score and its basis. */
export interface Reading {
  /** Natural logarithm of the evidence. */
  score: number;
  /** The part of the score with enough jobs and failures; -Infinity if there is none. */
  firm: number;
  run: Run;
}

export function runOf(watch: LevelWatch, ledger: Ledger, multiplier: number): Run {
  const start = watch.starts[multiplier] ?? 0;
  const { totals } = ledger;
  const before = ledger.before[start] ?? NOTHING;
  // Field by field: a spread of the differences took as long as all the levels.
  return {
    spans: totals.spans - before.spans,
    jobs: totals.jobs - before.jobs,
    finished: totals.finished - before.finished,
    failed: totals.failed - before.failed,
    failedSpans: totals.failedSpans - before.failedSpans,
    controlJobs: totals.controlJobs - before.controlJobs,
    controlFailed: totals.controlFailed - before.controlFailed,
    since: ledger.startedAt[start] ?? null,
    multiplier: ODDS_MULTIPLIERS[multiplier] ?? 1,
    cost: watch.cost[multiplier] ?? 0,
    level: watch.page[multiplier] ?? 0,
  };
}

type Enough = Pick<Rule, 'minimumJobs' | 'minimumErrors' | 'warningEvidence'>;

/**
 * A score is firm if the leading multiplier's run has enough jobs and failures. If a short burst of failures leads,
 * longer runs that have enough count by their own levels: otherwise one more failure could turn a proof into none, only
 * because a run that began later has overtaken it.
 */
export function readLevels(watch: LevelWatch, ledger: Ledger, rule: Enough): Reading {
  const score = scoreOf(watch.levels);
  const run = runOf(watch, ledger, leaderOf(watch.levels));
  if (isEnough(run, rule)) return { score, firm: score, run };
  if (score < Math.log(rule.warningEvidence)) return { score, firm: -Infinity, run };
  return rested(watch, ledger, rule, { score, run });
}

function rested(
  watch: LevelWatch,
  ledger: Ledger,
  rule: Enough,
  { score, run }: Pick<Reading, 'score' | 'run'>,
): Reading {
  let firm = -Infinity;
  let best = run;
  let highest = -Infinity;
  watch.levels.forEach((level, i) => {
    const other = runOf(watch, ledger, i);
    if (!isEnough(other, rule)) return;
    firm = sumOf(firm, level - Math.log(ODDS_MULTIPLIERS.length));
    if (level > highest) [highest, best] = [level, other];
  });
  return { score, firm, run: firm < Math.log(rule.warningEvidence) ? run : best };
}

/** ln(exp(a) + exp(b)). */
function sumOf(a: number, b: number): number {
  const high = Math.max(a, b);
  return high === -Infinity ? high : high + Math.log(Math.exp(a - high) + Math.exp(b - high));
}

function isEnough({ finished, failedSpans }: Counts, { minimumJobs, minimumErrors }: Enough): boolean {
  return finished >= minimumJobs && failedSpans >= minimumErrors;
}
