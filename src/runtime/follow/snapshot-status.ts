import { RolloutError } from '../../errors.ts';
import type { Decider } from '../decide/decider.ts';
import type { Events } from '../host/events.ts';
import { type Status, type StatusEvent, stepOf } from './status-table.ts';

/** Errors that mean another database than that of the snapshot, which is then no longer used. */
const OTHERS: ReadonlySet<string> = new Set(['database_incompatible', 'environment_mismatch']);

const REFUSALS: ReadonlySet<string> = new Set([
  ...OTHERS,
  'database_refused',
  'database_not_migrated',
  'relay_refused',
  'relay_incompatible',
]);

export function isRefusal(error: unknown): error is RolloutError {
  return error instanceof RolloutError && REFUSALS.has(error.code);
}

/** Source of a snapshot, which decides its age. */
export interface Source {
  /** Milliseconds since the snapshot was last confirmed; null: never. */
  readonly ageMs: number | null;
  readonly generation: number | null;
  /** Time of the last tick if it is too long ago; otherwise null. */
  readonly missedHeartbeat: Date | null;
}

/** Status of the snapshot: whether anybody may be eligible, and which events the host gets. */
export class Standing {
  readonly #decider: Decider;
  readonly #source: Source;
  readonly #events: Events;
  readonly #staleMs: number;
  readonly #maxStaleMs: number;
  #status: Status = 'starting';
  #controllerStale = false;

  constructor(
    { decider, source, events }: { decider: Decider; source: Source; events: Events },
    { staleMs, maxStaleMs }: { staleMs: number; maxStaleMs: number },
  ) {
    this.#decider = decider;
    this.#source = source;
    this.#events = events;
    this.#staleMs = staleMs;
    this.#maxStaleMs = maxStaleMs;
  }

  get status(): Status {
    return this.#status;
  }

  get controllerStale(): boolean {
    return this.#controllerStale;
  }

  /** A reading was accepted. */
  confirm(): void {
    this.#judgeController();
    this.#apply('confirmed');
  }

  /** A snapshot of an earlier process was loaded. */
  recall(): void {
    this.#apply('recalled', this.#source.ageMs ?? 0);
    this.judgeAge();
  }

  /** The database does not fit. */
  refuse(error: RolloutError): void {
    this.#apply(OTHERS.has(error.code) ? 'misfit' : 'rejected');
  }

  /** Checks the age after time has passed. */
  judgeAge(): void {
    const ageMs = this.#source.ageMs;
    if (ageMs === null || this.#status === 'closed' || this.#status === 'refused') return;
    this.#judgeController();
    if (ageMs > this.#maxStaleMs) this.#apply('outlived', ageMs);
    else if (ageMs > this.#staleMs) this.#apply('aged', ageMs);
  }

  close(): void {
    this.#apply('closed');
  }

  #apply(event: StatusEvent, ageMs = 0): void {
    const step = stepOf(this.#status, event);
    if (!step) return;
    this.#status = step.status;
    if (step.decisions === 'snapshot') this.#decider.open();
    else this.#decider.shut(step.decisions);
    if (step.news === 'ready') {
      this.#events.emit('ready', { generation: this.#source.generation ?? 0 });
    } else if (step.news !== null) {
      this.#events.emit('stale', { ageMs, expired: step.news === 'expired' });
    }
  }

  #judgeController(): void {
    const heartbeatAt = this.#source.missedHeartbeat;
    const before = this.#controllerStale;
    this.#controllerStale = heartbeatAt !== null;
    if (heartbeatAt !== null && !before) this.#events.emit('controller_stale', { heartbeatAt });
  }
}
