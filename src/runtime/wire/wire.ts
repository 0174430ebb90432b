import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';
import type { HistoryHead } from '../../store/runtime/snapshot.ts';

/**
 * Version of a relay's format. It grows only if an older reader would decide wrongly; a reader ignores fields that it
 * does not know.
 */
export const WIRE_VERSION = 1;

/** Ids of subjects that now have a name, by the name in lower case. */
export type Holders = Readonly<Record<SubjectType, Readonly<Record<string, readonly string[]>>>>;

/** Everything that decides, with a fixed order of fields: equal content has equal bytes from every relay. */
export interface WireContent {
  version: number;
  environment: string | null;
  global_stop: boolean;
  /** Subjects of the names in blacklists, and of owners in lists. */
  holders: Holders;
  /** Sorted by key. */
  features: RuntimeFeature[];
}

/** State of a relay at one moment. Times are milliseconds since 1970 by the database's clock. */
export interface WireMoment {
  version: number;
  /** Tag of the content: changes whenever the content does. */
  tag: string;
  generation: number;
  head: HistoryHead;
  now: number;
  /** When the database last confirmed the content to the relay. */
  read_at: number;
  /** True: the relay reads a replica, which may be behind another one. */
  standby: boolean;
  /** Time of the last tick; null: none is known. */
  heartbeat_at: number | null;
  /** Tag of the categories of repositories; null if the relay has none. */
  subjects: string | null;
  /** Tags of the facts of subjects, by their type, for those that the relay has. */
  facts: Readonly<Partial<Record<SubjectType, string>>>;
}

/** Change from one content to the next. */
export interface WireChange {
  moment: WireMoment;
  /** Tag of the content on which the difference is based. */
  from: string;
  environment: string | null;
  global_stop: boolean;
  /** Subjects of names; null if unchanged. */
  holders: Holders | null;
  features: RuntimeFeature[];
  /** Keys of features whose rows were removed. */
  gone: string[];
}

/** Names of the events in a relay's stream. */
export const EVENTS = {
  /** The first event, with the moment. */
  hello: 'hello',
  /** The moment again: the relay is alive, and nothing changed, or too much for one event. */
  beat: 'beat',
  change: 'change',
  /** The relay is shutting down. */
  closing: 'closing',
} as const;

/** Milliseconds between two beats. */
export const BEAT_MS = 5_000;

/** Paths relative to the address of the server. */
export const PATHS = {
  snapshot: 'api/snapshot',
  stream: 'api/snapshot/stream',
  subjects: 'api/snapshot/subjects',
  facts: 'api/snapshot/facts',
  outcomes: 'api/outcomes',
} as const;

/** Header with the moment, sent also if the reader already has the content. */
export const MOMENT_HEADER = 'rollout-moment';
/** Header with the newest version that a reader can read. */
export const VERSION_HEADER = 'rollout-wire';
