import type { Arm } from '../../domain/evidence/outcomes.ts';
import type { JobClass, RoutingFacts, RoutingRule } from '../../domain/evidence/routing.ts';
import type { DecisionReason } from './evaluation.ts';

/**
 * Where and when the outcome of a routed job counts. Plain JSON that travels in the job's payload: hand it to
 * `record` as it came, in this process or any other, now or after a restart.
 */
export interface Stamp {
  readonly id: string;
  readonly feature: string;
  readonly subject: string;
  readonly processor: string;
  readonly arm: Arm;
  readonly epoch: number;
  /** Routing class. */
  readonly job_class: string;
  /** Of the subject; empty where it is not known here: the flush looks it up. */
  readonly category: string;
  /** Milliseconds since 1970, by the database's clock. */
  readonly routed_at: number;
}

/** A job as the router sees it: whom it is for, and what the rules look at. Other fields are yours. */
export interface Job extends RoutingFacts {
  /** The subject's id. */
  subject: string;
}

export interface Routed {
  /** Name of the processor that is to run the job, from `routing` of the feature. */
  readonly processor: string;
  /** Which one takes it when that one cannot. */
  readonly fallback: string;
  readonly job_class: JobClass;
  readonly arm: Arm;
  readonly rule: RoutingRule;
  /** Why the subject is eligible or not. */
  readonly reason: DecisionReason;
  /** Null where no outcome can count: the feature is unknown, or the subject is not an id. */
  readonly stamp: Stamp | null;
}

interface Ended {
  ok: boolean;
  /** Milliseconds. */
  durationMs?: number | null | undefined;
  /** What a failed job said: a text, or what was caught. Cut at 300 characters; what looks like a secret is hidden. */
  error?: unknown;
  /**
   * `false`: no other process reports an end of this job, not even after a restart. Then a job that began and ended
   * here between two flushes is added up in memory, and costs the database nothing but its count. By default the
   * database decides which end counts, the first, and remembers the job for a week.
   */
  elsewhere?: boolean | undefined;
}

/**
 * The end of a routed job, or of one that was not routed: then its arm is what the subject is now.
 *
 * `willRetry: true` with `ok: false` is an attempt, not an end: another attempt follows. The job stays open, and
 * counts by its last attempt, or as a failure once `thresholds.job_timeout` is over.
 */
export type JobEnd =
  | ({
      stamp: Stamp | null;
      willRetry?: boolean | undefined;
      feature?: never;
      subject?: never;
      processor?: never;
    } & Ended)
  | ({ feature: string; subject: string; processor: string; stamp?: never; willRetry?: never } & Ended);

export interface ObserveOptions {
  /** Of one id, metric and feature only the first event counts, whichever process observes it. */
  id?: string | undefined;
}
