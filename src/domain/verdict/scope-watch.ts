import type { RelativeBlock } from '../comparison/blocks.ts';
import {
  newRelativeWatch,
  observeBlock,
  type RelativeWatch,
  resumedRelative,
  type StoredRelative,
  storedRelative,
} from '../comparison/relative-watch.ts';
import { copiedLedger, enter, type Ledger, ledgerOf, newLedger } from '../score/ledger.ts';
import {
  type LevelWatch,
  newLevelWatch,
  observeLevels,
  type Reading,
  readLevels,
  resumedLevels,
  type StoredLevels,
  startsOf,
  storedLevels,
} from '../score/level-watch.ts';
import { scoreOf } from '../score/levels.ts';
import type { Rule } from '../score/rule.ts';
import type { StoredSlice } from '../score/stored-slice.ts';
import { type Excuse, excuseOf, type Surroundings } from './excuse.ts';

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
  /** The sum of everything before `slices`; null if they are all. */
  readonly checkpoint: StoredScope | null;
  readonly slices: StoredSlice[];
  readonly ledger: Ledger;
  readonly absolute: LevelWatch;
  readonly warning: LevelWatch;
  readonly relative: RelativeWatch;
  /** The first crossing that acted. Later good jobs do not undo it within the epoch. */
  crossed: Crossing | null;
  /** Why the present score, which is over the limit, does not act; null if it is not over. */
  excused: Excuse | null;
  /** The highest score after any slice until it crossed, as a natural logarithm. */
  peak: number;
}

/** What is stored of a watch whose score was never over the limit. */
export interface StoredScope {
  /** Totals, and the slices with which runs began. */
  ledger: Ledger;
  absolute: StoredLevels;
  warning: StoredLevels;
  critical: StoredLevels;
  relative: StoredRelative;
  peak: number;
}

export function storedScope(watch: ScopeWatch): StoredScope {
  const { absolute, warning, ledger, relative, peak } = watch;
  const { watch: critical } = criticalWatch(watch);
  const kept = startsOf(absolute, warning, critical);
  return {
    ledger: ledgerOf(ledger, kept),
    absolute: storedLevels(absolute, kept),
    warning: storedLevels(warning, kept),
    critical: storedLevels(critical, kept),
    relative: storedRelative(relative),
    peak,
  };
}

/** `checkpoint`: the sum of everything before the first slice that is observed. */
export function newScopeWatch(
  rule: Rule,
  category: string | null,
  startedAt: number,
  checkpoint: StoredScope | null = null,
): ScopeWatch {
  return {
    ...{ rule, category, startedAt, checkpoint, slices: [] },
    ledger: checkpoint ? copiedLedger(checkpoint.ledger) : newLedger(),
    absolute: checkpoint
      ? resumedLevels(rule.maxErrorRate, checkpoint.absolute)
      : newLevelWatch(rule.maxErrorRate),
    warning: checkpoint
      ? resumedLevels(rule.warningErrorRate, checkpoint.warning)
      : newLevelWatch(rule.warningErrorRate),
    relative: checkpoint ? resumedRelative(checkpoint.relative, rule) : newRelativeWatch(startedAt, rule),
    ...{ crossed: null, excused: null, peak: checkpoint?.peak ?? 0 },
  };
}

/** Adds all slices, each with the blocks that begin before its end. `now` in seconds since 1970. */
export function observeAll(
  watch: ScopeWatch,
  { slices, blocks }: { slices: readonly StoredSlice[]; blocks: readonly RelativeBlock[] },
  now: number,
  around: Surroundings | null,
): void {
  let place = 0;
  slices.forEach((slice, i) => {
    const until = slices[i + 1]?.startedAt ?? Math.max(now, slice.startedAt);
    const isLast = i === slices.length - 1;
    const from = place;
    while (place < blocks.length && (isLast || (blocks[place] as RelativeBlock).startedAt < until))
      place += 1;
    observeSlice(watch, slice, blocks.slice(from, place), until, around);
  });
}

/**
 * Adds the next slice, and the blocks that begin before its end; `until` is the beginning of the next slice, or now.
 * Without surroundings, nothing crosses.
 */
export function observeSlice(
  watch: ScopeWatch,
  slice: StoredSlice,
  blocks: readonly RelativeBlock[],
  until: number,
  around: Surroundings | null,
): void {
  const ordinal = watch.ledger.startedAt.length;
  watch.slices.push(slice);
  enter(watch.ledger, slice);
  observeLevels(watch.absolute, slice, ordinal);
  observeLevels(watch.warning, slice, ordinal);
  for (const block of blocks) observeBlock(watch.relative, block);
  watch.excused = null;
  if (watch.crossed) return;
  const score = scoreOf(watch.absolute.levels);
  watch.peak = Math.max(watch.peak, score);
  // A shortcut: the firm score is at most the whole score. Without this check, most of a judgement's time went into
  // the runs of calm slices.
  if (around === null || score < Math.log(watch.rule.evidence)) return;
  const absolute = readLevels(watch.absolute, watch.ledger, watch.rule);
  if (absolute.firm < Math.log(watch.rule.evidence)) return;
  watch.excused = excuseOf(watch, absolute, until, around);
  if (watch.excused) return;
  watch.crossed = { at: slice.startedAt, ordinal: watch.slices.length - 1, absolute };
}

/**
 * Returns the score against the critical rate, at the crossing if there is one. Rarely needed, so it is folded on
 * demand.
 */
export function criticalReading(scope: ScopeWatch): Reading {
  const { watch, ledger } = criticalWatch(scope);
  return readLevels(watch, ledger, scope.rule);
}

/** Returns the levels against the critical rate, and their ledger. */
export function criticalWatch({ checkpoint, slices, rule, crossed }: ScopeWatch): {
  watch: LevelWatch;
  ledger: Ledger;
} {
  const rate = rule.criticalErrorRate;
  const watch = checkpoint ? resumedLevels(rate, checkpoint.critical) : newLevelWatch(rate);
  const ledger = checkpoint ? copiedLedger(checkpoint.ledger) : newLedger();
  for (const slice of slices.slice(0, crossed ? crossed.ordinal + 1 : slices.length)) {
    observeLevels(watch, slice, ledger.startedAt.length);
    enter(ledger, slice);
  }
  return { watch, ledger };
}
