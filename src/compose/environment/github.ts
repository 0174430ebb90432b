import { isAbsolute, relative, resolve, sep } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { RolloutError } from '../../errors.ts';
import type { Github } from '../../github/repository.ts';
import { withoutSlashes } from '../../lib/web-url.ts';
import type { Environment, Settings } from './settings.ts';

export interface GithubSettings extends Pick<Settings, 'file' | 'environment' | 'log'> {
  /** From the event; null or left out: GitHub is asked when needed. */
  defaultBranch?: string | null;
  /** Receives warnings although nothing failed; left out: `log`. */
  warn?: (line: string) => void;
}

/** Variables of a workflow run; a token only if the step was given one. */
const VARIABLES = [
  'GITHUB_API_URL',
  'GITHUB_GRAPHQL_URL',
  'GITHUB_SERVER_URL',
  'GITHUB_REPOSITORY',
  'GITHUB_TOKEN',
] as const;

/**
 * Opens the repository on GitHub that the environment names; null if a variable is missing, as on a command line. Code
 * for GitHub is loaded only then: a stop by the database alone does not wait for it.
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

/** Removes a trailing slash, which would be doubled when a path is appended. */
function urlIn(name: string, url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return withoutSlashes(url);
  throw new RolloutError('usage', `${name} is not a URL`, { hint: 'it begins with https://' });
}

/** Returns the file's path in the repository. Throws `usage` if it is outside of the checkout. */
function pathInRepository(file: string, { GITHUB_WORKSPACE }: Environment): string {
  const path = relative(resolve(GITHUB_WORKSPACE || '.'), resolve(GITHUB_WORKSPACE || '.', file));
  if (path === '' || path.startsWith('..') || isAbsolute(path)) {
    throw new RolloutError('usage', `${file} is not a path in the repository`, {
      hint: 'name the file as the repository has it: --file rollout.yaml',
    });
  }
  return path.split(sep).join('/');
}
