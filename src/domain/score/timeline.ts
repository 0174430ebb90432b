import { firstLevels, fold, type Levels } from './levels.ts';
import { extend, noRuns, type Runs } from './run.ts';
import { newSlice, type Slice } from './slice.ts';
import { LONGEST_SLICE, type SliceSeconds } from './slice-length.ts';

/** State of the detector after some slices. */
export interface Standing {
  readonly levels: Levels;
  readonly runs: Runs;
}

/**
 * The slices of one scope of one epoch. Old ones are folded permanently; the others are folded again from the first
 * changed slice. Mutable.
 */
export interface Timeline {
  /** Slices that may still change, in the order of time. */
  readonly open: Slice[];
  /** `standings[i]` is the state before `open[i]`; the last one is the present state. */
  readonly standings: Standing[];
  /** Index in `open` of the first slice that changed since it was folded. */
  changedFrom: number;
  /** The newest slice's slot number on the clock, and the slot length in seconds. */
  slot: { number: number; seconds: number };
  /** Seconds since 1970 at which the last start was added. */
  lastStartAt: number;
}

/** `startedAt`: when the epoch began, in seconds since 1970. */
export function newTimeline(startedAt: number): Timeline {
  return {
    open: [],
    standings: [{ levels: firstLevels(), runs: noRuns() }],
    changedFrom: 0,
    slot: { number: -1, seconds: 0 },
    lastStartAt: startedAt,
  };
}

/** Returns the slice of a job that begins now. A clock that goes back counts as standing still. */
export function sliceAt(timeline: Timeline, now: number, seconds: SliceSeconds): Slice {
  const newest = timeline.open.at(-1);
  const at = Math.max(now, timeline.lastStartAt);
  const number = Math.floor(at / seconds);
  const { slot } = timeline;
  if (newest && slot.number === number && slot.seconds === seconds) return newest;
  const slice = newSlice(at, Math.min(1, (at - timeline.lastStartAt) / LONGEST_SLICE));
  timeline.slot = { number, seconds };
  timeline.lastStartAt = at;
  timeline.open.push(slice);
  return slice;
}

/** Marks a slice as changed. */
export function touch(timeline: Timeline, slice: Slice): void {
  let place = timeline.open.length - 1;
  while (place >= 0 && timeline.open[place] !== slice) place -= 1;
  // A permanently folded slice ignores late news.
  if (place >= 0) timeline.changedFrom = Math.min(timeline.changedFrom, place);
}

/** Returns the present state. */
export function standing(timeline: Timeline): Standing {
  const { open, standings } = timeline;
  let { levels, runs } = standings[timeline.changedFrom] as Standing;
  standings.length = timeline.changedFrom + 1;
  for (const slice of open.slice(timeline.changedFrom)) {
    levels = fold(levels, slice);
    runs = extend(runs, slice);
    standings.push({ levels, runs });
  }
  timeline.changedFrom = open.length;
  return { levels, runs };
}

/**
 * Permanently folds slices that began before this moment, in seconds since 1970; their spans must not change any more.
 */
export function settle(timeline: Timeline, before: number): void {
  // The newest slice stays open: more spans may begin in it.
  let count = 0;
  while (count < timeline.open.length - 1 && (timeline.open[count] as Slice).startedAt < before) count += 1;
  if (count === 0) return;
  standing(timeline);
  timeline.open.splice(0, count);
  timeline.standings.splice(0, count);
  timeline.changedFrom = timeline.open.length;
}
