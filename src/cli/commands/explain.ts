import { refuseBadSubject } from '../../app/operate/lists.ts';
import { type Explanation, explain } from '../../app/views/explain.ts';
import { checkedOutRevision, readConfigurationFile } from '../../compose/environment/files.ts';
import { RolloutError } from '../../errors.ts';
import { harmless } from '../../lib/text.ts';
import type { Style } from '../../report/style/style.ts';
import type { Line } from '../../report/text/outcomes/outcome-text.ts';
import { commit } from '../../report/words/words.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, withController } from '../terminal/command.ts';
import { momentOption } from '../terminal/options.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand<[feature: string, subject: string]> = (command, terminal, end) => {
  const declared = command.option(
    '--at <time>',
    'answer as of this moment, such as 2026-11-22T10:15:00+01:00 or 3d; without a zone it is UTC',
    momentOption,
  );
  run(
    declared,
    end,
    'rollout explain new_checkout octocat/hello-world --at 2h',
    async (options, feature, subject) => {
      // Checked before a database is opened.
      refuseBadSubject(subject, 'subject');
      return withController(terminal, options, async ({ store }) => {
        const fromFile = command.getOptionValueSource('file') === 'cli';
        if (fromFile && options.at) {
          throw new RolloutError('usage', '--at and --file ask about different things', {
            hint: 'leave one of them out: the past is in the database, the future in the file',
          });
        }
        const explanation = await explain(store, {
          feature,
          subject,
          environment: terminal.environment,
          at: options.at,
          proposed: fromFile ? await proposedFile(options.file) : undefined,
        });
        answer(terminal, options, {
          json: () => explanation,
          words: () => explanationLines(terminal.style, explanation),
        });
        return EXIT.ok;
      });
    },
  );
};

async function proposedFile(path: string) {
  return { path, content: await readConfigurationFile(path), revision: await checkedOutRevision(path) };
}

function explanationLines(style: Style, explanation: Explanation): Line[] {
  const facts = [
    ['bucket', explanation.bucket === null ? '-' : `${explanation.bucket} of 0-9999`],
    ['percentage', explanation.percentage === null ? '-' : `${explanation.percentage}%`],
    ['category', explanation.category ?? 'none'],
    ['commit', commit(explanation.revision)],
    ['held by', explanation.incident ? `incident ${explanation.incident}` : 'nothing'],
  ];
  const overrides = explanation.overrides.map(({ variable, value, applied, because }) =>
    style.warn(`  ${variable}=${harmless(value)} is ${applied ? 'in force here' : 'refused'}: ${because}`),
  );
  return [
    style.bold(harmless(explanation.sentence, 1_000)),
    ...facts.map(([name = '', value = '']) => `  ${style.dim(name.padEnd(10))}  ${value}`),
    ...overrides,
    ...explanation.caveats.map((caveat) => style.dim(`  ${harmless(caveat, 500)}`)),
  ].map((text) => ({ text }));
}
