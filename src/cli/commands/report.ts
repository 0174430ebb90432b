import { writeFile } from 'node:fs/promises';
import { readReport } from '../../app/views/report.ts';
import { readPageAssets } from '../../compose/environment/page-assets.ts';
import { repositoryUrlOf } from '../../compose/environment/repository-url.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { reportJson } from '../../report/json/report-json.ts';
import { reportMarkdown } from '../../report/markdown/report-markdown.ts';
import { statusPage } from '../../report/page/page.ts';
import { reportText } from '../../report/text/report-text.ts';
import { answer } from '../terminal/answer.ts';
import { type DefineCommand, run, settingsOf, withController } from '../terminal/command.ts';
import { EXIT } from '../terminal/terminal.ts';

export const define: DefineCommand<[feature: string | undefined]> = (command, terminal, end) => {
  const declared = command
    .option('--out <path>', 'write the status page, one HTML file that needs no network')
    .option('--markdown', 'print it as markdown, for the summary of a workflow run')
    .option('--show-names', 'name whitelisted subjects, and show error texts, which may name some')
    .option(
      '--repository-url <url>',
      'where commits and pull requests are; derived from the workflow run or from origin where left out',
    );
  const example = 'rollout report --out page.html';
  run(declared, end, example, (options, feature) =>
    withController(terminal, options, async ({ store }) => {
      const repositoryUrl = await repositoryUrlOf(settingsOf(terminal, options), options.repositoryUrl);
      const data = await readReport(
        { store },
        { feature, repositoryUrl, showNames: options.showNames ?? false },
      );
      if (options.out !== undefined) await writePage(options.out, statusPage(data, await readPageAssets()));
      answer(terminal, options, {
        json: () => reportJson(data),
        words: () => {
          if (options.markdown) return reportMarkdown(data);
          return options.out === undefined ? reportText(terminal.style, data) : `written to ${options.out}`;
        },
      });
      return EXIT.ok;
    }),
  );
};

async function writePage(path: string, page: string): Promise<void> {
  try {
    await writeFile(path, page);
  } catch (error) {
    const message = errorText(error);
    throw new RolloutError('file_unreadable', `the page could not be written: ${message}`, {
      hint: 'give --out a path in a folder that exists and may be written to',
    });
  }
}
