import { atMinute } from '../../lib/time.ts';
/** Counts of finished jobs of both arms. Neither arm has more errors than jobs. */
export interface Tally {
  /** Finished jobs of the treatment arm. */
  jobs: number;
  /** Treatment jobs that failed or never finished. */
  errors: number;
  controlJobs: number;
  controlErrors: number;
}

/** Counts of one category in one span of clock time. Overlapping rows are added up. */
export interface EvidenceRow extends Tally {
  /** Start of the span in minutes since 1970, UTC. Any minute; it is assigned to its clock-aligned bucket. */
  minute: number;
  /** Category of the subjects; empty for subjects that have none. */
  category: string;
}

/** The counts of one category. */
export interface Stratum extends Tally {
  category: string;
}

/** All evidence of 15 minutes of clock time, one stratum per category. */
export interface Bucket {
  /** Start in minutes since 1970. */
  minute: number;
  /** Sorted by category; no stratum is empty. */
  strata: Stratum[];
}

/** Minutes of a bucket, the smallest interval by which the scores advance. */
export const BUCKET_MINUTES = 15;

/** Last minute that a Date can represent. */
const LAST_MINUTE = 8.64e15 / 60_000;

/** Describes, as a clause, why this evidence is impossible; null if it can be judged. */
export function impossible(rows: unknown): string | null {
  if (!Array.isArray(rows)) return 'the evidence is not a list of rows';
  let jobs = 0;
  let controlJobs = 0;
  for (const row of rows as (EvidenceRow | null | undefined)[]) {
    if (typeof row !== 'object' || row === null) return 'a row is not an object';
    if (!(row.minute >= 0 && row.minute <= LAST_MINUTE)) return `a row begins at minute ${row.minute}`;
    if (typeof row.category !== 'string') return `${named(row)} has no category`;
    if (!possible(row.jobs, row.errors)) return `${named(row)} has ${row.errors} errors in ${row.jobs} jobs`;
    if (!possible(row.controlJobs, row.controlErrors)) {
      return `${named(row)} has ${row.controlErrors} errors in ${row.controlJobs} control jobs`;
    }
    jobs += row.jobs;
    controlJobs += row.controlJobs;
  }
  const countable = jobs <= Number.MAX_SAFE_INTEGER && controlJobs <= Number.MAX_SAFE_INTEGER;
  return countable ? null : 'the rows add up to more jobs than can be counted';
}

/** Are these whole, non-negative counts with no more errors than jobs? */
function possible(jobs: number, errors: number): boolean {
  return Number.isSafeInteger(jobs) && Number.isSafeInteger(errors) && errors >= 0 && errors <= jobs;
}

function named(row: EvidenceRow): string {
  const time = atMinute(row.minute).toISOString();
  return `the row of ${time.slice(0, 10)} ${time.slice(11, 16)}`;
}

/**
 * Groups rows into buckets in the order of time.
 *
 * Counts are whole numbers and are added before anything else is computed, so neither the order of the rows nor
 * splitting a row in two changes a single bit of the result. Rows without jobs are left out. The rows must not be
 * `impossible`.
 */
export function gather(rows: readonly EvidenceRow[]): Bucket[] {
  const buckets = new Map<number, Bucket>();
  for (const row of rows) {
    if (row.jobs === 0 && row.controlJobs === 0) continue;
    const minute = Math.floor(row.minute / BUCKET_MINUTES) * BUCKET_MINUTES;
    const bucket = buckets.get(minute);
    if (!bucket) buckets.set(minute, { minute, strata: [stratumOf(row)] });
    else takeIn(bucket.strata, row);
  }
  return [...buckets.values()].sort((a, b) => a.minute - b.minute);
}

/**
 * Adds a stratum to a list sorted by category and keeps it sorted. There are only a handful of categories, so a linear
 * search is quicker than an index.
 */
export function takeIn(strata: Stratum[], more: Stratum): void {
  let place = 0;
  for (const stratum of strata) {
    if (stratum.category === more.category) {
      add(stratum, more);
      return;
    }
    if (stratum.category < more.category) place += 1;
  }
  const copy = stratumOf(more);
  if (place === strata.length) strata.push(copy);
  else strata.splice(place, 0, copy);
}

function stratumOf({ category, jobs, errors, controlJobs, controlErrors }: Stratum): Stratum {
  return { category, jobs, errors, controlJobs, controlErrors };
}

/** Adds the counts of `more` to `tally`, in place. */
export function add(tally: Tally, more: Tally): void {
  tally.jobs += more.jobs;
  tally.errors += more.errors;
  tally.controlJobs += more.controlJobs;
  tally.controlErrors += more.controlErrors;
}

export function emptyTally(): Tally {
  return { jobs: 0, errors: 0, controlJobs: 0, controlErrors: 0 };
}
