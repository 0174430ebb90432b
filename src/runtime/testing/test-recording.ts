import type { Outcome } from '../../domain/evidence/outcomes.ts';
import { errorText } from '../../lib/error-text.ts';
import type { Decider } from '../decide/decider.ts';
import type { JobEnd, ObserveOptions, Stamp } from '../host/job.ts';
import { report } from '../record/job-end.ts';
import { observe } from '../record/observe.ts';
import type { ObservedEvent, RecordedEnd } from './recorded.ts';

/** Ends and events reported to a rollout in memory: counted as a database counts them, and kept. */
export class TestRecording {
  readonly ended: RecordedEnd[] = [];
  readonly observed: ObservedEvent[] = [];
  readonly refused: string[] = [];
  readonly #open = new Map<string, Stamp>();
  readonly #closedIds = new Set<string>();
  readonly #decider: Decider;
  readonly #now: () => number;

  constructor(decider: Decider, now: () => number) {
    this.#decider = decider;
    this.#now = now;
  }

  get open(): readonly Stamp[] {
    return [...this.#open.values()];
  }

  /** Opens a routed job. */
  begin(stamp: Stamp): void {
    this.#open.set(stamp.id, stamp);
  }

  record(end: JobEnd, isClosed: boolean): void {
    this.#keepProblem(() => (isClosed ? 'record was called after close' : this.#report(end)));
  }

  #report(end: JobEnd): string | null {
    const recorder = {
      add: (outcome: Outcome) => {
        this.ended.push(outcome);
      },
      // Another attempt follows: the job stays open.
      retry: () => {},
      end: ({ id }: Stamp, outcome: Outcome) => {
        this.#open.delete(id);
        if (!this.#closedIds.has(id)) this.ended.push(outcome);
        this.#closedIds.add(id);
        return null;
      },
      // A feature of a test has no duration guardrail.
      observe: () => {},
    };
    return report(end, { decider: this.#decider, clock: { time: this.#now }, recorder });
  }

  observe(
    event: { about: Stamp | string | null; metric: string; bad: boolean; options: ObserveOptions },
    isClosed: boolean,
  ): void {
    this.#keepProblem(() => {
      const recorder = {
        observe: (observed: ObservedEvent) => {
          this.observed.push(observed);
        },
      };
      const ground = { decider: this.#decider, recorder, at: this.#now(), known: true };
      return isClosed ? 'observe was called after close' : observe(event, ground);
    });
  }

  /** Runs `work`, and keeps the problem that it returns or throws. */
  #keepProblem(work: () => string | null): void {
    try {
      const problem = work();
      if (problem !== null) this.refused.push(problem);
    } catch (error) {
      this.refused.push(errorText(error));
    }
  }
}
