/** What the library needs of a `pg.Pool`: one of yours, or of a compatible package. */
export interface PoolLike {
  connect(): Promise<unknown>;
  query(text: string): Promise<unknown>;
  readonly options: { readonly max?: number | undefined };
}

/**
 * Where the database is: the library's own connections, at most two; or a pool of yours, which stays open.
 * With `readUrl` and `writeUrl` the snapshot comes from a read replica (one connection, and a second one while it reads
 * the registry), and outcomes go to the primary (one connection). A URL may come from the environment as it is:
 * `createRollout` refuses one that is missing.
 */
export type RolloutDatabase =
  | { connectionString: string | undefined; pool?: never; readUrl?: never; writeUrl?: never }
  | { pool: PoolLike; connectionString?: never; readUrl?: never; writeUrl?: never }
  | { readUrl: string | undefined; writeUrl: string | undefined; connectionString?: never; pool?: never };

/** Keeps the last snapshot where the process finds it when it starts the next time. What it throws is logged. */
export interface SnapshotCache {
  /** Text that was written last; null where there is none. */
  read(): Promise<string | null>;
  write(text: string): Promise<void>;
}

export interface RolloutSettings {
  /**
   * Where the snapshot is kept for a start at which nobody answers: `cacheFile(path)` of
   * `rollout-controller/cache-file`, or your own. By default it is not kept.
   */
  cache?: SnapshotCache;
  /** Name of the environment that the database must be of (`environment` of rollout.yaml); not checked by default. */
  environment?: string;
  /** The variables `ROLLOUT_*`, `HYBRID_*` and `NODE_ENV` are read from here, once; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Milliseconds between two looks at the database's generation, beside its notifications; default 1,000. */
  pollMs?: number;
  /** Milliseconds after which a snapshot that nobody could confirm admits nobody any more; default 300,000. */
  maxStaleMs?: number;
  /** Milliseconds that `createRollout` waits for a database that is away, before it goes on without; default 5,000. */
  startMs?: number;
  /** Milliseconds between two flushes of outcomes; default 5,000. */
  flushMs?: number;
  /** Sums, stamps and ends that are kept in memory at most until the database takes them; default 100,000. */
  maxPending?: number;
  /** Milliseconds that `close`, `beforeExit` and a signal wait for the last flush; default 5,000. */
  closeMs?: number;
  /** `true` flushes on `beforeExit`, SIGTERM, SIGINT and SIGHUP; handlers of the host stay what they are; default true. */
  flushOnExit?: boolean;
  /** `false`: no connection that listens, the poll alone; default true. For poolers that cannot listen. */
  listen?: boolean;
  /** Groups hosts in history's record of environment overrides; default the host's name without its numbers. */
  hostGroup?: string;
  /** One line about something that a person may want to know; default `console.warn`. */
  log?: (line: string) => void;
  /** A clock that never goes back, in milliseconds; default `performance.now`. For tests. */
  now?: () => number;
}

export type RolloutOptions = RolloutDatabase & RolloutSettings;
