import { Refusal } from './answers.ts';
import type { Caller } from './caller.ts';
import type { Hosted } from './state.ts';

/** What GitHub says of a write that a rule forbids; null: none does. */
export function forbidden(repo: Hosted, caller: Caller, branch: string): string | null {
  const protection = repo.protections.get(branch);
  if (!protection || caller.admin) return null;
  return protection === 'ruleset'
    ? 'Repository rule violations found\n\nChanges must be made through a pull request.\n\n'
    : 'At least 1 approving review is required by reviewers with write access.';
}

/** Throws 409 for a ruleset and 422 for classic protection, as GitHub does over REST. */
export function refuseProtected(repo: Hosted, caller: Caller, branch: string): void {
  const message = forbidden(repo, caller, branch);
  if (message === null) return;
  throw new Refusal(repo.protections.get(branch) === 'ruleset' ? 409 : 422, message);
}
