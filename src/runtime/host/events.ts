import { errorText } from '../../lib/error-text.ts';
import type { RolloutEvents } from './rollout-events.ts';

type Listener<K extends keyof RolloutEvents> = (about: RolloutEvents[K]) => void;

/** Emits events to the host. Errors and rejections of its listeners are logged and stop nothing. */
export class Events {
  readonly #listeners = new Map<keyof RolloutEvents, Set<Listener<never>>>();
  readonly #log: (line: string) => void;

  constructor(log: (line: string) => void) {
    this.#log = log;
  }

  on<K extends keyof RolloutEvents>(event: K, listener: Listener<K>): () => void {
    // A separate function, so that a listener added twice is called twice and removed once.
    const own: Listener<K> = (about) => listener(about);
    const listeners = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, listeners.add(own));
    return () => {
      listeners.delete(own);
    };
  }

  emit<K extends keyof RolloutEvents>(event: K, about: RolloutEvents[K]): void {
    for (const listener of [...(this.#listeners.get(event) ?? [])] as Listener<K>[]) {
      try {
        const result: unknown = listener(about);
        if (result instanceof Promise) result.catch((error: unknown) => this.#complain(event, error));
      } catch (error) {
        this.#complain(event, error);
      }
    }
  }

  #complain(event: string, error: unknown): void {
    this.#log(`a listener of '${event}' failed: ${errorText(error)}`);
  }
}

/** Wraps a log function so that it cannot throw into the library. */
export function safeLog(log: (line: string) => void): (line: string) => void {
  return (line) => {
    try {
      log(`rollout: ${line}`);
    } catch {
      // A failing log cannot be reported anywhere.
    }
  };
}
