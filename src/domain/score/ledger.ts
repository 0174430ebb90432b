/** Sums over slices. */
export interface Counts {
  spans: number;
  /** Treatment jobs that began, and the ended ones among them. */
  jobs: number;
  finished: number;
  failed: number;
  failedSpans: number;
  controlJobs: number;
  controlFailed: number;
}

/** The running totals of one scope, slice by slice. Mutable. */
export interface Ledger {
  /** Seconds since 1970 at which each slice began. */
  readonly startedAt: number[];
  /** Totals before each slice. */
  readonly before: Counts[];
  totals: Counts;
}

export const NOTHING: Counts = {
  spans: 0,
  jobs: 0,
  finished: 0,
  failed: 0,
  failedSpans: 0,
  controlJobs: 0,
  controlFailed: 0,
};

export function newLedger(): Ledger {
  return { startedAt: [], before: [], totals: NOTHING };
}

export function enter(ledger: Ledger, slice: Counts & { startedAt: number }): void {
  const { totals } = ledger;
  ledger.startedAt.push(slice.startedAt);
  ledger.before.push(totals);
  ledger.totals = {
    spans: totals.spans + slice.spans,
    jobs: totals.jobs + slice.jobs,
    finished: totals.finished + slice.finished,
    failed: totals.failed + slice.failed,
    failedSpans: totals.failedSpans + slice.failedSpans,
    controlJobs: totals.controlJobs + slice.controlJobs,
    controlFailed: totals.controlFailed + slice.controlFailed,
  };
}

/** Returns a copy that goes on independently. */
export function copiedLedger({ startedAt, before, totals }: Ledger): Ledger {
  return { startedAt: [...startedAt], before: [...before], totals };
}

/** Returns a copy with these slices only, in this order: sums from one of them on are the same as before. */
export function ledgerOf({ startedAt, before, totals }: Ledger, ordinals: readonly number[]): Ledger {
  const known = ordinals.filter((ordinal) => ordinal < before.length);
  return {
    startedAt: known.map((ordinal) => startedAt[ordinal] as number),
    before: known.map((ordinal) => before[ordinal] as Counts),
    totals,
  };
}

/** Sums from the slice that covers `from` up to the last one that begins before `until`. */
export function countsBetween(ledger: Ledger, from: number, until: number): Counts {
  const [begin, end] = placesBetween(ledger, from, until);
  return minus(beforeOf(ledger, end), beforeOf(ledger, begin));
}

/** Seconds: slices end at each multiple, so each belongs to one hour. */
const HOUR = 3600;

/** The sums of `countsBetween` by the hour of clock time in which the slices began, in the order of time. */
export function countsByHour(ledger: Ledger, from: number, until: number): Counts[] {
  const [begin, end] = placesBetween(ledger, from, until);
  const hourOf = (place: number) => Math.floor((ledger.startedAt[place] as number) / HOUR);
  const hours: Counts[] = [];
  let first = begin;
  for (let place = begin + 1; place <= end; place++) {
    if (place < end && hourOf(place) === hourOf(first)) continue;
    hours.push(minus(beforeOf(ledger, place), beforeOf(ledger, first)));
    first = place;
  }
  return hours;
}

function placesBetween(ledger: Ledger, from: number, until: number): [number, number] {
  const first = Math.max(0, placeOf(ledger.startedAt, from) - 1);
  const last = placeOf(ledger.startedAt, until - 1e-9);
  // The slice before the moment may have ended long before it.
  const begin = (ledger.startedAt[first] ?? Infinity) <= from - LONGEST ? first + 1 : first;
  return [begin, Math.max(begin, last)];
}

const LONGEST = 900;

function beforeOf({ before, totals }: Ledger, ordinal: number): Counts {
  return before[ordinal] ?? totals;
}

/** Returns how many of these moments are at most `moment`. */
function placeOf(moments: readonly number[], moment: number): number {
  let low = 0;
  let high = moments.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((moments[middle] as number) <= moment) low = middle + 1;
    else high = middle;
  }
  return low;
}

function minus(a: Counts, b: Counts): Counts {
  return {
    spans: a.spans - b.spans,
    jobs: a.jobs - b.jobs,
    finished: a.finished - b.finished,
    failed: a.failed - b.failed,
    failedSpans: a.failedSpans - b.failedSpans,
    controlJobs: a.controlJobs - b.controlJobs,
    controlFailed: a.controlFailed - b.controlFailed,
  };
}
