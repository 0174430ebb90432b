import {
  add,
  BUCKET_MINUTES,
  type Bucket,
  type EvidenceRow,
  emptyTally,
  gather,
  impossible,
} from '../evidence/evidence.ts';
import { type Judgement, judgeFeature } from '../health/health.ts';
import type { Verdict } from '../health/judgement.ts';
import { newRateWindow, slide, thresholdParams } from '../health/threshold-rule.ts';
import { type HealthParams, healthParams, trustedRule } from '../score/rule.ts';
import { groupsOf, type ScoreWindow } from '../score/window.ts';
import type { Spec } from '../spec/spec.ts';
import { evidenceOf } from '../verdict/evidence.ts';
import { STEP_MINUTES } from './life.ts';
import { raises, scoreMonitor } from './monitor.ts';

/** The stored evidence of one epoch of a feature. */
export interface EpochEvidence {
  epoch: number;
  /** Finished jobs, by a quarter of an hour and category. */
  rows: readonly EvidenceRow[];
  /** Start of the evidence, in seconds since 1970. */
  startedAt: number;
  /** Input of the score, in the order of time and then of category. */
  windows: readonly ScoreWindow[];
}

/** A check at which the thresholds would have raised an alarm that the check before did not. */
export interface Fired {
  epoch: number;
  /** End of the window after which it would have been notified, in minutes since 1970. */
  at: number;
  verdict: Extract<Verdict, 'warning' | 'suspect' | 'harmful'>;
  reasonCode: Judgement['reasonCode'];
  /** The sentence that people would have read. */
  reason: string;
  scope: string;
  jobs: number;
  errors: number;
}

/** Result of the thresholds for one epoch. */
export interface EpochTest {
  epoch: number;
  /** First minute of the evidence, and the end of its last bucket. */
  from: number;
  until: number;
  /** Treatment jobs of the whole epoch, and the failed ones among them. */
  jobs: number;
  errors: number;
  /** When it would have been rolled back, in minutes since 1970; null: never. */
  rolledBackAt: number | null;
  warnings: number;
  /** Evidence that cannot be judged, as a clause; null: all could be judged. */
  problem: string | null;
}

export interface BackTest {
  /** Checks that would have raised an alarm, in the order of time. */
  fired: Fired[];
  epochs: EpochTest[];
}

type Proposed = Pick<Spec, 'analysis' | 'thresholds' | 'rollback'>;

/**
 * Judges stored evidence by these thresholds, after each window and each epoch by itself, as a tick does. An epoch ends
 * with its first rollback; what follows would not have happened.
 *
 * Counts are taken as they are now, so a job counts when it finished and, as long as its routing is kept, when it
 * began. Durations and failing subjects are not judged again, and no epoch counts as young.
 */
export function backTest(epochs: readonly EpochEvidence[], spec: Proposed): BackTest {
  trustedRule(healthParams(spec));
  const tests = [...epochs].sort((a, b) => a.epoch - b.epoch).map((evidence) => testEpoch(evidence, spec));
  return {
    fired: tests.flatMap(({ fired }) => fired).sort((a, b) => a.at - b.at),
    epochs: tests.flatMap(({ test }) => (test ? [test] : [])),
  };
}

function testEpoch(evidence: EpochEvidence, spec: Proposed): { fired: Fired[]; test: EpochTest | null } {
  const { epoch, rows } = evidence;
  const problem = impossible(rows);
  const buckets = problem === null ? gather(rows) : [];
  const totals = emptyTally();
  for (const { strata } of buckets) for (const stratum of strata) add(totals, stratum);
  // An epoch in which the feature was off has no treatment jobs.
  if (totals.jobs === 0 && problem === null) return { fired: [], test: null };
  const looks =
    spec.analysis === 'threshold' ? ratesOf(buckets, spec) : scoresOf(evidence, healthParams(spec));
  const fired = problem === null ? firedIn(evidence, looks, spec) : [];
  const test = {
    epoch,
    from: buckets[0]?.minute ?? 0,
    until: (buckets.at(-1)?.minute ?? -BUCKET_MINUTES) + BUCKET_MINUTES,
    jobs: totals.jobs,
    errors: totals.errors,
    rolledBackAt: fired.find(({ verdict }) => verdict === 'harmful')?.at ?? null,
    warnings: fired.filter(({ verdict }) => verdict !== 'harmful').length,
    problem,
  };
  return { fired, test };
}

