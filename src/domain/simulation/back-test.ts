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
import { healthParams } from '../health/rule.ts';
import { thresholdParams } from '../health/threshold-rule.ts';
import type { Spec } from '../spec/spec.ts';
import { type Monitor, monitorOf, raises, trustedRule } from './monitor.ts';

/** The stored evidence of one epoch of a feature. */
export interface EpochEvidence {
  epoch: number;
  rows: readonly EvidenceRow[];
}

/** A check at which the thresholds would have raised something that they had not raised at the check before. */
export interface Fired {
  epoch: number;
  /** End of the quarter of an hour after which it would have been said; minutes since 1970. */
  at: number;
  verdict: Extract<Verdict, 'warning' | 'suspect' | 'harmful'>;
  reasonCode: Judgement['reasonCode'];
  /** The sentence that people would have read. */
  reason: string;
  scope: string;
  jobs: number;
  errors: number;
}

/** One epoch as the thresholds would have seen it. */
export interface EpochTest {
  epoch: number;
  /** First minute of the evidence, and the end of its last bucket. */
  from: number;
  until: number;
  /** Treatment jobs of the whole epoch, and those that failed. */
  jobs: number;
  errors: number;
  /** When it would have been rolled back; null where it would not. */
  rolledBackAt: number | null;
  warnings: number;
  /** What cannot be judged, as a clause; null where everything could. */
  problem: string | null;
}

export interface BackTest {
  /** In the order of time. */
  fired: Fired[];
  epochs: EpochTest[];
}

type Proposed = Pick<Spec, 'analysis' | 'thresholds' | 'rollback'>;

/**
 * What these thresholds would have said of stored evidence, checked after each quarter of an hour with every
 * epoch by itself, as a tick does. An epoch ends with the first rollback; what follows it would not have happened.
 *
 * Counts are taken as they are now, so a job that was reported late counts when it finished. How long jobs took
 * is not judged again.
 */
export function backTest(epochs: readonly EpochEvidence[], spec: Proposed): BackTest {
  trustedRule(healthParams(spec));
  const tests = [...epochs].sort((a, b) => a.epoch - b.epoch).map((evidence) => testEpoch(evidence, spec));
  return {
    fired: tests.flatMap(({ fired }) => fired).sort((a, b) => a.at - b.at),
    epochs: tests.flatMap(({ test }) => (test ? [test] : [])),
  };
}

function testEpoch(
  { epoch, rows }: EpochEvidence,
  spec: Proposed,
): { fired: Fired[]; test: EpochTest | null } {
  const problem = impossible(rows);
  const buckets = problem === null ? gather(rows) : [];
  const totals = emptyTally();
  for (const { strata } of buckets) for (const stratum of strata) add(totals, stratum);
  // An epoch in which the feature was off has jobs of control at most.
  if (totals.jobs === 0 && problem === null) return { fired: [], test: null };
  const fired = firedIn(epoch, buckets, rows, spec);
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

function firedIn(
  epoch: number,
  buckets: readonly Bucket[],
  rows: readonly EvidenceRow[],
  spec: Proposed,
): Fired[] {
  const monitor: Monitor = monitorOf(spec.analysis, thresholdParams(spec));
  const fired: Fired[] = [];
  let before: Verdict = 'no_data';
  for (const bucket of spec.analysis === 'threshold' ? filled(buckets) : buckets) {
    const verdict = monitor(bucket);
    if (verdict !== before && raises(verdict) && !(verdict === 'warning' && before === 'suspect')) {
      const at = bucket.minute + BUCKET_MINUTES;
      const seen = rows.filter(({ minute }) => minute < at);
      const { reasonCode, reason, scope, jobs, errors } = judgeFeature(spec, seen, at);
      fired.push({
        epoch,
        at,
        verdict: verdict as Fired['verdict'],
        reasonCode,
        reason,
        scope,
        jobs,
        errors,
      });
    }
    if (verdict === 'harmful') break;
    before = verdict;
  }
  return fired;
}

/** The plain rule also speaks when old jobs leave its window, so it looks at the quarters of an hour without jobs too. */
function* filled(buckets: readonly Bucket[]): Generator<Bucket> {
  let next = buckets[0]?.minute ?? 0;
  for (const bucket of buckets) {
    for (; next < bucket.minute; next += BUCKET_MINUTES) yield { minute: next, strata: [] };
    yield bucket;
    next = bucket.minute + BUCKET_MINUTES;
  }
}
