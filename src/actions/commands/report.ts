import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ReportData } from '../../domain/report/report.ts';
import { requireDatabase } from '../runner/inputs.ts';
import { mayNameSubjects } from '../runner/names.ts';
import { type ActionEntry, EXIT } from '../runner/session.ts';

/** Writes the report into the summary and, if requested, as a page for GitHub Pages. */
export const run: ActionEntry = async ({ inputs, context, environment, database, log }) => {
  requireDatabase(inputs);
  const { store, close } = await database();
  try {
    const [{ readReport }, { repositoryUrlOf }, { reportMarkdown }] = await Promise.all([
      import('../../app/views/report.ts'),
      import('../../compose/environment/repository-url.ts'),
      import('../../report/markdown/report-markdown.ts'),
    ]);
    const repositoryUrl = await repositoryUrlOf({ environment, file: inputs.file });
    const showNames = mayNameSubjects(inputs, context);
    const data = await readReport({ store }, { repositoryUrl, showNames });
    if (inputs.out !== null) {
      // Pages may be visible to others than the repository, so there names must be allowed explicitly.
      const shown = inputs.showNames
        ? data
        : await readReport({ store }, { repositoryUrl, showNames: false });
      await writePage(inputs.out, shown);
      log(`the page is in ${inputs.out}`);
    }
    const verdicts = data.features.map(({ feature, health }) => [
      feature,
      health.verdict?.verdict ?? 'no_data',
    ]);
    return {
      exit: EXIT.ok,
      needsPerson: null,
      annotations: [],
      summary: reportMarkdown(data),
      outputs: { changed: false, verdicts: Object.fromEntries(verdicts) },
    };
  } finally {
    await close();
  }
};

async function writePage(path: string, data: ReportData): Promise<void> {
  const [{ readPageAssets }, { statusPage }] = await Promise.all([
    import('../../compose/environment/page-assets.ts'),
    import('../../report/page/page.ts'),
  ]);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, statusPage(data, await readPageAssets()));
}
