import type { CostProblem } from '../../domain/evidence/cost.ts';
import { percentOf } from '../../domain/evidence/rates.ts';
import type { Excess, Spending } from '../../domain/evidence/spending.ts';
import type { EvidenceWarning, Uneven } from '../../domain/evidence/warning.ts';
import { money } from '../../domain/report/advice.ts';
import type {
  ErrorClass,
  ErrorClasses,
  ErrorTrend,
  Failures,
  WorstSubject,
  WorstSubjects,
} from '../../domain/report/failures.ts';
import { harmless } from '../../lib/text.ts';
import { count, counted, moment } from './words.ts';

const LONGEST_NAMES = 300;

/** A warning as a clause without a full stop. */
export function evidenceWarningText(warning: EvidenceWarning): string {
  switch (warning.code) {
    case 'few_participate': {
      const { participants, eligible } = warning;
      const percent = percentOf(participants, eligible);
      return `only ${participants} of ${counted(eligible, 'eligible subject')} (${percent}%) had a job, so the verdict rests on few of them`;
    }
    case 'uneven':
      return `${unevenText(warning)}: the others are hardly tried`;
  }
}

/** `87.5% are small` */
export function unevenText({ percent, category }: Uneven): string {
  return `${percent}% are ${category}`;
}

/** Why the cost is not known, as a clause without a full stop. */
export function costProblemText(problem: CostProblem): string {
  switch (problem.code) {
    case 'no_job':
      return 'no job has finished';
    case 'no_prices':
      return 'the file names no costs';
    case 'unpriced':
      return `the file names no costs of ${harmless(problem.processors.join(', '), LONGEST_NAMES)}`;
    case 'fallback_unpriced':
      return `the file names no costs of the fallback ${harmless(problem.fallback, LONGEST_NAMES)}`;
    case 'untimed':
      return `how long the jobs of ${harmless(problem.processors.join(', '), LONGEST_NAMES)} took is not known`;
    case 'fallback_untimed':
      return `how long jobs take on ${harmless(problem.fallback, LONGEST_NAMES)} is not known`;
  }
}

const TRENDS: Readonly<Record<ErrorTrend, string>> = {
  new: 'new',
  more: 'more',
  same: 'as before',
  less: 'fewer',
  gone: 'gone',
};

/** The frequency of a class of errors against the day before: `more, new in this epoch`. */
export function trendWord({ trend, new_in_epoch }: Pick<ErrorClass, 'trend' | 'new_in_epoch'>): string {
  if (!new_in_epoch) return TRENDS[trend];
  return trend === 'new' ? 'new in this epoch' : `${TRENDS[trend]}, new in this epoch`;
}

export function classWord({ class: name }: Pick<ErrorClass, 'class'>): string {
  return name ?? 'without a class';
}

/** Display name of a failing subject, or its id; `one subject` if names may not be shown. */
export function whoFailed({ subject, name }: Pick<WorstSubject, 'subject' | 'name'>): string {
  return harmless(name ?? subject ?? 'one subject', 255);
}

/** `31 jobs of 12 subjects failed in the last day` */
export function failedText({ failed, subjects }: WorstSubjects): string {
  return `${counted(failed, 'job')} of ${counted(subjects, 'subject')} failed in the last day`;
}

/** `17 of 17` */
export function failedOf({ failed, finished }: WorstSubject): string {
  return finished === null ? count(failed) : `${count(failed)} of ${count(finished)}`;
}

const FEW = 3;

/** `most failures: acme/api 17 of 17 since 2026-11-22 02:10 UTC (85% of all), acme/web 1 of 40 ...` */
export function worstSentence({ worst }: WorstSubjects): string {
  const each = worst
    .slice(0, FEW)
    .map((one) => `${whoFailed(one)} ${failedOf(one)} since ${moment(one.since)} (${one.share}% of all)`);
  return `most failures: ${each.join(', ')}`;
}

/** `errors: ECONNREFUSED 17 (new in this epoch), TypeError 3 (as before)`; null if there were none in the last day. */
export function classesSentence({ classes }: ErrorClasses): string | null {
  const each = classes
    .filter(({ failed }) => failed > 0)
    .slice(0, FEW)
    .map((one) => `${classWord(one)} ${count(one.failed)} (${trendWord(one)})`);
  return each.length === 0 ? null : `errors: ${each.join(', ')}`;
}

/** Describes failures in a sentence or two; empty if there are none. */
export function failureSentences({ worst_subjects: who, error_classes: what }: Failures): string[] {
  const said = what ? classesSentence(what) : null;
  return [...(who && who.worst.length > 0 ? [worstSentence(who)] : []), ...(said === null ? [] : [said])];
}

/** `25% would cost 312.40 a month at present traffic, above its budget of 300.00` */
export function overBudgetText({ over, percentage, cost, budget }: Excess): string {
  return over === 'monthly'
    ? `${percentage}% would cost ${money(cost)} a month at present traffic, above its budget of ${money(budget)}`
    : `at ${percentage}% more jobs would cost ${money(cost)} each, above its budget of ${money(budget)} a job`;
}

/** The present and future cost of a feature with a budget, as a clause without a full stop. */
export function spendingText({ budget, monthly, per_job, next, problem }: Spending): string {
  const limits = [
    ...(budget.monthly === undefined ? [] : [`${money(budget.monthly)} a month`]),
    ...(budget.per_job === undefined ? [] : [`${money(budget.per_job)} a job`]),
  ].join(' and ');
  if (problem) return `budget ${limits}; cost not known: ${costProblemText(problem)}`;
  const now = [
    ...(monthly === null ? [] : [`${money(monthly)} a month`]),
    ...(per_job === null ? [] : [`${money(per_job)} a job`]),
  ].join(', ');
  const then =
    next === null || next.monthly === null ? '' : `; ${money(next.monthly)} a month at ${next.percentage}%`;
  return `costs ${now}${then}; budget ${limits}`;
}
