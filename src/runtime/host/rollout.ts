import type { Evaluation } from './evaluation.ts';
import type { Job, JobEnd, ObserveOptions, Routed, Stamp } from './job.ts';
import type { RolloutEvents } from './rollout-events.ts';
import type { RolloutState } from './rollout-state.ts';

/**
 * The library in an application. No method throws, blocks or does I/O, except `flush` and `close`, which wait; without
 * an answer a subject is "not eligible".
 *
 * `Feature` is the union of the file's keys, which `rollout types` writes; by default any text.
 */
export interface Rollout<Feature extends string = string> {
  /** Decides whether the feature is on for this subject, from memory and without allocating. */
  isEligible(feature: Feature, subject: string): boolean;
  /** Decides like `isEligible`, and returns the reason. */
  evaluate(feature: Feature, subject: string): Evaluation;
  /** Keys of the features that are not archived, sorted. */
  features(): readonly string[];
  /** Selects the processor of a job. Pass the stamp on with the job, and to `record` when it ends. */
  route(feature: Feature, job: Job): Routed;
  /** Records the end of a job. Counted in memory, sent with the next flush. */
  record(end: JobEnd): void;
  /**
   * Records an event of a metric (`metrics` of rollout.yaml with `source: events`), good or bad, for its guardrails: of
   * a routed job by its stamp, or of a subject by its id, for every feature with a guardrail on the metric.
   */
  observe(about: Stamp | string | null, metric: string, bad: boolean, options?: ObserveOptions): void;
  /** Sends what is pending; resolves when the database has it, or after `closeMs`. True: nothing is pending. */
  flush(): Promise<boolean>;
  /** Flushes, and closes every connection and timer. From then on decisions are "not eligible". */
  close(): Promise<void>;
  /** Calls `listener` at each event until the returned function is called. Errors of the listener are logged. */
  on<K extends keyof RolloutEvents>(event: K, listener: (about: RolloutEvents[K]) => void): () => void;
  state(): RolloutState;
}
