import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RolloutError } from '../../errors.ts';
import { errorCode } from '../../lib/error-text.ts';
import { compareText } from '../../lib/text.ts';
import { type CallSite, callSites } from './call-sites.ts';
import type { Program } from './syntax.ts';

/** A call site with its place and its text. */
export interface FoundSite extends CallSite {
  file: string;
  line: number;
  column: number;
  text: string;
}

export interface SearchedSources {
  files: number;
  sites: FoundSite[];
  /** Files that could not be parsed as TypeScript or JavaScript, so their calls are unknown. */
  unread: { file: string; line: number; message: string }[];
}

const SOURCE = /\.[cm]?[jt]sx?$/;
const NOT_OURS = new Set(['node_modules', 'dist', 'build', 'coverage']);

/** Searches every source file below a folder for a feature. Links are not followed. */
export async function searchSources(folder: string, feature: string): Promise<SearchedSources> {
  const { parseSync } = await parser();
  const found: SearchedSources = { files: 0, sites: [], unread: [] };
  for (const file of await sourcesIn(folder)) {
    found.files += 1;
    const source = await readFile(file, 'utf8');
    const { program, errors } = parseSync(file, source);
    const [error] = errors;
    if (error) {
      const { line } = placeIn(source, error.labels[0]?.start ?? 0);
      found.unread.push({ file, line, message: error.message });
      continue;
    }
    for (const site of callSites(program as unknown as Program, feature)) {
      found.sites.push({
        ...site,
        file,
        ...placeIn(source, site.start),
        text: source.slice(site.start, site.end),
      });
    }
  }
  return found;
}

/** Optional, because the controller itself needs no parser: it is installed where call sites are listed. */
async function parser(): Promise<typeof import('oxc-parser')> {
  try {
    return await import('oxc-parser');
  } catch (cause) {
    throw new RolloutError('usage', 'cleanup needs the package oxc-parser, which is not installed', {
      hint: 'run: npm install --save-dev oxc-parser',
      cause,
    });
  }
}

async function sourcesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error) => {
    throw new RolloutError('usage', `${folder} cannot be searched: ${errorCode(error) ?? error}`, {
      hint: 'name the folder of the sources with --source',
    });
  });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => compareText(a.name, b.name))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !NOT_OURS.has(entry.name) && !entry.name.startsWith('.')) {
      files.push(...(await sourcesIn(path)));
    }
    if (entry.isFile() && SOURCE.test(entry.name)) files.push(path);
  }
  return files;
}

function placeIn(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}
