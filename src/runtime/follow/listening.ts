import {
  type ChangeListener,
  listenForChanges,
  type Pool,
  sendEcho,
} from '../../store/runtime/connection.ts';
import { backOff } from '../host/poll.ts';
import { within } from '../host/timeout.ts';
import type { Follower } from './follower.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** A connection on which nothing is said may be gone without a word; so often it is made to say something. */
const BEAT_MS = 30_000;
/** The start waits so long for the first echo. */
const ECHO_MS = 1_000;

/** Keeps a connection that hears of changes, and makes another one when it is lost. */
export class Listening {
  readonly #from: { connectionString: string } | { pool: Pool };
  readonly #pool: Pool;
  readonly #follower: Follower;
  readonly #onFailure: (error: unknown) => void;
  #listener: ChangeListener | null = null;
  #retry: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #failures = 0;
  /** An echo that was sent before the last one came back. */
  #hears = false;
  /** Called by the echo that is awaited; null where none is. */
  #awaited: (() => void) | null = null;
  #closed = false;

  /** Listens through `from`; echoes are sent through `pool`. */
  constructor(
    from: { connectionString: string } | { pool: Pool },
    pool: Pool,
    follower: Follower,
    onFailure: (error: unknown) => void,
  ) {
    this.#from = from;
    this.#pool = pool;
    this.#follower = follower;
    this.#onFailure = onFailure;
  }

  /** Does the connection hear what others send? Behind a pooler in transaction mode it is open and hears nothing. */
  get active(): boolean {
    return this.#listener !== null && this.#hears;
  }

  /** Connects, and looks at the database once it listens: what changed before that, nobody told. */
  async connect(): Promise<void> {
    if (this.#closed) return;
    let look = async (): Promise<void> => {};
    // Where it is lost while it connects, what comes next fails and says so.
    let lose = (): void => {};
    try {
      const listener = await listenForChanges(this.#from, {
        onChange: () => void look(),
        onEcho: () => this.#heard(listener),
        onLost: () => lose(),
      });
      if (this.#closed) return await listener.close();
      this.#listener = listener;
      lose = () => this.#lost(listener);
      const through = this.#follower.through(listener.client);
      look = () => through().catch(() => lose());
      clearInterval(this.#beat);
      this.#beat = setInterval(() => void look().then(() => this.#call(listener)), BEAT_MS).unref();
      await look();
      if (this.#listener === listener) this.#failures = 0;
      await this.#call(listener);
    } catch (error) {
      if (!this.#closed) this.#onFailure(error);
      this.#again();
    }
  }

  /** Sends an echo. One that did not come back until the next is sent says that nothing is heard. */
  async #call(listener: ChangeListener): Promise<void> {
    if (this.#listener !== listener) return;
    if (this.#awaited) this.#hears = false;
    const heard = new Promise<void>((resolve) => {
      this.#awaited = resolve;
    });
    await sendEcho(this.#pool, listener).catch(() => {});
    await within(ECHO_MS, heard);
  }

  #heard(listener: ChangeListener): void {
    if (this.#listener !== listener) return;
    this.#hears = true;
    this.#awaited?.();
    this.#awaited = null;
  }

  #lost(listener: ChangeListener): void {
    if (this.#listener !== listener) return;
    this.#listener = null;
    this.#hears = false;
    this.#awaited = null;
    clearInterval(this.#beat);
    void listener.close();
    // A change may be on its way that this connection will not tell.
    void this.#follower.poll().catch(() => {});
    this.#again();
  }

  #again(): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    const pause = backOff(FIRST_PAUSE_MS, this.#failures, LONGEST_PAUSE_MS);
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.connect(), pause).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#beat);
    const listener = this.#listener;
    this.#listener = null;
    await listener?.close();
  }
}
