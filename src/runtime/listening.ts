import { type ChangeListener, listenForChanges, type Pool } from '../store/runtime-connection.ts';
import type { Follower } from './follower.ts';
import { backOff } from './repeat.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;
/** A connection on which nothing is said may be gone without a word; so often it is made to say something. */
const BEAT_MS = 30_000;

/** Keeps a connection that hears of changes, and makes another one when it is lost. */
export class Listening {
  readonly #from: { connectionString: string } | { pool: Pool };
  readonly #follower: Follower;
  #listener: ChangeListener | null = null;
  #retry: NodeJS.Timeout | undefined;
  #beat: NodeJS.Timeout | undefined;
  #failures = 0;
  #closed = false;

  constructor(from: { connectionString: string } | { pool: Pool }, follower: Follower) {
    this.#from = from;
    this.#follower = follower;
  }

  get active(): boolean {
    return this.#listener !== null;
  }

  /** Connects, and looks at the database once it listens: what changed before that, nobody told. */
  async connect(): Promise<void> {
    if (this.#closed) return;
    let look = async (): Promise<void> => {};
    // Where it is lost while it connects, what comes next fails and says so.
    let lose = (): void => {};
    try {
      const listener = await listenForChanges(
        this.#from,
        () => void look(),
        () => lose(),
      );
      if (this.#closed) return await listener.close();
      this.#listener = listener;
      lose = () => this.#lost(listener);
      const through = this.#follower.through(listener.client);
      look = () => through().catch(() => lose());
      clearInterval(this.#beat);
      this.#beat = setInterval(look, BEAT_MS).unref();
      await look();
      if (this.#listener === listener) this.#failures = 0;
    } catch {
      this.#again();
    }
  }

  #lost(listener: ChangeListener): void {
    if (this.#listener !== listener) return;
    this.#listener = null;
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
