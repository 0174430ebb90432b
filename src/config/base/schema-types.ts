/** The file as it is written, before defaults. Generated from schema/rollout.schema.json by `npm run generate`; do not edit. */

/**
 * The stages of the rollout, rising; or the name of a built-in plan. playbook: 10% 24h, 25% 48h, 50% 72h, 75% 7d, 100% 14d. pilot: 1% 48h, 10% 7d, 50% 7d, 100%. Default: none.
 */
export type Steps = StepEntry[] | ('playbook' | 'pilot');

/**
 * The desired state of every rollout: who gets a feature, how health is judged, what a rollback does.
 */
export interface RolloutFile {
  /**
   * Version of this format.
   */
  version: 1;
  /**
   * Name of the environment this file describes. Stored at the first reconcile; a file for another environment is refused. Default: default.
   */
  environment?: string;
  defaults?: Defaults;
  /**
   * Stretches of days in which the controller raises nothing by itself; a person who raises a feature is warned in the plan.
   *
   * @maxItems 1000
   */
  freeze?: FreezeEntry[];
  /**
   * Repositories that always have category test, whatever their size: ids or owner/name.
   *
   * Items: A subject: its id, or the owner/name of a repository. Names are compared without regard to case. Quote ids that look like numbers.
   */
  test_repositories?: string[];
  /**
   * The features, by key. A key is a lowercase letter, then up to 99 lowercase letters, digits, _ or -. At most 50,000.
   */
  features: {
    [k: string]: Feature;
  };
}
/**
 * Fills every feature that does not say otherwise; nested maps are merged key by key. Takes no exposure field and no description.
 */
export interface Defaults {
  /**
   * Who answers for the feature: a team or a person, such as "@acme/data".
   */
  owner?: string;
  /**
   * What the feature is rolled out to. Default: repository.
   */
  subject?: 'repository' | 'customer';
  /**
   * true keeps the exposure and stops the soak clock: no step is taken. Default: false.
   */
  paused?: boolean;
  /**
   * How health is judged: an evidence score that may be looked at at any time, or the plain rate over the window. Default: sequential.
   */
  analysis?: 'sequential' | 'threshold';
  thresholds?: ThresholdsEntry;
  rollback?: RollbackEntry;
  steps?: Steps;
  /**
   * Who takes the next step once this one has soaked and is healthy: a person, or the controller by pull request or commit. Default: manual.
   */
  advance?: 'manual' | 'pull_request' | 'commit';
  routing?: RoutingEntry;
  costs?: Costs;
}
/**
 * When a feature counts as healthy, suspicious or harmful.
 */
export interface ThresholdsEntry {
  /**
   * Percent of finished jobs that may fail, at most two decimals. Default: 5.
   */
  max_error_rate?: number;
  /**
   * Percent that warns. Default: half of max_error_rate.
   */
  warning_error_rate?: number;
  /**
   * Percent that makes a rollback critical. Default: twice max_error_rate, at most 100.
   */
  critical_error_rate?: number;
  /**
   * Finished jobs without which nothing is judged. Default: 10.
   */
  minimum_jobs?: number;
  /**
   * Of the rates that are shown, and of the plain rule. Default: 24h.
   */
  window?: string;
  /**
   * Percent observed that still lets a step advance. Default: 0.6 of max_error_rate.
   */
  advance_error_rate?: number;
  /**
   * Mean processing time within one processor, treatment over control, above which a warning is given. Default: 1.5.
   */
  max_slowdown?: number;
  /**
   * By processor: a routed job that has not finished by then has failed. Default: inngest 15m, github_actions 3h.
   */
  job_timeout?: {
    /**
     * A whole number and a unit: s, m, h or d, such as 90s, 15m, 24h or 7d. At most ten years.
     */
    [k: string]: string;
  };
  /**
   * Jobs per independent outcome; 2 where one repository runs many jobs an hour. Default: 1.
   */
  design_effect?: number;
}
/**
 * What happens when the feature does harm.
 */
export interface RollbackEntry {
  /**
   * false: harm is notified and nothing is rolled back. Default: true.
   */
  enabled?: boolean;
  /**
   * How the file is brought in line after a rollback. Default: commit.
   */
  via?: 'commit' | 'pull_request';
  /**
   * When jobs without the feature fail just as much: freeze the ramp, or roll back. Default: freeze.
   */
  on_shared_outage?: 'freeze' | 'rollback';
}
/**
 * One stage of the rollout.
 */
