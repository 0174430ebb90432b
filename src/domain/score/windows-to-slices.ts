import {
  type Arrivals,
  countArrivals,
  jobsLastHour,
  newArrivals,
  resumedArrivals,
  type StoredArrivals,
  storedArrivals,
} from './arrivals.ts';
import { zeros } from './factor.ts';
import { NOTHING } from './ledger.ts';
import { LONGEST_SLICE, sliceSeconds } from './slice-length.ts';
import type { StoredSlice } from './stored-slice.ts';
import { addTo, type ScoreWindow, WINDOW_SECONDS } from './window.ts';

/**
 * Yields the slices of one scope from its windows in the order of time: one window each, or three if the last hour had
 * fewer than ten jobs per five minutes. Windows allow no slices shorter than five minutes. The last slice is closed, so
 * `merge` may go on only with windows of a later quarter of an hour.
 */
export function slicesOfWindows(windows: Iterable<ScoreWindow>, merge: Merge): StoredSlice[] {
  const slices: StoredSlice[] = [];
  for (const window of windows) {
    const done = mergeWindow(merge, window);
    if (done) slices.push(done);
  }
  const last = closeMerge(merge);
  if (last) slices.push(last);
  return slices;
}

/** The slice under construction. Mutable. */
export interface Merge {
  readonly arrivals: Arrivals;
  slot: { number: number; seconds: number };
  lastStartAt: number;
  open: Open | null;
}

type Open = { -readonly [K in keyof StoredSlice]: StoredSlice[K] } & { begun: number };

/** What is stored of a merge whose slices are all closed. */
export interface StoredMerge {
  arrivals: StoredArrivals;
  lastStartAt: number;
}

export function storedMerge({ arrivals, lastStartAt }: Merge): StoredMerge {
  return { arrivals: storedArrivals(arrivals), lastStartAt };
}

/** `startedAt`: the moment from which evidence exists, in seconds since 1970. */
export function newMerge(startedAt: number): Merge {
  return mergeOf(newArrivals(startedAt), startedAt);
}

export function resumedMerge({ arrivals, lastStartAt }: StoredMerge): Merge {
  return mergeOf(resumedArrivals(arrivals), lastStartAt);
}

function mergeOf(arrivals: Arrivals, lastStartAt: number): Merge {
  return { arrivals, slot: { number: -1, seconds: 0 }, lastStartAt, open: null };
}

/** Adds the next window; returns the slice that it completes, or null. */
export function mergeWindow(merge: Merge, window: ScoreWindow): StoredSlice | null {
  const { startedAt } = window;
  const seconds = Math.max(WINDOW_SECONDS, sliceSeconds(jobsLastHour(merge.arrivals, startedAt)));
  countArrivals(merge.arrivals, startedAt, window.jobs);
  const number = Math.floor(startedAt / seconds);
  let done: StoredSlice | null = null;
  if (merge.open === null || merge.slot.number !== number || merge.slot.seconds !== seconds) {
    done = closeMerge(merge);
    merge.slot = { number, seconds };
    merge.open = openSlice(startedAt);
  }
  // A start belongs to the first jobs of treatment; a slice with control only is used to detect shared outages.
  if (merge.open.weight === 0 && window.spans > 0 && merge.open.spans === 0) {
    merge.open.weight = Math.max(0, Math.min(1, (startedAt - merge.lastStartAt) / LONGEST_SLICE));
    merge.lastStartAt = Math.max(merge.lastStartAt, startedAt);
  }
  addTo(merge.open, window);
  return done;
}

/** Returns the slice that is over by this moment, in seconds since 1970; null if there is none. */
export function sliceOver(merge: Merge, now: number): StoredSlice | null {
  const { number, seconds } = merge.slot;
  return merge.open !== null && (number + 1) * seconds <= now ? closeMerge(merge) : null;
}

/** Returns the open slice; null if there is none. */
export function closeMerge(merge: Merge): StoredSlice | null {
  const { open } = merge;
  merge.open = null;
  if (open === null) return null;
  const { begun: _, ...slice } = open;
  return slice;
}

function openSlice(startedAt: number): Open {
  return {
    startedAt,
    weight: 0,
    ...NOTHING,
    gain: zeros(),
    begun: 0,
  };
}
