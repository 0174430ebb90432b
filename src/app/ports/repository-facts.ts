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
