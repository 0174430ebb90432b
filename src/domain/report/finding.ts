import type { ReceiverProblem } from '../notify/route.ts';

/** A finding of the doctor about one thing, as a code with its facts. */
export type Found =
  /** The check itself failed; `why` and `next` come from the error. */
  | { code: 'not_asked'; why: string; next: string | null }
  | { code: 'file_valid'; path: string; warnings: number }
  /** The first error; `more` errors follow. */
  | { code: 'file_invalid'; path: string; line: number; message: string; more: number }
  | { code: 'environment_differs'; file: string; database: string }
  | { code: 'receivers_set'; variables: string[] }
  | { code: 'receiver_missing'; variable: string; problem: ReceiverProblem }
  | DatabaseFound
  | TickFound
  | GithubFound;

type DatabaseFound =
  | { code: 'database_embedded'; version: string }
  | { code: 'database_server'; version: string; user: string }
  | { code: 'migrations_applied'; applied: number }
  | { code: 'migrations_pending'; pending: string[] }
  /** Applied migrations that this version does not have, because they come from a newer one. */
  | { code: 'migrations_newer'; newer: string[] }
  | { code: 'buckets_agree' }
  | { code: 'replica' }
  | { code: 'roles_missing' }
  | { code: 'role_reads'; user: string; member_of: string[] }
  | { code: 'role_writes'; user: string; member_of: string[]; owner: boolean }
  | { code: 'rights_as_granted' }
  /** Rights of everybody, on hosted databases everybody on the internet. */
  | { code: 'rights_of_everybody'; role: string; objects: number }
  | { code: 'rights_of_others'; role: string; objects: number }
  | { code: 'role_creates'; role: string }
  | { code: 'rights_missing'; missing: number };

type TickFound =
  | { code: 'stopped'; reason: string }
  | { code: 'tick_never' }
  | { code: 'tick_late'; at: Date }
  | { code: 'tick_ran'; at: Date };

/** Findings about the repository on GitHub. */
export type GithubFound =
  | { code: 'schedule_elsewhere' }
  | { code: 'schedule_missing' }
  | { code: 'schedule_on'; path: string }
  /** `workflow_state` is GitHub's own value. */
  | { code: 'schedule_off'; path: string; workflow_state: string }
  | { code: 'github_not_asked' }
  | { code: 'github_reached'; default_branch: string; private: boolean }
  | { code: 'token_unknown' }
  | { code: 'token_writes' }
  | { code: 'token_reads' }
  | { code: 'protection_unknown'; branch: string }
  | { code: 'protection_none'; branch: string }
  /**
   * A rollback is live at once, but its commit needs a pull request. `may_propose`: whether Actions may open one; null:
   * unknown.
   */
  | { code: 'protected'; branch: string; by: 'classic' | 'ruleset'; may_propose: boolean | null }
  | { code: 'pull_requests_unknown' }
  | { code: 'pull_requests_allowed' }
  | { code: 'pull_requests_forbidden' }
  | { code: 'environments_unknown'; needed: string[] }
  | { code: 'environments_exist'; needed: string[] }
  | { code: 'environments_missing'; missing: string[] };

/** One line of the doctor: the checked thing and the finding. */
export type Finding = Found & {
  what: string;
  /** `unknown`: the check itself failed. */
  state: 'ok' | 'warning' | 'failed' | 'unknown';
};

/** The finding, and the next action: a command, or where to click; null: none. */
export interface FindingText {
  found: string;
  next: string | null;
}
