import type { ChangeVia, FileChangeResult } from '../domain/change/file.ts';
import type { Notice } from '../domain/change/notice.ts';
import type { Requested } from '../domain/change/requested.ts';
import type { EngineSeries } from '../domain/guardrails/engine-counts.ts';
import type { ReceiverProblem, Route } from '../domain/notify/route.ts';
import type { Standing } from '../domain/plan/change.ts';
import type { ChangeReason, EmptyFile, ReducedField } from '../domain/plan/reason.ts';
import type { Breach } from '../domain/policy/breach.ts';
import type { Elsewhere } from '../domain/policy/proof.ts';
import type { CheckConclusion } from '../domain/proposal/plan-check.ts';
import type { IncidentSince } from '../domain/report/rolled-back.ts';
import type { Settlement, ToldIncident, WrittenIncident } from '../domain/spec/incident.ts';

export type { ChangeVia, FileChangeResult } from '../domain/change/file.ts';

/** The configuration file as it counts: the committed one at the tip of the default branch. */
export interface Tip {
  /** Path as it is shown to people. */
  path: string;
  content: Uint8Array;
  /** Commit; null outside a repository, where the file itself is the truth. */
  revision: string | null;
}

/** Why an edit cannot be made of a text. */
export interface Refusal {
  message: string;
}

/** The text as it should be (the text that was given: nothing is left to do), or why it cannot be made of that text. */
export type Edited<R extends Refusal = Refusal> = { text: string } | { refused: R };

/** A change of the configuration file by program. */
export interface FileChange<R extends Refusal = Refusal> {
  /** Pure: called again with a newer text when the branch moved meanwhile. */
  edit(text: string): Edited<R>;
  via: ChangeVia;
  /** Branch of a pull request, by which it is found again. */
  branch: string;
  /** First line of the commit message and title of the pull request. */
  title: string;
  body: string;
  /** Such as `Rollout-Incident: 12`: by them a write whose answer was lost is recognised. */
  trailers: readonly string[];
  /** Features that it is about: their owners are asked where it becomes a pull request. */
  features?: readonly string[];
  /** The body of a pull request as markdown, everything from people escaped; left out, `body` as it stands. */
  proposal?: string;
  /**
   * A commit and nothing else: where a rule of the repository wants a pull request it throws `branch_protected`
   * instead of making one.
   */
  only_commit?: boolean;
}

/** The edit refused the text that was found, and nothing was written. */
export interface ChangeRefused<R extends Refusal = Refusal> {
  state: 'refused';
  refused: R;
}

/** By what is judged whether a revert ended the agreement of the file with an incident. */
export interface Agreement {
  /**
   * Does it agree, as a commit has it? Null: the commit has no file. The answer is null where that cannot be read.
   * Asked of the same commit, it is best given the same object: then it is parsed once.
   */
  agrees: (content: Uint8Array | null) => boolean | null;
  /** The commit that was applied last: where the file agreed there, no revert before it ended that. */
  applied: string | null;
}

/** Where the desired state lives: a git working tree, a plain file, or GitHub. */
export interface ConfigurationRepository {
  /** What counts is committed; false: a plain file, which is the truth itself where no commit ever governed. */
  readonly committed: boolean;
  /**
   * The tip. Throws `revision_refused` with the reason where what lies in the folder is not the tip (a dirty
   * file, another branch), so that nobody believes a file was applied that was not.
   */
  readTip(): Promise<Tip>;
  /**
   * The file that a change would start from: for `file` what lies in the folder, else what is committed at the tip of
   * the default branch as its origin has it now, whatever lies in the folder.
   */
  read(via: ChangeVia): Promise<Tip>;
  /**
   * How the tip stands to commits that settled an incident, the tip of that reconcile first. `uncommitted` outside a
   * repository. Without `agreement` only whether it contains them. Throws `revision_refused` where the history is
   * cut off (a shallow clone) and it cannot be known.
   */
  settlement(tip: string | null, commits: readonly string[], agreement?: Agreement): Promise<Settlement>;
  /** Changes the file. Throws where the repository cannot; whoever asked tries again later. */
  change<R extends Refusal>(change: FileChange<R>): Promise<FileChangeResult | ChangeRefused<R>>;
  /** Closes our own proposal on a branch, where there is one, and says why. */
  withdraw(branch: string, why: string): Promise<void>;
}

/**
 * The sentences that stay where only a text can be kept: in a commit, an issue, a message. Whoever decides does so by
 * the codes and facts that they are made of.
 */
