/** The jobs of one subject in five minutes of clock time: those that finished then, and those that began then and still run. */
export interface SubjectJobs {
  jobs: number;
  failed: number;
}

/** A subject that takes a feature over its limit alone, with what its run counted. */
export interface LoneSubject extends SubjectJobs {
  subject: string;
  /** Windows of five minutes that hold a failure. */
  failedWindows: number;
  /** Natural logarithm of the evidence that it fails nearly everything. */
  score: number;
  /** Seconds since 1970 at which its run began; finished treatment jobs of all subjects since then. */
  since: number;
  everybody: number;
}

/** What a subject that fails everything is taken to fail, as a share of its jobs. */
const BROKEN = 0.95;
/** One subject may have odds of failing five times those of the limit, because subjects differ, and may fail a fifth. */
const TOLERATED_ODDS = 5;
const TOLERATED_LEAST = 0.2;
/** Intra-class correlation of the jobs of one window: however many they are, they say what three independent ones say. */
const CORRELATION = 1 / 3;

/** Evidence, as odds to 1, at which a subject is named. */
export const LONE_EVIDENCE = 10_000;
/** Windows of its run that hold a failure, at least: one broken input, tried again and again, is not a broken subject. */
const LONE_WINDOWS = 3;
/** Failures of its run, at least. */
const LONE_FAILURES = 10;

/** The run of a subject: the evidence that it fails nearly everything, and what it rests on. */
export interface SubjectRun extends SubjectJobs {
  /** Natural logarithm. */
  score: number;
  /** Place of the window in which the run began. */
  first: number;
  failedWindows: number;
}

/** The share of its jobs that one subject may fail without being named; `limit` as percent. */
function toleratedOfOne(limit: number): number {
  const share = limit / 100;
  const more = (TOLERATED_ODDS * share) / (1 + (TOLERATED_ODDS - 1) * share);
  return Math.min(BROKEN, Math.max(TOLERATED_LEAST, more));
}

/**
 * ln of the bet that one window makes on a broken subject: the likelihood ratio of failing `BROKEN` of all jobs against
 * failing `tolerated`, of as many independent jobs as these correlated ones are worth. Its mean is at most 1 while the true
 * share is at most `tolerated` and the jobs are not correlated by more than 0.3.
 */
function loneFactor({ jobs, failed }: SubjectJobs, tolerated: number): number {
  const worth = jobs / (1 + CORRELATION * (jobs - 1));
  const share = failed / jobs;
  return (
    worth * (share * Math.log(BROKEN / tolerated) + (1 - share) * Math.log((1 - BROKEN) / (1 - tolerated)))
  );
}

/**
 * The run of one subject after its windows, in the order of time. Each window adds a start (Shiryaev-Roberts, as the score
 * itself does), so months without a failure hide nothing. SQL works out the same (`rollout_lone_run`).
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
 * Does this subject alone take the feature over its limit? It fails nearly everything, in three windows at least, and its
 * failures alone are more of all jobs since its run began than the limit allows.
 */
export function isToBlame(run: SubjectRun, everybodysJobs: number, limit: number): boolean {
  return (
    run.score >= Math.log(LONE_EVIDENCE) &&
    run.failedWindows >= LONE_WINDOWS &&
    run.failed >= LONE_FAILURES &&
    run.failed > (everybodysJobs * limit) / 100
  );
}
