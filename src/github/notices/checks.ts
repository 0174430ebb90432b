import { createHash } from 'node:crypto';
import type { PlanCheck } from '../../app/ports/pull-requests.ts';
import { RolloutError } from '../../errors.ts';
import { cutTo, harmless } from '../../lib/text.ts';
import { type Client, ONCE } from '../api/client.ts';
import { limitOf, saidBy, statusOf } from '../api/failure.ts';

/** Limit of annotations in one request to GitHub. */
const MOST_ANNOTATIONS = 50;
/** Limits of GitHub in characters: for a summary, a title, and the message of an annotation. */
const LONGEST_SUMMARY = 65_000;
const LONGEST_TITLE = 250;
const LONGEST_MESSAGE = 2_000;
/** Prefix of the mark that identifies the controller's checks. */
const MARK = 'rollout-plan:';

/**
 * Writes a check on a commit: GitHub counts the newest one of a name. A changed result gets a new check instead of an
 * edit, because only the token's own app may edit one; an unchanged one is left, so that a lost answer creates no
 * second one.
 */
export async function putCheck(client: Client, check: PlanCheck): Promise<'created' | 'unchanged'> {
  try {
    return await put(client, check);
  } catch (error) {
    // A rate limit has the same status but means: later.
    if (statusOf(error) !== 403 || limitOf(error, client.surroundings.now()) !== null) throw error;
    throw new RolloutError('github_off', `GitHub accepts no checks from this token: ${saidBy(error)}`, {
      hint: "give the job in its workflow: permissions: checks: write; a person's token may write none",
    });
  }
}

async function put(client: Client, check: PlanCheck): Promise<'created' | 'unchanged'> {
  const { owner, repo, rest } = client;
  const { name, head, conclusion, url } = check;
  const output = outputOf(check);
  const external_id = MARK + digestOf({ conclusion, output });
  const known = await rest.checks.listForRef({
    ...{ owner, repo, ref: head, check_name: name, filter: 'latest' as const, per_page: 100 },
  });
  // Any author counts: GitHub uses the newest check of a name, whatever its mark.
  const newest = known.data.check_runs.sort((a, b) => b.id - a.id)[0];
  if (newest?.external_id === external_id && newest.conclusion === conclusion) return 'unchanged';
  await rest.checks.create({
    ...{ owner, repo, name, head_sha: head, status: 'completed' as const, conclusion, external_id },
    ...{ output, details_url: url, ...ONCE },
  });
  return 'created';
}

function outputOf({ title, summary, annotations }: PlanCheck) {
  const left = annotations.length - MOST_ANNOTATIONS;
  const more =
    left > 0 ? `\n\n_${left} more annotations were left out: GitHub takes ${MOST_ANNOTATIONS}._` : '';
  return {
    title: harmless(title, LONGEST_TITLE),
    summary: cutTo(summary, LONGEST_SUMMARY, '…') + more,
    annotations: annotations.slice(0, MOST_ANNOTATIONS).map((one) => ({
      path: one.path,
      start_line: Math.max(1, one.line),
      end_line: Math.max(1, one.line),
      annotation_level: one.severity === 'error' ? ('failure' as const) : ('warning' as const),
      message: harmless(one.message, LONGEST_MESSAGE),
      ...(one.title === null ? {} : { title: harmless(one.title, LONGEST_TITLE) }),
    })),
  };
}

function digestOf(said: object): string {
  return createHash('sha256').update(JSON.stringify(said)).digest('hex');
}
