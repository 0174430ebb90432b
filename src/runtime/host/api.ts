import type { Arm } from '../../domain/evidence/outcomes.ts';
import type { JobClass, RoutingFacts, RoutingRule } from '../../domain/evidence/routing.ts';
import type { Reason } from '../../domain/spec/vocabulary.ts';

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
  /** What was written last; null where nothing was. */
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

/** Why a decision is what it is; the last three are the library's own. */
export type DecisionReason = Reason | 'stale' | 'not_ready' | 'invalid_subject';

export interface Evaluation {
  readonly eligible: boolean;
  readonly reason: DecisionReason;
  /** The subject's place 0-9999 for the feature's salt; null where the feature is unknown or the id is none. */
  readonly bucket: number | null;
  /** The percentage in force, overrides included; null where the feature is unknown. */
  readonly percentage: number | null;
  /** Commit of `rollout.yaml` that the feature was reconciled from; null where there is none. */
  readonly revision: string | null;
  /** The database has not confirmed the snapshot lately. */
  readonly stale: boolean;
}

/**
 * Where and when the outcome of a routed job counts. Plain JSON that travels in the job's payload: hand it to
 * `record` as it came, in this process or any other, now or after a restart.
 */
export interface Stamp {
  readonly id: string;
  readonly feature: string;
  readonly subject: string;
  readonly processor: string;
  readonly arm: Arm;
  readonly epoch: number;
  /** Routing class. */
  readonly job_class: string;
  /** Of the subject; empty where it is not known here: the flush looks it up. */
  readonly category: string;
  /** Milliseconds since 1970, by the database's clock. */
  readonly routed_at: number;
}

/** A job as the router sees it: whom it is for, and what the rules look at. Other fields are yours. */
export interface Job extends RoutingFacts {
  /** The subject's id. */
  subject: string;
}

export interface Routed {
  /** Name of the processor that is to run the job, from `routing` of the feature. */
  readonly processor: string;
  /** Which one takes it when that one cannot. */
  readonly fallback: string;
  readonly job_class: JobClass;
  readonly arm: Arm;
  readonly rule: RoutingRule;
  /** Why the subject is eligible or not. */
  readonly reason: DecisionReason;
  /** Null where no outcome can count: the feature is unknown, or the subject is not an id. */
  readonly stamp: Stamp | null;
}

interface Ended {
  ok: boolean;
  /** Milliseconds. */
  durationMs?: number | null | undefined;
  /** What a failed job said: a text, or what was caught. Cut at 300 characters; what looks like a secret is hidden. */
  error?: unknown;
  /**
   * `false`: no other process reports an end of this job, not even after a restart. Then a job that began and ended
   * here between two flushes is added up in memory, and costs the database nothing but its count. By default the
   * database decides which end counts, the first, and remembers the job for a week.
   */
  elsewhere?: boolean | undefined;
}

/**
 * The end of a routed job, or of one that was not routed: then its arm is what the subject is now.
 *
 * `willRetry: true` with `ok: false` is an attempt, not an end: another attempt follows. The job stays open, and
 * counts by its last attempt, or as a failure once `thresholds.job_timeout` is over.
 */
export type JobEnd =
  | ({
      stamp: Stamp | null;
      willRetry?: boolean | undefined;
      feature?: never;
      subject?: never;
      processor?: never;
    } & Ended)
  | ({ feature: string; subject: string; processor: string; stamp?: never; willRetry?: never } & Ended);

export interface ObserveOptions {
  /** Of one id, metric and feature only the first event counts, whichever process observes it. */
  id?: string | undefined;
}

export interface ChangeEvent {
  /** Features whose row changed; every one of them when everything was stopped, or was read for the first time. */
  readonly features: readonly string[];
  readonly generation: number;
}

export interface StaleEvent {
  /** Milliseconds since the database last confirmed the snapshot. */
  readonly ageMs: number;
  /** `maxStaleMs` is over: nobody is eligible. */
  readonly expired: boolean;
}

export interface OtherHistoryEvent {
  /** Generation up to which the history that is gone was known. */
  readonly before: number;
  /** Generation of what was read instead. */
  readonly generation: number;
}

