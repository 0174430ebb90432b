import {
  type BlockMerge,
  blocksOfWindows,
  newBlockMerge,
  type RelativeBlock,
  resumedBlockMerge,
  type StoredBlockMerge,
  storedBlockMerge,
} from '../comparison/blocks.ts';
import type { Rule } from '../score/rule.ts';
import type { StoredSlice } from '../score/stored-slice.ts';
import type { ScoreWindow } from '../score/window.ts';
import {
  type Merge,
  newMerge,
  resumedMerge,
  type StoredMerge,
  slicesOfWindows,
  storedMerge,
} from '../score/windows-to-slices.ts';
import { newScopeWatch, observeAll, type StoredScope, storedScope } from './scope-watch.ts';

/** Seconds: slices and blocks end at each multiple, so a checkpoint may lie there. */
export const CHECKPOINT_SECONDS = 3600;

/** The sum of one scope's earlier windows, while its score was never over the limit. */
export interface ScopeCheckpoint extends StoredScope {
  merge: StoredMerge;
  blocks: StoredBlockMerge;
}

/** The parts of a rule that levels depend on. */
export type Rates = Pick<Rule, 'maxErrorRate' | 'warningErrorRate' | 'criticalErrorRate' | 'toleratedOdds'>;

/**
 * The sum of all windows of an epoch up to a moment. Judging goes on from it, with the same result as from all windows,
 * unless a score is over its limit: then all windows are needed. Plain data, so that it can be stored as JSON.
 */
export interface Checkpoint {
  /** It contains the windows that began before this moment, in seconds since 1970; a multiple of `CHECKPOINT_SECONDS`. */
  until: number;
  startedAt: number;
  /** `judgedFrom` of the youth of the epoch when it was made. */
  judgedFrom: number | null;
  rates: Rates;
  treatment: { begun: number; finished: number };
  scopes: readonly (readonly [string | null, ScopeCheckpoint])[];
}

export function ratesOf({ maxErrorRate, warningErrorRate, criticalErrorRate, toleratedOdds }: Rule): Rates {
  return { maxErrorRate, warningErrorRate, criticalErrorRate, toleratedOdds };
}

export function sameRates(one: Rates, other: Rates): boolean {
  return (
    one.maxErrorRate === other.maxErrorRate &&
    one.warningErrorRate === other.warningErrorRate &&
    one.criticalErrorRate === other.criticalErrorRate &&
    one.toleratedOdds === other.toleratedOdds
  );
}

/** The windows of one scope, in the order of time. */
export interface ScopeWindows {
  /** Summed over the categories of the scope. */
  summed: readonly ScoreWindow[];
  /** By category, in which the arms are compared. */
  compared: readonly ScoreWindow[];
}

/** Slices and blocks of a scope, and the merges with which later windows go on. */
export interface Merged {
  slices: StoredSlice[];
  blocks: RelativeBlock[];
  merge: Merge;
  blockMerge: BlockMerge;
}

/** Builds the slices and blocks that follow this checkpoint; null: from the beginning. */
export function mergedAfter(
  checkpoint: ScopeCheckpoint | null,
  { summed, compared }: ScopeWindows,
  startedAt: number,
): Merged {
  const merge = checkpoint ? resumedMerge(checkpoint.merge) : newMerge(startedAt);
  const blockMerge = checkpoint ? resumedBlockMerge(checkpoint.blocks) : newBlockMerge(startedAt);
  const slices = slicesOfWindows(summed, merge);
  return { slices, blocks: blocksOfWindows(compared, blockMerge), merge, blockMerge };
}

/** Returns the checkpoint of a scope after more windows. */
export function scopeCheckpoint(
  checkpoint: ScopeCheckpoint | null,
  windows: ScopeWindows,
  { startedAt, rule }: { startedAt: number; rule: Rule },
): ScopeCheckpoint {
  const { slices, blocks, merge, blockMerge } = mergedAfter(checkpoint, windows, startedAt);
  // Nothing crosses here: a checkpoint is used only while its highest score is below the limit.
  const watch = newScopeWatch({ ...rule, evidence: Infinity }, null, startedAt, checkpoint);
  observeAll(watch, { slices, blocks }, Infinity, null);
  return {
    ...storedScope(watch),
    merge: storedMerge(merge),
    blocks: storedBlockMerge(blockMerge),
  };
}
