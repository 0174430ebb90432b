import type { Category, Strategy } from '../spec/vocabulary.ts';

/** A row of `rollout_configuration` in the columns of the hand-written manager. */
export interface OriginalConfiguration {
  id: string;
  feature_name: string;
  rollout_percentage: number;
  is_active: boolean;
  target_repositories: string[];
  excluded_repositories: string[];
  rollout_strategy: Strategy;
  max_error_rate: number;
  monitoring_window_hours: number;
  auto_rollback_enabled: boolean;
  emergency_stop: boolean;
  metadata: Record<string, unknown>;
  created_at: Date;
  updated_at: Date;
}

/** A row of `repository_categories`. */
export interface OriginalCategory {
  repository_id: string;
  /** `owner/name`. */
  full_name: string | null;
  category: Category | null;
  /** Test 100, small 80, medium 60, large 40, enterprise 20; null without a category. */
  priority_level: number | null;
  /** Named in `test_repositories` of the file. */
  is_test_repository: boolean;
  star_count: number | null;
  contributor_count: number | null;
  pr_count: number | null;
  monthly_activity_score: number;
  last_categorized_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** A row of the view `feature_rollouts`. */
export interface OriginalRollout {
  id: string;
  feature_name: string;
  current_tier: string;
  target_tier: string;
  percentage: number;
  status: string;
  whitelisted_customers: string[];
  blacklisted_customers: string[];
  /** `errorRate` is a fraction, `timeWindow` milliseconds. */
  rollback_threshold: { errorRate: number; timeWindow: number };
  started_at: Date | null;
  completed_at: Date | null;
}
