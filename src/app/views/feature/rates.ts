import { hundredths, rateOf, ratesByPlace, timesByProcessor } from '../../../domain/evidence/rates.ts';
import { type EvidenceWarning, unevenOf } from '../../../domain/evidence/warning.ts';
import { healthScore, LEAST_PARTICIPATION } from '../../../domain/health/health-score.ts';
import type { ReportHealth } from '../../../domain/report/report.ts';
import { failingRates, type RolledBack } from '../../../domain/report/rolled-back.ts';
import { DAY_SECONDS, secondsBetween } from '../../../lib/time.ts';
import type { State } from '../../../store/configuration/state.ts';
import type { RateRow } from '../../../store/health/rates.ts';
import type { FeatureFacts } from './facts.ts';

/** Was every subject stored by its id for the whole window, in seconds? */
export function subjectsKept({ outcomes, subjects_whole_since, now }: State, window: number): boolean {
  if (outcomes !== null && outcomes.by_subject !== 'full') return false;
  return subjects_whole_since === null || secondsBetween(subjects_whole_since, now) >= window;
}

/** The score, rates, times and warnings of a feature. */
export function summaryOf(facts: FeatureFacts) {
  const { rates, live, spec, row, verdict, slowdown, participants, categories } = facts;
  const inWindow = rates.filter(({ side }) => side === 'now');
  const of = (arm: RateRow['arm'], side: RateRow['side']) =>
    rateOf(rates.filter((one) => one.present && one.arm === arm && one.side === side));
  const treatment = of('treatment', 'now');
  const before = of('treatment', 'before');
  const eligible = categories.reduce((sum, one) => sum + one.eligible, 0);
  const participation =
    eligible > 0 && participants !== null
      ? { subjects: participants, share: (participants / eligible) * 100 }
      : null;
  const limit = row?.settings.max_error_rate ?? 5;
  const parts = live
    ? healthScore({
        verdict: verdict?.verdict ?? null,
        jobs: treatment.jobs,
        errors: treatment.errors,
        slowdown,
        criticalErrorRate: spec?.thresholds.critical_error_rate ?? Math.min(100, 2 * limit),
        maxSlowdown: spec?.thresholds.max_slowdown ?? 1.5,
        participation: participation && participation.share / 100,
      })
    : null;
  return {
    score: parts?.score ?? null,
    score_parts: parts,
    window: row?.settings.window ?? DAY_SECONDS,
    treatment,
    control: of('control', 'now'),
    before,
    trend:
      treatment.error_rate === null || before.error_rate === null
        ? null
        : hundredths(treatment.error_rate - before.error_rate),
    participation: participation && { ...participation, share: hundredths(participation.share) },
    warnings: live ? warningsOf(facts, eligible) : [],
    rates: ratesByPlace(inWindow),
    times: timesByProcessor(inWindow),
  };
}

/** A rolled-back feature has no running jobs: the rates that caused the rollback are shown. */
export function ratesBefore(
  rolledBack: RolledBack,
  { rates }: FeatureFacts,
): Pick<ReportHealth, 'treatment' | 'control'> {
  const of = (arm: RateRow['arm']) => rateOf(rates.filter((one) => one.arm === arm && one.side === 'now'));
  return failingRates(rolledBack) ?? { treatment: of('treatment'), control: of('control') };
}

function warningsOf(facts: FeatureFacts, eligible: number): EvidenceWarning[] {
  const { participants, spec, categories, standing } = facts;
  const warnings: EvidenceWarning[] = [];
  if (
    participants !== null &&
    mayBeExpected(facts) &&
    eligible > 0 &&
    participants / eligible < LEAST_PARTICIPATION
  ) {
    warnings.push({ code: 'few_participate', participants, eligible });
  }
  // A filter, or a strategy by size, is uneven on purpose.
  const chosen = standing.strategy !== 'percentage' || (spec?.categories ?? null) !== null;
  const uneven = unevenOf(categories.map(({ category, eligible: subjects }) => ({ category, subjects })));
  if (!chosen && uneven !== null) warnings.push(uneven);
  return warnings;
}

/** A feature that was switched on just now has had no time for a job yet. */
function mayBeExpected({ participants, standing, spec, now }: FeatureFacts): boolean {
  const age = secondsBetween(standing.epoch_started_at, now);
  return (participants ?? 0) > 0 || age >= (spec?.thresholds.window ?? DAY_SECONDS);
}
