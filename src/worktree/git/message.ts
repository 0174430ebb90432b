import { gitText } from './git.ts';

/**
 * The newest commit of these files that is ours by its trailers; null: none is. Incidents are written back
 * together, so one of theirs is enough; others name the feature and the moment and must all be there.
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

/** Do all commits of a branch beyond the default branch carry a trailer of ours? */
export async function allOurs(root: string, defaultTip: string, head: string): Promise<boolean> {
  const log = await gitText(root, 'log', '--format=%(trailers:only,unfold)%x01', `${defaultTip}..${head}`);
  return log
    .split('\x01')
    .slice(0, -1)
    .every((trailers) => /^Rollout-[\w-]+:/m.test(trailers));
}
