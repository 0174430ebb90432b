import { isMap, isScalar, isSeq } from 'yaml';
import { bundleBytes, looksBundled, type Part } from '../../domain/change/bundle.ts';
import { RolloutError } from '../../errors.ts';
import { readYaml } from '../base/document.ts';
import { folderOf, isPattern, matches } from '../base/patterns.ts';
import { readText } from '../base/text.ts';

/** Limit of matched files; a pattern that matches more is a mistake. */
const MOST_FILES = 500;

/** The folder of a main file, which contains its parts; paths are relative to it, with slashes. */
export interface PartFiles {
  /**
   * Lists the names in a folder, '' for the main file's own; empty if the folder does not exist. `link`: a symbolic
   * link.
   */
  list(folder: string): Promise<readonly { name: string; link: boolean }[]>;
  read(path: string): Promise<Uint8Array>;
}

/**
 * Returns the main file and every file that it includes as one content. `self` is the name of the main file, which no
 * pattern matches. Throws for a symbolic link, which could lead anywhere, and for a file with a NUL.
 */
export async function withIncluded(main: Uint8Array, self: string, files: PartFiles): Promise<Uint8Array> {
  if (looksBundled(main)) throw notText(self);
  const paths = new Set<string>();
  for (const pattern of patternsIn(main)) {
    for (const path of await matching(pattern, files)) if (path !== self) paths.add(path);
  }
  if (paths.size === 0) return main;
  if (paths.size > MOST_FILES) {
    throw new RolloutError(
      'file_invalid',
      `include matches ${paths.size} files; at most ${MOST_FILES} are read`,
      {
        hint: 'name a folder that holds nothing but files of features',
      },
    );
  }
  if (main.includes(0)) throw notText(self);
  const included: Part<Uint8Array>[] = [];
  for (const path of [...paths].sort()) {
    const content = await files.read(path);
    if (content.includes(0)) throw notText(path);
    included.push({ path, content });
  }
  return bundleBytes({ main, included });
}

/** Returns the valid patterns of `include`; errors of the others are reported when the file is parsed. */
export function patternsIn(main: Uint8Array | string): string[] {
  const text = typeof main === 'string' ? main : Buffer.from(main).toString('utf8');
  if (!text.includes('include')) return [];
  const read = readText(main);
  const root = read.ok ? readYaml(read.text).root : null;
  if (!isMap(root)) return [];
  const found = root.items.find(({ key }) => isScalar(key) && key.value === 'include')?.value;
  if (!isSeq(found)) return [];
  const values = found.items.map((item) => (isScalar(item) ? item.value : null));
  return values.filter((value): value is string => typeof value === 'string' && isPattern(value));
}

async function matching(pattern: string, files: PartFiles): Promise<string[]> {
  const folder = folderOf(pattern);
  await refuseLinkedFolders(folder, files);
  const found: string[] = [];
  for (const { name, link } of await files.list(folder)) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (!matches(pattern, path)) continue;
    if (link) throw isLink(path);
    found.push(path);
  }
  return found;
}

/** Throws for a folder that is a symbolic link, which could lead anywhere. */
async function refuseLinkedFolders(folder: string, files: PartFiles): Promise<void> {
  const names = folder === '' ? [] : folder.split('/');
  for (const [at, name] of names.entries()) {
    const above = names.slice(0, at).join('/');
    const entry = (await files.list(above)).find((one) => one.name === name);
    if (entry?.link) throw isLink(names.slice(0, at + 1).join('/'));
  }
}

function isLink(path: string): RolloutError {
  return new RolloutError('file_unreadable', `include names ${path}, which is a symbolic link`, {
    hint: 'put the file itself there, so that what counts is what was merged',
  });
}

function notText(path: string): RolloutError {
  return new RolloutError(
    'file_invalid',
    `${path} has a NUL character: it is not a text file, or not in UTF-8`,
    {
      hint: 'save it as UTF-8 text',
    },
  );
}
