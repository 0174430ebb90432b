import { realpathSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import type { ConfigurationRepository, Tip } from '../app/ports.ts';
import { RolloutError } from '../errors.ts';
import { settlementOf } from './ancestry.ts';
import { gitSays, gitText, tryGit } from './git.ts';
import { plainFile } from './plain-file.ts';

/**
 * The configuration repository of a file on this machine: its git working tree, or the file itself where it
 * lies in none.
 */
export async function openWorkingTree(file: string): Promise<ConfigurationRepository> {
  const folder = folderOf(file);
  const root = folder && (await tryGit(folder, 'rev-parse', '--show-toplevel'));
  if (!folder || !root || !Buffer.isBuffer(root)) return plainFile(file);
  const path = relative(root.toString('utf8').trimEnd(), join(folder, basename(file)));
  return {
    readTip: () => readTip(folder, path, file),
    settlement: async (tip, commits) => (tip === null ? 'contained' : settlementOf(folder, tip, commits)),
  };
}

/** The commit that a proposed change of the file is based on: what is checked out; null outside a repository. */
export async function checkedOutRevision(file: string): Promise<string | null> {
  const folder = folderOf(file);
  const head = folder && (await tryGit(folder, 'rev-parse', '--verify', '--quiet', 'HEAD'));
  return head && Buffer.isBuffer(head) ? head.toString('utf8').trim() : null;
}

function folderOf(file: string): string | null {
  try {
    return realpathSync(dirname(file));
  } catch {
    return null;
  }
}

async function readTip(folder: string, path: string, shown: string): Promise<Tip> {
  const tip = await defaultTip(folder);
  const content = await tryGit(folder, 'cat-file', 'blob', `${tip.revision}:${path}`);
  if (!Buffer.isBuffer(content)) {
    throw new RolloutError('file_missing', `${shown} is not in ${tip.name} (${tip.revision.slice(0, 10)})`, {
      hint: `commit it first: git add ${shown} && git commit`,
    });
  }
  await refuseOtherFile(folder, path, shown, tip);
  return { path: shown, content, revision: tip.revision };
}

interface DefaultTip {
  name: string;
  revision: string;
}

/** `origin/HEAD`; without a remote, the branch that is checked out. */
async function defaultTip(folder: string): Promise<DefaultTip> {
  const remotes = await gitText(folder, 'remote');
  const name = remotes.split('\n').includes('origin') ? await remoteHead(folder) : await localBranch(folder);
  const revision = await tryGit(folder, 'rev-parse', '--verify', '--quiet', `${name}^{commit}`);
  if (Buffer.isBuffer(revision)) return { name, revision: revision.toString('utf8').trim() };
  throw new RolloutError('revision_refused', `${name} has no commit yet`, {
    hint: 'commit rollout.yaml first',
  });
}

async function remoteHead(folder: string): Promise<string> {
  const head = await tryGit(folder, 'symbolic-ref', '--quiet', '--short', 'refs/remotes/origin/HEAD');
  if (Buffer.isBuffer(head)) return head.toString('utf8').trim();
  throw new RolloutError('revision_refused', 'the default branch of origin is not known here', {
    hint: 'run: git remote set-head origin --auto',
  });
}

async function localBranch(folder: string): Promise<string> {
  const branch = await tryGit(folder, 'symbolic-ref', '--quiet', '--short', 'HEAD');
  if (Buffer.isBuffer(branch)) return branch.toString('utf8').trim();
  throw new RolloutError('revision_refused', 'no branch is checked out (detached HEAD)', {
    hint: 'check out the branch whose rollout.yaml counts, for example: git switch main',
  });
}

/** What lies in the folder must be what is applied, or somebody would believe another file was. */
async function refuseOtherFile(folder: string, path: string, shown: string, tip: DefaultTip): Promise<void> {
  if (await unchangedSince(folder, tip.revision, path)) return;
  if (!(await unchangedSince(folder, 'HEAD', path))) {
    throw new RolloutError('revision_refused', `${shown} has changes that are not committed`, {
      hint: `reconcile applies the committed file of ${tip.name}; commit the changes or undo them: git restore ${shown}`,
    });
  }
  const head = (await gitText(folder, 'rev-parse', '--abbrev-ref', 'HEAD')).trim();
  throw new RolloutError(
    'revision_refused',
    `${shown} on ${head} is not the one of ${tip.name} (${tip.revision.slice(0, 10)})`,
    {
      hint: `reconcile applies only ${tip.name}; merge this branch, or bring the checkout up to date: git switch ${tip.name.replace(/^origin\//, '')} && git pull`,
    },
  );
}

async function unchangedSince(folder: string, revision: string, path: string): Promise<boolean> {
  return gitSays(folder, 'diff', '--quiet', revision, '--', `:(top)${path}`);
}
