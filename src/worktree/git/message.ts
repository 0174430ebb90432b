import { type BranchCommit, type OnBranch, whoseBranch } from '../../domain/git/proposal-branch.ts';
import { git, gitText } from './git.ts';

/**
 * Finds the newest commit of these files with the given trailers; null: there is none. Incidents are written back
 * together, so one matching incident is enough; trailers that name the feature and the moment must all be there.
 */
export async function findOurs(
  root: string,
  tip: string,
  paths: readonly string[],
  trailers: readonly string[],
): Promise<string | null> {
  const incidents = trailers.filter((trailer) => trailer.startsWith('Rollout-Incident:'));
  const wanted = incidents.length > 0 ? incidents : trailers;
  if (wanted.length === 0) return null;
  const found = await gitText(
    root,
    'log',
    '--max-count=1',
    '--format=%H',
    '--extended-regexp',
    ...(incidents.length > 0 ? [] : ['--all-match']),
    ...wanted.map((trailer) => `--grep=^${trailer.replace(/[^\w :-]/g, '[$&]')}$`),
    tip,
    '--',
    ...paths,
  );
  return found === '' ? null : found;
}

/** Determines whose commits a branch has beyond the default branch. */
export async function branchBeyond(root: string, defaultTip: string, head: string): Promise<OnBranch> {
  const log = await git(root, 'log', '-z', '--format=%H %P%n%B', `${defaultTip}..${head}`);
  const commits = new Map<string, BranchCommit>();
  for (const entry of log.toString('utf8').split('\0')) {
    const [first = '', ...message] = entry.split('\n');
    const [sha = '', ...parents] = first.split(' ').filter(Boolean);
    commits.set(sha, { message: message.join('\n'), parents });
  }
  return whoseBranch(head, async (commit) => commits.get(commit) ?? null);
}
