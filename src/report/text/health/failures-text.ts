import type { ErrorClasses, Failures, WorstSubjects } from '../../../domain/report/failures.ts';
import type { Style } from '../../style/style.ts';
import { table } from '../../style/table.ts';
import { classWord, failedText, trendWord, whoFailed } from '../../words/evidence-words.ts';
import { ago, count } from '../../words/words.ts';

/** Formats the subjects with most failures and the error classes, below a feature's numbers; empty without failures. */
export function failureDetails(style: Style, failures: Failures, now: Date): string[] {
  const { worst_subjects: who, error_classes: what } = failures;
  return [...(who ? worstTable(style, who, now) : []), ...(what ? [classesTable(style, what, now)] : [])];
}

function worstTable(style: Style, shown: WorstSubjects, now: Date): string[] {
  const rows = shown.worst.map((one) => [
    whoFailed(one),
    count(one.failed),
    one.finished === null ? '-' : count(one.finished),
    `${one.share}%`,
    `${ago(one.since, now)} ago`,
  ]);
  if (rows.length === 0) return [];
  const head = ['most failures', 'failed', 'finished', 'of all failures', 'since'];
  return [`  ${failedText(shown)}`, table(style, head, rows)];
}

function classesTable(style: Style, { classes, more }: ErrorClasses, now: Date): string {
  const rows = classes.map((one) => [
    classWord(one),
    count(one.failed),
    count(one.failed_before),
    count(one.control_failed),
    trendWord(one),
    `${ago(one.first_at, now)} ago`,
    `${ago(one.last_at, now)} ago`,
  ]);
  const head = ['class of error', 'last 24 h', 'day before', 'control', 'trend', 'first seen', 'last seen'];
  const rest = more > 0 ? style.dim(`\n  and ${count(more)} more classes`) : '';
  return `${table(style, head, rows)}${rest}`;
}
