import { createHash } from 'node:crypto';
import type { MergedIncident } from '../../store/incidents/merged.ts';
import type { Store } from '../../store/store.ts';
import type { CommentBody, PullRequestComments } from '../ports/pull-requests.ts';
import type { Words } from '../ports/words.ts';
import { UNNAMED } from '../proposal-branch.ts';
import { failsForAll, messageOf, type Told } from './incident-issues.ts';

/** Comments written in one run; the next one goes on. */
const MOST_AT_ONCE = 10;

/** Between what a reconcile did and what became of it since. Nothing of ours or of people has this line. */
const SINCE = '<!-- rollout: since -->';

export interface MergedDependencies {
  store: Store;
  words: Pick<Words, 'sinceMerged'>;
  /** Null or left out: merged pull requests are told nothing. */
  comments?: PullRequestComments | null;
}

/** Tells the comment with the outcome of a merge from our others; each environment of a repository has one of its own. */
export function outcomeKey(environment: string | null): string {
  return environment === null || environment === UNNAMED ? 'outcome' : `outcome in ${environment}`;
}

/** The comment with what a reconcile did; what came since stays below it. */
export function withOutcome(outcome: string): CommentBody {
  return (before) => joined(outcome, partsOf(before).since);
}

/** The comment with what came since; what the reconcile did stays above it. */
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
 * Tells each merged pull request what became of its features: the incident that ended it, with its numbers, and how that
 * went on. A comment that says so already is not asked for; what fails is tried again by the next run.
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

/** Pull requests that say something else than the database, each with what it is to say. */
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
