import { RolloutError } from '../../errors.ts';
import { webUrlOf } from '../../lib/web-url.ts';
import { originOf } from '../../worktree/working-tree.ts';
import type { Settings } from './settings.ts';

/**
 * The page of the repository, for links to commits: the one that is given, else the one of the workflow run, else
 * where the clone came from. Null where none of them is an address of a host.
 */
export async function repositoryUrlOf(
  { environment, file }: Pick<Settings, 'environment' | 'file'>,
  given?: string,
): Promise<string | null> {
  if (given !== undefined) {
    const url = webUrlOf(given);
    if (url !== null) return url;
    throw new RolloutError('usage', 'the address of the repository is not one that a page may link to', {
      hint: 'it looks like https://github.com/owner/name',
    });
  }
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = environment;
  if (server && name) return webUrlOf(`${server}/${name}`);
  const origin = await originOf(file);
  return origin === null ? null : webUrlOf(origin);
}
