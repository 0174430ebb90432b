import type { BrokenProcessor } from '../evidence/breaker.ts';
import type { CostReport } from '../evidence/cost.ts';
import type { DayTimes } from '../evidence/daily-times.ts';
import type { Arm } from '../evidence/outcomes.ts';
import type { Place, ProcessorTimes, Rate } from '../evidence/rates.ts';
import type { RuleUse } from '../evidence/routes.ts';
import type { Spending } from '../evidence/spending.ts';
import type { EvidenceWarning } from '../evidence/warning.ts';
import type { GuardrailResult } from '../guardrails/result.ts';
import type { HealthScore } from '../health/health-score.ts';
import type { ReasonCode, Severity, Verdict } from '../health/judgement.ts';
import type { ShownNarrowing } from '../spec/audience/audience.ts';
import type { Freeze, Step, Thresholds } from '../spec/spec.ts';
import type { Category, HistoryAction, Strategy, SubjectType } from '../spec/vocabulary.ts';
import type { Advice } from './advice.ts';
import type { DifferenceSeries } from './difference-series.ts';
import type { Failures } from './failures.ts';
import type { FeatureState } from './feature-state.ts';
import type { ShownEntry } from './history.ts';
import type { ReportNext } from './next.ts';
import type { ReportIncident } from './report-incident.ts';
import type { RolledBack } from './rolled-back.ts';

/** Everything that a page, a report or an API shows, as of one moment of the database. */
export interface ReportData {
  /** Time of the database's clock. */
  generated_at: Date;
  environment: string | null;
  /** Commit of the last reconciled file. */
  revision: string | null;
  /** `https://host/owner/name`, for links to commits and pull requests; null: no links. */
  repository_url: string | null;
  /** When the scheduled tick last ran; null: never. */
  heartbeat: Date | null;
  /** The tick missed three runs: nothing is judged or rolled back meanwhile. */
  heartbeat_stale: boolean;
  global_stop: { reason: string; by: string; at: Date } | null;
  /** The freeze that includes today; null: none. */
  freeze: Freeze | null;
  /** Digest of the last row of history, which reveals a rewritten tail. */
  history_head: string;
  /** True: whitelisted subjects and error texts, which may name subjects, are included. */
  names_shown: boolean;
  features: ReportFeature[];
}

export interface ReportFeature extends Failures {
  feature: string;
  description: string | null;
  owner: string | null;
  subject: SubjectType;
  strategy: Strategy;
  percentage: number;
  active: boolean;
  emergency_stop: boolean;
  paused: boolean;
  /** Number of the epoch, and when it began. */
  epoch: number;
  epoch_started_at: Date;
  step_started_at: Date;
  revision: string | null;
  state: FeatureState;
  /** Reason and actor of the stop; null if the feature is not stopped, or by the file. */
  stopped_by: { reason: string; by: string } | null;
  /** When the present state began. */
  since: Date;
  next: ReportNext;
  soak: ReportSoak | null;
  steps: Step[];
  thresholds: Thresholds;
  analysis: 'sequential' | 'threshold';
  /** Is the feature rolled back automatically on harm? */
  rollback_enabled: boolean;
  /** Subjects that are in, out of all in the registry, and by category, smallest first. */
  eligible: number;
  total: number;
  categories: { category: Category | string | null; eligible: number; total: number }[];
  /** The filter of the strategy `percentage`; null admits every category. */
  category_filter: Category[] | null;
  /** The attributes that the feature asks for, with values if names may be shown; left out if there are none. */
  narrowing?: ShownNarrowing;
  lists: { whitelist: number; blacklist: number; names: { whitelist: string[]; blacklist: string[] } | null };
  /** Processors whose breaker is not closed in some processes; left out: none. */
  breakers?: Omit<BrokenProcessor, 'feature'>[];
  /** Subjects in quarantine: their number, and their names if names may be shown; left out: none. */
  in_quarantine?: { count: number; names: string[] | null };
  health: ReportHealth;
  /** Exposure over time, oldest first: each point is valid until the next. */
  exposure: ExposurePoint[];
  /** Difference of the present step, or of the one that was rolled back; null if nothing can be compared. */
  difference: DifferenceSeries | null;
  rates: RateSeries;
  /** Durations of jobs on each of the last 14 days; left out if no times are kept. */
  daily_times?: DayTimes[];
  /** How often each routing rule decided; left out if no job was routed. */
  routes?: RuleUse[];
  scores: ScoreSeries;
  /** Checks of the last 90 days at which the verdict changed, oldest first. */
  turns: VerdictTurn[];
  incidents: ReportIncident[];
  history: ShownEntry[];
  /** Number of older history rows that were left out. */
  history_left_out: number;
  cost: CostReport;
  weeks: { now: ReportWeek; before: ReportWeek };
  advice: Advice[];
}

