/** Kind of change that a proposal makes. */
type Operation =
  | 'add'
  | 'advance'
  | 'auto-rollback'
  | 'blacklist'
  | 'hold'
  | 'quarantine'
  | 'resume'
  | 'set'
  | 'test-repositories'
  | 'whitelist';

/** Names a proposal within its environment. */
export interface ProposalName {
  operation: Operation;
  /** The feature, or another name of its subject. */
  name: string;
}

/** Stands for the environment of a file that names none. */
export const UNNAMED = 'default';

/**
 * Returns the branch of a proposal, which identifies its pull request: `rollout/hold/FEATURE`, and
 * `rollout/staging/hold/FEATURE` if the environment has a name, because one repository may hold the files of several.
 */
export function proposalBranch(environment: string | null, { operation, name }: ProposalName): string {
  const own = environment === null || environment === UNNAMED ? '' : `${environment}/`;
  return `rollout/${own}${operation}/${name}`;
}
