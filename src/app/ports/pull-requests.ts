import type { CheckConclusion } from '../../domain/proposal/plan-check.ts';

/** A merged pull request, with the file before and after it. */
export interface MergedPull {
  number: number;
  /** The newest commit of the default branch that the merge added. */
  commit: string;
  /** The commit before the merge; null: not known. */
  parent: string | null;
}

/** A pull request to the default branch that may change the configuration. */
export interface OpenProposal {
  number: number;
  /** Head commit of its branch. */
  head: string;
  fork: boolean;
  /** The result of merging this head into `onto`; null: GitHub has not computed it yet, or it conflicts. */
  merge: { commit: string; onto: string } | null;
  conflicts: boolean;
}

export type CommentBody = string | ((before: string | null) => string);

/** The controller's comment on a pull request. */
export interface PullRequestComments {
  /**
   * Creates or edits the comment; an unchanged one is not touched. `key` tells the controller's comments apart. With
   * `only_edit` none is created, and the result is `absent` if there is none. A body may be computed from the present
   * text; null: there is none.
   */
  put(
    pullRequest: number,
    comment: { key: string; body: CommentBody; only_edit?: boolean },
  ): Promise<{ state: 'created' | 'updated' | 'unchanged'; url: string } | { state: 'absent' }>;
}

/** The result of a required check of a proposed file. */
export interface PlanCheck {
  /** Name such as `rollout/plan`, by which branch protection requires it. */
  name: string;
  /** The checked commit: for a pull request, the head of its branch. */
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
  /** URL of the run that made it. */
  url: string;
}

export interface PlanChecks {
  /** Creates the check, unless the latest one has the same content. */
  put(check: PlanCheck): Promise<'created' | 'unchanged'>;
}
