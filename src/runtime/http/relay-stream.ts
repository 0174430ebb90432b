import { errorText } from '../../lib/error-text.ts';
import { after, pause } from '../../lib/portable/timers.ts';
import { backOff } from '../host/poll.ts';
import { readChange, readMoment } from '../wire/read.ts';
import { BEAT_MS, EVENTS, type WireChange, type WireMoment } from '../wire/wire.ts';
import { EventReader, type StreamEvent } from './event-stream.ts';
import type { RelayClient } from './relay-client.ts';

/** Milliseconds of silence after which a stream is dead, or a proxy buffers it. */
const SILENCE_MS = 2.5 * BEAT_MS;
/** A stream that lasted this many milliseconds did not fail: a proxy cut it. */
const GOOD_MS = 10_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 60_000;

interface Hearing {
  /** `first`: the first one of a newly opened stream. */
  onMoment(moment: WireMoment, first: boolean): void;
  onChange(change: WireChange): void;
  /** Called when the stream is no longer live, so that a change may be missed. */
  onLost(): void;
  onFailure(words: string): void;
}

/** Keeps a stream of changes open, and opens another when it ends. */
export class RelayStream {
  readonly #client: RelayClient;
  readonly #hearing: Hearing;
  readonly #over = new AbortController();
  /** True: the first event of the present stream arrived. */
  #live = false;
  #opened = () => {};
  /** Resolves when the first event of the first stream arrived. */
  readonly opened: Promise<void>;

  constructor(client: RelayClient, hearing: Hearing) {
    this.#client = client;
    this.#hearing = hearing;
    this.opened = new Promise((resolve) => {
      this.#opened = resolve;
    });
  }

  get live(): boolean {
    return this.#live;
  }

  start(): void {
    void this.#keep();
  }

  close(): void {
    this.#over.abort();
    this.#live = false;
    this.#opened();
  }

  async #keep(): Promise<void> {
    const { signal } = this.#over;
    for (let failures = 0; !signal.aborted; ) {
      const began = performance.now();
      const error = await this.#once();
      if (signal.aborted) return;
      const wasLive = this.#live;
      this.#live = false;
      if (wasLive) this.#hearing.onLost();
      else if (error !== null) this.#hearing.onFailure(error);
      failures = wasLive && performance.now() - began > GOOD_MS ? 0 : failures + 1;
      await pause(backOff(FIRST_PAUSE_MS, failures, LONGEST_PAUSE_MS), signal);
    }
  }

  /** Runs one stream to its end; returns why it failed, or null if it was closed on purpose. */
  async #once(): Promise<string | null> {
    const dead = new AbortController();
    const end = () => dead.abort(new Error('it fell silent'));
    this.#over.signal.addEventListener('abort', end);
    let callOff = after(SILENCE_MS, end);
    try {
      const events = new EventReader();
      const reader = (await this.#client.stream(dead)).getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return null;
        callOff();
        callOff = after(SILENCE_MS, end);
        for (const event of events.read(value)) this.#take(event);
      }
    } catch (error) {
      return errorText(error);
    } finally {
      callOff();
      this.#over.signal.removeEventListener('abort', end);
      end();
    }
  }

  #take({ name, data }: StreamEvent): void {
    if (name === EVENTS.change) {
      this.#hearing.onChange(readChange(JSON.parse(data)));
    } else if (name === EVENTS.hello || name === EVENTS.beat) {
      const { moment } = JSON.parse(data) as { moment: unknown };
      this.#hearing.onMoment(readMoment(moment), name === EVENTS.hello);
      this.#live = true;
      this.#opened();
    }
  }
}
