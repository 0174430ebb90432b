import { streamSSE } from 'hono/streaming';
import { later } from '../http/answers.ts';
import type { Request } from '../http/context.ts';

/** Open pages at once, and of one client: an office behind one address has some, and a page without one asks by itself. */
const MOST_STREAMS = 100;
const MOST_OF_ONE = 20;
/** Keeps a proxy from taking a quiet stream for a dead one. */
const QUIET_MS = 15_000;
/** Jobs that end and ticks that judge notify nobody: who watches is told to look again after so many quiet spells. */
const LOOK_AGAIN = 4;
/** Whatever it was. */
const ANYTHING = '*';

interface Listener {
  client: string;
  /** Features that changed and were not told yet: a slow reader is told once of what changed twice. */
  waiting: Set<string>;
  wake: () => void;
}

/** How one kind of listener is told, and how many there may be. */
export interface Audience {
  most: number;
  mostOfOne: number;
  /** The messages for features that changed. */
  messages: (features: readonly string[]) => readonly object[];
}

/** Pages of this server: a message for each feature. */
const PAGES: Audience = {
  most: MOST_STREAMS,
  mostOfOne: MOST_OF_ONE,
  messages: (features) => features.map((feature) => ({ feature })),
};

/** Everybody who watches. */
export class Streams {
  readonly #listeners = new Set<Listener>();
  readonly #audience: Audience;
  #closed = false;

  constructor(audience: Audience = PAGES) {
    this.#audience = audience;
  }

  /** Features changed; `*` is anything. */
  tell(features: readonly string[]): void {
    for (const listener of this.#listeners) {
      for (const feature of features) listener.waiting.add(feature);
      listener.wake();
    }
  }

  get open(): number {
    return this.#listeners.size;
  }

  /** Answers with a stream: `ready`, then a message with the feature for every change, and `closing` at the end. */
  answer(c: Request): Response {
    // Nobody reads the body of such an answer: a stream that was begun for it would be open for ever.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    const { most, mostOfOne, messages } = this.#audience;
    if (this.#closed || this.#listeners.size >= most) {
      return later(c, 10, `${most} pages are watched already`);
    }
    const client = c.get('client');
    const own = [...this.#listeners].filter((listener) => listener.client === client).length;
    if (own >= mostOfOne) return later(c, 10, `${mostOfOne} pages are watched from this address already`);
    // One that comes back does not know what it missed.
    const missed = c.req.header('last-event-id') === undefined ? [] : [ANYTHING];
    const listener: Listener = { client, waiting: new Set(missed), wake: () => {} };
    this.#listeners.add(listener);
    c.header('x-accel-buffering', 'no'); // nginx would keep the events until it has a page of them
    return streamSSE(c, async (stream) => {
      stream.onAbort(() => {
        this.#listeners.delete(listener);
        listener.wake();
      });
      try {
        await stream.writeSSE({ event: 'ready', id: 'ready', data: '{}', retry: 2_000 });
        for (let quiet = 0; !this.#closed && !stream.aborted; ) {
          await quietOrWoken(listener);
          if (stream.aborted) break;
          const features = [...listener.waiting];
          listener.waiting.clear();
          quiet = features.length === 0 ? quiet + 1 : 0;
          if (quiet === LOOK_AGAIN) features.push(ANYTHING);
          if (features.length === 0) await stream.write(': still here\n\n');
          for (const message of messages(features)) await stream.writeSSE({ data: JSON.stringify(message) });
          if (quiet === LOOK_AGAIN) quiet = 0;
        }
        if (this.#closed) await stream.writeSSE({ event: 'closing', data: '{}' });
      } finally {
        this.#listeners.delete(listener);
      }
    });
  }

  /** Ends every stream, after what was heard until now. */
  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) listener.wake();
  }
}

/** Until something changed, or it has been quiet for long. */
async function quietOrWoken(listener: Listener): Promise<void> {
  if (listener.waiting.size > 0) return;
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, QUIET_MS);
    listener.wake = () => {
      clearTimeout(timer);
      resolve();
    };
  });
}
