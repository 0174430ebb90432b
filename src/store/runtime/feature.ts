import type { Exposure, Routing } from '../../domain/spec/spec.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';

/** One feature as an application needs it for decisions; lists are resolved. */
export interface RuntimeFeature extends Exposure {
  feature: string;
  subject: SubjectType;
  epoch: number;
  revision: string | null;
  archived: boolean;
  /** Routing of jobs; null for a row that no reconcile has written. */
  routing: Routing | null;
  /** Seconds by processor. */
  job_timeout: Record<string, number>;
  /** Metrics of its guardrails whose events the application reports, sorted. */
  metrics: string[];
  /** Milliseconds that a job may take, by the metrics of its guardrails on durations. */
  slower_than: Record<string, number>;
  /** Time limits by category, if each has its own; jobs of other categories are not events. */
  slower_than_by: Record<string, Record<string, number>>;
  max_error_rate: number;
  auto_rollback: boolean;
}
