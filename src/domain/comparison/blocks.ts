import {
  type Arrivals,
  countArrivals,
  jobsLastHour,
  newArrivals,
  resumedArrivals,
  type StoredArrivals,
  storedArrivals,
} from '../score/arrivals.ts';
import type { Counts } from '../score/ledger.ts';
import { NOTHING } from '../score/ledger.ts';
import { type Strata, takeIn } from '../score/relative.ts';
import { sliceSeconds } from '../score/slice-length.ts';
import { groupsOf, type ScoreWindow, WINDOW_SECONDS } from '../score/window.ts';

/** A time range within which the arms are compared. */
export interface RelativeBlock extends Counts {
  /** Seconds since 1970. */
  startedAt: number;
  strata: Strata;
}

/** The block under construction. Mutable. */
export interface BlockMerge {
  readonly treatment: Arrivals;
  readonly control: Arrivals;
  slot: { number: number; seconds: number };
}

/** What is stored of a merge whose blocks are all over. */
export type StoredBlockMerge = Record<'treatment' | 'control', StoredArrivals>;

export function storedBlockMerge({ treatment, control }: BlockMerge): StoredBlockMerge {
  return { treatment: storedArrivals(treatment), control: storedArrivals(control) };
}

/** `startedAt`: the moment from which evidence exists, in seconds since 1970. */
export function newBlockMerge(startedAt: number): BlockMerge {
  return blockMergeOf(newArrivals(startedAt), newArrivals(startedAt));
}

export function resumedBlockMerge({ treatment, control }: StoredBlockMerge): BlockMerge {
  return blockMergeOf(resumedArrivals(treatment), resumedArrivals(control));
}

function blockMergeOf(treatment: Arrivals, control: Arrivals): BlockMerge {
  return { treatment, control, slot: { number: -1, seconds: 0 } };
}

/** Yields blocks of windows in the order of time, of one or several categories. */
export function blocksOfWindows(windows: readonly ScoreWindow[], merge: BlockMerge): RelativeBlock[] {
  const blocks: RelativeBlock[] = [];
  for (const group of groupsOf(windows)) {
    const at = (group[0] as ScoreWindow).startedAt;
    if (beginsBlock(merge, at, group) || blocks.length === 0) blocks.push(newBlock(at));
    for (const window of group) compare(blocks.at(-1) as RelativeBlock, window);
  }
  return blocks;
}

/**
 * Does a new block begin with these windows of one moment? Blocks are the shortest in which the slower arm had ten jobs
 * on average over the last hour, so that both arms have some.
 */
export function beginsBlock(merge: BlockMerge, at: number, windows: readonly ScoreWindow[]): boolean {
  const [treatment, control] = [jobsLastHour(merge.treatment, at), jobsLastHour(merge.control, at)];
  const slower = treatment === null || control === null ? null : Math.min(treatment, control);
  const seconds = Math.max(WINDOW_SECONDS, sliceSeconds(slower));
  for (const window of windows) {
    countArrivals(merge.treatment, at, window.treatment.jobs);
    countArrivals(merge.control, at, window.control.jobs);
  }
  const number = Math.floor(at / seconds);
  const begins = merge.slot.number !== number || merge.slot.seconds !== seconds;
  merge.slot = { number, seconds };
  return begins;
}

/** Is the newest block over by this moment, in seconds since 1970? */
export function isBlockOver({ slot }: BlockMerge, now: number): boolean {
  return (slot.number + 1) * slot.seconds <= now;
}

export function newBlock(startedAt: number): RelativeBlock {
  return {
    startedAt,
    strata: new Map(),
    ...NOTHING,
  };
}

/** Adds a window's compared spans to a block. */
export function compare(block: RelativeBlock, { category, treatment, control }: ScoreWindow): void {
  if (treatment.expected <= 0 && control.expected <= 0) return;
  const { expected, fraction } = treatment;
  takeIn(block.strata, { stratum: category, arm: 'treatment', expected, failed: fraction });
  const other = control;
  takeIn(block.strata, {
    stratum: category,
    arm: 'control',
    expected: other.expected,
    failed: other.fraction,
  });
  block.jobs += treatment.jobs;
  block.finished += treatment.jobs;
  block.failed += treatment.failed;
  block.failedSpans += treatment.failedSpans;
  block.controlJobs += control.jobs;
  block.controlFailed += control.failed;
}
