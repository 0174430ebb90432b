import type { Arm } from '../../domain/evidence/outcomes.ts';

/** Events of one metric and subject, bad ones among them, as they are recorded. */
export interface Observation {
  /** Null: of every feature that has a guardrail on the metric. */
  feature: string | null;
  metric: string;
  /** Id, or the current `owner/name` of a repository. */
  subject: string;
  /** Null: what the subject is now. */
  arm: Arm | null;
  /** Null: the epoch of that moment. */
  epoch: number | null;
  /** Null: what the subject is now. */
  category: string | null;
  /** Milliseconds since 1970; null: now. */
  at: number | null;
  events: number;
  bad: number;
  /** Of one id, metric and feature only the first event counts. */
  id: string | null;
}
