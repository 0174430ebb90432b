import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { temporaryFolder } from '../projects/git.ts';

/** GitHub's own reader of workflows and of what stands between `${{` and `}}`. */
export type Language = typeof import('@actions/workflow-parser') & {
  parseAction: typeof import('@actions/workflow-parser/actions/index').parseAction;
  expressions: typeof import('@actions/expressions');
};

const SOURCE = `export * from '@actions/workflow-parser';
export { parseAction } from '@actions/workflow-parser/actions/index';
export * as expressions from '@actions/expressions';`;

let loaded: Promise<Language> | undefined;

/** Bundled before it is loaded: both packages import JSON without saying so, which Node 20 refuses. */
export function githubLanguage(): Promise<Language> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<Language> {
  const outfile = join(await temporaryFolder(), 'language.mjs');
  await build({
    stdin: { contents: SOURCE, resolveDir: import.meta.dirname },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
