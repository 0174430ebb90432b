import type { OriginalCategory, OriginalConfiguration } from '../../domain/originals/originals.ts';
import type { EventKind, PilotStatus, Tier } from '../../domain/originals/pilot.ts';
import type { Category } from '../../domain/spec/vocabulary.ts';
import type { ErrorCode } from '../../errors.ts';

/** Options of a manager; all are optional. */
export interface ManagerOptions {
  /** PostgreSQL URL. Left out: `DATABASE_URL`. */
  connectionString?: string | undefined;
  /**
   * Path of rollout.yaml in a working copy. Left out: `ROLLOUT_FILE`, or `rollout.yaml` if it exists in the working
   * folder. Null or not found: reductions still work, in the database; raises are refused.
   */
  file?: string | null | undefined;
  /** Environment variables; left out: `process.env` as it is at the first call. */
  environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Receives why a change is not live yet. Left out: `console.warn`. */
  log?: ((line: string) => void) | undefined;
}

/** The options of a manager of one feature. */
export interface FeatureOptions extends ManagerOptions {
  /** Key of the feature; left out: `hybrid_progressive_capture`. */
  feature?: string | undefined;
}

/** The feature's row of `rollout_configuration`, with moments as ISO 8601. */
export interface RolloutConfiguration extends Omit<OriginalConfiguration, 'created_at' | 'updated_at'> {
  created_at: string;
  updated_at: string;
}

/** Processor of a job; other processors have names of the same form. */
export type ProcessorType = 'inngest' | 'github_actions' | (string & Record<never, never>);

/** Statistics of a rollout. */
export interface RolloutStats {
  feature_name: string;
  rollout_percentage: number;
  is_active: boolean;
  emergency_stop: boolean;
  /** Repositories in the registry. */
  total_repositories: number;
  /** Repositories for which the feature is on now. */
  eligible_repositories: number;
  /** Repositories in the registry by category; those without one under `uncategorized`. */
  categories: Record<string, number>;
  /** Percentage of failed jobs among finished ones of eligible repositories, over the window; 0 without a job. */
  error_rate: number;
  /** Percentage of successful jobs; 0 without a job. */
  success_rate: number;
  /** Jobs that finished in the window, on any processor. */
  active_jobs: number;
  /** Mean seconds of eligible repositories' jobs of known duration; 0 if there are none. */
  average_processing_time: number;
  /** Active jobs by processor. */
  processor_distribution: Record<string, number>;
  /** Length of the window in hours. */
  monitoring_window_hours: number;
}

/** A row of `repository_categories`, with moments as ISO 8601. */
export interface RepositoryCategory
  extends Omit<OriginalCategory, 'last_categorized_at' | 'created_at' | 'updated_at'> {
  /** The repository's id, equal to `repository_id`. */
  id: string;
  last_categorized_at: string | null;
  created_at: string;
  updated_at: string;
}

/** One category of the registry. */
export interface CategoryStats {
  category: Category;
  count: number;
  /** Percentage of all categorised repositories. */
  percentage: number;
  /** Categories with a higher priority are rolled out earlier. */
  priority_level: number;
  total_star_count: number;
  total_contributor_count: number;
  total_pr_count: number;
  average_stars: number;
  average_contributors: number;
  average_prs: number;
  average_activity_score: number;
}

/** Result of categorising everything. */
export interface CategorizeAllResult {
  /** Repositories in the registry. */
  total: number;
  /** Repositories whose category changed. */
  changed: number;
  categories: Record<Category, number>;
  /** Repositories of unknown size. */
  uncategorized: number;
}

/** A new pilot; all but its name is optional. */
export interface NewPilot {
  featureName: string;
  description?: string | undefined;
  owner?: string | undefined;
  /** Customers who are in from the creation on, whatever the percentage. */
  whitelistedCustomers?: readonly string[] | undefined;
  /** Customers who are never in. */
  blacklistedCustomers?: readonly string[] | undefined;
  /**
   * `errorRate`: harmful fraction of customers with an error, 0.05 by default. `timeWindow`: milliseconds, an hour by
   * default.
   */
  rollbackThreshold?: { errorRate?: number | undefined; timeWindow?: number | undefined } | undefined;
  /** Reason for the commit and for history. */
  reason?: string | undefined;
  /** Actor for history. */
  triggeredBy?: string | undefined;
}

/** Options for starting a pilot. */
export interface PilotStart {
  /** The first tier; `tier_1_internal` by default. */
  tier?: Tier | undefined;
  reason?: string | undefined;
  triggeredBy?: string | undefined;
}

/** Options for the next tier of a pilot. */
export interface PilotAdvance {
  /** True: advance although the gate waits; needs a reason. */
  force?: boolean | undefined;
  reason?: string | undefined;
  triggeredBy?: string | undefined;
}

/** Event of one customer. */
export interface PilotEvent {
  featureName: string;
  customerId: string;
  event: EventKind;
  /** Time of the event; now by default. A time in the future counts as now. */
  timestamp?: Date | string | undefined;
  /** Any JSON value; `error` is the text of an error. */
  metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** Result of a change of a pilot. */
export interface PilotResult {
  /** True: the change is live. */
  success: boolean;
  /** Why it is not live, with the next step. */
  error?: string;
  /** The code of the error; absent if the change waits for a person or for the gate. */
  code?: ErrorCode;
}

export interface PilotAdvanced extends PilotResult {
  /** The live tier. */
  newTier?: Tier;
}

/** A pilot's row of the view `feature_rollouts`. */
export interface PilotConfig {
  featureName: string;
  currentTier: Tier;
  /** The tier of the next step; at the last one the present tier. */
  targetTier: Tier;
  percentage: number;
  /** `paused` also during a freeze, while somebody is exposed. */
  status: PilotStatus;
  startedAt?: Date;
  completedAt?: Date;
  whitelistedCustomers: string[];
  blacklistedCustomers: string[];
  /** `errorRate` is a fraction, `timeWindow` milliseconds. */
  rollbackThreshold: { errorRate: number; timeWindow: number };
}

/** Statistics of a pilot; all 0 if it does not exist. */
export interface PilotStats {
  featureName: string;
  /** Customers in the registry. */
  totalCustomers: number;
  /** Customers for whom the pilot is on now. */
  eligibleCustomers: number;
  /** Customers for whom it was enabled and is still on, and those with an error in the time window. */
  enabledCustomers: number;
  /** Enabled customers with an error event in the time window, each counted once. */
  errorCount: number;
  /** `errorCount / enabledCustomers`, a fraction; 0 without a customer. */
  errorRate: number;
  /** The fraction of enabled customers without an error; 0 without a customer. */
  successRate: number;
  /** Milliseconds; 0 if there is no pilot. */
  timeWindow: number;
  /** Events in the time window. */
  events: Record<EventKind, number>;
}
