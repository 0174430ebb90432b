import { RolloutError } from '../../errors.ts';
import type { Decider } from '../decide/decider.ts';
import type { RolloutState } from '../host/api.ts';
import type { Events } from '../host/events.ts';
import type { Follower } from './follower.ts';

type Status = RolloutState['status'];

/** The database is another one than what was decided by: that is no guide any more. */
const OTHERS: ReadonlySet<string> = new Set(['database_incompatible', 'environment_mismatch']);

/** At the start no waiting mends these either. Later they may pass, as where a password is changed in turns. */
const REFUSALS: ReadonlySet<string> = new Set([...OTHERS, 'database_refused', 'database_not_migrated']);

export function isRefusal(error: unknown): error is RolloutError {
  return error instanceof RolloutError && REFUSALS.has(error.code);
}

/** How the snapshot stands: who may be eligible, and what the host is told of it. */
export class Standing {
  readonly #decider: Decider;
  readonly #follower: Follower;
  readonly #events: Events;
  readonly #staleMs: number;
  readonly #maxStaleMs: number;
  #status: Status = 'starting';
  #controllerStale = false;

  constructor(
    { decider, follower, events }: { decider: Decider; follower: Follower; events: Events },
    { staleMs, maxStaleMs }: { staleMs: number; maxStaleMs: number },
  ) {
    this.#decider = decider;
    this.#follower = follower;
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

  /** A reading was taken over. */
  confirm(): void {
    this.#judgeController();
    if (this.#status === 'ready' || this.#status === 'closed') return;
    this.#decider.open();
    this.#status = 'ready';
    this.#events.emit('ready', { generation: this.#follower.generation ?? 0 });
  }

  /** The database does not fit. Where there is a snapshot and it may pass, decisions go on from that. */
  refuse(error: RolloutError): void {
    if (this.#status === 'closed') return;
    if (this.#status !== 'starting' && !OTHERS.has(error.code)) return;
    this.#decider.shut('not_ready');
    this.#status = 'refused';
  }

  /** Time has passed. */
  judgeAge(): void {
    const ageMs = this.#follower.ageMs;
    if (ageMs === null || this.#status === 'closed' || this.#status === 'refused') return;
    this.#judgeController();
    if (ageMs > this.#maxStaleMs && this.#status !== 'expired') {
      this.#decider.shut('stale');
      this.#status = 'expired';
      this.#events.emit('stale', { ageMs, expired: true });
    } else if (ageMs > this.#staleMs && this.#status === 'ready') {
      this.#status = 'stale';
      this.#events.emit('stale', { ageMs, expired: false });
    }
  }

  #judgeController(): void {
    const heartbeatAt = this.#follower.missedHeartbeat;
    const before = this.#controllerStale;
    this.#controllerStale = heartbeatAt !== null;
    if (heartbeatAt !== null && !before) this.#events.emit('controller_stale', { heartbeatAt });
  }

  close(): void {
    this.#decider.shut('not_ready');
    this.#status = 'closed';
  }
}
