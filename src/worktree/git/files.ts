import { posix } from 'node:path';
import { partOf, partsOfText, standsAlone } from '../../domain/change/bundle.ts';
import { utf8 } from '../../lib/utf8.ts';
import { type Entry, editableAt, entryAt, writeBlob } from './commit-file.ts';
import { git } from './git.ts';
import { exactly, type Place } from './surroundings.ts';

/** The configuration in a commit: the main file and its included files. */
export interface TreeFiles {
  /** All files as a bundle (`domain/change/bundle`). */
  text: string;
  /** Entries by path relative to the top of the working tree; the main file first. */
  entries: ReadonlyMap<string, Entry>;
}

/** Reads the files of a commit. Throws `file_missing`, and `edit_refused` for a symbolic link. */
export async function filesAt(place: Place, commit: string): Promise<TreeFiles> {
  const main = await editableAt(place, commit);
  const content = await contentOf(place.root, place.path, commit, main);
  const entries = new Map([[place.path, main]]);
  for (const { path } of partsOfText(content.toString('latin1')).included) {
    const below = pathOf(place.path, Buffer.from(path, 'latin1').toString('utf8'));
    const entry = await entryAt(place.root, commit, below);
    if (entry) entries.set(below, entry);
  }
  return { text: utf8(content, place.shown), entries };
}

/** Reads the bytes of a file in a commit; null if the commit has no such file. */
export async function contentAt(root: string, path: string, commit: string): Promise<Buffer | null> {
  const entry = await entryAt(root, commit, path);
  return entry && contentOf(root, path, commit, entry);
}

async function contentOf(root: string, path: string, commit: string, { blob }: Entry): Promise<Buffer> {
  const main = await git(root, 'cat-file', 'blob', blob);
  if (standsAlone(main)) return main;
  const { withIncluded } = await import('../../config/read/includes.ts');
  const content = await withIncluded(main, posix.basename(path), {
    list: (folder) => entriesIn(root, commit, pathOf(path, folder)),
    read: async (below) => git(root, 'cat-file', 'blob', `${commit}:${pathOf(path, below)}`),
  });
  return Buffer.from(content);
}

/** Returns the files that an edit changed, as blobs by path. */
export async function changedEntries(
  place: Place,
  files: TreeFiles,
  edited: string,
): Promise<Map<string, Entry>> {
  const changed = new Map<string, Entry>();
  for (const [path, entry] of files.entries) {
    const part = partName(place, path);
    const [before, after] = [partOf(files.text, part), partOf(edited, part)];
    if (after === null || after === before) continue;
    changed.set(path, { mode: entry.mode, blob: await writeBlob(place.root, after) });
  }
  return changed;
}

/** Returns git pathspecs of every file of the configuration: the main one, and the matches of its patterns. */
export async function pathspecsOf(root: string, path: string, commit: string): Promise<string[]> {
  const main = await git(root, 'cat-file', 'blob', `${commit}:${path}`);
  if (!main.includes('include')) return [exactly(path)];
  const { patternsIn } = await import('../../config/read/includes.ts');
  return [exactly(path), ...patternsIn(main).map((pattern) => `:(top,glob)${pathOf(path, pattern)}`)];
}

/** Returns the name of a configuration file inside the bundle; null: the main one. */
export function partName(place: Pick<Place, 'path'>, path: string): string | null {
  if (path === place.path) return null;
  const folder = posix.dirname(place.path);
  return folder === '.' ? path : path.slice(folder.length + 1);
}

/** Converts a path relative to the main file's folder to one relative to the top. */
function pathOf(main: string, below: string): string {
  const folder = posix.dirname(main);
  return folder === '.' ? below : below === '' ? folder : `${folder}/${below}`;
}

const LINK = '120000';

async function entriesIn(
  root: string,
  commit: string,
  folder: string,
): Promise<{ name: string; link: boolean }[]> {
  const where = folder === '' ? [] : ['--', `${folder}/`];
  const listed = await git(root, 'ls-tree', '-z', '--full-tree', commit, ...where);
  return listed
    .toString('utf8')
    .split('\0')
    .filter(Boolean)
    .map((line) => {
      const [meta = '', path = ''] = line.split('\t');
      return { name: posix.basename(path), link: meta.startsWith(LINK) };
    });
}
