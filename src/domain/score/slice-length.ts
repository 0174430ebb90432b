/** Lengths of slices in seconds, shortest first. */
const SLICE_SECONDS = [1, 5, 15, 60, 300, 900] as const;

export type SliceSeconds = (typeof SLICE_SECONDS)[number];

/** Length of a slice in seconds while the traffic is unknown, and of the time over which one whole start is spread. */
export const LONGEST_SLICE = 900;

/** Jobs that a slice should have on average. */
const JOBS_A_SLICE = 10;

const HOUR = 3600;

/**
 * Returns the shortest slice in which an arm had ten jobs on average over the previous hour; only the past decides, so
 * a slice never depends on its own jobs. Null jobs: nothing is known yet.
 */
export function sliceSeconds(jobsLastHour: number | null): SliceSeconds {
  if (jobsLastHour === null) return LONGEST_SLICE;
  return SLICE_SECONDS.find((seconds) => (jobsLastHour / HOUR) * seconds >= JOBS_A_SLICE) ?? LONGEST_SLICE;
}
