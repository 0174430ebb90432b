import { createHash } from 'node:crypto';
import type { MergedIncident } from '../../store/incidents/merged.ts';
import type { Store } from '../../store/store.ts';
import type { CommentBody, PullRequestComments } from '../ports/pull-requests.ts';
import type { Words } from '../ports/words.ts';
import { UNNAMED } from '../proposal-branch.ts';
import { failsForAll, messageOf, type Told } from './incident-issues.ts';

/** Limit of comments written in one run; the next run continues. */
const MOST_AT_ONCE = 10;

/** Separates the reconcile's result from what happened since. No other text contains this line. */
const SINCE = '<!-- rollout: since -->';

export interface MergedDependencies {
  store: Store;
  words: Pick<Words, 'sinceMerged'>;
  /** Writes comments on pull requests; null or left out: merged pull requests get none. */
  comments?: PullRequestComments | null;
}

/**
 * Identifies the comment with the outcome of a merge among the controller's comments; each environment of a repository
 * has its own.
 */
export function outcomeKey(environment: string | null): string {
  return environment === null || environment === UNNAMED ? 'outcome' : `outcome in ${environment}`;
}

/** Writes the reconcile's result into the comment; what happened since stays below it. */
export function withOutcome(outcome: string): CommentBody {
  return (before) => joined(outcome, partsOf(before).since);
}

/** Writes what happened since into the comment; the reconcile's result stays above it. */
function withSince(since: string): CommentBody {
  return (before) => joined(partsOf(before).outcome, since);
}

function partsOf(text: string | null): { outcome: string; since: string } {
  const [outcome = '', since = ''] = (text ?? '').split(SINCE);
  return { outcome: outcome.trim(), since: since.trim() };
}

function joined(outcome: string, since: string): string {
  return since === '' ? outcome.trim() : `${outcome.trim()}\n\n${SINCE}\n\n${since.trim()}`.trim();
}

/**
 * Updates the comment of each merged pull request with what happened to its features: the incident that ended it, with
 * its numbers, and the further course. A comment that is already current is not requested; the next run retries
 * failures.
 */
export async function tellMerged({ store, words, comments }: MergedDependencies): Promise<Told> {
  if (!comments) return { problems: [], warnings: [] };
  const { incidents, environment } = await store.reading(async (read) => ({
    incidents: await read.incidents.ofMerged(),
    environment: (await read.state()).environment,
  }));
  const problems: string[] = [];
  for (const { pull_request, of, text, digest } of due(words, incidents).slice(0, MOST_AT_ONCE)) {
    try {
      await comments.put(pull_request, { key: outcomeKey(environment), body: withSince(text) });
      await store.incidents.markMerged(of, digest);
    } catch (error) {
      problems.push(`the merged pull request #${pull_request} is not told yet: ${messageOf(error)}`);
      if (failsForAll(error)) break;
    }
  }
  return { problems, warnings: [] };
}

/** Returns the pull requests whose comments differ from the database, each with its new text. */
function due(words: Pick<Words, 'sinceMerged'>, incidents: readonly MergedIncident[]) {
  const pulls = new Set(incidents.map(({ pull_request }) => pull_request));
  return [...pulls].flatMap((pull_request) => {
    const own = incidents.filter((one) => one.pull_request === pull_request);
    const text = words.sinceMerged(own);
    const digest = createHash('sha256').update(text).digest('hex');
    if (own.every((one) => one.merged_digest === digest)) return [];
    return [{ pull_request, of: own.map(({ incident }) => incident), text, digest }];
  });
}
