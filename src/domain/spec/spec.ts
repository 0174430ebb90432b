import type { Route } from '../notify/route.ts';
import { type Narrowing, narrowingOf } from './audience/audience.ts';
import type { Hours } from './hours.ts';
import type { Policy } from './policy.ts';
import type { Category, Strategy, SubjectType } from './vocabulary.ts';

/** The fields that decide who is in. */
export interface Exposure extends Narrowing {
  active: boolean;
  emergency_stop: boolean;
  strategy: Strategy;
  /** 0 to 100, at most two decimals. */
  percentage: number;
  /** Filter of the `percentage` strategy; null admits every category, and subjects without one. */
  categories: Category[] | null;
  /** Ids, `owner/name` or `owner/*`; sorted, without duplicates. */
  whitelist: string[];
  /** Ids, `owner/name` or `owner/*`; sorted, without duplicates. */
  blacklist: string[];
  /** Seed of the bucket; the feature's key unless the file says otherwise. */
  salt: string;
}

declare const RESOLVED: unique symbol;

/**
 * Exposure whose lists hold ids, as the database keeps it; a name remains only if no subject has it, and beside its id
 * in the blacklist. Made by `resolveLists`, and by `asResolved` from stored exposure.
 */
export type ResolvedExposure = Exposure & { readonly [RESOLVED]: true };

/** Exposure whose lists are as written in the file. */
export type WrittenExposure = Exposure & { readonly [RESOLVED]?: never };

/** Marks stored exposure as resolved; for nothing else. */
export function asResolved(kept: Exposure): ResolvedExposure {
  return kept as ResolvedExposure;
}

export const EXPOSURE_FIELDS = [
  'active',
  'emergency_stop',
  'strategy',
  'percentage',
  'categories',
  'whitelist',
  'blacklist',
  'salt',
  'where',
  'not',
  'group_by',
] as const satisfies readonly (keyof Exposure)[];

export interface Thresholds {
  /** Percentage of finished jobs that may fail. */
  max_error_rate: number;
  /** Error rate of a warning, in percent; half of `max_error_rate` unless set in the file. */
  warning_error_rate: number;
  /** Critical error rate, in percent; twice `max_error_rate`, at most 100, unless set in the file. */
  critical_error_rate: number;
  minimum_jobs: number;
  /** Window of the rates, in seconds. */
  window: number;
  /** Largest error rate of a step, in percent; 0.6 of `max_error_rate` unless set in the file. */
  advance_error_rate: number;
  /** Largest ratio of treatment's mean duration to control's, within one processor. */
  max_slowdown: number;
  /** Time limit of a job in seconds, by processor. */
  job_timeout: Record<string, number>;
}

export interface Step {
  percentage: number;
  /** Seconds for which the step must stay healthy before the next; null if the file states none. */
  soak: number | null;
  /** Tier of a built-in plan, such as `tier_1_internal`. */
  name: string | null;
  /** Finished treatment jobs that the step needs before the next; left out: `thresholds.minimum_jobs`. */
  minimum_jobs?: number;
  /** Reached only by a pull request that a person merges; left out: as `advance` says. */
  approve?: true;
}

export type Via = 'commit' | 'pull_request';

export interface Rollback {
  enabled: boolean;
  /** True: the flush that records the failing jobs rolls back, without waiting for the next tick. */
  fuse: boolean;
  via: Via;
  on_shared_outage: 'freeze' | 'rollback';
  /** Reaction to a score that few subjects cause; left out: `freeze`. */
  few_subjects?: 'freeze' | 'quarantine' | 'rollback';
}

export interface Routing {
  fallback: string;
  realtime: string;
  bulk: string;
  recent_days: number;
  small_batch: number;
  large_batch: number;
  /** True: each process routes jobs to the fallback while a processor's jobs fail in it. Left out: false. */
  breaker?: boolean;
}

/** Prices, in the team's own currency. */
export interface Cost {
  per_job: number;
  per_minute: number;
}

/** Limits of a feature's cost, in the currency of its prices; an omitted field sets no limit. */
export interface Budget {
  /** Cost of all treatment jobs in 30 days. */
  monthly?: number;
  /** Mean cost of a job. */
  per_job?: number;
}

/** What a guardrail does when its metric does harm. */
export type OnHarm = 'rollback' | 'freeze' | 'warn';

/** Queries of a metric whose events are in an engine: PromQL with $arm and $step. */
export interface MetricQuery {
  bad: string;
  all: string;
  /** Label that names the subject; null: the series do not distinguish subjects. */
  subject_label: string | null;
}

/**
 * Seconds that a job may take; or by the category of its repository, where jobs of other categories are not events; or
 * the time within which 95% of control's jobs end.
 */
