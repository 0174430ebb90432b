import { RolloutError } from '../../errors.ts';
import { type GitFailure, git, gitText, tryGit } from './git.ts';

/** The branch of the authoritative file: that of `origin/HEAD`; without a remote, the checked-out one. */
export interface DefaultBranch {
  /** Branch name such as `main`. */
  name: string;
  remote: boolean;
  /** Ref of its tip in this clone. */
  ref: string;
  /** Display name. */
  shown: string;
}

export async function defaultBranch(folder: string): Promise<DefaultBranch> {
  const remotes = await gitText(folder, 'remote');
  return remotes.split('\n').includes('origin') ? remoteBranch(folder) : localBranch(folder);
}

/** Returns the tip as this clone knows it. Throws `revision_refused` if there is none. */
export async function tipOf(folder: string, { ref, shown }: DefaultBranch): Promise<string> {
  const tip = await commitAt(folder, ref);
  if (tip !== null) return tip;
  throw new RolloutError('revision_refused', `${shown} has no commit yet`, {
    hint: 'commit rollout.yaml first',
  });
}

/** Returns the remote's present tip. Throws `revision_refused` if the remote's default branch has changed. */
export async function freshTip(folder: string, branch: DefaultBranch): Promise<string> {
  if (branch.remote) {
    const says = await askOrigin(folder, branch.name);
    if ('exitCode' in says) throw unanswered(says);
    refuseOtherDefault(branch, says);
    await fetchIfMoved(folder, branch, says);
  }
  return tipOf(folder, branch);
}

function unanswered({ message }: GitFailure): RolloutError {
  return new RolloutError('git_failed', `origin does not answer: ${message}`, {
    hint: 'run it by hand: git ls-remote origin HEAD',
  });
}

/** The present state of origin. */
interface OriginSays {
  /** Default branch of origin; null: not stated. */
  head: string | null;
  /** Tip on origin of the branch that this clone follows; null: origin does not have the branch. */
  tip: string | null;
}

/** Asks origin for its default branch and for the tip of branch `name`. Returns the failure if it does not answer. */
export async function askOrigin(folder: string, name: string): Promise<OriginSays | GitFailure> {
  const ref = `refs/heads/${name}`;
  const listed = await tryGit(folder, ...QUIETLY, 'ls-remote', '--symref', 'origin', 'HEAD', ref);
  if (!Buffer.isBuffer(listed)) return listed;
  const lines = listed.toString('utf8').split('\n');
  const head = lines.map((line) => /^ref: refs\/heads\/(.+)\tHEAD$/.exec(line)?.[1]).find(Boolean);
  const tip = lines.find((line) => line.endsWith(`\t${ref}`))?.split('\t')[0];
  return { head: head ?? null, tip: tip ?? null };
}

/** Throws if the branch that this clone follows is no longer the default: merges go to another one now. */
export function refuseOtherDefault({ name }: DefaultBranch, { head, tip }: OriginSays): void {
  if (head !== null && head !== name) {
    throw new RolloutError(
      'revision_refused',
      `the default branch of origin is ${head} now, but this clone follows ${name}`,
      {
        hint: `run: git fetch origin ${head}:refs/remotes/origin/${head} && git remote set-head origin ${head}`,
      },
    );
  }
  if (tip !== null) return;
  throw new RolloutError('revision_refused', `origin answers, but has no branch ${name} any more`, {
    hint: 'run: git fetch origin && git remote set-head origin --auto',
  });
}

/** Fetches the branch, unless this clone already has origin's tip. */
export async function fetchIfMoved(folder: string, { name, ref }: DefaultBranch, { tip }: OriginSays) {
  if (tip === null || (await commitAt(folder, ref)) !== tip) await fetchBranch(folder, name);
}

/** Fetches the remote's branch. Uses the full ref, because a clone of a single branch fetches no other by itself. */
export async function fetchBranch(folder: string, name: string): Promise<void> {
  const refspec = `+refs/heads/${name}:refs/remotes/origin/${name}`;
  await git(
    folder,
    ...QUIETLY,
    'fetch',
    '--quiet',
    '--no-tags',
    '--no-recurse-submodules',
    'origin',
    refspec,
  );
}

/** No automatic maintenance, and no waiting for a silent server. */
const QUIETLY = [
  'gc.auto=0',
  'maintenance.auto=false',
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=15',
].flatMap((setting) => ['-c', setting]);

/** Returns the commit of a ref, or null. */
export async function commitAt(folder: string, ref: string): Promise<string | null> {
  const found = await tryGit(folder, 'rev-parse', '--verify', '--quiet', `${ref}^{commit}`);
  return Buffer.isBuffer(found) ? found.toString('utf8').trim() : null;
}

async function remoteBranch(folder: string): Promise<DefaultBranch> {
  const head = await tryGit(folder, 'symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD');
  if (!Buffer.isBuffer(head)) {
    throw new RolloutError('revision_refused', 'the default branch of origin is not known here', {
      hint: 'run: git remote set-head origin --auto',
    });
  }
  const ref = head.toString('utf8').trim();
  const name = ref.replace(/^refs\/remotes\/origin\//, '');
  return { name, remote: true, ref, shown: `origin/${name}` };
}

async function localBranch(folder: string): Promise<DefaultBranch> {
  const head = await tryGit(folder, 'symbolic-ref', '--quiet', 'HEAD');
  if (!Buffer.isBuffer(head)) {
    throw new RolloutError('revision_refused', 'no branch is checked out (detached HEAD)', {
      hint: 'check out the branch whose rollout.yaml counts, for example: git switch main',
    });
  }
  const ref = head.toString('utf8').trim();
  const name = ref.replace(/^refs\/heads\//, '');
  return { name, remote: false, ref, shown: name };
}
