import { randomId } from '../../lib/portable/uuid.ts';
import type { OpenBreaker } from '../host/rollout-events.ts';
import type { Sink } from './parcel/sink.ts';

/** Milliseconds between two reports; a shorter-lived process is never missed. */
const EVERY_MS = 60_000;

/** Limit of breakers reported per process. */
const MOST_BREAKERS = 100;

export interface PresenceSettings {
  sink: Pick<Sink, 'send'>;
  /** Returns monotonic milliseconds. */
  now: () => number;
  breakers: () => OpenBreaker[];
}

/**
 * Reports once a minute that this process is alive, from its first outcome or routed job on, and at its end that it
 * ends: if a process falls silent while others continue, its jobs are never reported. Best effort: a lost report is
 * followed by another.
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

  /** Call with each flush; `busy`: it has something to send. */
  async flushed(busy: boolean): Promise<void> {
    this.#active ||= busy;
    if (!this.#active || this.#settings.now() - this.#saidAt < EVERY_MS) return;
    await this.#say(false);
  }

  /** A process that never reported need not report its end. */
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
      // An older relay or database rejects it, or is unreachable, which outcomes report too.
    }
  }
}
