/**
 * The jobs of one subject in five minutes of clock time: those that finished then, and those that began then and still
 * run.
 */
export interface SubjectJobs {
  jobs: number;
  failed: number;
}

/** A subject that alone takes a feature over its limit, with the counts of its run. */
export interface LoneSubject extends SubjectJobs {
  subject: string;
  /** Windows of five minutes with a failure. */
  failedWindows: number;
  /** Natural logarithm of the evidence that it fails nearly all jobs. */
  score: number;
  /** Start of its run in seconds since 1970; finished treatment jobs of all subjects since then. */
  since: number;
  everybody: number;
}

/** Assumed share of failed jobs of a broken subject. */
const BROKEN = 0.95;
/**
 * Because subjects differ, a single one may have five times the limit's odds of failing, and in any case a fifth of its
 * jobs may fail.
 */
const TOLERATED_ODDS = 5;
const TOLERATED_LEAST = 0.2;
/** Intra-class correlation of the jobs of one window: however many they are, they count like three independent ones. */
const CORRELATION = 1 / 3;

/** Evidence, as odds to 1, at which a subject is named. */
export const LONE_EVIDENCE = 10_000;
/**
 * Minimum of windows with a failure in its run: one broken input that is retried again and again is not a broken
 * subject.
 */
const LONE_WINDOWS = 3;
/** Minimum of failures in its run. */
const LONE_FAILURES = 10;

/** The run of a subject: the evidence that it fails nearly all jobs, and its counts. */
export interface SubjectRun extends SubjectJobs {
  /** Natural logarithm. */
  score: number;
  /** Index of the window in which the run began. */
  first: number;
  failedWindows: number;
}

/** Returns the share of its jobs that one subject may fail without being blamed; `limit` in percent. */
function toleratedOfOne(limit: number): number {
  const share = limit / 100;
  const more = (TOLERATED_ODDS * share) / (1 + (TOLERATED_ODDS - 1) * share);
  return Math.min(BROKEN, Math.max(TOLERATED_LEAST, more));
}

/**
 * Returns ln of one window's bet on a broken subject: the likelihood ratio of failing `BROKEN` of all jobs against
 * failing `tolerated`, counting these correlated jobs as the equivalent number of independent ones. Its mean is at most
 * 1 while the true share is at most `tolerated` and the correlation of the jobs is at most 0.3.
 */
function loneFactor({ jobs, failed }: SubjectJobs, tolerated: number): number {
  const worth = jobs / (1 + CORRELATION * (jobs - 1));
  const share = failed / jobs;
  return (
    worth * (share * Math.log(BROKEN / tolerated) + (1 - share) * Math.log((1 - BROKEN) / (1 - tolerated)))
  );
}

/**
 * Returns a subject's run after its windows, in the order of time. Each window adds a start (Shiryaev-Roberts, as in
 * the score itself), so months without a failure hide nothing. The SQL function `rollout_lone_run` computes the same.
 */
export function runOfSubject(windows: readonly SubjectJobs[], limit: number): SubjectRun {
  const tolerated = toleratedOfOne(limit);
  const run: SubjectRun = { score: -Infinity, first: 0, jobs: 0, failed: 0, failedWindows: 0 };
  let page = 0;
  windows.forEach((window, place) => {
    const factor = loneFactor(window, tolerated);
    run.score = Math.max(run.score, 0) + Math.log1p(Math.exp(-Math.abs(run.score))) + factor;
    if (page <= 0) Object.assign(run, { first: place, jobs: 0, failed: 0, failedWindows: 0 });
    page = Math.max(0, page) + factor;
    run.jobs += window.jobs;
    run.failed += window.failed;
    if (window.failed > 0) run.failedWindows += 1;
  });
  return run;
}

/**
 * Does this subject alone take the feature over its limit? It fails nearly all jobs, in three windows at least, and its
 * failures alone, out of all jobs since its run began, exceed the limit.
 */
export function isToBlame(run: SubjectRun, everybodysJobs: number, limit: number): boolean {
  return (
    run.score >= Math.log(LONE_EVIDENCE) &&
    run.failedWindows >= LONE_WINDOWS &&
    run.failed >= LONE_FAILURES &&
    run.failed > (everybodysJobs * limit) / 100
  );
}
