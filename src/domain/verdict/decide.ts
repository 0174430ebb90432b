import { readRelative } from '../comparison/relative-watch.ts';
import type { Counts } from '../score/ledger.ts';
import { type Reading, readLevels } from '../score/level-watch.ts';
import type { Rule } from '../score/rule.ts';
import type { LoneSubject } from './lone-subject.ts';
import type { Comparing, Missing, Reason, Speaking } from './reason.ts';
import { criticalReading, type ScopeWatch } from './scope-watch.ts';

/** The judgement in one word. ARCHITECTURE.md lists what each triggers. */
export type Verdict = 'healthy' | 'warning' | 'suspect' | 'harmful' | 'insufficient' | 'no_data' | 'error';

/** `critical` if the critical error rate is exceeded too. */
export type Severity = 'none' | 'warning' | 'error' | 'critical';

/** Present scores of one scope. */
export interface Readings {
  absolute: Reading;
  relative: Reading;
  warning: Reading;
  critical: Reading;
}

/** The verdict on one scope, before it is put into a sentence. */
export interface Decision {
  /** Category; null: all together. */
  category: string | null;
  verdict: Verdict;
  severity: Severity;
  reason: Reason;
  readings: Readings;
  /** All counts of this scope. */
  totals: Counts;
}

function readingsOf(watch: ScopeWatch): Omit<Readings, 'critical'> {
  const { rule, ledger, crossed } = watch;
  return {
    absolute: crossed?.absolute ?? readLevels(watch.absolute, ledger, rule),
    relative: readRelative(watch.relative, rule),
    warning: readLevels(watch.warning, ledger, rule),
  };
}

/** Returns only the verdict, for frequent calls: the critical rate is not computed. */
export function verdictOf(watch: ScopeWatch): Verdict {
  return firstMatch(watch, readingsOf(watch))[0];
}

/**
 * Decides on everything that a watch has seen, by the first matching row of the table. `lone`: subjects that are each
 * to blame alone.
 */
export function decide(watch: ScopeWatch, lone: readonly LoneSubject[] = []): Decision {
  const readings = { ...readingsOf(watch), critical: criticalReading(watch) };
  const [verdict, reason] = firstMatch(watch, readings, lone);
  const severity = severityOf(verdict, readings, watch.rule);
  return { category: watch.category, verdict, severity, reason, readings, totals: watch.ledger.totals };
}

function firstMatch(
  watch: ScopeWatch,
  readings: Omit<Readings, 'critical'>,
  lone: readonly LoneSubject[] = [],
): [Verdict, Reason] {
  const { rule, ledger, crossed, excused } = watch;
  const { finished, failed, controlJobs } = ledger.totals;
  if (finished === 0) return ['no_data', { code: 'no_treated_jobs', controlJobs }];
  const absolute = speaking(readings.absolute, rule.maxErrorRate, rule.evidence);
  const warning = speaking(readings.warning, rule.warningErrorRate, rule.warningEvidence);
  if (crossed) return ['harmful', { code: 'over_limit', absolute }];
  if (excused) return ['suspect', { ...excused, absolute }];
  if (lone.length > 0 && rule.fewSubjects === 'suspect')
    return ['suspect', { code: 'few_subjects', absolute, without: null, worst: lone }];
  if (reaches(readings.relative, rule.evidence)) {
    const relative = comparing(readings.relative, rule.evidence, rule);
    return ['suspect', { code: 'worse_than_control', relative, absolute }];
  }
  if (reaches(readings.warning, rule.warningEvidence)) {
    return ['warning', { code: 'over_warning_rate', warning }];
  }
  if (reaches(readings.relative, rule.warningEvidence)) {
    const relative = comparing(readings.relative, rule.warningEvidence, rule);
    return ['warning', { code: 'drifting_from_control', relative }];
  }
  if (finished < rule.minimumJobs) {
    const missing = { what: 'jobs', count: Math.ceil(rule.minimumJobs - finished) } as const;
    return ['insufficient', { code: 'too_few_jobs', finished, failed, raised: null, missing }];
  }
  const thin = thinlyRaised(readings, rule);
  if (thin) return ['insufficient', { code: 'too_few_jobs', finished, failed, ...thin }];
  return ['healthy', { code: 'healthy', warning, finished, failed }];
}

export function speaking({ score, run }: Reading, rate: number, evidence: number): Speaking {
  return { score, run, rate, evidence };
}

function comparing({ score, run }: Reading, evidence: number, { toleratedOdds }: Rule): Comparing {
  return { score, run, evidence, odds: toleratedOdds };
}

/** Is this score at `evidence` to 1, on enough treatment jobs and failures? */
export function reaches({ firm }: Reading, evidence: number): boolean {
  return firm >= Math.log(evidence);
}

/**
 * Returns the score at the warning level whose run is too small; called once no score `reaches` it.
 *
 * Nine failures out of nine after weeks of silence is an example. That is not yet a verdict, and it is not healthy
 * either, so nothing may advance on it.
 */
function thinlyRaised({ warning, relative }: Omit<Readings, 'critical'>, rule: Rule) {
  const least = Math.log(rule.warningEvidence);
  if (warning.score >= least) {
    const raised = { warning: speaking(warning, rule.warningErrorRate, rule.warningEvidence) };
    return { raised, missing: missingOf(warning, rule) };
  }
  if (relative.score < least) return null;
  return {
    raised: { relative: comparing(relative, rule.warningEvidence, rule) },
    missing: missingOf(relative, rule),
  };
}

function missingOf({ run }: Reading, { minimumJobs, minimumErrors }: Rule): Missing {
  return run.finished < minimumJobs
    ? { what: 'jobs', count: Math.ceil(minimumJobs - run.finished) }
    : { what: 'failures', count: Math.max(1, Math.ceil(minimumErrors - run.failedSpans)) };
}

function severityOf(verdict: Verdict, { critical }: Readings, rule: Rule): Severity {
  if (verdict !== 'warning' && verdict !== 'suspect' && verdict !== 'harmful') return 'none';
  if (reaches(critical, rule.warningEvidence)) return 'critical';
  return verdict === 'warning' ? 'warning' : 'error';
}