/** The soak of the present step. */
export interface ReportSoak {
  since: Date;
  /** Seconds that it must last, and the seconds left. */
  seconds: number;
  left: number;
  /** Percentage of the soak that is over. */
  share: number;
}

/** Health of a feature, with the facts behind it. */
export interface ReportHealth {
  /**
   * The rollback that nobody has resumed and that left no subject in; if set, the rates below are those that caused it.
   */
  rolled_back: RolledBack | null;
  /** The latest verdict of the present epoch; null if there is none yet. */
  verdict: {
    verdict: Verdict;
    reason_code: ReasonCode;
    reason: string;
    severity: Severity;
    scope: string;
    checked_at: Date;
  } | null;
  /** Results of the last check for its guardrails. */
  guardrails: GuardrailResult[];
  /** Health score, 0 to 100; null if the feature is off, or no job has finished, which is neither good nor bad. */
  score: number | null;
  score_parts: HealthScore | null;
  /** Seconds over which the rates are taken. */
  window: number;
  treatment: Rate;
  control: Rate;
  /** Treatment in the preceding window of the same epoch. */
  before: Rate;
  /**
   * Percentage points by which treatment's error rate changed since the preceding window; null if one of the two has no
   * job.
   */
  trend: number | null;
  /** Eligible subjects with a job in the window, and their share in percent; null if no subject is eligible. */
  participation: { subjects: number; share: number } | null;
  /** Present cost, and at the next step; left out without a budget, or if nobody is in. */
  spending?: Spending;
  open_jobs: number;
  oldest_open: Date | null;
  warnings: EvidenceWarning[];
  /** Rates by processor, arm and category over the window, whatever the epoch. */
  rates: (Rate & Place)[];
  /** Durations of jobs in the window, by processor and arm. */
  times: ProcessorTimes[];
  error_texts: { processor: string; arm: Arm; message: string; occurrences: number; last_at: Date }[];
  open_by_processor: { processor: string; arm: Arm; open: number; oldest: Date }[];
}

export interface ExposurePoint {
  at: Date;
  /** Live percentage: 0 if the feature is off or stopped. */
  percentage: number;
  live: boolean;
  action: HistoryAction;
  /** Number of the history row; null if the point comes from the global stop. */
  history: number | null;
}

/**
 * Finished jobs over time, in columns of equal length, oldest first. Spans get longer with age: an hour in the last
 * week, six hours in the last month, a day before that. A span without a job has no entry.
 */
export interface RateSeries {
  /** Start of the span in seconds since 1970. */
  at: number[];
  /** Length of the span in seconds. */
  span: number[];
  jobs: number[];
  errors: number[];
  control_jobs: number[];
  control_errors: number[];
  /** Milliseconds; null if no duration is known. */
  mean_ms: (number | null)[];
  control_mean_ms: (number | null)[];
}

/**
 * Checks of the last 90 days, in columns of equal length, oldest first: single checks in the last two days, before that
 * the worst of an hour, of six hours or of a day. Scores are natural logarithms, as in `Judgement`.
 */
export interface ScoreSeries {
  /** Time of the check, or start of the span, in seconds since 1970. */
  at: number[];
  verdict: Verdict[];
  absolute: number[];
  relative: number[];
  warning: number[];
}

export interface VerdictTurn {
  at: Date;
  verdict: Verdict;
  reason_code: ReasonCode;
  reason: string;
}

/** Seven days of a feature: costs over all arms, health of treatment. */
export interface ReportWeek {
  treatment: Rate;
  control: Rate;
  /** Cost over all arms; null if not known. */
  cost: number | null;
  /** Live percentage at the end of the week. */
  percentage: number;
}

/** Returns the open incident, or the last one if nobody has resumed it; `incidents` are newest first. */
export function unresolved<T extends Pick<ReportIncident, 'state'>>(incidents: readonly T[]): T | null {
  const [last] = incidents;
  return last?.state === 'open' || last?.state === 'settled' ? last : null;
}
