/** Clients that are remembered at once; beyond that the one that was quiet longest is forgotten. */
const MOST_CLIENTS = 10_000;

interface Bucket {
  left: number;
  /** Milliseconds since 1970. */
  at: number;
}

/** So many requests a minute from one client, which may come all at once. */
export class Limiter {
  readonly #perMinute: number;
  readonly #now: () => Date;
  /** In the order in which they were last seen. */
  readonly #clients = new Map<string, Bucket>();

  constructor(perMinute: number, now: () => Date) {
    this.#perMinute = perMinute;
    this.#now = now;
  }

  /** Counts one request; 0: it may go on, else the whole seconds until the next one may. */
  take(client: string): number {
    const at = this.#now().getTime();
    const known = this.#clients.get(client);
    // A wall clock that is set back takes nothing away.
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
