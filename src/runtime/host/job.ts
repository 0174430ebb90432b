import type { Arm } from '../../domain/evidence/outcomes.ts';
import type { JobClass, RoutingFacts, RoutingRule } from '../../domain/evidence/routing.ts';
import type { DecisionReason } from './evaluation.ts';

/**
 * Determines where and when the outcome of a routed job counts. Plain JSON that travels in the job's payload: pass it
 * unchanged to `record`, in this process or any other, now or after a restart.
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
  /** Category of the subject; empty if not known here, and then the flush looks it up. */
  readonly category: string;
  /** Milliseconds since 1970, by the database's clock. */
  readonly routed_at: number;
}

/** A job as input of routing: its subject, and the fields of the routing rules. Other fields are yours. */
export interface Job extends RoutingFacts {
  /** The subject's id. */
  subject: string;
}

export interface Routed {
  /** Name of the processor that runs the job, from the feature's `routing`. */
  readonly processor: string;
  /** Name of the processor that takes the job if the first one cannot. */
  readonly fallback: string;
  readonly job_class: JobClass;
  readonly arm: Arm;
  readonly rule: RoutingRule;
  /** Why the subject is eligible or not. */
  readonly reason: DecisionReason;
  /** Stamp of the job; null if no outcome can count: the feature is unknown, or the subject is not an id. */
  readonly stamp: Stamp | null;
}

interface Ended {
  ok: boolean;
  /** Duration of the job in milliseconds. */
  durationMs?: number | null | undefined;
  /** Error of a failed job: a text, or a caught value. Cut at 300 characters; apparent secrets are hidden. */
  error?: unknown;
  /**
   * `false`: no other process reports an end of this job, not even after a restart. Then a job that began and ended
   * here between two flushes is added up in memory, and only its count reaches the database. By default the database
   * decides that the first end counts, and remembers the job for a week.
   */
  elsewhere?: boolean | undefined;
}

/**
 * The end of a routed job, or of one that was not routed: then its arm is the subject's present one.
 *
 * `willRetry: true` with `ok: false` is an attempt, not an end: another attempt follows. The job stays open, and counts
 * by its last attempt, or as a failure after `thresholds.job_timeout`.
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
  /** Id of the event: only the first one per id, metric and feature counts, in whichever process. */
  id?: string | undefined;
}
