import type { Evaluation } from './evaluation.ts';
import type { Job, JobEnd, ObserveOptions, Routed, Stamp } from './job.ts';
import type { RolloutEvents } from './rollout-events.ts';
import type { RolloutState } from './rollout-state.ts';

/**
 * The library in an application. Nothing of it throws, blocks or does I/O but `flush` and `close`, which wait; an
 * answer that cannot be given is "not eligible".
 *
 * `Feature` is the union of the file's keys, which `rollout types` writes; by default any text.
 */
export interface Rollout<Feature extends string = string> {
  /** Is the feature on for this subject? In process, from memory, without allocating. */
  isEligible(feature: Feature, subject: string): boolean;
  /** Decides like `isEligible`, and returns the reason. */
  evaluate(feature: Feature, subject: string): Evaluation;
  /** Keys of the features that are not archived, sorted. */
  features(): readonly string[];
  /** Which processor takes a job. Hand the stamp on with it, and to `record` when it ends. */
  route(feature: Feature, job: Job): Routed;
  /** How a job ended. Counted in memory, sent with the next flush. */
  record(end: JobEnd): void;
  /**
   * An event of a metric (`metrics` of rollout.yaml with `source: events`), good or bad, for the guardrails on it: of a
   * routed job by its stamp, or of a subject by its id, for every feature with a guardrail on the metric.
   */
  observe(about: Stamp | string | null, metric: string, bad: boolean, options?: ObserveOptions): void;
  /** Sends what is pending; resolves when the database has it, or `closeMs` are over. True: nothing is pending. */
  flush(): Promise<boolean>;
  /** Flushes, and lets go of every connection and timer. Decisions are "not eligible" from then on. */
  close(): Promise<void>;
  /** Calls `listener` at each event until the returned function is called. What it throws is logged. */
  on<K extends keyof RolloutEvents>(event: K, listener: (about: RolloutEvents[K]) => void): () => void;
  state(): RolloutState;
}
