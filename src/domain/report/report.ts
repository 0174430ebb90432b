import type { BrokenProcessor } from '../evidence/breaker.ts';
import type { CostReport } from '../evidence/cost.ts';
import type { DayTimes } from '../evidence/daily-times.ts';
import type { Arm } from '../evidence/outcomes.ts';
import type { Place, ProcessorTimes, Rate } from '../evidence/rates.ts';
import type { RuleUse } from '../evidence/routes.ts';
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

/** Everything a page, a report or an API tells, as of one moment of the database. */
export interface ReportData {
  /** The database's clock. */
  generated_at: Date;
  environment: string | null;
  /** Commit of the file that was last reconciled. */
  revision: string | null;
  /** `https://host/owner/name`, for links to commits and pull requests; null: nothing is linked. */
  repository_url: string | null;
  /** When the scheduled tick last ran; null: never. */
  heartbeat: Date | null;
  /** It missed three runs: nothing is judged or rolled back meanwhile. */
  heartbeat_stale: boolean;
  global_stop: { reason: string; by: string; at: Date } | null;
  /** The stretch of days in which nothing is raised, where today is in one. */
  freeze: Freeze | null;
  /** Digest of the last row of history, by which a rewritten tail is found. */
  history_head: string;
  /** Whitelisted subjects and error texts, which may name subjects, are in it. */
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
  /** Epoch, and when it began. */
  epoch: number;
  epoch_started_at: Date;
  step_started_at: Date;
  revision: string | null;
  state: FeatureState;
  /** Who stopped it and why; null where it is not stopped, or the file stops it. */
  stopped_by: { reason: string; by: string } | null;
  /** Since when it is in the state that the word names. */
  since: Date;
  next: ReportNext;
  soak: ReportSoak | null;
  steps: Step[];
  thresholds: Thresholds;
  analysis: 'sequential' | 'threshold';
  /** Is it rolled back by itself when it does harm? */
  rollback_enabled: boolean;
  /** Subjects that are in, of all in the registry, and by category, smallest first. */
  eligible: number;
  total: number;
  categories: { category: Category | string | null; eligible: number; total: number }[];
  /** The filter of the strategy `percentage`; null admits every category. */
  category_filter: Category[] | null;
  /** The attributes that it asks for, their values where names may be shown; left out where it asks for none. */
  narrowing?: ShownNarrowing;
  lists: { whitelist: number; blacklist: number; names: { whitelist: string[]; blacklist: string[] } | null };
  /** Processors whose breaker is not closed in some processes; left out: none. */
  breakers?: Omit<BrokenProcessor, 'feature'>[];
  /** Subjects in quarantine: how many, and who where names may be shown; left out: nobody. */
  in_quarantine?: { count: number; names: string[] | null };
  health: ReportHealth;
  /** Exposure over time, oldest first: each point holds until the next. */
  exposure: ExposurePoint[];
  /** Of the present step, or of the one that was rolled back; null where nothing can be compared. */
  difference: DifferenceSeries | null;
  rates: RateSeries;
  /** How long jobs took on each of the last 14 days; left out where no time is kept. */
  daily_times?: DayTimes[];
  /** How often each routing rule decided; left out where no job was routed. */
  routes?: RuleUse[];
  scores: ScoreSeries;
  /** Checks of the last 90 days at which the verdict turned, oldest first. */
  turns: VerdictTurn[];
  incidents: ReportIncident[];
  history: ShownEntry[];
  /** History rows that were left out because they are older. */
  history_left_out: number;
  cost: CostReport;
  weeks: { now: ReportWeek; before: ReportWeek };
  advice: Advice[];
}

/** The soak of the present step. */
export interface ReportSoak {
  since: Date;
  /** Seconds that it must last, and that are left of them. */
  seconds: number;
  left: number;
  /** Percent of it that is over. */
  share: number;
}

/** How a feature fares. */
export interface ReportHealth {
  /** The rollback that nobody has resumed and that left nobody in; then the rates below are those it was for. */
  rolled_back: RolledBack | null;
  /** The latest verdict of the present epoch; null where none was reached yet. */
  verdict: {
    verdict: Verdict;
    reason_code: ReasonCode;
    reason: string;
    severity: Severity;
    scope: string;
    checked_at: Date;
  } | null;
  /** Findings of the last check about its guardrails. */
  guardrails: GuardrailResult[];
  /** Null where it is off, or no job has finished: that is neither good nor bad. */
  score: number | null;
  score_parts: HealthScore | null;
  /** Seconds that the rates are taken over. */
  window: number;
  treatment: Rate;
  control: Rate;
  /** Treatment in the window before, of the same epoch. */
  before: Rate;
  /** Percentage points by which treatment's error rate changed since; null where one of them has no job. */
  trend: number | null;
  /** Eligible subjects with a job in the window, and their share in percent; null where nobody is eligible. */
  participation: { subjects: number; share: number } | null;
  open_jobs: number;
  oldest_open: Date | null;
  warnings: EvidenceWarning[];
  /** By processor, arm and category over the window, whatever the epoch. */
  rates: (Rate & Place)[];
  /** How long jobs took over the window, by processor and arm. */
  times: ProcessorTimes[];
  error_texts: { processor: string; arm: Arm; message: string; occurrences: number; last_at: Date }[];
  open_by_processor: { processor: string; arm: Arm; open: number; oldest: Date }[];
}

export interface ExposurePoint {
  at: Date;
  /** Live percentage: 0 where the feature is off or stopped. */
  percentage: number;
  live: boolean;
  action: HistoryAction;
  /** Number of the history row; null where it follows from the global stop. */
  history: number | null;
}

/**
 * Finished jobs over time, in columns of equal length, oldest first. Spans get longer with age: an hour in the last
 * week, six in the last month, a day before. A span without any job has no entry.
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
  /** Milliseconds; null where no time is known. */
  mean_ms: (number | null)[];
  control_mean_ms: (number | null)[];
}

/**
 * Checks of the last 90 days, in columns of equal length, oldest first: each by itself in the last two days, else the worst of
 * an hour, of six hours or of a day. Scores are natural logarithms, as in `Judgement`.
 */
export interface ScoreSeries {
  /** The check in seconds since 1970, or the start of the span. */
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

/** Seven days of a feature, all arms together where money is meant, treatment where health is. */
export interface ReportWeek {
  treatment: Rate;
  control: Rate;
  /** Of all arms; null where it is not known. */
  cost: number | null;
  /** Percentage that was live at its end. */
  percentage: number;
}

/** The open incident, else the last one where nobody has resumed it; `incidents` are the latest first. */
export function unresolved<T extends Pick<ReportIncident, 'state'>>(incidents: readonly T[]): T | null {
  const [last] = incidents;
  return last?.state === 'open' || last?.state === 'settled' ? last : null;
}
