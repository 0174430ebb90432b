import { RolloutError } from '../../errors.ts';
import { type GitFailure, git, gitText, tryGit } from './git.ts';

/** The branch whose file counts: that of `origin/HEAD`; without a remote, the one that is checked out. */
export interface DefaultBranch {
  /** Such as `main`. */
  name: string;
  remote: boolean;
  /** Where this clone has its tip. */
  ref: string;
  /** As people call it. */
  shown: string;
}

export async function defaultBranch(folder: string): Promise<DefaultBranch> {
  const remotes = await gitText(folder, 'remote');
  return remotes.split('\n').includes('origin') ? remoteBranch(folder) : localBranch(folder);
}

/** The tip as this clone knows it. Throws `revision_refused` where there is none. */
export async function tipOf(folder: string, { ref, shown }: DefaultBranch): Promise<string> {
  const tip = await commitAt(folder, ref);
  if (tip !== null) return tip;
  throw new RolloutError('revision_refused', `${shown} has no commit yet`, {
    hint: 'commit rollout.yaml first',
  });
}

/** The tip as the remote has it now. Throws `revision_refused` where the remote has another default branch by now. */
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

/** What origin says of itself now. */
interface OriginSays {
  /** Its default branch; null: it does not say. */
  head: string | null;
  /** Where it has the branch that this clone follows; null: nowhere. */
  tip: string | null;
}

/** Asks origin which branch is its default, and whether it has ours. The failure where it does not answer. */
export async function askOrigin(folder: string, name: string): Promise<OriginSays | GitFailure> {
  const ref = `refs/heads/${name}`;
  const listed = await tryGit(folder, ...QUIETLY, 'ls-remote', '--symref', 'origin', 'HEAD', ref);
  if (!Buffer.isBuffer(listed)) return listed;
  const lines = listed.toString('utf8').split('\n');
  const head = lines.map((line) => /^ref: refs\/heads\/(.+)\tHEAD$/.exec(line)?.[1]).find(Boolean);
  const tip = lines.find((line) => line.endsWith(`\t${ref}`))?.split('\t')[0];
  return { head: head ?? null, tip: tip ?? null };
}

/** The branch that this clone follows was the default once; what people merge goes to another by now. */
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

/** Brings the branch here, unless this clone is where origin says that it is. */
export async function fetchIfMoved(folder: string, { name, ref }: DefaultBranch, { tip }: OriginSays) {
  if (tip === null || (await commitAt(folder, ref)) !== tip) await fetchBranch(folder, name);
}

/** Brings the remote's branch here. Names it in full: a clone of a single branch follows no other by itself. */
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

/** Nothing is tidied up behind somebody's back, and a server that says nothing is not waited for. */
const QUIETLY = [
  'gc.auto=0',
  'maintenance.auto=false',
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=15',
].flatMap((setting) => ['-c', setting]);

/** The commit that a ref names, or null. */
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
