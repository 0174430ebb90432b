import type { OriginalCategory, OriginalConfiguration, OriginalRollout } from '../domain/originals.ts';
import type { EventKind, PilotStatus, Tier } from '../domain/pilot.ts';
import type { Category } from '../domain/vocabulary.ts';

/** Where the manager finds things; everything may be left out. */
export interface ManagerOptions {
  /** PostgreSQL URL. Left out: `DATABASE_URL`. */
  connectionString?: string | undefined;
  /**
   * Path of rollout.yaml in a working copy. Left out: `ROLLOUT_FILE`, or `rollout.yaml` where one lies in the
   * working folder. Null, or none to be found: what takes a feature back still works, in the database; what gives
   * it to more subjects is refused.
   */
  file?: string | null | undefined;
  /** Left out: `process.env`, as it is when something is first asked. */
  environment?: Readonly<Record<string, string | undefined>>;
  /** Told why something that was asked for is not live. Left out: `console.warn`. */
  log?: (line: string) => void;
}

/** The feature's row of `rollout_configuration`, moments as ISO 8601. */
export interface RolloutConfiguration extends Omit<OriginalConfiguration, 'created_at' | 'updated_at'> {
  created_at: string;
  updated_at: string;
}

/** Where a job ran; other processors have names of the same form. */
export type ProcessorType = 'inngest' | 'github_actions' | (string & Record<never, never>);

/** How a rollout stands. */
export interface RolloutStats {
  feature_name: string;
  rollout_percentage: number;
  is_active: boolean;
  emergency_stop: boolean;
  /** In the registry. */
  total_repositories: number;
  /** The feature is on for them now. */
  eligible_repositories: number;
  /** Repositories in the registry by category; those without one under `uncategorized`. */
  categories: Record<string, number>;
  /** Percent of finished jobs of eligible repositories that failed, over the window; 0 without a job. */
  error_rate: number;
  /** Percent; 0 without a job. */
  success_rate: number;
  /** Jobs that finished in the window, wherever they ran. */
  active_jobs: number;
  /** Mean seconds of the jobs of eligible repositories whose time is known; 0 where none is. */
  average_processing_time: number;
  /** The same jobs as `active_jobs`, by processor. */
  processor_distribution: Record<string, number>;
  /** Length of the window. */
  monitoring_window_hours: number;
}

/** A row of `repository_categories`, moments as ISO 8601. */
export interface RepositoryCategory
  extends Omit<OriginalCategory, 'last_categorized_at' | 'created_at' | 'updated_at'> {
  last_categorized_at: string | null;
  created_at: string;
  updated_at: string;
}

/** One category of the registry. */
export interface CategoryStats {
  category: Category;
  count: number;
  /** Percent of all repositories that have a category. */
  percentage: number;
  /** Higher is rolled out earlier. */
  priority_level: number;
  average_stars: number;
  average_contributors: number;
  average_prs: number;
}

/** What categorising everything did. */
export interface CategorizeAllResult {
  /** Repositories in the registry. */
  total: number;
  /** Repositories whose category is another one now. */
  changed: number;
  categories: Record<Category, number>;
}

/** What a new pilot begins with; everything may be left out. */
export interface PilotOptions {
  description?: string;
  owner?: string;
  /** Customers who are in whatever the percentage, once it is started. */
  whitelistedCustomers?: readonly string[];
  /** Customers who are never in. */
  blacklistedCustomers?: readonly string[];
  /** `errorRate`: the fraction of customers with an error that is too much, 0.05 unless given. `timeWindow`: milliseconds, an hour unless given. */
  rollbackThreshold?: { errorRate?: number; timeWindow?: number };
  /** For the commit and for history. */
  reason?: string;
}

/** A row of the view `feature_rollouts`, moments as ISO 8601. */
export interface FeatureRollout
  extends Omit<OriginalRollout, 'current_tier' | 'target_tier' | 'status' | 'started_at' | 'completed_at'> {
  current_tier: Tier;
  /** That of the next step; at the last one the present tier. */
  target_tier: Tier;
  /** `paused` also during a freeze, while somebody is exposed. */
  status: PilotStatus;
  started_at: string | null;
  completed_at: string | null;
}

/** How a pilot stands. */
export interface PilotStats
  extends Pick<FeatureRollout, 'feature_name' | 'status' | 'current_tier' | 'target_tier' | 'percentage'> {
  /** In the registry of customers. */
  total_customers: number;
  /** Of these, those it is on for now. */
  eligible_customers: number;
  /** Customers it was enabled for and is still on for, and those with an error in the time window. */
  enabled_customers: number;
  /** Of these, those with an error event in the time window. */
  error_customers: number;
  /** `error_customers / enabled_customers`, a fraction; 0 without a customer. */
  error_rate: number;
  /** Milliseconds. */
  time_window: number;
  /** Events in the time window. */
  events: Record<EventKind, number>;
}
