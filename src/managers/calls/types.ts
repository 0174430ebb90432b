import type { OriginalCategory, OriginalConfiguration } from '../../domain/originals/originals.ts';
import type { EventKind, PilotStatus, Tier } from '../../domain/originals/pilot.ts';
import type { Category } from '../../domain/spec/vocabulary.ts';
import type { ErrorCode } from '../../errors.ts';

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
  environment?: Readonly<Record<string, string | undefined>> | undefined;
  /** Receives why a change is not live yet. Left out: `console.warn`. */
  log?: ((line: string) => void) | undefined;
}

/** The options of a manager of one feature. */
export interface FeatureOptions extends ManagerOptions {
  /** Left out: `hybrid_progressive_capture`. */
  feature?: string | undefined;
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
  /** Active jobs by processor. */
  processor_distribution: Record<string, number>;
  /** Length of the window. */
  monitoring_window_hours: number;
}

/** A row of `repository_categories`, moments as ISO 8601. */
export interface RepositoryCategory
  extends Omit<OriginalCategory, 'last_categorized_at' | 'created_at' | 'updated_at'> {
  /** The repository's id, as `repository_id`. */
  id: string;
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
  total_star_count: number;
  total_contributor_count: number;
  total_pr_count: number;
  average_stars: number;
  average_contributors: number;
  average_prs: number;
  average_activity_score: number;
}

/** What categorising everything did. */
export interface CategorizeAllResult {
  /** Repositories in the registry. */
  total: number;
  /** Repositories whose category is another one now. */
  changed: number;
  categories: Record<Category, number>;
  /** Repositories of unknown size. */
  uncategorized: number;
}

/** A new pilot; all but its name may be left out. */
export interface NewPilot {
  featureName: string;
  description?: string | undefined;
  owner?: string | undefined;
  /** Customers who are in whatever the percentage, from the creation on. */
  whitelistedCustomers?: readonly string[] | undefined;
  /** Customers who are never in. */
  blacklistedCustomers?: readonly string[] | undefined;
  /** `errorRate`: the fraction of customers with an error that is too much, 0.05 by default. `timeWindow`: milliseconds, an hour by default. */
  rollbackThreshold?: { errorRate?: number | undefined; timeWindow?: number | undefined } | undefined;
  /** For the commit and for history. */
  reason?: string | undefined;
  /** Who did it, for history. */
  triggeredBy?: string | undefined;
}

/** How a pilot is started. */
export interface PilotStart {
  /** The tier it starts at; `tier_1_internal` by default. */
  tier?: Tier | undefined;
  reason?: string | undefined;
  triggeredBy?: string | undefined;
}

/** How a pilot goes to its next tier. */
export interface PilotAdvance {
  /** Go on although the gate waits; needs a reason. */
  force?: boolean | undefined;
  reason?: string | undefined;
  triggeredBy?: string | undefined;
}

/** Event of one customer. */
export interface PilotEvent {
  featureName: string;
  customerId: string;
  event: EventKind;
  /** When it happened; now by default. One in the future counts as now. */
  timestamp?: Date | string | undefined;
  /** Anything JSON can say; `error` is the text of an error. */
  metadata?: Readonly<Record<string, unknown>> | undefined;
}

/** What became of a change of a pilot. */
export interface PilotResult {
  /** True when it is live. */
  success: boolean;
  /** Why it is not live, with the next step. */
  error?: string;
  /** The code of the error; absent where the change waits for a person or for the gate. */
  code?: ErrorCode;
}

export interface PilotAdvanced extends PilotResult {
  /** The tier that is live now. */
  newTier?: Tier;
}

/** A pilot's row of the view `feature_rollouts`. */
export interface PilotConfig {
  featureName: string;
  currentTier: Tier;
  /** That of the next step; at the last one the present tier. */
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

/** How a pilot stands; all 0 where there is none. */
export interface PilotStats {
  featureName: string;
  /** In the registry of customers. */
  totalCustomers: number;
  /** Of these, those it is on for now. */
  eligibleCustomers: number;
  /** Customers it was enabled for and is still on for, and those with an error in the time window. */
  enabledCustomers: number;
  /** Of these, those with an error event in the time window: one customer counts once. */
  errorCount: number;
  /** `errorCount / enabledCustomers`, a fraction; 0 without a customer. */
  errorRate: number;
  /** The fraction of enabled customers without an error; 0 without a customer. */
  successRate: number;
  /** Milliseconds; 0 where there is no pilot. */
  timeWindow: number;
  /** Events in the time window. */
  events: Record<EventKind, number>;
}