export interface ControllerStaleEvent {
  /** When a tick last ended. */
  readonly heartbeatAt: Date;
}

export interface RolloutEvents {
  /** The snapshot is another one. */
  change: ChangeEvent;
  /** The database answers again, or for the first time. */
  ready: { readonly generation: number };
  /** The database does not answer; once when that begins, once when `maxStaleMs` is over. */
  stale: StaleEvent;
  /** The database was restored, or a fail-over lost changes: everything was read anew, and decisions follow that. */
  other_history: OtherHistoryEvent;
  /** Something did not work that is tried again, or was given up; nothing is thrown. */
  error: Error;
  /** No tick for three intervals: nobody judges health, nothing is rolled back by itself. */
  controller_stale: ControllerStaleEvent;
  /** A processor fails in this process and its jobs go to the fallback, or it works again. */
  breaker: BreakerEvent;
}

/** A breaker (`routing.breaker`) of this process has changed. */
export interface BreakerEvent {
  readonly feature: string;
  readonly processor: string;
  /** `open`: its jobs go to the fallback. `half_open`: one probes it. `closed`: all go to it. */
  readonly state: 'closed' | 'open' | 'half_open';
}

export interface OpenBreaker extends BreakerEvent {
  readonly state: 'open' | 'half_open';
}

export interface RolloutState {
  /**
   * `starting`: no snapshot yet. `stale`: decisions go on from the last one. `expired`: nobody is eligible.
   * `refused`: the database does not fit this build, nobody is eligible.
   */
  readonly status: 'starting' | 'ready' | 'stale' | 'expired' | 'refused' | 'closed';
  /** Of the snapshot; null before the first. */
  readonly generation: number | null;
  /** Milliseconds since the database last confirmed the snapshot; null before the first. */
  readonly ageMs: number | null;
  /** Does a connection hear of changes (a notification of its own came back)? Otherwise the poll alone finds them. */
  readonly listening: boolean;
  /** The snapshot comes from a read replica, which has no notifications and may be late; left out where it does not. */
  readonly standby?: true;
  readonly controllerStale: boolean;
  /** Sums, stamps and ends that the database has not taken yet. */
  readonly pending: number;
  /** Outcomes that were lost since the start: over `maxPending`, impossible, of no feature, or left at the close. */
  readonly dropped: number;
  /** Subjects whose category is held in memory, and what that costs. */
  readonly subjects: number;
  readonly subjectBytes: number;
  /** Breakers of this process that are not closed; left out where all are. */
  readonly breakers?: readonly OpenBreaker[];
}

/**
 * The library in an application. Nothing of it throws, blocks or does I/O but `flush` and `close`, which wait; an
 * answer that cannot be given is "not eligible".
 *
 * `Feature` is the union of the file's keys, which `rollout types` writes; by default any text.
 */
export interface Rollout<Feature extends string = string> {
  /** Is the feature on for this subject? In process, from memory, without allocating. */
  isEligible(feature: Feature, subject: string): boolean;
  /** The same with its reason. */
  evaluate(feature: Feature, subject: string): Evaluation;
  /** Keys of the features that are not archived, sorted. */
  features(): readonly string[];
  /** Which processor takes a job. Hand the stamp on with it, and to `record` when it ends. */
  route(feature: Feature, job: Job): Routed;
  /** How a job ended. Counted in memory, sent with the next flush. */
  record(end: JobEnd): void;
  /**
   * An event of a metric (`metrics` of rollout.yaml with `source: events`), good or bad, for the guardrails on it: of a
   * routed job by its stamp, or of a subject by its id, for every feature with a guardrail on the metric.
   */
  observe(about: Stamp | string | null, metric: string, bad: boolean, options?: ObserveOptions): void;
  /** Sends what is pending; resolves when the database has it, or `closeMs` are over. True: nothing is pending. */
  flush(): Promise<boolean>;
  /** Flushes, and lets go of every connection and timer. Decisions are "not eligible" from then on. */
  close(): Promise<void>;
  /** Calls `listener` at each event until the returned function is called. What it throws is logged. */
  on<K extends keyof RolloutEvents>(event: K, listener: (about: RolloutEvents[K]) => void): () => void;
  state(): RolloutState;
}
