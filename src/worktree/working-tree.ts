import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';
import type {
  ChangeRefused,
  ChangeVia,
  ConfigurationRepository,
  FileChange,
  FileChangeResult,
  Refusal,
  Tip,
} from '../app/ports/configuration-repository.ts';
import { askOncePerTip } from '../domain/git/memo-by-revision.ts';
import { commitChange } from './change.ts';
import { editInPlace } from './file/edit-in-place.ts';
import { refuseLinkOut } from './file/link.ts';
import { plainFile } from './file/plain-file.ts';
import { readConfigurationFile } from './file/read-file.ts';
import { settlementOf } from './git/ancestry.ts';
import { editableAt } from './git/commit-file.ts';
import { defaultBranch, freshTip } from './git/default-branch.ts';
import { contentAt } from './git/files.ts';
import { type GitFailure, gitFailed, gitText, NO_GIT, tryGit } from './git/git.ts';
import type { Place, Surroundings } from './git/surroundings.ts';
import { readTip } from './git/tip.ts';
import { inTurn } from './git/turn.ts';
import { proposeChange, withdrawBranch } from './propose.ts';

/** For callers that only read: without pauses. */
const UNHURRIED: Surroundings = { sleep: async () => {}, random: () => 0.5 };

/**
 * Opens the configuration repository of a file on this machine: its git working tree, or the file itself if it is in
 * none. A link is followed; its target must not be outside of the link's own repository.
 *
 * If git refuses to answer (a repository of another owner, a moved worktree), requests throw `git_failed`: treating the
 * file as authoritative would apply unmerged changes.
 *
 * With `follow` the tip is the remote's present one, whatever is checked out here.
 */
export async function openWorkingTree(
  file: string,
  surroundings: Surroundings = UNHURRIED,
  follow = false,
): Promise<ConfigurationRepository> {
  const { folder, name } = placeOf(file);
  if (folder === null) return plainFile(file);
  try {
    refuseLinkOut(file);
  } catch (error) {
    return refusing(error);
  }
  const top = await tryGit(folder, 'rev-parse', '--show-toplevel');
  if (!Buffer.isBuffer(top)) return isInNone(folder, top) ? plainFile(file) : unusable(top);
  const root = top.toString('utf8').replace(/\r?\n$/, '');
  const path = relative(root, join(folder, name)).split(sep).join('/');
  const place: Place = { ...surroundings, root, path, shown: file };
  const history = { folder, path, once: askOncePerTip() };
  return {
    committed: true,
    readTip: () => readTip({ folder, path, shown: file }, follow, surroundings.log),
    // A simultaneous fetch of the controller would find the ref locked.
    read: (via) => inTurn(place, () => readForChange(place, via)),
    settlement: async (tip, commits, agreement) =>
      tip === null ? 'uncommitted' : settlementOf(history, tip, commits, agreement),
    change: (change) => inTurn(place, () => changeTree(place, change)),
    withdraw: (branch, why) => inTurn(place, () => withdrawBranch(place, branch, why)),
  };
}

async function readForChange(place: Place, via: ChangeVia): Promise<Tip> {
  const { root, shown } = place;
  if (via === 'file') return { path: shown, content: await readConfigurationFile(shown), revision: null };
  const revision = await freshTip(root, await defaultBranch(root));
  await editableAt(place, revision);
  return { path: shown, content: (await contentAt(root, place.path, revision)) ?? Buffer.of(), revision };
}

async function changeTree<R extends Refusal>(
  place: Place,
  change: FileChange<R>,
): Promise<FileChangeResult | ChangeRefused<R>> {
  if (change.via === 'commit') return commitChange(place, change);
  if (change.via === 'pull_request') return proposeChange(place, change);
  return editInPlace(place.shown, change.edit, await gitText(place.root, 'rev-parse', '--absolute-git-dir'));
}

/**
 * Returns the commit on which a proposed change of the file is based: the checked-out one; null outside a repository.
 */
export async function checkedOutRevision(file: string): Promise<string | null> {
  const { folder } = placeOf(file);
  const head = folder && (await tryGit(folder, 'rev-parse', '--verify', '--quiet', 'HEAD'));
  return head && Buffer.isBuffer(head) ? head.toString('utf8').trim() : null;
}

/** Returns the URL of the remote `origin`; null if there is none. */
export async function originOf(file: string): Promise<string | null> {
  const { folder } = placeOf(file);
  const url = folder && (await tryGit(folder, 'remote', 'get-url', 'origin'));
  return url && Buffer.isBuffer(url) ? url.toString('utf8').trim() : null;
}

function placeOf(file: string): { folder: string | null; name: string } {
  for (const find of [() => realpathSync(file), () => join(realpathSync(dirname(file)), basename(file))]) {
    try {
      const path = find();
      return { folder: dirname(path), name: basename(path) };
    } catch {
      // The file does not exist, but its folder may.
    }
  }
  return { folder: null, name: basename(file) };
}

/** Does git report that there is no repository, or, without git, is none visible? */
function isInNone(folder: string, { exitCode, message }: GitFailure): boolean {
  if (exitCode !== NO_GIT) return /not a git repository \(or any|must be run in a work tree/.test(message);
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return false;
    if (at === dirname(at)) return true;
  }
}

function unusable(failure: GitFailure): ConfigurationRepository {
  return refusing(gitFailed(failure, ['rev-parse', '--show-toplevel']));
}

/** Opened nevertheless: a command that only uses the database, such as a stop, does not need the file. */
function refusing(error: unknown): ConfigurationRepository {
  const refuse = () => Promise.reject(error);
  return {
    committed: true,
    readTip: refuse,
    read: refuse,
    settlement: refuse,
    change: refuse,
    withdraw: refuse,
  };
}
