import type { Movement, PlannedChange } from '../../domain/plan/impact.ts';
import type { Problem } from '../../domain/spec/problem.ts';
import { harmless } from '../../lib/text.ts';
import type { Style } from '../style/style.ts';
import { reasonText, warningText } from '../words/change-words.ts';
import { quarantineText } from '../words/outcome-words.ts';
import {
  changesTheRest,
  freezeWords,
  type PlanLike,
  type PlanTotals,
  partWord,
  standingWord,
  subjectsWord,
  totalsOf,
} from '../words/plan-model.ts';
import { plannedGuardrailSentences } from '../words/simulation/planned-guardrails.ts';
import { commit, count, counted } from '../words/words.ts';

const LONGEST_REASON = 400;
const LONGEST_SENTENCE = 600;

/** `rollout.yaml:12:5: error: percentage is 101; ...`, the format that editors and terminals turn into a link. */
export function formatProblem(problem: Problem, file: string): string {
  return `${harmless(fileOf(problem, file), 1_000)}:${problem.line}:${problem.column}: ${problem.severity}: ${problem.message}`;
}

/** Returns the path of a problem's file, in the form of its main file's path. */
export function fileOf(problem: Pick<Problem, 'file'>, main: string): string {
  return problem.file === undefined ? main : `${main.slice(0, main.lastIndexOf('/') + 1)}${problem.file}`;
}

/** Formats a plan, or with `done` the result of a reconcile, for a terminal. */
export function planText(style: Style, plan: PlanLike, file: string, done: boolean): string {
  const parts = [
    globalStop(style, plan),
    refusedText(style, plan),
    ...plan.problems.map((problem) => problemLine(style, formatProblem(problem, file), problem.severity)),
    ...plan.changes.map((change) =>
      [changeText(style, change), ...guardrailLines(style, plan, change)].join('\n'),
    ),
    ...(plan.quarantined ?? []).map((one) => style.warn(quarantineText(one))),
    testRepositories(plan),
    freezesText(plan),
    ...plan.movements.map((movement) => movementLine(movement, done)),
    totalsLine(style, plan, done),
  ];
  return parts.filter(Boolean).join('\n');
}

function globalStop(style: Style, { global_stop }: PlanLike): string {
  if (!global_stop) return '';
  const why = harmless(global_stop, LONGEST_REASON);
  return style.bad(
    `everything is stopped (${why}): nobody is in; the counts below are for when the stop is lifted`,
  );
}

function refusedText(style: Style, { refused }: PlanLike): string {
  if (!refused) return '';
  const hint = refused.hint === null ? [] : [style.dim(`    ${harmless(refused.hint, LONGEST_REASON)}`)];
  return [
    style.bad(`reconcile refuses this file: ${harmless(refused.message, LONGEST_REASON)}`),
    ...hint,
  ].join('\n');
}

function problemLine(style: Style, line: string, severity: string): string {
  return severity === 'error' ? style.bad(line) : style.warn(line);
}

const MARKS: Record<PlannedChange['action'], string> = {
  create: '+',
  update: '~',
  archive: '-',
  repair_drift: '~',
  adopt_drift: '!',
  settle: '=',
  held: '!',
  refused: 'x',
};

function changeText(style: Style, change: PlannedChange): string {
  const move = `${standingWord(change.from)} -> ${standingWord(change.to)}${askedText(change)}`;
  const head = `${MARKS[change.action]} ${style.bold(harmless(change.feature, 255))}  ${change.action}  ${move}${impactText(change)}`;
  const lines = [head, `    ${harmless(reasonText(change.reason), LONGEST_REASON)}`];
  for (const line of categoryLines(change)) lines.push(`    ${style.dim(line)}`);
  for (const warning of change.warnings)
    lines.push(style.warn(`    warning: ${harmless(warningText(warning), LONGEST_REASON)}`));
  return lines.join('\n');
}

