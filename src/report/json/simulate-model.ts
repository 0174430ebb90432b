import type { Characteristics } from '../../domain/simulation/operating.ts';
import type { SoakNeeded } from '../../domain/simulation/soak.ts';
import { atMinute } from '../../lib/time.ts';
import { backTestSentences } from '../words/simulation/back-test-sentences.ts';
import { guardrailTestSentences } from '../words/simulation/guardrail-test-sentences.ts';
import { simulationSentences } from '../words/simulation/simulate-sentences.ts';
import type { SimulationLike, SimulationReportLike } from '../words/simulation/simulated.ts';

/** The JSON format of `simulate --json`. Rates are percent, shares 0 to 1. */
export function simulationJson({ file, seed, problems, features }: SimulationReportLike) {
  return { file, seed, problems, features: features.map(featureJson) };
}

function featureJson(simulation: SimulationLike) {
  const { feature, spec, runs, rules, backTest, guardrails } = simulation;
  const { max_error_rate, warning_error_rate, critical_error_rate, minimum_jobs, window } = spec.thresholds;
  return {
    feature,
    analysis: spec.analysis,
    thresholds: { max_error_rate, warning_error_rate, critical_error_rate, minimum_jobs, window },
    traffic: trafficJson(simulation),
    runs: rules === null ? null : runs,
    rules: rules && { sequential: ruleJson(rules.sequential), threshold: ruleJson(rules.threshold) },
    back_test: backTest && backTestJson(backTest),
    guardrails: guardrails.map(guardrailJson),
    sentences: [
      ...simulationSentences(simulation),
      ...backTestSentences(simulation),
      ...guardrailTestSentences(feature, guardrails),
    ],
  };
}

function trafficJson({ traffic }: SimulationLike) {
  if (!traffic) return null;
  const { jobsPerHour, errorRate, control, jobsTogether, categories, measured } = traffic;
  return {
    source: measured ? 'measured' : 'given',
    jobs_per_hour: jobsPerHour,
    error_rate: errorRate,
    control: control ? { jobs_per_hour: control.jobsPerHour, error_rate: control.errorRate } : null,
    jobs_together: jobsTogether,
    categories: (categories ?? []).map(({ category, share }) => ({ category, share })),
    measured: measured && {
      since: timeOf(measured.since),
      until: timeOf(measured.until),
      jobs: measured.counts.jobs,
      errors: measured.counts.errors,
      control_jobs: measured.counts.controlJobs,
      control_errors: measured.counts.controlErrors,
      clumping: measured.clumping,
      jobs_per_span: measured.bursts?.jobsPerSpan ?? null,
      failed_together: measured.bursts?.failedTogether ?? null,
      mean_seconds: measured.meanSeconds,
    },
  };
}

function ruleJson({ falseAlarms, faults, halfFound, soak }: Characteristics & { soak: SoakNeeded }) {
  return {
    false_rollbacks: falseAlarms.map((alarm) => ({
      rate: alarm.rate,
      within_48h: alarm.rolledBackShort,
      within_7d: alarm.rolledBackLong,
      warned_within_48h: alarm.raisedShort,
      warned_within_7d: alarm.raisedLong,
    })),
    faults: faults.map((fault) => ({
      rate: fault.rate,
      found_within_48h: fault.runs === 0 ? null : fault.found,
      warned_within_48h: fault.runs === 0 ? null : fault.raised,
      median_hours: fault.medianHours,
      p90_hours: fault.p90Hours,
      median_failed_jobs: fault.runs === 0 ? null : fault.medianFailed,
      runs: fault.runs,
    })),
    half_found_rate: halfFound,
    soak: {
      doubled_rate: soak.rate,
      hours: soak.hours,
      problem: soak.problem,
      false_share: soak.falseShare,
      counting: soak.counting,
    },
  };
}

function backTestJson({ fired, epochs, comparisons }: NonNullable<SimulationLike['backTest']>) {
  return {
    epochs: epochs.map((epoch) => ({
      epoch: epoch.epoch,
      from: timeOf(epoch.from),
      until: timeOf(epoch.until),
      jobs: epoch.jobs,
      errors: epoch.errors,
      rolled_back_at: epoch.rolledBackAt === null ? null : timeOf(epoch.rolledBackAt),
      warnings: epoch.warnings,
      problem: epoch.problem,
    })),
    fired: fired.map(({ at, reasonCode, ...rest }) => ({ at: timeOf(at), reason_code: reasonCode, ...rest })),
    comparisons: comparisons.map(({ epoch, agreement, rolledBackAt, incident, hoursEarlier }) => ({
      epoch,
      agreement,
      rolled_back_at: rolledBackAt === null ? null : timeOf(rolledBackAt),
      incident,
      hours_earlier: hoursEarlier,
    })),
  };
}

/** One guardrail in `simulate --json` and `back-test --json`. */
export function guardrailJson({ metric, guardrail, found }: SimulationLike['guardrails'][number]) {
  const { limit, on_harm, dry_run } = guardrail;
  const { test, by } = found.code === 'tested' ? found : { test: null, by: null };
  return {
    ...{ metric, limit, on_harm, dry_run, result: found.code, by },
    problem: found.code === 'engine_refused' ? found.problem : null,
    from: test && timeOf(test.from / 60),
    until: test && timeOf(test.until / 60),
    days: test?.days ?? null,
    events: test?.events ?? null,
    bad: test?.bad ?? null,
    correlation: test?.correlation ?? null,
    judged_with: test?.judgedWith ?? null,
    acted: (test?.acted ?? []).map(({ at, epoch, arm }) => ({ at: timeOf(at), epoch, arm })),
  };
}

/** Formats a minute since 1970 as ISO 8601. */
function timeOf(minute: number): string {
  return atMinute(minute).toISOString();
}
