import type { HealthLike } from '../text/health/health-text.ts';
import { noteText } from '../words/outcome-words.ts';
import { advanceText } from '../words/wait-words.ts';
import { count, share } from '../words/words.ts';
import { codeMarkdown, escapeMarkdown } from './escape-markdown.ts';
import { markdownTable } from './markdown-table.ts';

const MARKS: Readonly<Record<string, string>> = {
  healthy: ':green_circle:',
  warning: ':yellow_circle:',
  suspect: ':orange_circle:',
  harmful: ':red_circle:',
  error: ':purple_circle:',
};

/** Formats verdicts as a table for a run's summary. Everything from people or jobs is escaped. */
export function healthMarkdown(results: readonly HealthLike[]): string {
  if (results.length === 0) return 'No feature is live.\n';
  const rows = results.map(({ feature, judgement, advance, action, note }) => {
    const { verdict, severity, jobs, errors, reason } = judgement;
    const word = `${MARKS[verdict] ?? ':white_circle:'} ${verdict.replace('_', ' ')}${severity === 'critical' ? ', critical' : ''}`;
    const done = action === 'none' ? '' : action.replaceAll('_', ' ');
    return [
      ...[codeMarkdown(feature), word, count(jobs), share(errors, jobs), escapeMarkdown(reason)],
      ...[
        escapeMarkdown(advanceText(advance)),
        [done, escapeMarkdown(note ? noteText(feature, note) : '')].filter(Boolean).join(': '),
      ],
    ];
  });
  const heads = ['feature', 'verdict', 'jobs', 'failed', 'why', 'next step', 'done'];
  return `${markdownTable(heads, 'llrrlll', rows)}\n`;
}
