import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import type { DatabaseClock } from '../follow/database-clock.ts';
import type { Source } from '../follow/snapshot-status.ts';
import { type Step, stepTo } from '../wire/place.ts';
import type { WireMoment } from '../wire/wire.ts';

/** Position of the snapshot behind decisions, and when the database last confirmed it. */
export class RelaySnapshot implements Source {
  readonly #now: () => number;
  readonly #clock: DatabaseClock;
  readonly #lagMs: number;
  #moment: WireMoment | null = null;
  /** Time of the last confirmation, by `now`. */
  #confirmedAt: number | null = null;

  constructor(now: () => number, clock: DatabaseClock, lagMs: number) {
    this.#now = now;
    this.#clock = clock;
    this.#lagMs = lagMs;
  }

  get tag(): string | null {
    return this.#moment?.tag ?? null;
  }

  get generation(): number | null {
    return this.#moment?.generation ?? null;
  }

  get standby(): boolean {
    return this.#moment?.standby ?? false;
  }

  get ageMs(): number | null {
    return this.#confirmedAt === null ? null : Math.max(0, this.#now() - this.#confirmedAt);
  }

  get missedHeartbeat(): Date | null {
    const at = this.#moment?.heartbeat_at ?? null;
    const heartbeat = at === null ? null : new Date(at);
    return heartbeatIsStale(heartbeat, new Date(this.#clock.time())) ? heartbeat : null;
  }

  /** Compares a moment with the known position. */
  stepTo(moment: WireMoment): Step {
    return stepTo(this.#moment, moment, this.ageMs ?? 0, this.#lagMs);
  }

  /** Returns the milliseconds since the database confirmed a relay's content, by the database's clock. */
  ageOf({ read_at }: WireMoment): number {
    return Math.max(0, this.#clock.time() - read_at);
  }

  /** Applies a moment. A response that was long on its way does not replace a later confirmation. */
  confirm(moment: WireMoment, anew: boolean): void {
    this.#moment = moment;
    const at = this.#now() - this.ageOf(moment);
    this.#confirmedAt = this.#confirmedAt === null || anew ? at : Math.max(this.#confirmedAt, at);
  }
}
