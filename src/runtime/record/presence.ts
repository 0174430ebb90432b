import { randomId } from '../../lib/portable/uuid.ts';
import type { OpenBreaker } from '../host/rollout-events.ts';
import type { Sink } from './sink.ts';

/** A process that ends sooner is never missed. */
const EVERY_MS = 60_000;

/** So many of one process are shown. */
const MOST_BREAKERS = 100;

export interface PresenceSettings {
  sink: Pick<Sink, 'send'>;
  /** Milliseconds that never go back. */
  now: () => number;
  breakers: () => OpenBreaker[];
}

/**
 * Says once a minute that this process is there, from its first outcome or routed job on, and at its end that it ends by
 * itself: one that falls silent while others go on has jobs of which nobody hears. Best effort: what is lost is said again.
 */
export class PresenceOf {
  /** Eight hexadecimal digits. */
  readonly process = randomId().slice(0, 8);
  readonly #settings: PresenceSettings;
  readonly #startedAt: number;
  #saidAt: number;
  #active = false;
  #known = false;

  constructor(settings: PresenceSettings) {
    this.#settings = settings;
    this.#startedAt = settings.now();
    this.#saidAt = this.#startedAt;
  }

  /** To be called with each flush; `busy`: it has something to send. */
  async flushed(busy: boolean): Promise<void> {
    this.#active ||= busy;
    if (!this.#active || this.#settings.now() - this.#saidAt < EVERY_MS) return;
    await this.#say(false);
  }

  /** Where nobody knows this process there is nobody to say good-bye to. */
  async leave(): Promise<void> {
    if (this.#known) await this.#say(true);
  }

  async #say(leaving: boolean): Promise<void> {
    const { now, breakers, sink } = this.#settings;
    this.#saidAt = now();
    const ageSeconds = (now() - this.#startedAt) / 1_000;
    const items = [
      { process: this.process, ageSeconds, leaving, breakers: breakers().slice(0, MOST_BREAKERS) },
    ];
    try {
      this.#known = true;
      await sink.send({ kind: 'presence', id: randomId(), items });
    } catch {
      // An older relay or database does not take it, or it is away: outcomes say that.
    }
  }
}
