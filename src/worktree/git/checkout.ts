import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Edited } from '../../app/ports/configuration-repository.ts';
import { partOf, withPart } from '../../domain/change/bundle.ts';
import { utf8 } from '../../lib/utf8.ts';
import { type Entry, entryAt, readBlob, writeBlob } from './commit-file.ts';
import { commitAt } from './default-branch.ts';
import { filesAt, partName } from './files.ts';
import { git, gitSays, gitText, succeeded, tryGit } from './git.ts';
import { replaceFile } from './replace-file.ts';
import { exactly, type Place } from './surroundings.ts';

/**
 * Number of attempts to lock the index: a person's git holds it briefly; one that crashed, until somebody removes the
 * lock.
 */
const ATTEMPTS = 5;
const PAUSE_MS = 100;

/** A branch that moves from one commit to the next, which changes only files of the configuration. */
export interface Move {
  branch: string;
  from: string;
  to: string;
  /** Applies the change to a person's uncommitted text. */
  edit: (text: string) => Edited;
}

/** Is the branch checked out in this working tree at this commit? */
export async function isCheckedOutAt(root: string, branch: string, commit: string): Promise<boolean> {
  const head = await tryGit(root, 'symbolic-ref', '--quiet', 'HEAD');
  if (!Buffer.isBuffer(head) || head.toString('utf8').trim() !== `refs/heads/${branch}`) return false;
  return (await commitAt(root, 'HEAD')) === commit;
}

/**
 * Moves the checked-out branch, with each file of the configuration and its index entry. Uncommitted work stays: other
 * files are not touched, and a person's version of these files gets the same edit.
 *
 * The file comes first, then the index, then the branch: an interruption leaves the change behind as an uncommitted
 * one, never as one that a person's next commit would revert. False: the branch was no longer at `from`.
 */
export async function moveCheckout(place: Place, move: Move): Promise<boolean> {
  const files = await filesAt(place, move.from);
  const undos: (() => Promise<void>)[] = [];
  const undo = async () => {
    for (const one of undos.reverse()) await one();
  };
  try {
    for (const path of files.entries.keys()) {
      const shown = path === place.path ? place.shown : path;
      const part = partName(place, path);
      await moveFile(
        { ...place, path, shown },
        { ...move, edit: partEdit(files.text, part, move.edit) },
        undos,
      );
    }
    if (await moveBranch(place.root, move)) return true;
  } catch (error) {
    await undo();
    throw error;
  }
  await undo();
  return false;
}

/** Applies the whole configuration's edit to a person's version of one of its files. */
function partEdit(whole: string, part: string | null, edit: Move['edit']): Move['edit'] {
  return (text) => {
    const edited = edit(withPart(whole, part, text));
    return 'text' in edited ? { text: partOf(edited.text, part) ?? text } : edited;
  };
}

/** Updates one file and its index entry; first adds the undo action to `undos`. */
async function moveFile(place: Place, move: Move, undos: (() => Promise<void>)[]): Promise<void> {
  const { root, path } = place;
  const [from, to] = [await entryAt(root, move.from, path), await entryAt(root, move.to, path)];
  if (from && from.blob === to?.blob) return;
  const staged = await stagedEntry(root, path);
  const clean = await gitSays(root, 'diff', '--quiet', '--', exactly(path));
  const next = from && to ? await nextEntry(place, staged, from, to, move.edit) : null;
  const undoFile = await bringFile(place, clean ? next : null, move.edit);
  undos.push(async () => {
    // If the file was committed meanwhile, everybody sees the edit as a part of it, so it stays.
    if ((await entryAt(root, 'HEAD', path))?.blob !== from?.blob) return;
    if (staged && next) await stage(place, staged);
    await undoFile();
  });
  if (next && next.blob !== staged?.blob) await stage(place, next);
}

async function moveBranch(root: string, { branch, from, to }: Move): Promise<boolean> {
  return gitSays(root, 'update-ref', `refs/heads/${branch}`, to, from);
}

/** Returns the file's index entry; null if there is none, or an unresolved conflict. */
async function stagedEntry(root: string, path: string): Promise<Entry | null> {
  const listed = (await gitText(root, 'ls-files', '--stage', '-z', '--', exactly(path))).split('\0');
  const [, mode = '', blob = '', conflict] = /^(\d+) ([0-9a-f]+) (\d)\t/.exec(listed[0] ?? '') ?? [];
  return conflict === '0' ? { mode, blob } : null;
}

async function nextEntry(
  place: Place,
  staged: Entry | null,
  from: Entry,
  to: Entry,
  edit: Move['edit'],
): Promise<Entry | null> {
  if (!staged) {
    place.log?.(`the index was left as it is: ${place.shown} is not in it, or has a conflict`);
    return null;
  }
  if (staged.blob === from.blob) return to;
  const edited = attempt(place, 'what is staged of it', await readBlob(place, staged.blob), edit);
  return edited === null ? null : { mode: staged.mode, blob: await writeBlob(place.root, edited) };
}

/** Writes the file as git would check it out, or edits a person's version of it; returns the undo action. */
async function bringFile(
  place: Place,
  checkedOut: Entry | null,
  edit: Move['edit'],
): Promise<() => Promise<void>> {
  const file = join(place.root, place.path);
  const isFile = await lstat(file).then(
    (found) => found.isFile(),
    () => false,
  );
  if (!isFile) return async () => {};
  const before = await readFile(file);
  const after = checkedOut
    ? await git(place.root, 'cat-file', '--filters', `--path=${place.path}`, checkedOut.blob)
    : editedBytes(place, before, edit);
  if (after === null || before.equals(after)) return async () => {};
  const scratch = await gitText(place.root, 'rev-parse', '--absolute-git-dir');
  if (!(await replaceFile(file, before, after, scratch))) {
    place.log?.(`${place.shown} was left as it is: somebody saved it at the same moment`);
    return async () => {};
  }
  return async () => {
    await replaceFile(file, after, before, scratch);
  };
}

function editedBytes(place: Place, before: Buffer, edit: Move['edit']): Buffer | null {
  const edited = attempt(place, 'what is not committed of it', utf8(before, place.shown), edit);
  return edited === null ? null : Buffer.from(edited);
}

function attempt(place: Place, what: string, text: string, edit: Move['edit']): string | null {
  const edited = edit(text);
  if ('text' in edited) return edited.text;
  place.log?.(`${place.shown}: ${what} was left without the change: ${edited.refused.message}`);
  return null;
}

async function isLeftOut({ root, path }: Place): Promise<boolean> {
  return (await gitText(root, 'ls-files', '-t', '-z', '--', exactly(path))).startsWith('S ');
}

/** Adds the file to the index, and waits for other writers. */
async function stage(place: Place, { mode, blob }: Entry): Promise<void> {
  const args = ['update-index', '--cacheinfo', `${mode},${blob},${place.path}`];
  // A sparse checkout omits the file, and the new entry must be marked so, or the file looks deleted.
  if (await isLeftOut(place)) args.push('--skip-worktree', place.path);
  for (let attempt = 1; ; attempt++) {
    const staged = await tryGit(place.root, ...args);
    const locked = !Buffer.isBuffer(staged) && staged.message.includes('index.lock');
    if (!locked || attempt === ATTEMPTS) {
      succeeded(staged, args);
      return;
    }
    await place.sleep(PAUSE_MS * (0.5 + place.random()));
  }
}
