import type { Queryable } from '../../store/db/client.ts';
import {
  type ChangeListener,
  isOutOfConnections,
  listenForChanges,
  type Pool,
  sendEcho,
} from '../../store/runtime/connection.ts';
import { backOff } from '../host/poll.ts';
import { within } from '../host/timeout.ts';
import type { Follower } from './follower.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** Milliseconds between two echoes: a silent connection may be lost, so it is made to answer. */
const BEAT_MS = 30_000;
/** Milliseconds that the start waits for the first echo. */
const ECHO_MS = 1_000;

/** Keeps a connection that is notified of changes, and replaces it when it is lost. */
export class Listening {
  readonly #pool: Pool;
  readonly #aside: Queryable;
  readonly #follower: Follower;
  readonly #onFailure: (error: unknown) => void;
  #listener: ChangeListener | null = null;
  /** Polls through the listening connection; null while there is none. */
  #look: (() => Promise<void>) | null = null;
  #retry: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #failures = 0;
  /** True: an earlier echo came back. */
  #hears = false;
  /** Called by the awaited echo; null if none is awaited. */
  #awaited: (() => void) | null = null;
  /** True: the awaited echo was sent. */
  #sent = false;
  #connecting = false;
  #closed = false;

  /** Listens on a connection of `pool`; echoes are sent through another one, `aside`. */
  constructor(
    { pool, aside }: { pool: Pool; aside: Queryable },
    follower: Follower,
    onFailure: (error: unknown) => void,
  ) {
    this.#pool = pool;
    this.#aside = aside;
    this.#follower = follower;
    this.#onFailure = onFailure;
  }

  /** Does the connection receive notifications? Behind a pooler in transaction mode it is open and receives none. */
  get active(): boolean {
    return this.#listener !== null && this.#hears;
  }

  /** Polls through the listening connection; null if there is none. A failure counts as a lost connection. */
  look(): Promise<void> | null {
    return this.#look?.() ?? null;
  }

  /** Connects when `soon` is called, and in any case after a while. */
  later(): void {
    this.#again(LONGEST_PAUSE_MS);
  }

  /** Connects now, because the database answers again. */
  soon(): void {
    if (this.#listener !== null || this.#connecting) return;
    this.#failures = 0;
    this.#again();
  }

  /** Connects, and polls once it listens: earlier changes were not notified. */
  async connect(): Promise<void> {
    if (this.#closed) return;
    // A standby has no notifications, but it may be promoted.
    if (this.#follower.state?.standby) return this.#again(LONGEST_PAUSE_MS);
    this.#connecting = true;
    try {
      await this.#connectNow();
    } catch (error) {
      if (!this.#closed) this.#onFailure(error);
      this.#again();
    } finally {
      this.#connecting = false;
    }
  }

  async #connectNow(): Promise<void> {
    let look = async (): Promise<void> => {};
    // If the connection is lost meanwhile, the next steps fail and report it.
    let lose = (): void => {};
    const listener = await listenForChanges(this.#pool, {
      onChange: () => void look(),
      onEcho: () => this.#heard(listener),
      onLost: () => lose(),
    });
    if (this.#closed) return await listener.close();
    this.#listener = listener;
    lose = () => this.#lost(listener);
    const through = this.#follower.through(listener.client, () => this.#hears);
    look = () => through().catch(() => lose());
    this.#look = look;
    clearInterval(this.#beat);
    this.#beat = setInterval(() => void look().then(() => this.#call(listener)), BEAT_MS).unref();
    await look();
    await this.#call(listener);
    if (this.#listener === listener) this.#failures = 0;
  }

  /** Sends an echo. If one has not come back when the next is sent, the connection does not receive. */
  async #call(listener: ChangeListener): Promise<void> {
    if (this.#listener !== listener) return;
    if (this.#awaited && this.#sent) this.#hears = false;
    this.#sent = false;
    const heard = new Promise<void>((resolve) => {
      this.#awaited = resolve;
    });
    try {
      // May have to wait for a flush.
      await sendEcho(this.#aside, listener);
      this.#sent = true;
    } catch (error) {
      // Outcomes need the only connection.
      if (isOutOfConnections(error)) {
        this.#onFailure(error);
        this.#lost(listener);
      }
      return;
    }
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
    this.#look = null;
    this.#hears = false;
    this.#awaited = null;
    clearInterval(this.#beat);
    void listener.close();
    // A change may be on its way that this connection will not report.
    void this.#follower.poll().catch(() => {});
    this.#again();
  }

  #again(first = FIRST_PAUSE_MS): void {
    if (this.#closed) return;
    clearTimeout(this.#retry);
    const pause = backOff(first, this.#failures, LONGEST_PAUSE_MS);
    this.#failures += 1;
    this.#retry = setTimeout(() => void this.connect(), pause).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#retry);
    clearInterval(this.#beat);
    const listener = this.#listener;
    this.#listener = null;
    this.#look = null;
    await listener?.close();
  }
}
