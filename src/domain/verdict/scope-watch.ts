import { countsBetween, enter, type Ledger, newLedger } from '../score/ledger.ts';
import {
  type LevelWatch,
  newLevelWatch,
  observeLevels,
  type Reading,
  readLevels,
} from '../score/level-watch.ts';
import { scoreOf } from '../score/levels.ts';
import type { Rule } from '../score/rule.ts';
import type { StoredSlice } from '../score/stored-slice.ts';
import type { RelativeBlock } from './blocks.ts';
import { restsOnFew, type WorstSubjects } from './few-subjects.ts';
import { newRelativeWatch, observeBlock, type RelativeWatch, readRelative } from './relative-watch.ts';
import { type Shared, type Stratum, sharedOutage, treatmentIsWorse } from './sharing.ts';

/** Why a score over the limit does not act. */
export type Excuse =
  | { code: 'few_subjects'; without: number; subjects: number; worst: WorstSubjects['worst'] }
  | { code: 'shared_outage'; shared: Shared }
  | { code: 'awaiting_control'; controlJobs: number };

/** A score over the limit: when it acted, or why it does not act. */
export interface Crossing {
  /** Start of the slice that made it cross, in seconds since 1970. */
  at: number;
  /** Ordinal of that slice. */
  ordinal: number;
  absolute: Reading;
}

/**
 * The scores of one scope: all categories or one. Each slice costs the same whatever came before, so a judgement after
 * every slice costs as much as one at the end. Mutable.
 */
export interface ScopeWatch {
  readonly rule: Rule;
  /** Category; null: all together. */
  readonly category: string | null;
  readonly startedAt: number;
  readonly slices: StoredSlice[];
  readonly ledger: Ledger;
  readonly absolute: LevelWatch;
  readonly warning: LevelWatch;
  readonly relative: RelativeWatch;
  /** The first crossing that acted. Later good jobs do not undo it within the epoch. */
  crossed: Crossing | null;
  /** Why the present score, which is over the limit, does not act; null if it is not over. */
  excused: Excuse | null;
}

export function newScopeWatch(rule: Rule, category: string | null, startedAt: number): ScopeWatch {
  return {
    ...{ rule, category, startedAt, slices: [], ledger: newLedger() },
    absolute: newLevelWatch(rule.maxErrorRate),
    warning: newLevelWatch(rule.warningErrorRate),
    relative: newRelativeWatch(startedAt, rule),
    ...{ crossed: null, excused: null },
  };
}

/** Evidence against which a crossing is checked before it acts. */
export interface Surroundings {
  /** The counts of each category between two moments, in seconds since 1970. */
  strata: (from: number, until: number) => Stratum[];
  /** Do the categories other than these alone prove, until a moment, that the limit is exceeded? */
  provenWithout: (categories: readonly string[], until: number, rule: Rule) => boolean;
  /** The score without the worst subjects after the slice with this ordinal; null if not known or not requested. */
  without: (ordinal: number) => { score: number; subjects: WorstSubjects } | null;
}

/**
 * Adds the next slice, and the blocks that begin before its end; `until` is the beginning of the next slice, or now.
 */
export function observeSlice(
  watch: ScopeWatch,
  slice: StoredSlice,
  blocks: readonly RelativeBlock[],
  until: number,
  around: Surroundings,
): void {
  const ordinal = watch.slices.length;
  watch.slices.push(slice);
  enter(watch.ledger, slice);
  observeLevels(watch.absolute, slice, ordinal);
  observeLevels(watch.warning, slice, ordinal);
  for (const block of blocks) observeBlock(watch.relative, block);
  watch.excused = null;
  // A shortcut: the firm score is at most the whole score. Without this check, most of a judgement's time went into
  // the runs of calm slices.
  if (watch.crossed || scoreOf(watch.absolute.levels) < Math.log(watch.rule.evidence)) return;
  const absolute = readLevels(watch.absolute, watch.ledger, watch.rule);
  if (absolute.firm < Math.log(watch.rule.evidence)) return;
  watch.excused = excuseOf(watch, absolute, until, around);
  if (watch.excused) return;
  watch.crossed = { at: slice.startedAt, ordinal, absolute };
}

function excuseOf(watch: ScopeWatch, absolute: Reading, until: number, around: Surroundings): Excuse | null {
  const ordinal = watch.slices.length - 1;
  const left = watch.rule.fewSubjects === 'harmful' ? null : around.without(ordinal);
  if (left && restsOnFew(left.score)) {
    const { subjects, worst } = left.subjects;
    return { code: 'few_subjects', without: left.score, subjects, worst };
  }
  if (watch.rule.sharedOutage === 'harmful') return null;
  const strata = around.strata(absolute.run.since ?? watch.startedAt, until);
  const proven = (categories: readonly string[]) => around.provenWithout(categories, until, watch.rule);
  const shared = sharedOutage(strata, watch.rule, proven);
  if (shared) return { code: 'shared_outage', shared };
  return awaitsControl(watch, strata, until)
    ? { code: 'awaiting_control', controlJobs: absolute.run.controlJobs }
    : null;
}

/** Seconds of the past in which control counts as reporting. */
const HEARD_WITHIN = 3600;
/** Minimum seconds of control's silence that count as an answer: it will not show whether it fails too. */
const SILENT_AFTER = 60;
/** ln 100: expected control jobs in a silence whose probability is 1%. */
const EXPECTED_IN_SILENCE = Math.log(100);
/** Evidence, as odds to 1, that treatment is worse than control; with it, control is not awaited. */
const WORSE_EVIDENCE = 100;

/** Does control report, but with too few jobs since the run began to show whether it fails too? */
function awaitsControl(watch: ScopeWatch, strata: readonly Stratum[], until: number): boolean {
  const { ledger, relative, rule } = watch;
  const at = ledger.startedAt.at(-1) ?? watch.startedAt;
  const { controlJobs } = countsBetween(ledger, at - HEARD_WITHIN, until);
  if (controlJobs === 0) return false;
  if (readRelative(relative, rule).score >= Math.log(WORSE_EVIDENCE)) return false;
  if (treatmentIsWorse(strata)) return false;
  const silence = until - lastHeardOf(watch, at);
  return silence < Math.max(SILENT_AFTER, (EXPECTED_IN_SILENCE * HEARD_WITHIN) / controlJobs);
}

/** Returns since when control has finished no job, to the precision of a slice, in seconds since 1970. */
function lastHeardOf({ slices }: ScopeWatch, at: number): number {
  let quietSince = at;
  for (let i = slices.length - 1; i >= 0; i--) {
    const slice = slices[i] as StoredSlice;
    if (slice.controlJobs > 0) return i === slices.length - 1 ? Infinity : quietSince;
    quietSince = slice.startedAt;
  }
  return quietSince;
}

/**
 * Returns the score against the critical rate, at the crossing if there is one. Rarely needed, so it is folded on
 * demand.
 */
export function criticalReading({ slices, rule, crossed }: ScopeWatch): Reading {
  const watch = newLevelWatch(rule.criticalErrorRate);
  const ledger = newLedger();
  for (const slice of slices.slice(0, crossed ? crossed.ordinal + 1 : slices.length)) {
    observeLevels(watch, slice, ledger.startedAt.length);
    enter(ledger, slice);
  }
  return readLevels(watch, ledger, rule);
}
