import { errorText, toError } from '../../lib/error-text.ts';
import { redact } from '../../lib/redact.ts';
import { harmless } from '../../lib/text.ts';
import type { Events } from './events.ts';

const LONGEST_LINE = 300;
const AGAIN_AFTER_MS = 600_000;
const MOST_LINES = 100;

/** Reports failures to the host: each one as an event, and equal texts once in ten minutes in the log. */
export class Complaints {
  readonly #events: Events;
  readonly #log: (line: string) => void;
  /** When each line was last logged. */
  readonly #said = new Map<string, number>();

  constructor(events: Events, log: (line: string) => void) {
    this.#events = events;
    this.#log = log;
  }

  /** Only writes to the log. */
  say(text: string): void {
    const line = harmless(redact(text), LONGEST_LINE);
    const last = this.#said.get(line);
    const now = performance.now();
    if (last !== undefined && now - last < AGAIN_AFTER_MS) return;
    if (this.#said.size >= MOST_LINES) this.#said.clear();
    this.#said.set(line, now);
    this.#log(line);
  }

  readonly fail = (error: unknown): void => {
    const known = withoutSecrets(toError(error));
    this.say(errorText(known));
    this.#events.emit('error', known);
  };
}

/**
 * Returns the error itself if it contains no apparent secret, otherwise its text without them. A host prints the whole
 * error, fields and cause included, and the driver's errors for a host's pool may contain its whole URL.
 */
function withoutSecrets(error: Error): Error {
  const words = errorText(error);
  if (redact(words) === words && !('input' in error)) return error;
  const code: unknown = Reflect.get(error, 'code');
  return Object.assign(new Error(redact(words)), typeof code === 'string' ? { code } : {});
}