export interface StepEntry {
  /**
   * Above 0, at most 100, at most two decimals.
   */
  percentage: number;
  /**
   * How long the step must hold, healthy, before the next. Left out: a person decides.
   */
  soak?: string;
}
/**
 * Which processor takes a job.
 */
export interface RoutingEntry {
  /**
   * Processor of jobs whose subject is not eligible. Default: inngest.
   */
  fallback?: string;
  /**
   * Processor of small and recent jobs. Default: inngest.
   */
  realtime?: string;
  /**
   * Processor of large, old and scheduled jobs. Default: github_actions.
   */
  bulk?: string;
  /**
   * A time range of at most this many days is recent. Default: 1.
   */
  recent_days?: number;
  /**
   * At most this many listed items are a small job. Default: 10.
   */
  small_batch?: number;
  /**
   * More items than this are a large job. Default: 50.
   */
  large_batch?: number;
}
/**
 * What a processor costs, by its name, in the currency you think in.
 */
export interface Costs {
  [k: string]: CostEntry;
}
/**
 * Price of one processor.
 */
export interface CostEntry {
  /**
   * Per finished job. Default: 0.
   */
  per_job?: number;
  /**
   * Per minute of processing. Default: 0.
   */
  per_minute?: number;
}
/**
 * A stretch of days, first and last included, in UTC.
 */
export interface FreezeEntry {
  /**
   * First day, YYYY-MM-DD, in UTC.
   */
  from: string;
  /**
   * Last day, YYYY-MM-DD, in UTC, included.
   */
  to: string;
  /**
   * Why, in one line; shown where it takes effect.
   */
  reason: string;
}
/**
 * One feature and its rollout. Write {} to take every default: active at 0%.
 */
export interface Feature {
  /**
   * What the feature does, for people.
   */
  description?: string;
  /**
   * Who answers for the feature: a team or a person, such as "@acme/data".
   */
  owner?: string;
  /**
   * What the feature is rolled out to. Default: repository.
   */
  subject?: 'repository' | 'customer';
  /**
   * false switches the feature off for everyone, the whitelist too. Default: true.
   */
  active?: boolean;
  /**
   * true stops the feature for everyone; written by an emergency stop. Default: false.
   */
  emergency_stop?: boolean;
  /**
   * true keeps the exposure and stops the soak clock: no step is taken. Default: false.
   */
  paused?: boolean;
  /**
   * Number of the incident after which this entry raises the feature again. rollout resume writes it, the next edit takes it out. It raises nothing without the permit that the same command keeps in the database.
   */
  resumes?: number;
  /**
   * percentage: a share of the subjects. whitelist: the whitelist alone. repository_size: the percentage names the sizes that are in. Default: percentage.
   */
  strategy?: 'percentage' | 'whitelist' | 'repository_size';
  /**
   * 0 to 100, at most two decimals. Not with strategy whitelist. Default: 0.
   */
  percentage?: number;
  /**
   * Filter of strategy percentage: only repositories of these sizes. Left out: all.
   *
   * @minItems 1
   */
  categories?: ('test' | 'small' | 'medium' | 'large' | 'enterprise')[];
  /**
   * Subjects that are always in, also at 0%: ids or owner/name.
   *
   * Items: A subject: its id, or the owner/name of a repository. Names are compared without regard to case. Quote ids that look like numbers.
   */
  whitelist?: string[];
  /**
   * Subjects that are never in: ids or owner/name.
   *
   * Items: A subject: its id, or the owner/name of a repository. Names are compared without regard to case. Quote ids that look like numbers.
   */
  blacklist?: string[];
  /**
   * Seed of the places of the subjects. Keep the old key here when a feature is renamed, so that the same subjects stay in. Default: the feature's key.
   */
  salt?: string;
  /**
   * How health is judged: an evidence score that may be looked at at any time, or the plain rate over the window. Default: sequential.
   */
  analysis?: 'sequential' | 'threshold';
  thresholds?: ThresholdsEntry;
  rollback?: RollbackEntry;
  steps?: Steps;
  /**
   * Who takes the next step once this one has soaked and is healthy: a person, or the controller by pull request or commit. Default: manual.
   */
  advance?: 'manual' | 'pull_request' | 'commit';
  routing?: RoutingEntry;
  costs?: Costs;
}
