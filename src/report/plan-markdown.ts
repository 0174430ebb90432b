import { harmless } from '../domain/text.ts';
import { type PlanLike, standingWord, totalsOf } from './plan-model.ts';
import { commit, count, counted } from './words.ts';

const LONGEST_TEXT = 1_000;
const MOST_NAMES = 5;

/** A plan as markdown, for a pull request or a summary. Everything from the file or a person is escaped. */
export function planMarkdown(plan: PlanLike): string {
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
  if (plan.changes.length > 0) lines.push(...changeTable(plan), '');
  lines.push(...testRepositories(plan));
  for (const change of plan.changes) {
    for (const warning of change.warnings)
      lines.push(`- :warning: ${code(change.feature)}: ${escapeMarkdown(warning)}`);
  }
  for (const { severity, line, message } of plan.problems) {
    lines.push(`- ${severity === 'error' ? ':x:' : ':warning:'} line ${line}: ${escapeMarkdown(message)}`);
  }
  return `${lines.join('\n').trimEnd()}\n`;
}

function testRepositories({ test_repositories: { added, removed } }: PlanLike): string[] {
  const names = [...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`)];
  if (names.length === 0) return [];
  const more = names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '';
  return [`- ${code('test_repositories')}: ${escapeMarkdown(names.slice(0, MOST_NAMES).join(', '))}${more}`];
}

function changeTable(plan: PlanLike): string[] {
  return [
    '| feature | what | from | to | in | out | why |',
    '| --- | --- | ---: | ---: | ---: | ---: | --- |',
    ...plan.changes.map((change) =>
      [
        '',
        code(change.feature),
        change.action.replace('_', ' '),
        standingWord(change.from),
        asked(change),
        change.impact ? count(change.impact.entering) : '?',
        change.impact ? count(change.impact.leaving) : '?',
        escapeMarkdown(change.reason),
        '',
      ]
        .join(' | ')
        .trim(),
    ),
  ];
}

/** Where the feature stands afterwards and, where that is not what the file asks for, that too. */
function asked({ to, file }: PlanLike['changes'][number]): string {
  const after = standingWord(to);
  return file && standingWord(file) !== after ? `${after} (file: ${standingWord(file)})` : after;
}

/**
 * Text from people as text: no markup, no links, no mentions of people or issues, no table cells, one line.
 *
 * GitHub looks for mentions and bare addresses after the markup is gone, so a backslash does not keep it from
 * finding them; a character without width does.
 */
export function escapeMarkdown(text: string): string {
  return harmless(text.replace(/[\r\n\t]+/g, ' '), LONGEST_TEXT)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/[\\`*_{}[\]()#+!|~$]/g, (character) => `\\${character}`)
    .replace(/[@#]|\bGH(?=-\d)|\bwww(?=\.)|\b[a-z]+(?=:\/\/)/gi, '$&\u200b');
}

/** A key in code style; keys of features have no character that could end it. */
export function code(key: string): string {
  return `\`${key.replace(/[^A-Za-z0-9_-]/g, '?')}\``;
}
