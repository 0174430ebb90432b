import type { Arm } from '../../domain/evidence/outcomes.ts';

/** Recorded events of one metric and subject, and the bad ones among them. */
export interface Observation {
  /** Feature of the events; null: every feature with a guardrail on the metric. */
  feature: string | null;
  metric: string;
  /** Id, or the current `owner/name` of a repository. */
  subject: string;
  /** Arm; null: the subject's present arm. */
  arm: Arm | null;
  /** Epoch; null: the epoch at that moment. */
  epoch: number | null;
  /** Category; null: the subject's present category. */
  category: string | null;
  /** Milliseconds since 1970; null: now. */
  at: number | null;
  events: number;
  bad: number;
  /** Id of the event: only the first one per id, metric and feature counts. */
  id: string | null;
}