export type TimeLimit = number | Partial<Record<Category, number>> | 'control_p95';

/** A limit on one metric, and the source of the metric's events. */
export interface Guardrail {
  source: 'events' | 'time' | 'prometheus';
  /** Time limit of a job; left out unless the source is the duration of jobs. */
  slower_than?: TimeLimit;
  /** Queries of the engine; left out unless the source is an engine. */
  query?: MetricQuery;
  /** Percentage of the events that may be bad. */
  limit: number;
  /** Tolerated ratio of the odds of a bad event, treatment to control. */
  than_control: number;
  on_harm: OnHarm;
  /** True: judged and shown, without any consequence. */
  dry_run: boolean;
  /** What counts once: an event, or a subject per day. */
  per: 'event' | 'subject';
  /**
   * Correlation, 0 to 1, of two events of a step whose subjects are not told apart; left out if not written or not
   * needed.
   */
  correlation?: number;
}

/** The file's settings of one feature, defaults filled in; lists are sorted and durations are seconds. */
export interface Spec extends Exposure {
  description: string | null;
  owner: string | null;
  subject: SubjectType;
  /** True: keeps the exposure and stops the soak clock. */
  paused: boolean;
  analysis: 'sequential' | 'threshold';
  thresholds: Thresholds;
  rollback: Rollback;
  /** Rising percentages; empty if the feature has no plan. */
  steps: Step[];
  advance: 'manual' | Via;
  /** The hours in which a step may be taken; absent: any. */
  hours?: Hours;
  /** First day, YYYY-MM-DD, on which a step may be taken; absent: any. */
  not_before?: string;
  /** Last day, YYYY-MM-DD, on which a step may be taken; absent: none. */
  cutoff?: string;
  routing: Routing;
  costs: Record<string, Cost>;
  /** Absent: none. */
  budget?: Budget;
  /**
   * Guardrails by metric; left out if there are none, so that digests of features without guardrails did not change.
   */
  guardrails?: Record<string, Guardrail>;
}

/** Days on which the controller raises nothing. */
export interface Freeze {
  /** First day, YYYY-MM-DD, in UTC. */
  from: string;
  /** Last day, YYYY-MM-DD, in UTC, included. */
  to: string;
  reason: string;
}

/** How outcomes are stored by subject. */
export interface OutcomesKept {
  /** `top`: recently failed subjects by id, all others in groups; `off`: all in groups. */
  by_subject: 'full' | 'top' | 'off';
  /** Days; null: as long as all other data. */
  keep_days: number | null;
}

/** The whole validated file: every value checked, every default filled in. */
export interface RolloutConfig {
  environment: string;
  freeze: Freeze[];
  /** Ids or `owner/name`; sorted, without duplicates. */
  test_repositories: string[];
  features: Map<string, Spec>;
  /**
   * Maps a feature to the incident that its entry resumes; features without one are left out. Kept beside the specs,
   * because it concerns one incident: it is part of no digest, baseline or drift.
   */
  resumes: Map<string, string>;
  /** Features whose raise may skip steps of their plan; kept beside the specs, because it concerns one change. */
  skips_steps: Set<string>;
  /** Limits for the next changes of the file; null: none. */
  policy: Policy | null;
  /** How outcomes are stored; null: every subject by its id. */
  outcomes: OutcomesKept | null;
  /** Routes of notifications; null: all go to the webhook of the environment. */
  notify: Route[] | null;
}

/**
 * Returns JSON with sorted keys: equal values give equal text, in whatever order they were written. The digest of a
 * spec is the hash of this text.
 */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const record = value as Record<string, unknown>;
  const pairs = Object.keys(record)
    .sort()
    .filter((key) => record[key] !== undefined)
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(record[key])}`);
  return `{${pairs.join(',')}}`;
}

/** Copies only the exposure fields. */
export function exposureOf(spec: Exposure): Exposure {
  return {
    active: spec.active,
    emergency_stop: spec.emergency_stop,
    strategy: spec.strategy,
    percentage: spec.percentage,
    categories: spec.categories === null ? null : [...spec.categories],
    whitelist: [...spec.whitelist],
    blacklist: [...spec.blacklist],
    salt: spec.salt,
    ...narrowingOf(spec),
  };
}

/** Replaces one field of an exposure by another's; an absent field is removed. */
export function withField(
  exposure: ResolvedExposure,
  field: keyof Exposure,
  from: ResolvedExposure,
): ResolvedExposure {
  const { [field]: _replaced, ...others } = exposure;
  return asResolved({ ...others, ...(field in from ? { [field]: from[field] } : {}) } as unknown as Exposure);
}
