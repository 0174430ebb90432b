import type { WriteBackOutcome } from '../../store/incidents/write-backs.ts';
import type { FileChangeResult } from '../ports/configuration-repository.ts';

/** Nothing was written; the next tick tries again. */
export function pendingBecause(error: string): WriteBackOutcome {
  return { state: 'pending', commit: null, pull_request: null, error };
}

/** Converts the result of a write-back's edit to its stored state. */
export function writeBackOutcome(result: FileChangeResult): WriteBackOutcome {
  switch (result.state) {
    case 'unchanged':
    case 'committed':
      return { state: 'done', commit: result.commit, pull_request: null, error: null };
    case 'proposed':
      return { state: 'proposed', commit: null, pull_request: result.pull_request, error: null };
    case 'needs_person':
      return {
        state: 'proposed',
        commit: null,
        pull_request: null,
        error: `a person has to open the pull request (${result.why}): ${result.compare}`,
        url: result.compare,
      };
    // In a repository an edit takes effect only once it is committed; a plain file settles at the next reconcile.
    case 'edited':
      return { state: 'proposed', commit: null, pull_request: null, error: null };
  }
}
