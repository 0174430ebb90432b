import type { Context } from '../runner/context.ts';
import type { Github } from '../runner/open.ts';

/** Returns history's metadata of a reconcile besides the commit: its pull request, and the run that applied it. */
export function mergedBy(github: Github, { run, event }: Context) {
  return async (tip: string | null): Promise<object> => {
    const pullRequest = tip === null ? null : await pullRequestOf(github, tip);
    return { ...(pullRequest === null ? {} : { pull_request: pullRequest }), run, event };
  };
}

/** A history row without the pull request is better than an unapplied merge. */
async function pullRequestOf(github: Github, tip: string): Promise<number | null> {
  const found = await github.pullRequestOf(tip).catch(() => null);
  return found?.number ?? null;
}
