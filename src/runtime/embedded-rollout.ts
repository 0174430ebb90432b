import { randomUUID } from 'node:crypto';
import { routeJob } from '../domain/routing.ts';
import type { Routing } from '../domain/spec.ts';
import type { DatabaseClock } from './database-clock.ts';
import { type Decider, isId } from './decider.ts';
import type { Events } from './events.ts';
import type { Evaluation, Job, JobEnd, Rollout, RolloutEvents, RolloutState, Routed } from './types.ts';

/** What a rollout is put together from; `createRollout` does it. */
export interface Parts {
  decider: Decider;
  clock: DatabaseClock;
  events: Events;
  state(): RolloutState;
  /** Judges the age of the snapshot. */
  judgeAge(): void;
  record(end: JobEnd): void;
  flush(): Promise<boolean>;
  close(): Promise<void>;
}

/** A loop that never yields starves every timer: after so many decisions it is asked what time it is. */
const DECISIONS_A_LOOK = 4_096;

/** For a feature that no file describes: the original's processors. */
const DEFAULT_ROUTING: Routing = {
  fallback: 'inngest',
  realtime: 'inngest',
  bulk: 'github_actions',
  recent_days: 1,
  small_batch: 10,
  large_batch: 50,
};

export class EmbeddedRollout implements Rollout {
  readonly #parts: Parts;
  readonly #decider: Decider;
  #decisions = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#decider = parts.decider;
  }

  isEligible(feature: string, subject: string): boolean {
    this.#decisions = (this.#decisions + 1) % DECISIONS_A_LOOK;
    if (this.#decisions === 0) this.#parts.judgeAge();
    return this.#decider.isEligible(feature, subject);
  }

  evaluate(feature: string, subject: string): Evaluation {
    const { status } = this.state();
    return this.#decider.evaluate(feature, subject, status !== 'ready');
  }

  features(): readonly string[] {
    return this.#decider.names();
  }

  route(feature: string, job: Job): Routed {
    const subject: unknown = job?.subject;
    const { eligible, reason } = this.evaluate(feature, subject as string);
    const row = this.#decider.rowOf(feature);
    const { processor, job_class, rule } = routeJob(row?.routing ?? DEFAULT_ROUTING, eligible, job ?? {});
    const arm = eligible ? 'treatment' : 'control';
    const stamp =
      row && isId(subject)
        ? {
            ...{ id: randomUUID(), feature, subject, processor, arm, epoch: row.epoch, job_class },
            ...{ category: this.#decider.categoryOf(feature, subject), routed_at: this.#parts.clock.time() },
          }
        : null;
    return { processor, job_class, arm, rule, reason, stamp } as Routed;
  }

  record(end: JobEnd): void {
    this.#parts.record(end);
  }

  flush(): Promise<boolean> {
    return this.#parts.flush();
  }

  close(): Promise<void> {
    return this.#parts.close();
  }

  on<K extends keyof RolloutEvents>(event: K, listener: (about: RolloutEvents[K]) => void): () => void {
    return this.#parts.events.on(event, listener);
  }

  state(): RolloutState {
    return this.#parts.state();
  }
}
