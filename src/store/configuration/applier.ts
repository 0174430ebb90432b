import type { Impact } from '../../domain/plan/impact.ts';
import type { ChangeReason, ReducedField } from '../../domain/plan/reason.ts';

/** The words for what only a text can be kept of. */
export interface HistoryWords {
  reason(reason: ChangeReason): string;
  reduced(fields: readonly ReducedField[]): string;
}

/** Who applies a change, and what its row of history says beside. */
export interface Applier {
  actor: string;
  /** Commit of the file; null outside a repository. */
  revision: string | null;
  /** Why a person asked for it; what was found follows in brackets. */
  reason?: string | undefined;
  /** More for the history row, such as the pull request. */
  metadata?: object;
  words: HistoryWords;
  /** Who enters by it, of how many; null: it was not counted. Left out: nobody. */
  moved?: Pick<Impact, 'entering' | 'before' | 'after'> | null;
}
