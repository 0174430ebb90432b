import { copiedLedger, enter, type Ledger, ledgerOf, newLedger } from '../score/ledger.ts';
import {
  advance,
  type LevelWatch,
  newLevelWatch,
  type Reading,
  readLevels,
  resumedLevels,
  type StoredLevels,
  startsOf,
  storedLevels,
} from '../score/level-watch.ts';
import { relativeFactor } from '../score/relative.ts';
import type { Rule } from '../score/rule.ts';
import { LONGEST_SLICE } from '../score/slice-length.ts';
import type { RelativeBlock } from './blocks.ts';

/** Treatment against control, block by block. Mutable. */
export interface RelativeWatch {
  readonly watch: LevelWatch;
  readonly ledger: Ledger;
  readonly toleratedOdds: number;
  /** Time of the last added start, in seconds since 1970. */
  lastStartAt: number;
}

export function newRelativeWatch(startedAt: number, { toleratedOdds }: Rule): RelativeWatch {
  return { watch: newLevelWatch(0), ledger: newLedger(), toleratedOdds, lastStartAt: startedAt };
}

/** What is stored of a relative watch. */
export interface StoredRelative {
  levels: StoredLevels;
  ledger: Ledger;
  lastStartAt: number;
}

export function storedRelative({ watch, ledger, lastStartAt }: RelativeWatch): StoredRelative {
  const kept = startsOf(watch);
  return { levels: storedLevels(watch, kept), ledger: ledgerOf(ledger, kept), lastStartAt };
}

export function resumedRelative(
  { levels, ledger, lastStartAt }: StoredRelative,
  { toleratedOdds }: Rule,
): RelativeWatch {
  return { watch: resumedLevels(0, levels), ledger: copiedLedger(ledger), toleratedOdds, lastStartAt };
}

/** Adds the next block. A start is added only with a failure: a block without one carries no evidence. */
export function observeBlock(relative: RelativeWatch, block: RelativeBlock): void {
  const { watch, ledger } = relative;
  const logFactor = relativeFactor(block.strata, relative.toleratedOdds);
  const says = logFactor.some((value) => value !== 0);
  const elapsed = Math.max(0, block.startedAt - relative.lastStartAt);
  const weight = says ? Math.min(1, elapsed / LONGEST_SLICE) : 0;
  if (says) relative.lastStartAt = block.startedAt;
  advance(watch, logFactor, weight, ledger.startedAt.length);
  enter(ledger, block);
}

export function readRelative({ watch, ledger }: RelativeWatch, rule: Rule): Reading {
  return readLevels(watch, ledger, rule);
}
