import type { Context } from '../runner/context.ts';
import type { Github } from '../runner/open.ts';

/** What history keeps of a reconcile beside the commit: the pull request it came from, and the run that applied it. */
export function mergedBy(github: Github, { run, event }: Context) {
  return async (tip: string | null): Promise<object> => {
    const pullRequest = tip === null ? null : await pullRequestOf(github, tip);
    return { ...(pullRequest === null ? {} : { pull_request: pullRequest }), run, event };
  };
}

/** A history row without it is better than a merge that is not applied. */
async function pullRequestOf(github: Github, tip: string): Promise<number | null> {
  const found = await github.pullRequestOf(tip).catch(() => null);
  return found?.number ?? null;
}
