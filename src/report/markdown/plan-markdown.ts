import { reasonText, warningText } from '../words/change-words.ts';
import { freezeWords, type PlanLike, standingWord, totalsOf } from '../words/plan-model.ts';
import { plannedGuardrailSentences } from '../words/simulation/planned-guardrails.ts';
import { commit, count, counted, share } from '../words/words.ts';
import { codeMarkdown as code, escapeMarkdown } from './escape-markdown.ts';
import { markdownTable } from './markdown-table.ts';

export { codeMarkdown as code, escapeMarkdown } from './escape-markdown.ts';

const MOST_NAMES = 5;

/** Facts in the table's row of a change, from the database. */
interface Known {
  jobs: { jobs: number; moving: number; grouped: number };
  health: { verdict: string } | null;
  wouldRollBack: string | null;
}

/**
 * Formats a plan as markdown, for a pull request or a summary. Everything from the file or a person is escaped. With
 * `known` facts the table also shows each feature's share of last week's jobs and its health.
 */
export function planMarkdown(plan: PlanLike, known: ReadonlyMap<string, Known> = new Map()): string {
  const totals = totalsOf(plan);
  const head = [
    `**${counted(totals.changes, 'change')}**`,
    totals.held > 0 ? `${totals.held} held` : '',
    totals.refused > 0 ? `${totals.refused} refused` : '',
    totals.uncounted > 0
      ? 'subjects were not counted'
      : `${count(totals.entering)} in, ${count(totals.leaving)} out`,
    plan.revision === null ? '' : `at \`${commit(plan.revision)}\``,
  ].filter(Boolean);
  const lines = [head.join(' · '), ''];
  if (plan.global_stop) {
    lines.push(
      `:octagonal_sign: everything is stopped (${escapeMarkdown(plan.global_stop)}): nobody is in`,
      '',
    );
  }
  if (plan.refused)
    lines.push(`:x: reconcile refuses this file: ${escapeMarkdown(plan.refused.message)}`, '');
  if (plan.changes.length > 0) lines.push(changeTable(plan, known), '');
  lines.push(
    ...testRepositories(plan),
    ...freezeWords(plan).map((word) => `- ${code('freeze')}: ${escapeMarkdown(word)}`),
  );
  for (const { feature, entering, leaving } of plan.movements) {
    lines.push(
      `- ${code(feature)}: ${count(entering)} in, ${count(leaving)} out by ${code('test_repositories')}`,
    );
  }
  for (const change of plan.changes) {
    for (const warning of change.warnings)
      lines.push(`- :warning: ${code(change.feature)}: ${escapeMarkdown(warningText(warning))}`);
    const harm = known.get(change.feature)?.wouldRollBack;
    if (harm) {
      lines.push(
        `- :warning: ${code(change.feature)}: with these thresholds the next tick takes it back: ${escapeMarkdown(harm)}`,
      );
    }
    for (const { warning, text } of plannedGuardrailSentences(
      change.feature,
      plan.guardrails?.get(change.feature) ?? [],
    ))
      lines.push(`- ${warning ? ':warning: ' : ''}${code(change.feature)}: ${escapeMarkdown(text)}`);
  }
  for (const { severity, file, line, message } of plan.problems) {
    const where = `${file === undefined ? '' : `${code(file)}, `}line ${line}`;
    lines.push(`- ${severity === 'error' ? ':x:' : ':warning:'} ${where}: ${escapeMarkdown(message)}`);
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function testRepositories({ test_repositories: { added, removed } }: PlanLike): string[] {
  const names = [...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`)];
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return [`- ${code('test_repositories')}: ${escapeMarkdown(names.slice(0, MOST_NAMES).join(', '))}${more}`];
}

function changeTable(plan: PlanLike, known: ReadonlyMap<string, Known>): string {
  const more = known.size > 0;
  return markdownTable(
    ['feature', 'what', 'from', 'to', 'in', 'out', ...(more ? ['jobs', 'health'] : []), 'why'],
    `llrrrr${more ? 'rl' : ''}l`,
    plan.changes.map((change) => [
      code(change.feature),
      change.action.replace('_', ' '),
      standingWord(change.from),
      asked(change),
      change.impact ? count(change.impact.entering) : '?',
      change.impact ? count(change.impact.leaving) : '?',
      ...(more ? knownCells(known.get(change.feature)) : []),
      escapeMarkdown(reasonText(change.reason)),
    ]),
  );
}

/** The share of last week's jobs that moves, and the present verdict. */
function knownCells(known: Known | undefined): string[] {
  if (!known) return ['', ''];
  const { jobs, health } = known;
  const none = jobs.grouped === 0 ? 'none' : 'not kept';
  return [jobs.jobs === 0 ? none : share(jobs.moving, jobs.jobs), health?.verdict ?? 'not live'];
}

/** The state after the change and, if it differs, the state in the file. */
function asked({ to, file }: PlanLike['changes'][number]): string {
  const after = standingWord(to);
  return file && standingWord(file) !== after ? `${after} (file: ${standingWord(file)})` : after;
}
