/** Settings of a repository; null: the token may not read the setting. */
export interface RepositoryFacts {
  default_branch: string;
  private: boolean;
  /** May this token write contents? */
  may_write: boolean | null;
  /** Protection of the default branch. */
  protection: 'none' | 'classic' | 'ruleset' | null;
  /** "Allow GitHub Actions to create and approve pull requests" */
  actions_may_create_pull_requests: boolean | null;
  workflows: { name: string; path: string; state: string }[] | null;
  /** Names of GitHub's environments, which guard the secrets; null if the token may not list them. */
  environments: string[] | null;
}