/** A verdict and the minute since 1970 at which it would have been given. */
export interface Look {
  at: number;
  verdict: Verdict;
}

function firedIn(evidence: EpochEvidence, looks: Iterable<Look>, spec: Proposed): Fired[] {
  const fired: Fired[] = [];
  let before: Verdict = 'no_data';
  for (const { at, verdict } of looks) {
    if (verdict !== before && raises(verdict) && !(verdict === 'warning' && before === 'suspect')) {
      const { reasonCode, reason, scope, jobs, errors } = judgedAt(evidence, at, spec);
      const { epoch } = evidence;
      const said = verdict as Fired['verdict'];
      fired.push({ epoch, at, verdict: said, reasonCode, reason, scope, jobs, errors });
    }
    if (verdict === 'harmful') break;
    before = verdict;
  }
  return fired;
}

/** Known durations would make the epoch young, so it is judged as if all jobs were short. */
const NO_WAIT = { timed: Infinity, meanSeconds: 0 };

function judgedAt({ rows, startedAt, windows }: EpochEvidence, at: number, spec: Proposed): Judgement {
  const seen = windows.filter((window) => window.startedAt < at * 60);
  const now = at * 60;
  const score = evidenceOf({ startedAt, now, windows: seen, durations: NO_WAIT, startsPerControl: null });
  return judgeFeature(spec, { rows: rows.filter(({ minute }) => minute < at), score }, now).judgement;
}

/** Yields the verdicts of the score, after each window until the last slice is over. */
export function* scoresOf(
  { windows, startedAt }: Pick<EpochEvidence, 'windows' | 'startedAt'>,
  params: HealthParams,
): Generator<Look> {
  const treated = new Set(windows.flatMap(({ spans, category }) => (spans > 0 ? [category] : [])));
  const monitor = scoreMonitor(params, [...treated].sort(), startedAt);
  let end = 0;
  const look = (minute: number, group: readonly ScoreWindow[]): Look => {
    end = minute + STEP_MINUTES;
    return { at: end, verdict: monitor({ minute, windows: group }) };
  };
  for (const group of groupsOf(windows)) {
    const minute = (group[0]?.startedAt ?? 0) / 60;
    // The slice before a silence ends during the silence.
    const last = end;
    for (
      let quiet = last;
      last > 0 && quiet < Math.min(minute, last + BUCKET_MINUTES);
      quiet += STEP_MINUTES
    ) {
      yield look(quiet, []);
    }
    yield look(minute, group);
  }
  for (let quiet = 0; quiet < BUCKET_MINUTES; quiet += STEP_MINUTES) yield look(end, []);
}

/**
 * Yields the verdicts of the plain rule, after each quarter of an hour. Its verdict also changes when old jobs leave
 * its window, so quarters of an hour without jobs are included.
 */
function* ratesOf(buckets: readonly Bucket[], spec: Proposed): Generator<Look> {
  const params = thresholdParams(spec);
  const window = newRateWindow(trustedRule(params), spec.thresholds.window / 60);
  let next = buckets[0]?.minute ?? 0;
  for (const bucket of buckets) {
    for (; next <= bucket.minute; next += BUCKET_MINUTES) {
      const seen = next < bucket.minute ? { minute: next, strata: [] } : bucket;
      yield { at: next + BUCKET_MINUTES, verdict: slide(window, seen).verdict };
    }
  }
}
