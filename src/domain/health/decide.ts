import type { ScoreReason, Severity, Verdict } from './judgement.ts';
import type { Rule } from './rule.ts';
import { type SharedOutage, sharedOutage } from './shared-outage.ts';
import { type Reading, type Readings, readingsOf, type Watch } from './watch.ts';

/** A verdict without its words. */
export interface Decision {
  verdict: Verdict;
  reasonCode: ScoreReason;
  severity: Severity;
  readings: Readings;
  /** What control shares, where that decided; null everywhere else. */
  shared: SharedOutage | null;
}

/** The decision on everything a watch has seen: the first row of the table that matches. */
export function decide(watch: Watch): Decision {
  const readings = readingsOf(watch);
  const [verdict, reasonCode, shared = null] = firstMatch(watch, readings);
  return { verdict, reasonCode, severity: severityOf(verdict, readings, watch.rule), readings, shared };
}

function firstMatch(watch: Watch, readings: Readings): [Verdict, ScoreReason, SharedOutage?] {
  const { rule, totals } = watch;
  const { absolute, relative, warning } = readings;
  const over = reaches(absolute, rule.evidence);
  const worse = reaches(relative, rule.evidence);
  if (totals.jobs === 0) return ['no_data', 'no_treated_jobs'];
  if (worse && reaches(absolute, rule.warningEvidence))
    return ['harmful', 'worse_than_control_and_over_limit'];
  const shared = over && rule.sharedOutage === 'suspect' ? sharedOutage(watch, absolute.window) : null;
  if (shared) return ['suspect', 'shared_outage', shared];
  if (over) return ['harmful', 'over_limit'];
  if (worse) return ['suspect', 'worse_than_control'];
  if (reaches(warning, rule.warningEvidence)) return ['warning', 'over_warning_rate'];
  if (reaches(relative, rule.warningEvidence)) return ['warning', 'drifting_from_control'];
  if (totals.jobs < rule.minimumJobs || thinlyRaised(readings, rule)) return ['insufficient', 'too_few_jobs'];
  return ['healthy', 'healthy'];
}

/** Is this score at `evidence` to 1, with enough treatment jobs and errors to rest on? */
function reaches({ firm }: Reading, evidence: number): boolean {
  return firm >= Math.log(evidence);
}

/**
 * The score at the warning level whose window is too small to rest on; asked once no score `reaches` it.
 *
 * Nine failures of nine after quiet weeks are such a one. That is not yet a verdict, and it is not
 * healthy either, so nothing may advance on it.
 */
export function thinlyRaised({ warning, relative }: Readings, rule: Rule): Reading | undefined {
  return [warning, relative].find(({ score }) => score >= Math.log(rule.warningEvidence));
}

function severityOf(verdict: Verdict, { critical }: Readings, rule: Rule): Severity {
  if (verdict === 'warning' || verdict === 'suspect' || verdict === 'harmful') {
    if (reaches(critical, rule.warningEvidence)) return 'critical';
    return verdict === 'warning' ? 'warning' : 'error';
  }
  return 'none';
}
