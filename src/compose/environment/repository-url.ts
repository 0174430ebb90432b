import { RolloutError } from '../../errors.ts';
import { webUrlOf } from '../../lib/web-url.ts';
import { originOf } from '../../worktree/working-tree.ts';
import type { Settings } from './settings.ts';

/**
 * Returns the web page of the repository, for links to commits: the given one, otherwise that of the workflow run,
 * otherwise that of the clone's origin. Null if none of them is an address of a host.
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
