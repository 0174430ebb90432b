/** The vocabulary that code, SQL and rollout.yaml share. ARCHITECTURE.md explains it. */

export const STRATEGIES = ['percentage', 'whitelist', 'repository_size'] as const;
export type Strategy = (typeof STRATEGIES)[number];

/** Size categories of a repository, smallest first; the order in which `repository_size` admits them. */
export const CATEGORIES = ['test', 'small', 'medium', 'large', 'enterprise'] as const;
export type Category = (typeof CATEGORIES)[number];

export const SUBJECT_TYPES = ['repository', 'customer'] as const;
export type SubjectType = (typeof SUBJECT_TYPES)[number];

/** Why a subject is in or out: the first rule that matched. */
export type Reason =
  | 'env_stop'
  | 'unknown'
  | 'inactive'
  | 'emergency_stop'
  | 'global_stop'
  | 'blacklist'
  | 'whitelist'
  | 'not_whitelisted'
  | 'category'
  /** The subject lacks an attribute that the feature asks for. */
  | 'unknown_attribute'
  /** The subject's value of an attribute is not accepted. */
  | 'attribute'
  | 'percentage'
  | 'repository_size'
  | 'uncategorized';

export const HISTORY_ACTIONS = [
  'created',
  'updated',
  'advanced',
  'rollback',
  'emergency_stop',
  'resumed',
  'drift_repaired',
  'drift_adopted',
  'archived',
  'population_changed',
  'quarantined',
  'released',
  'env_override',
  'note',
  'forgotten',
] as const;
export type HistoryAction = (typeof HISTORY_ACTIONS)[number];