/** Formats the back-tests of the guardrails that this change adds or alters. */
function guardrailLines(style: Style, { guardrails }: PlanLike, { feature }: PlannedChange): string[] {
  return plannedGuardrailSentences(feature, guardrails?.get(feature) ?? []).map(({ warning, text }) => {
    const line = harmless(text, LONGEST_SENTENCE);
    return warning ? style.warn(`    warning: ${line}`) : `    ${line}`;
  });
}

/** Describes the state in the file if the change does not reach it. */
function askedText({ file, to, action }: PlannedChange): string {
  if (!file || action === 'archive' || standingWord(file) === standingWord(to)) return '';
  return ` (file: ${standingWord(file)})`;
}

function impactText({ impact, subject }: PlannedChange): string {
  if (!impact) return '';
  const { entering, leaving, after, total } = impact;
  return `  +${count(entering)} -${count(leaving)}, then ${count(after)} of ${counted(total, subject, subjectsWord(subject))}`;
}

function categoryLines(change: PlannedChange): string[] {
  const { impact, largest } = change;
  if (!impact || impact.entering + impact.leaving === 0) return [];
  const moved = impact.categories.filter(({ entering, leaving }) => entering + leaving > 0);
  const byCategory = moved.map((part) => `${partWord(part, change)} ${signed(part.entering, part.leaving)}`);
  const names = largest.map(({ enters, name, id }) => `${enters ? '+' : '-'}${harmless(name ?? id, 80)}`);
  return [
    ...(byCategory.length > 0 ? [`by category: ${byCategory.join(', ')}`] : []),
    ...(names.length > 0 ? [`largest: ${names.join(', ')}`] : []),
  ];
}

function signed(entering: number, leaving: number): string {
  return [entering > 0 ? `+${count(entering)}` : '', leaving > 0 ? `-${count(leaving)}` : '']
    .filter(Boolean)
    .join(' ');
}

function testRepositories({ test_repositories: { added, removed } }: PlanLike): string {
  if (added.length + removed.length === 0) return '';
  const names = [...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`)];
  const more = names.length > 5 ? ` and ${names.length - 5} more` : '';
  return `~ test_repositories: ${names
    .slice(0, 5)
    .map((name) => harmless(name, 80))
    .join(', ')}${more}`;
}

function freezesText(plan: PlanLike): string {
  const words = freezeWords(plan);
  return words.length === 0 ? '' : `~ freeze: ${words.map((word) => harmless(word, 200)).join(', ')}`;
}

/** Describes a feature that the file does not change, but whose subjects it moves. */
function movementLine({ feature, entering, leaving }: Movement, done: boolean): string {
  return `  ${harmless(feature, 255)}: ${movesText({ entering, leaving }, done)} by test_repositories`;
}

function movesText({ entering, leaving }: Pick<PlanTotals, 'entering' | 'leaving'>, done: boolean): string {
  const enter = done ? 'entered' : entering === 1 ? 'enters' : 'enter';
  return `${counted(entering, 'subject')} ${enter}, ${count(leaving)} ${done ? 'left' : 'leave'}`;
}

function totalsLine(style: Style, plan: PlanLike, done: boolean): string {
  const totals = totalsOf(plan);
  const revision = plan.revision === null ? '' : ` at ${commit(plan.revision)}`;
  if (totals.errors > 0 && plan.changes.length === 0) {
    return style.bad(
      `nothing ${done ? 'was applied' : 'would be applied'}: ${counted(totals.errors, 'error')} in the file`,
    );
  }
  if (plan.changes.length === 0 && !changesTheRest(plan)) {
    return style.good(`no changes: the database agrees with the file${revision}`);
  }
  const parts = [
    `${counted(totals.changes, 'change')}${done ? ' applied' : ''}${revision}`,
    totals.held > 0 ? `${totals.held} held` : '',
    totals.refused > 0 ? `${totals.refused} refused` : '',
    totals.uncounted > 0 ? 'subjects were not counted' : movesText(totals, done),
  ];
  return style.bold(parts.filter(Boolean).join(', '));
}
