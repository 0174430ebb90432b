import { isAbsolute, relative, resolve, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { RolloutError } from '../../errors.ts';
import type { Github } from '../../github/repository.ts';
import { withoutSlashes } from '../../lib/web-url.ts';
import type { Environment, Settings } from './settings.ts';

export interface GithubSettings extends Pick<Settings, 'file' | 'environment' | 'log'> {
  /** Where the event says it; else GitHub is asked when it is needed. */
  defaultBranch?: string | null;
  /** Told what a person should know although nothing failed; left out, `log`. */
  warn?: (line: string) => void;
}

/** What a workflow run has; a token only where somebody gave it to the step. */
const VARIABLES = [
  'GITHUB_API_URL',
  'GITHUB_GRAPHQL_URL',
  'GITHUB_SERVER_URL',
  'GITHUB_REPOSITORY',
  'GITHUB_TOKEN',
] as const;

/**
 * The repository on GitHub that the environment names; null where one of the variables is missing, as on a command
 * line. The room is loaded only then: a stop by the database alone does not wait for it.
 */
export async function openGithubOf(settings: GithubSettings): Promise<Github | null> {
  const { environment, log } = settings;
  const [api, graphql, server, repository, token] = VARIABLES.map((name) => environment[name]?.trim());
  if (!api || !graphql || !server || !repository || !token) return null;
  const [owner, repo, ...more] = repository.split('/');
  if (!owner || !repo || more.length > 0) {
    throw new RolloutError('usage', 'GITHUB_REPOSITORY is not the name of a repository', {
      hint: 'it looks like acme/shop',
    });
  }
  const { openGithub } = await import('../../github/repository.ts');
  const urls = { api: urlIn('GITHUB_API_URL', api), graphql: urlIn('GITHUB_GRAPHQL_URL', graphql) };
  return openGithub(
    {
      address: { ...urls, server: urlIn('GITHUB_SERVER_URL', server), owner, repo, token },
      path: pathInRepository(settings.file, environment),
      defaultBranch: settings.defaultBranch ?? null,
    },
    {
      now: Date.now,
      sleep: (milliseconds) => setTimeout(milliseconds),
      random: Math.random,
      log,
      warn: settings.warn ?? log,
    },
  );
}

/** Without a slash at its end, which would become two in what follows. */
function urlIn(name: string, url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return withoutSlashes(url);
  throw new RolloutError('usage', `${name} is not a URL`, { hint: 'it begins with https://' });
}

/** The file below the checkout, as the repository calls it. Throws `usage` where it lies outside. */
function pathInRepository(file: string, { GITHUB_WORKSPACE }: Environment): string {
  const path = relative(resolve(GITHUB_WORKSPACE || '.'), resolve(GITHUB_WORKSPACE || '.', file));
  if (path === '' || path.startsWith('..') || isAbsolute(path)) {
    throw new RolloutError('usage', `${file} is not a path in the repository`, {
      hint: 'name the file as the repository has it: --file rollout.yaml',
    });
  }
  return path.split(sep).join('/');
}
