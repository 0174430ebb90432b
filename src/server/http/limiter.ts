/** Limit of remembered clients; above it, the one that was quiet longest is forgotten. */
const MOST_CLIENTS = 10_000;

interface Bucket {
  left: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** Limits the requests per minute of one client; all of them may come at once. */
export class Limiter {
  readonly #perMinute: number;
  readonly #now: () => Date;
  /** Ordered by when they were last seen. */
  readonly #clients = new Map<string, Bucket>();

  constructor(perMinute: number, now: () => Date) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Counts one request; 0: allowed, otherwise the whole seconds until the next one is. */
  take(client: string): number {
    const at = this.#now().getTime();
    const known = this.#clients.get(client);
    // A wall clock that is set back removes nothing.
    const passed = known ? Math.max(0, at - known.at) : 0;
    const grown = known ? known.left + (passed / 60_000) * this.#perMinute : this.#perMinute;
    const left = Math.min(this.#perMinute, grown);
    const allowed = left >= 1;
    this.#remember(client, { left: allowed ? left - 1 : left, at });
    return allowed ? 0 : Math.max(1, Math.ceil(((1 - left) / this.#perMinute) * 60));
  }

  #remember(client: string, bucket: Bucket): void {
    this.#clients.delete(client);
    this.#clients.set(client, bucket);
    if (this.#clients.size <= MOST_CLIENTS) return;
    const [quietest] = this.#clients.keys();
    if (quietest !== undefined) this.#clients.delete(quietest);
  }
}
