import type { CheckConclusion } from '../../domain/proposal/plan-check.ts';

/** A merged pull request, with the file's state before and after it. */
export interface MergedPull {
  number: number;
  /** The newest commit of the default branch that came by it. */
  commit: string;
  /** The commit before it; null: not known. */
  parent: string | null;
}

/** A pull request to the default branch that may change the configuration. */
export interface OpenProposal {
  number: number;
  /** The head of its branch. */
  head: string;
  fork: boolean;
  /** What merging this head into `onto` would give; null: GitHub has not worked that out yet, or it conflicts. */
  merge: { commit: string; onto: string } | null;
  conflicts: boolean;
}

export type CommentBody = string | ((before: string | null) => string);

/** The one comment of ours on a pull request. */
export interface PullRequestComments {
  /**
   * Puts the comment there, or edits the one that is there; one that says the same already is not touched. `key`
   * tells several of ours apart. With `only_edit` none is created: `absent`, where there is none. A body may be made of
   * what the comment says until then; null: there is none.
   */
  put(
    pullRequest: number,
    comment: { key: string; body: CommentBody; only_edit?: boolean },
  ): Promise<{ state: 'created' | 'updated' | 'unchanged'; url: string } | { state: 'absent' }>;
}

/** What a required check says of a proposed file. */
export interface PlanCheck {
  /** Such as `rollout/plan`, by which branch protection requires it. */
  name: string;
  /** The commit that it is about: of a pull request the head of its branch. */
  head: string;
  conclusion: CheckConclusion;
  /** One line. */
  title: string;
  /** Markdown, everything from people escaped. */
  summary: string;
  annotations: readonly {
    path: string;
    line: number;
    severity: 'error' | 'warning';
    title: string | null;
    message: string;
  }[];
  /** The page of the run that made it. */
  url: string;
}

export interface PlanChecks {
  /** Puts the check there; one that says the same already is not made again. */
  put(check: PlanCheck): Promise<'created' | 'unchanged'>;
}
