import { type ChangeListener, listenForChanges, type Pool } from '../store/runtime-connection.ts';
import type { Follower } from './follower.ts';
import { backOff } from './repeat.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;

/** Keeps a connection that hears of changes, and makes another one when it is lost. */
export class Listening {
  readonly #from: { connectionString: string } | { pool: Pool };
  readonly #follower: Follower;
  #listener: ChangeListener | null = null;
  #timer: NodeJS.Timeout | undefined;
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
    try {
      const listener = await listenForChanges(
        this.#from,
        () => void look().catch(() => {}),
        () => this.#lost(),
      );
      if (this.#closed) {
        await listener.close();
        return;
      }
      look = this.#follower.through(listener.client);
      this.#listener = listener;
      this.#failures = 0;
      await look();
    } catch {
      this.#again();
    }
  }

  #lost(): void {
    this.#listener = null;
    // A change may be on its way that this connection will not tell.
    void this.#follower.poll().catch(() => {});
    this.#again();
  }

  #again(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const pause = backOff(FIRST_PAUSE_MS, this.#failures, LONGEST_PAUSE_MS);
    this.#failures += 1;
    this.#timer = setTimeout(() => void this.connect(), pause).unref();
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#listener?.close();
    this.#listener = null;
  }
}
