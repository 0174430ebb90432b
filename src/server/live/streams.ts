import { streamSSE } from 'hono/streaming';
import { later } from '../http/answers.ts';
import type { Request } from '../http/context.ts';

/**
 * Limits of open pages, for all and for one client: an office behind one address has some, and a page without a stream
 * polls.
 */
const MOST_STREAMS = 100;
const MOST_OF_ONE = 20;
/** Milliseconds after which a quiet stream sends something, so that proxies do not close it. */
const QUIET_MS = 15_000;
/** Quiet periods after which watchers are asked to reload, because finished jobs and judging ticks cause no event. */
const LOOK_AGAIN = 4;
/** Stands for any change. */
const ANYTHING = '*';

interface Listener {
  client: string;
  /** Changed features that were not sent yet: a slow reader gets each of them once. */
  waiting: Set<string>;
  wake: () => void;
}

/** Messages of one kind of listener, and their limits. */
export interface Audience {
  most: number;
  mostOfOne: number;
  /**
   * True: whoever opens a stream may have asked before it, and missed what changed meanwhile. False: only whoever
   * reconnects.
   */
  asksFirst: boolean;
  /** Returns the messages for changed features. */
  messages: (features: readonly string[]) => readonly object[];
}

/** Pages of this server: one message per feature. */
const PAGES: Audience = {
  most: MOST_STREAMS,
  mostOfOne: MOST_OF_ONE,
  asksFirst: false,
  messages: (features) => features.map((feature) => ({ feature })),
};

/** All open streams of watchers. */
export class Streams {
  readonly #listeners = new Set<Listener>();
  readonly #audience: Audience;
  #closed = false;

  constructor(audience: Audience = PAGES) {
    this.#audience = audience;
  }

  /** Reports changed features; `*` is anything. */
  tell(features: readonly string[]): void {
    for (const listener of this.#listeners) {
      for (const feature of features) listener.waiting.add(feature);
      listener.wake();
    }
  }

  get open(): number {
    return this.#listeners.size;
  }

  /** Answers with a stream: `ready`, then one message per changed feature, and `closing` at the end. */
  answer(c: Request): Response {
    // A HEAD answer has no body: a stream begun for it would stay open for ever.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    const { most, mostOfOne, asksFirst, messages } = this.#audience;
    if (this.#closed || this.#listeners.size >= most) {
      return later(c, 10, `${most} pages are watched already`);
    }
    const client = c.get('client');
    const own = [...this.#listeners].filter((listener) => listener.client === client).length;
    if (own >= mostOfOne) return later(c, 10, `${mostOfOne} pages are watched from this address already`);
    // A reconnected client does not know what it missed.
    const missed = asksFirst || c.req.header('last-event-id') !== undefined ? [ANYTHING] : [];
    const listener: Listener = { client, waiting: new Set(missed), wake: () => {} };
    this.#listeners.add(listener);
    c.header('x-accel-buffering', 'no'); // otherwise nginx buffers the events until it has a page of them
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

  /** Ends every stream, after pending messages. */
  close(): void {
    this.#closed = true;
    for (const listener of this.#listeners) listener.wake();
  }
}

/** Waits for a change, or for the end of a quiet period. */
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