export interface Words {
  /** Why the next step waits, or why it may come: one sentence without a full stop. */
  gate(gate: Extract<Requested, { code: 'advance' }>['gate']): string;
  /** Title and text of the issue of an incident, and what is said when it is closed; null: it is open. Markdown. */
  issue(
    incident: ToldIncident,
    environment: string | null,
  ): Pick<IncidentIssue, 'title' | 'body' | 'closing'>;
  /** The commit or pull request that writes incidents back. */
  writeBack(incidents: readonly WrittenIncident[]): Pick<FileChange, 'title' | 'body' | 'proposal'>;
  /** What became of the features of a merged pull request since, oldest first. Markdown. */
  sinceMerged(incidents: readonly IncidentSince[]): string;
  /** What a feature is live at, for the page of deployments. */
  deployment(standing: Standing, before: number | null, reason: string): string;
  /** What a notification says. */
  notice(notice: Notice): string;
  /** One way in which a change breaks the policy: a clause. */
  breach(breach: Breach): string;
  /** What a list of test repositories would do to a feature, and the way out. */
  testsBreach(feature: string, breach: Breach): string;
  /** Why a change is planned: one sentence without a full stop. */
  reason(reason: ChangeReason): string;
  /** The fields that somebody reduced by SQL: the reason of the incident that holds them. */
  reduced(fields: readonly ReducedField[]): string;
  /** Why a file without features is not applied. */
  emptyFile(empty: EmptyFile): string;
  /** The title of the commit or pull request that makes a change. */
  title(requested: Requested): string;
  /** From what to what, and other facts, each a sentence. */
  facts(requested: Requested): string[];
}

/** Where people are told of transitions. */
export interface Notifier {
  /** Delivers one message. Throws where it did not arrive, with the `status` of the answer where there was one. */
  deliver(message: {
    key: string;
    /** Of the database; null where it names none. */
    environment: string | null;
    feature: string | null;
    severity: string;
    kind: string;
    message: string;
    details?: object;
    created_at: Date;
  }): Promise<void>;
}

/** Where a route leads in this environment, or the variable that does not say it. */
export type Receiver =
  /** `same` is equal where two routes lead to the same receiver, whatever their variables. A secret: never in any output. */
  { ok: true; same: string; notifier: Notifier } | { ok: false; variable: string; problem: ReceiverProblem };

/** Where people are told, as the environment of the controller has it. */
export interface Receivers {
  /** Gets what no route takes; null: nobody does. */
  webhook: Notifier | null;
  of(route: Route): Receiver;
}

/** An incident as an issue: one an incident, found again by what is hidden in its text. */
export interface IncidentIssue {
  /** Tells it apart from those of other databases with the same repository: `production/12`. */
  incident: string;
  /** What it was the last time; null: none is known. */
  number: number | null;
  /** No issue of it is older. */
  opened_at: Date;
  title: string;
  /** Markdown, everything from people escaped. */
  body: string;
  open: boolean;
  /** Of the feature, as the file names it; null: nobody. */
  owner: string | null;
  /** Said once, when it is closed; markdown. */
  closing: string | null;
}

/** Where people see incidents and talk about them. */
export interface IncidentTracker {
  /** Brings the issue to what it should be, creating it where there is none. May be repeated; nothing happens twice. */
  put(issue: IncidentIssue): Promise<{ number: number; url: string; created: boolean }>;
  /**
   * Two runs of the same moment may have made one each: the oldest stays, the others are closed as its duplicates.
   * The number of the one that stays; null: there is none.
   */
  onlyOne(issue: IncidentIssue): Promise<number | null>;
}

/** What a feature is live at since a moment, for the page of deployments. */
export interface Deployment {
  feature: string;
  /** Such as `rollout/hybrid_progressive_capture`: each feature has one of its own. */
  environment: string;
  /** The commit that it came from; null: none, such as a stop by SQL. */
  revision: string | null;
  /** At most 140 characters are shown. */
  description: string;
  /** Facts for programs, with the head's digest; by `key` in it a repeated one is recognised. */
  payload: { key: string } & Record<string, unknown>;
}

export interface DeploymentLog {
  /** Writes it down as successful, once. */
  put(deployment: Deployment): Promise<void>;
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

/** What can be found out about how a repository is set up; null: it may not be asked. */
export interface RepositoryFacts {
  default_branch: string;
  private: boolean;
  /** May this token write contents? */
  may_write: boolean | null;
  /** Of the default branch. */
  protection: 'none' | 'classic' | 'ruleset' | null;
  /** "Allow GitHub Actions to create and approve pull requests" */
  actions_may_create_pull_requests: boolean | null;
  workflows: { name: string; path: string; state: string }[] | null;
  /** Names of GitHub's environments, which guard the secrets; null where the token may not ask. */
  environments: string[] | null;
}

/**
 * What the environment `from` knows of features; those that it does not have are left out. A text says why it cannot be
 * known. Never throws.
 */
export type OtherEnvironment = (
  from: string,
  features: readonly string[],
) => Promise<ReadonlyMap<string, Elsewhere> | string>;

/** An engine that has the events of metrics. Reads only. */
export interface MetricEngine {
  /**
   * The values of a query at each step from `from` to `until`, in seconds since 1970. Throws EngineRefusal where the
   * engine cannot be asked, does not answer in time, or answers something else.
   */
  range(query: string, from: number, until: number, stepSeconds: number): Promise<EngineSeries[]>;
}
