/** The file as it is written, before defaults. Generated from schema/rollout.schema.json by `npm run generate`; do not edit. */

/**
 * The steps of the rollout, in rising order; or the name of a built-in plan. playbook: 10% 48h, 25% 72h, 50% 7d, 75% 14d, 100%. pilot: 1% 48h, 10% 7d, 50% 7d, 100%. Default: none.
 */
export type Steps = StepEntry[] | ('playbook' | 'pilot');
/**
 * Limits on metrics beside failed jobs. Default: none.
 *
 * @maxItems 20
 */
export type Guardrails = GuardrailEntry[];
/**
 * For source time: time that a job may take, such as 30s, or control_p95: the time within which 95% of control's jobs of the same processor finished in the last seven days. Or a time by size category, such as { small: 30s, large: 10m }: jobs of other categories are not events.
 */
export type TimeLimits = string | TimesByCategory;

/**
 * The desired state of every rollout: who gets a feature, how health is judged, what a rollback does.
 */
export interface RolloutFile {
  /**
   * Version of this format.
   */
  version: 1;
  /**
   * Oldest version of the controller that knows every key of this file, such as 0.2.0. An older one refuses the whole file and names this version. Default: any.
   */
  requires?: string;
  /**
   * Name of the environment this file describes. Stored at the first reconcile; a file for another environment is refused. Default: default.
   */
  environment?: string;
  /**
   * Files that hold more features, such as rollouts/*.yaml: paths below the folder of this file, with * in the last name only. Each has features alone, and a feature stands in one of them.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: One line of text, without control characters and without spaces at its ends.
   */
  include?: string[];
  defaults?: Defaults;
  /**
   * Date ranges in which the controller raises nothing by itself. A raise by a person gets a warning in the plan.
   *
   * @maxItems 1000
   */
  freeze?: FreezeEntry[];
  /**
   * What guardrails measure, by a name of your choice: bad events among all of them. Failed jobs are measured always.
   */
  metrics?: {
    [k: string]: MetricEntry;
  };
  outcomes?: OutcomesEntry;
  policy?: PolicyEntry;
  promotes?: PromotesEntry;
  /**
   * Where notifications go. A message goes to each receiver whose route takes it, once. A message that no route takes goes to the webhook of the controller's environment, as all do without this key.
   *
   * @minItems 1
   * @maxItems 100
   */
  notify?: RouteEntry[];
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
 * Default values for every feature; nested maps are merged key by key. Exposure fields and description are not allowed here.
 */
export interface Defaults {
  /**
   * Team or person responsible for the feature, such as "@acme/data".
   */
  owner?: string;
  /**
   * Type of the feature's subjects. Default: repository.
   */
  subject?: 'repository' | 'customer';
  /**
   * true keeps the percentage and stops the soak clock: no step is taken. Harm is rolled back all the same. Default: false.
   */
  paused?: boolean;
  /**
   * How health is judged. sequential: by an evidence score that may be checked at any time. threshold: by the plain rate over the window. Default: sequential.
   */
  analysis?: 'sequential' | 'threshold';
  thresholds?: ThresholdsEntry;
  rollback?: RollbackEntry;
  steps?: Steps;
  /**
   * Who takes the next step once this one has soaked and is healthy: a person, or the controller by pull request or commit. Default: manual.
   */
  advance?: 'manual' | 'pull_request' | 'commit';
  hours?: HoursEntry;
  routing?: RoutingEntry;
  costs?: Costs;
  budget?: BudgetEntry;
  guardrails?: Guardrails;
}
/**
 * Limits that decide whether a feature is healthy, suspect or harmful.
 */
export interface ThresholdsEntry {
  /**
   * Percent of finished jobs that may fail, at most two decimals. Default: 5.
   */
  max_error_rate?: number;
  /**
   * Error rate, in percent, that gives a warning. Default: half of max_error_rate.
   */
  warning_error_rate?: number;
  /**
   * Error rate, in percent, that makes a rollback critical. Default: twice max_error_rate, at most 100.
   */
  critical_error_rate?: number;
  /**
   * Number of finished jobs needed before anything is judged. Default: 10.
   */
  minimum_jobs?: number;
  /**
   * Time span of the rates that are shown, and of the plain rule. Default: 24h.
   */
  window?: string;
  /**
   * Highest observed error rate, in percent, at which a step still advances. Default: 0.6 of max_error_rate.
   */
  advance_error_rate?: number;
  /**
   * Ratio of mean processing times within one processor, treatment to control, above which a warning is given. Default: 1.5.
   */
  max_slowdown?: number;
  /**
   * Time, by processor, after which a routed job that has not finished counts as failed. Default: inngest 15m, github_actions 3h.
   */
  job_timeout?: {
    /**
     * A whole number and a unit: s, m, h or d, such as 90s, 15m, 24h or 7d. At most ten years.
     */
    [k: string]: string;
  };
}
/**
 * Reaction when the feature does harm.
 */
export interface RollbackEntry {
  /**
   * false: harm is notified and nothing is rolled back. Default: true.
   */
  enabled?: boolean;
  /**
   * true: the flush that records the failing jobs rolls back at once, in the database. false: the next tick does. Default: true.
   */
  fuse?: boolean;
  /**
   * How a rollback is written back to the file. Default: commit.
   */
  via?: 'commit' | 'pull_request';
  /**
   * Reaction when jobs without the feature fail just as much: freeze the ramp, or roll back. Default: freeze.
   */
  on_shared_outage?: 'freeze' | 'rollback';
  /**
   * Reaction when little is left of the evidence without the subject that fails most (of 50 and more: the worst 2%): freeze the ramp and name it, take it out of the rollout until a person resumes it, or roll back. Default: freeze.
   */
  few_subjects?: 'freeze' | 'quarantine' | 'rollback';
}
/**
 * One step of the rollout.
 */
export interface StepEntry {
  /**
   * Above 0, at most 100, at most two decimals.
   */
  percentage: number;
  /**
   * How long the feature must stay healthy at this step before the next one. Left out: a person decides.
   */
  soak?: string;
  /**
   * Number of treatment jobs that must finish at this step before the next one. Default: thresholds.minimum_jobs.
   */
  minimum_jobs?: number;
  /**
   * The feature reaches this step only by a pull request that a person merges, also with advance: commit. It is opened when everything else allows the step. Default: false.
   */
  approve?: boolean;
}
/**
 * Hours of the week in which a step may be taken. Default: any.
 */
export interface HoursEntry {
  /**
   * Days of the week. Default: every day.
   *
   * @minItems 1
   */
  days?: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  /**
   * Time of day at which the hours begin. Default: 00:00.
   */
  from?: string;
  /**
   * Time of day at which they end, later than from. Default: 24:00.
   */
  to?: string;
  /**
   * Time zone, such as Europe/Berlin. Default: UTC.
   */
  zone?: string;
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
   * Longest time range, in days, that counts as recent. Default: 1.
   */
  recent_days?: number;
  /**
   * Largest number of listed items in a small job. Default: 10.
   */
  small_batch?: number;
  /**
   * Number of listed items above which a job is large. Default: 50.
   */
  large_batch?: number;
  /**
   * true: a process in which most jobs of a processor fail sends jobs to the fallback instead, and probes now and then whether the processor works again. Default: false.
   */
  breaker?: boolean;
}
/**
 * Price of each processor, by its name, in a currency of your choice.
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
 * What the jobs of the feature may cost, in the currency of costs. No step is taken that would exceed it at present traffic; nothing is rolled back for it. Default: none.
 */
export interface BudgetEntry {
  /**
   * For 30 days, all jobs of the feature's subjects together. Default: no limit.
   */
  monthly?: number;
  /**
   * For a job, on average. Default: no limit.
   */
  per_job?: number;
}
/**
 * A limit on one metric: the share of its events that may be bad, and the reaction when it is exceeded.
 */
export interface GuardrailEntry {
  /**
   * Name of a metric in metrics.
   */
  metric: string;
  /**
   * Percent of the events that may be bad, at most two decimals.
   */
  limit: number;
  /**
   * Ratio of the odds of a bad event, treatment to control, above which the ramp freezes. Default: 2.
   */
  than_control?: number;
  /**
   * Reaction to harm. rollback: as for failed jobs. freeze: no step is taken. warn: one notification. Default: rollback; freeze where the metric does not tell subjects apart.
   */
  on_harm?: 'rollback' | 'freeze' | 'warn';
  /**
   * true: judged and shown, decides nothing and notifies nobody. Default: false.
   */
  dry_run?: boolean;
  /**
   * What counts once: each event, or each subject once a day (UTC), as bad if one of its events was. Default: event.
   */
  per?: 'event' | 'subject';
}
/**
 * A date range in UTC; the first and the last day are included.
 */
export interface FreezeEntry {
  /**
   * First day, YYYY-MM-DD, in UTC.
   */
  from: string;
  /**
   * Last day, YYYY-MM-DD, in UTC; included.
   */
  to: string;
  /**
   * Reason in one line; shown wherever the freeze takes effect.
   */
  reason: string;
}
/**
 * One metric: where its events come from.
 */
export interface MetricEntry {
  /**
   * events: what the application observes, by the library or rollout record. time: finished jobs, bad where they took longer than slower_than. prometheus: what the controller reads from the engine at ROLLOUT_PROMETHEUS_URL.
   */
  source: 'events' | 'time' | 'prometheus';
  slower_than?: TimeLimits;
  /**
   * For source prometheus: query of the number of bad events in $step of the arm $arm, treatment or control.
   */
  bad?: string;
  /**
   * For source prometheus: query of the number of all events in $step of the arm $arm.
   */
  all?: string;
  /**
   * For source prometheus: label of the series that names the subject. Left out: subjects are not told apart, and such a guardrail freezes until its back-test allows a rollback.
   */
  subject_label?: string;
}
/**
 * A time for each size category of repositories.
 */
export interface TimesByCategory {
  /**
   * A whole number and a unit: s, m, h or d, such as 90s, 15m, 24h or 7d. At most ten years.
   */
  test?: string;
  /**
   * A whole number and a unit: s, m, h or d, such as 90s, 15m, 24h or 7d. At most ten years.
   */
  small?: string;
  /**
   * A whole number and a unit: s, m, h or d, such as 90s, 15m, 24h or 7d. At most ten years.
   */
  medium?: string;
  /**
   * A whole number and a unit: s, m, h or d, such as 90s, 15m, 24h or 7d. At most ten years.
   */
  large?: string;
  /**
   * A whole number and a unit: s, m, h or d, such as 90s, 15m, 24h or 7d. At most ten years.
   */
  enterprise?: string;
}
/**
 * How outcomes are kept by subject, in rollout_metrics; docs/scale.md says what each way costs and loses. Default: all subjects by id, as long as everything else.
 */
export interface OutcomesEntry {
  /**
   * full: every subject by its id. top: subjects that failed lately by their ids, at most 1,000 of a feature, all others in 16 groups of each category. off: all in such groups. Default: full.
   */
  by_subject?: 'full' | 'top' | 'off';
  /**
   * Days for which outcomes by subject are kept; judging reads fourteen. Default: as long as everything else, 90 unless rollout maintain has --keep-days.
   */
  keep_days?: number;
}
/**
 * Limits for every change of the file. A change is judged by the policy that was reconciled before it; one that breaks it is refused for its feature alone. Default: none.
 */
export interface PolicyEntry {
  largest_raise?: LargestRaiseEntry;
  /**
   * true: repositories of the largest size enter only where every smaller size is wholly in. Default: false.
   */
  largest_category_last?: boolean;
  /**
   * What a feature must have before it is raised: owner, steps, rollback (rollback.enabled is not false). With steps, a raise past a step of the feature needs skip_steps: true.
   *
   * @minItems 1
   */
  require?: ('owner' | 'steps' | 'rollback')[];
  hours?: HoursEntry1;
}
/**
 * How much one change may raise a feature.
 */
export interface LargestRaiseEntry {
  /**
   * Percentage points, at most two decimals. Default: no limit.
   */
  points?: number;
  /**
   * Number of subjects in the registry that enter. Default: no limit.
   */
  subjects?: number;
  /**
   * Percent of the feature's jobs of the last week that belong to subjects which the change moves. Default: no limit.
   */
  job_share?: number;
}
/**
 * Hours of the week in which a step may be taken. Default: any.
 */
export interface HoursEntry1 {
  /**
   * Days of the week. Default: every day.
   *
   * @minItems 1
   */
  days?: ('mon' | 'tue' | 'wed' | 'thu' | 'fri' | 'sat' | 'sun')[];
  /**
   * Time of day at which the hours begin. Default: 00:00.
   */
  from?: string;
  /**
   * Time of day at which they end, later than from. Default: 24:00.
   */
  to?: string;
  /**
   * Time zone, such as Europe/Berlin. Default: UTC.
   */
  zone?: string;
}
/**
 * A raise is refused, as by policy, unless the feature was proved in another environment: the same but for exposure, ramp and prose, and healthy for the soak. The controller reads that database by ROLLOUT_PROMOTES_URL. Default: none.
 */
export interface PromotesEntry {
  /**
   * Name of the other environment, as its own file has it.
   */
  from: string;
  /**
   * How long the feature must have been healthy there.
   */
  soak: string;
}
/**
 * One receiver, with the messages that go to it.
 */
export interface RouteEntry {
  /**
   * What the receiver is. slack: an incoming webhook; teams: a workflow of Microsoft Teams; pagerduty: Events API v2; alertmanager: /api/v2/alerts; json: every field; template: the JSON in template.
   */
  to: 'slack' | 'teams' | 'pagerduty' | 'alertmanager' | 'json' | 'template';
  /**
   * Name of the environment variable that holds the receiver's address, such as ROLLOUT_NOTIFY_PAYMENTS. Default with to: pagerduty: the address of PagerDuty; otherwise required.
   */
  url_from?: string;
  /**
   * Name of the environment variable that holds the receiver's token: with to: pagerduty the routing key, otherwise a bearer token. Required with to: pagerduty. Default: no token.
   */
  token_from?: string;
  /**
   * The body as JSON, in which {{message}}, {{feature}}, {{environment}}, {{severity}}, {{kind}}, {{key}} and {{created_at}} are replaced inside of strings. Required with to: template, and has no effect otherwise.
   */
  template?: string;
  /**
   * The least severe message that it gets. info: also changes of a percentage, and what is over. That something is over goes where its beginning went. Default: warning.
   */
  severity?: 'info' | 'warning' | 'critical';
  /**
   * Only messages about features of these owners. Default: any, and messages about the controller.
   *
   * @minItems 1
   * @maxItems 100
   *
   * Items: One line of text, without control characters and without spaces at its ends.
   */
  owners?: string[];
  /**
   * Only messages about these features. Default: any, and messages about the controller.
   *
   * @minItems 1
   * @maxItems 1000
   *
   * Items: A lowercase letter, then up to 99 lowercase letters, digits, _ or -.
   */
  features?: string[];
}
/**
 * One feature and its rollout. Write {} to take every default: active at 0%.
 */
export interface Feature {
  /**
   * Description of the feature, for people.
   */
  description?: string;
  /**
   * Team or person responsible for the feature, such as "@acme/data".
   */
  owner?: string;
  /**
   * Type of the feature's subjects. Default: repository.
   */
  subject?: 'repository' | 'customer';
  /**
   * false switches the feature off for everyone, including the whitelist. Default: true.
   */
  active?: boolean;
  /**
   * true stops the feature for everyone; written by an emergency stop. Default: false.
   */
  emergency_stop?: boolean;
  /**
   * true keeps the percentage and stops the soak clock: no step is taken. Harm is rolled back all the same. Default: false.
   */
  paused?: boolean;
  /**
   * Number of the incident that this entry resumes. rollout resume writes it, and the next edit removes it. It raises nothing without the permit that rollout resume stores in the database.
   */
  resumes?: number;
  /**
   * true lets this change go past steps of the feature, where policy requires steps. The next edit by a command removes it. Default: false.
   */
  skip_steps?: boolean;
  /**
   * percentage: a share of the subjects. whitelist: the whitelist alone. repository_size: the percentage selects the sizes that are in. Default: percentage.
   */
  strategy?: 'percentage' | 'whitelist' | 'repository_size';
  /**
   * 0 to 100, at most two decimals. Not allowed with strategy whitelist. Default: 0.
   */
  percentage?: number;
  /**
   * Filter for strategy percentage: only repositories of these sizes. Left out: all.
   *
   * @minItems 1
   */
  categories?: ('test' | 'small' | 'medium' | 'large' | 'enterprise')[];
  where?: FilterEntry;
  not?: FilterEntry1;
  /**
   * Attribute whose value subjects share a bucket by, so that a group is in or out as a whole: owner for repositories of one owner, or an attribute of the registry such as company. A subject without the attribute is not in. Changing it begins a new epoch. For strategy percentage. Left out: each subject for itself.
   */
  group_by?: string;
  /**
   * Subjects that are always in, also at 0%: ids, owner/name, or owner/* for all repositories of an owner.
   *
   * Items: A subject: its id, or the owner/name of a repository. Names are compared without regard to case. Quote ids that look like numbers.
   */
  whitelist?: string[];
  /**
   * Subjects that are never in: ids, owner/name, or owner/* for all repositories of an owner. The blacklist is stronger than the whitelist.
   *
   * Items: A subject: its id, or the owner/name of a repository. Names are compared without regard to case. Quote ids that look like numbers.
   */
  blacklist?: string[];
  /**
   * Seed of the subjects' buckets. When you rename a feature, set its old key here, so that the same subjects stay in. Default: the feature's key.
   */
  salt?: string;
  /**
   * How health is judged. sequential: by an evidence score that may be checked at any time. threshold: by the plain rate over the window. Default: sequential.
   */
  analysis?: 'sequential' | 'threshold';
  thresholds?: ThresholdsEntry;
  rollback?: RollbackEntry;
  steps?: Steps;
  /**
   * Who takes the next step once this one has soaked and is healthy: a person, or the controller by pull request or commit. Default: manual.
   */
  advance?: 'manual' | 'pull_request' | 'commit';
  hours?: HoursEntry;
  /**
   * First day on which a step may be taken, in the time zone of hours (without one: UTC). Default: none.
   */
  not_before?: string;
  /**
   * Last day by which the feature must be at 100%, in the time zone of hours (without one: UTC). After it no step is taken, and people are notified once. Default: none.
   */
  cutoff?: string;
  routing?: RoutingEntry;
  costs?: Costs;
  budget?: BudgetEntry;
  guardrails?: Guardrails;
  advanced?: Advanced;
}
/**
 * Filter by attributes of the registry: only subjects that have one of the values of each attribute, such as { plan: [free, pro] }. A subject without the attribute is not in. The whitelist is in all the same. Left out: everybody.
 */
export interface FilterEntry {
  /**
   * @minItems 1
   * @maxItems 1000
   *
   * Items: One line of text, without control characters and without spaces at its ends.
   */
  [k: string]: string[];
}
/**
 * Filter by attributes of the registry: only subjects that have each attribute, with none of the values. A subject without the attribute is not in. Left out: everybody.
 */
export interface FilterEntry1 {
  /**
   * @minItems 1
   * @maxItems 1000
   *
   * Items: One line of text, without control characters and without spaces at its ends.
   */
  [k: string]: string[];
}
/**
 * What tunes the machinery; nobody has to write it.
 */
export interface Advanced {
  /**
   * Correlation of two events of five minutes, for guardrails whose metric does not tell subjects apart, as rollout back-test measured it: 0 where events are independent, 1 where those of five minutes are one. With it such a guardrail may roll back once its back-test allows it. Default: five minutes are one, and it freezes at most.
   */
  correlation?: number;
}
