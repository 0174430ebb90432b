import { type ErrorCode, RolloutError } from '../../errors.ts';
import { errorText, toError } from '../../lib/error-text.ts';
import { redact } from '../../lib/redact.ts';
import { harmless } from '../../lib/text.ts';

const LONGEST = 300;

/** An unsuccessful response, as octokit throws it. */
interface HttpFailure extends Error {
  status: number;
  response?: { headers: Record<string, string | number | undefined>; data: unknown };
}

/** Returns the status of the response; null: there was none. */
export function statusOf(error: unknown): number | null {
  const failure = failureOf(error);
  return failure?.response ? failure.status : null;
}

/** Returns GitHub's message in one line, with its messages about single fields. */
export function saidBy(error: unknown): string {
  const failure = failureOf(error);
  const said = [failure?.message ?? errorText(error)];
  const { data } = failure?.response ?? {};
  if (typeof data === 'object' && data !== null && 'message' in data && typeof data.message === 'string') {
    said[0] = data.message;
    for (const one of 'errors' in data && Array.isArray(data.errors) ? data.errors : []) {
      const text =
        typeof one === 'string' ? one : (one?.message ?? [one?.field, one?.code].filter(Boolean).join(' '));
      if (text) said.push(String(text));
    }
  }
  return harmless(redact(said.join('; ').replace(/\s+/g, ' ').trim()), LONGEST);
}

/** May the write have succeeded although the response says otherwise, or none came? */
export function mayBeDone(error: unknown): boolean {
  const status = statusOf(error);
  return failureOf(error) !== null && (status === null || status >= 500);
}

/** Does a rule of the repository demand a pull request? GitHub reports that in several texts and status codes. */
export function wantsPullRequest(said: string): boolean {
  return /rule violations found|must be made through a pull request|protected branch|approving review|required status check|not authorized to push to this branch|cannot change this locked branch/i.test(
    said,
  );
}

/** Returns the seconds for which GitHub asks for a pause; null: it does not. */
export function limitOf(error: unknown, now: number): number | null {
  const failure = failureOf(error);
  const headers = failure?.response?.headers;
  if (!failure || !headers) return null;
  const after = Number(headers['retry-after']);
  if (/secondary rate/i.test(saidBy(error)) || (failure.status === 429 && after > 0))
    return after > 0 ? after : 60;
  const usedUp = String(headers['x-ratelimit-remaining']) === '0' && /rate limit/i.test(saidBy(error));
  if (!usedUp && failure.status !== 429) return null;
  return Math.max(1, Math.ceil(Number(headers['x-ratelimit-reset'] ?? 0) - now / 1000) + 1);
}

/**
 * Converts a failure to an error with a next action. `doing` begins the sentence: `reading the branch main of
 * acme/shop`. RolloutErrors pass unchanged.
 */
export function explained(error: unknown, doing: string, now: number): Error {
  if (error instanceof RolloutError) return error;
  const failure = failureOf(error);
  if (!failure) return toError(error);
  const seconds = limitOf(error, now);
  if (seconds !== null) return limited(doing, seconds, now, error);
  const told = TABLE.find(({ when }) => when(failure));
  const status = failure.response ? `GitHub answered ${failure.status}: ` : 'GitHub cannot be reached: ';
  return new RolloutError(told?.code ?? 'github_refused', `${doing}: ${status}${saidBy(error)}`, {
    hint: told?.hint(failure) ?? 'look at what GitHub says, and run the command again',
    cause: error,
  });
}

export function limited(doing: string, seconds: number, now: number, cause?: unknown): RolloutError {
  const until = new Date(now + seconds * 1000).toISOString().slice(11, 16);
  return new RolloutError('github_limited', `${doing}: GitHub accepts no more requests before ${until} UTC`, {
    hint: 'nothing is lost: the next tick goes on; run the command again then',
    ...(cause === undefined ? {} : { cause }),
  });
}

const TABLE: readonly {
  when: (failure: HttpFailure) => boolean;
  code: ErrorCode;
  hint: (failure: HttpFailure) => string;
}[] = [
  {
    when: ({ response, status }) => response === undefined || status >= 500,
    code: 'github_unreachable',
    hint: () => 'see https://www.githubstatus.com; nothing is lost, the next tick tries again',
  },
  {
    // The status of a repository without issues; a renamed repository has the same status.
    when: ({ response, status, message }) =>
      response !== undefined && status === 410 && /disabled/i.test(message),
    code: 'github_off',
    hint: () => 'switch Issues on (Settings, General, Features), or set the input issues to false',
  },
  {
    when: ({ status }) => status === 401,
    code: 'github_refused',
    hint: () => 'check GITHUB_TOKEN; the one of a workflow is good only while its job runs',
  },
  {
    when: ({ status, message }) => status === 403 && /not accessible by|must have/i.test(message),
    code: 'github_refused',
    hint: (failure) => `give the job in its workflow: permissions: ${neededBy(failure)}`,
  },
  {
    when: ({ status }) => status === 403,
    code: 'github_refused',
    hint: () => 'the token may not do that; see what it may: rollout doctor',
  },
  {
    when: ({ status }) => status === 404,
    code: 'github_refused',
    hint: () => 'check GITHUB_REPOSITORY, and that the token may read it: rollout doctor',
  },
];

/** GitHub lists sufficient permissions: `contents=write,pull_requests=read`. */
function neededBy({ response }: HttpFailure): string {
  const named = response?.headers['x-accepted-github-permissions'];
  return typeof named === 'string' && /^[\w=,; ]+$/.test(named)
    ? named.replaceAll('=', ': ').replaceAll('_', '-')
    : 'the one that this needs; see docs/github.md';
}

function failureOf(error: unknown): HttpFailure | null {
  const found = error instanceof RolloutError ? error.cause : error;
  return found instanceof Error && 'status' in found && typeof found.status === 'number'
    ? (found as HttpFailure)
    : null;
}
