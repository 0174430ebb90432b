/** The part of a `pg.Pool` that the library uses: your own pool, or one of a compatible package. */
export interface PoolLike {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  readonly options: { readonly max?: number | undefined };
}

/**
 * The database's address for the library's own connections, at most two; or your own pool, which stays open. With
 * `readUrl` and `writeUrl` the snapshot comes from a read replica (one connection, and a second one while it reads the
 * registry), and outcomes go to the primary (one connection). A URL may come directly from the environment:
 * `createRollout` rejects an undefined one.
 */
export type RolloutDatabase =
  | { connectionString: string | undefined; pool?: never; readUrl?: never; writeUrl?: never }
  | { pool: PoolLike; connectionString?: never; readUrl?: never; writeUrl?: never }
  | { readUrl: string | undefined; writeUrl: string | undefined; connectionString?: never; pool?: never };

/** Storage of the last snapshot for the next start of the process. Errors that it throws are logged. */
export interface SnapshotCache {
  /** Returns the last written text; null if there is none. */
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

export interface RolloutSettings {
  /**
   * Storage of the snapshot for a start at which nobody answers: `cacheFile(path)` of `rollout-controller/cache-file`,
   * or your own. Default: none.
   */
  cache?: SnapshotCache;
  /** Required environment of the database (`environment` of rollout.yaml); not checked by default. */
  environment?: string;
  /** Source of the variables `ROLLOUT_*`, `HYBRID_*` and `NODE_ENV`, read once; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds between two polls of the database's generation, besides its notifications; default 1,000. */
  pollMs?: number;
  /** Milliseconds after which an unconfirmed snapshot admits nobody; default 300,000. */
  maxStaleMs?: number;
  /**
   * Milliseconds that `createRollout` waits for an unreachable database before it resolves without it; default 5,000.
   */
  startMs?: number;
  /** Milliseconds between two flushes of outcomes; default 5,000. */
  flushMs?: number;
  /** Maximum of sums, stamps and ends kept in memory until the database accepts them; default 100,000. */
  maxPending?: number;
  /** Milliseconds that `close`, `beforeExit` and a signal wait for the last flush; default 5,000. */
  closeMs?: number;
  /**
   * `true`: flushes on `beforeExit`, SIGTERM, SIGINT and SIGHUP, without changing the host's handlers; default true.
   */
  flushOnExit?: boolean;
  /** `false`: no listening connection, only polling; default true. For poolers that cannot listen. */
  listen?: boolean;
  /** Groups hosts in history's record of environment overrides; default: the host's name without trailing numbers. */
  hostGroup?: string;
  /** Receives one line about something that a person may want to know; default `console.warn`. */
  log?: (line: string) => void;
  /** A monotonic clock in milliseconds; default `performance.now`. For tests. */
  now?: () => number;
}

export type RolloutOptions = RolloutDatabase & RolloutSettings;
