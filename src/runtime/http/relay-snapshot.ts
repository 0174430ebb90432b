import { heartbeatIsStale } from '../../domain/spec/heartbeat.ts';
import type { DatabaseClock } from '../follow/database-clock.ts';
import type { Source } from '../follow/snapshot-status.ts';
import { type Step, stepTo } from '../wire/place.ts';
import type { WireMoment } from '../wire/wire.ts';

/** Where the snapshot stands that decisions are made from, and when the database last confirmed it. */
export class RelaySnapshot implements Source {
  readonly #now: () => number;
  readonly #clock: DatabaseClock;
  readonly #lagMs: number;
  #moment: WireMoment | null = null;
  /** By `now`. */
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

  /** How a moment stands to what is known. */
  stepTo(moment: WireMoment): Step {
    return stepTo(this.#moment, moment, this.ageMs ?? 0, this.#lagMs);
  }

  /** Milliseconds for which the database has not confirmed what a relay says, by the database's clock. */
  ageOf({ read_at }: WireMoment): number {
    return Math.max(0, this.#clock.time() - read_at);
  }

  /** Takes a moment over. An answer that was long on its way confirms nothing that is not confirmed better already. */
  confirm(moment: WireMoment, anew: boolean): void {
    this.#moment = moment;
    const at = this.#now() - this.ageOf(moment);
    this.#confirmedAt = this.#confirmedAt === null || anew ? at : Math.max(this.#confirmedAt, at);
  }
}
