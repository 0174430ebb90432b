import { durationText } from '../../lib/duration.ts';
import type { Judgement } from '../health/judgement.ts';
import { plural } from '../health/wording.ts';

/** Treatment's outcomes since its newest job finished, beside the expected ones. */
export interface Hearing {
  /** Seconds since the newest treatment job of the epoch finished; since the step began where none did. */
  quietSeconds: number;
  /**
   * Mean duration on the slowest processor that ran the feature's jobs in the last week, in seconds; 0 if none is
   * known.
   */
  longestMeanSeconds: number;
  /** Treatment jobs routed since then that are still open after their patience has passed. */
  openJobs: number;
  /** Control jobs that finished since then. */
  controlJobs: number;
  /** Share of treatment among the epoch's jobs before treatment fell quiet, 0 to 1; 0 if none finished. */
  share: number;
}

/** A feature from which no outcome is expected. */
export const NOTHING_EXPECTED: Hearing = {
  quietSeconds: 0,
  longestMeanSeconds: 0,
  openJobs: 0,
  controlJobs: 0,
  share: 0,
};

/** A job is late after this many mean durations of its slowest processor. */
export const LATE_MEANS = 4;

/** Minimum patience in seconds: evidence is kept per quarter of an hour. */
export const SHORTEST_PATIENCE = 900;

/** Number of late jobs above accident: a killed process leaves some open. */
const FEWEST_LATE = 3;

/** Seconds within which a treatment job should have ended. */
function patienceOf({ longestMeanSeconds }: Hearing): number {
  return Math.max(SHORTEST_PATIENCE, LATE_MEANS * longestMeanSeconds);
}

/**
 * Judges `no_data` when outcomes stop although jobs are routed: the earlier evidence proves nothing any more.
 *
 * Only a verdict that allows growth, or may lead to one that does, turns into `no_data`; a worse verdict stays. Jobs
 * are known to be routed if treatment jobs that began since then are open for too long, or if control continues and
 * `minimumJobs` of treatment would be expected beside it.
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
