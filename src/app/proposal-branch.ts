/** What a proposal does to the file. */
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

/** A proposal, apart from the environment whose file it changes. */
export interface ProposalName {
  operation: Operation;
  /** The feature, or what else it is about. */
  name: string;
}

/** The environment of a file that names none. */
export const UNNAMED = 'default';

/**
 * The branch of a proposal, by which its pull request is found again: `rollout/hold/FEATURE`, and
 * `rollout/staging/hold/FEATURE` where the environment has a name, because one repository may hold the files of several.
 */
export function proposalBranch(environment: string | null, { operation, name }: ProposalName): string {
  const own = environment === null || environment === UNNAMED ? '' : `${environment}/`;
  return `rollout/${own}${operation}/${name}`;
}
