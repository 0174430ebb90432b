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

/** For who only reads: without pauses. */
const UNHURRIED: Surroundings = { sleep: async () => {}, random: () => 0.5 };

/**
 * The configuration repository of a file on this machine: its git working tree, or the file itself where it
 * lies in none. A link is followed: what counts is the file that it names, which must not lie outside the link's
 * own repository.
 *
 * Where git refuses to say (a repository of another owner, a moved worktree), asking the repository throws
 * `git_failed`: taking the file for the truth there would apply what nobody merged.
 *
 * With `follow` the tip is that of the remote as it is now, whatever is checked out here.
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
    // A fetch of ours at the same time would find the ref locked.
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

/** The commit that a proposed change of the file is based on: what is checked out; null outside a repository. */
export async function checkedOutRevision(file: string): Promise<string | null> {
  const { folder } = placeOf(file);
  const head = folder && (await tryGit(folder, 'rev-parse', '--verify', '--quiet', 'HEAD'));
  return head && Buffer.isBuffer(head) ? head.toString('utf8').trim() : null;
}

/** Where the repository was cloned from, as git has it; null where there is no remote `origin`. */
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
      // Not there: the folder may be.
    }
  }
  return { folder: null, name: basename(file) };
}

/** Does git say that there is no repository, or, without git, is none to be seen? */
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

/** Opened all the same: who only asks the database, such as a stop, does not need the file. */
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
