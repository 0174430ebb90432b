import type { Impact } from '../../domain/plan/impact.ts';
import type { ChangeReason, ReducedField } from '../../domain/plan/reason.ts';

/** Builds the sentences of history, which stores only text. */
export interface HistoryWords {
  reason(reason: ChangeReason): string;
  reduced(fields: readonly ReducedField[]): string;
}

/** The actor of a change, and the contents of its history row. */
export interface Applier {
  actor: string;
  /** Commit of the file; null outside a repository. */
  revision: string | null;
  /** A person's reason; the plan's reason follows in brackets. */
  reason?: string | undefined;
  /** Additional metadata of the history row, such as the pull request. */
  metadata?: object;
  words: HistoryWords;
  /** Subjects that enter by the change, and the total; null: not counted. Left out: nobody. */
  moved?: Pick<Impact, 'entering' | 'before' | 'after'> | null;
}
