import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/actions/commands/merged-by.ts
function mergedBy(github, { run, event }) {
  return async (tip) => {
    const pullRequest = tip === null ? null : await pullRequestOf(github, tip);
    return { ...pullRequest === null ? {} : { pull_request: pullRequest }, run, event };
  };
}
async function pullRequestOf(github, tip) {
  const found = await github.pullRequestOf(tip).catch(() => null);
  return found?.number ?? null;
}

export {
  mergedBy
};
