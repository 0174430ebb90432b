import { durationText } from '../../lib/duration.ts';
import type { Judgement } from '../health/judgement.ts';
import { plural } from '../health/wording.ts';

/** What is heard of treatment since its newest job finished, beside what should be heard. */
export interface Hearing {
  /** Seconds since the newest treatment job of the epoch finished; since the step began where none did. */
  quietSeconds: number;
  /** Mean time of the slowest processor that ran jobs of the feature in the last week, in seconds; 0 where none is known. */
  longestMeanSeconds: number;
  /** Treatment jobs routed since then that have not ended after `patienceOf` its means. */
  openJobs: number;
  /** Control jobs that finished since then. */
  controlJobs: number;
  /** Treatment's part of all jobs of the epoch before it fell quiet, 0 to 1; 0 where none finished. */
  share: number;
}

/** Of a feature of which nothing is known. */
export const NOTHING_EXPECTED: Hearing = {
  quietSeconds: 0,
  longestMeanSeconds: 0,
  openJobs: 0,
  controlJobs: 0,
  share: 0,
};

/** A job is late after so many means of its slowest processor. */
export const LATE_MEANS = 4;

/** And never before: evidence is kept by the quarter of an hour. */
export const SHORTEST_PATIENCE = 900;

/** So many late jobs are not an accident: a process that was killed leaves some open. */
const FEWEST_LATE = 3;

/** Seconds in which a treatment job should have ended. */
function patienceOf({ longestMeanSeconds }: Hearing): number {
  return Math.max(SHORTEST_PATIENCE, LATE_MEANS * longestMeanSeconds);
}

/**
 * The judgement where outcomes stop coming although jobs are routed: the evidence of before proves nothing any more.
 *
 * Only what would let a feature grow, or says that it may come to that, turns into `no_data`; a verdict that is worse
 * stays. Jobs are known to be routed where treatment jobs that began since are open for too long, or where control goes
 * on and `minimumJobs` of treatment would be expected beside it.
 */
export function withStoppedOutcomes(judgement: Judgement, hearing: Hearing, minimumJobs: number): Judgement {
  if (judgement.verdict !== 'healthy' && judgement.verdict !== 'insufficient') return judgement;
  const found = hearing.quietSeconds > patienceOf(hearing) ? stopped(hearing, minimumJobs) : null;
  if (found === null) return judgement;
  const reason = `no treatment job has finished for ${durationText(hearing.quietSeconds)}, ${found}`;
  return { ...judgement, verdict: 'no_data', reasonCode: 'outcomes_stopped', severity: 'none', reason };
}

function stopped({ openJobs, controlJobs, share }: Hearing, minimumJobs: number): string | null {
  if (openJobs >= FEWEST_LATE) {
    return `although ${openJobs} that were routed since are still open: look whether the processes that run them record how they end`;
  }
  if (share <= 0 || share >= 1) return null;
  const expected = Math.floor((controlJobs * share) / (1 - share));
  if (expected < minimumJobs) return null;
  return `while control finished ${plural(controlJobs, 'job')} and about ${expected} of treatment were expected: look whether its outcomes are recorded`;
}
