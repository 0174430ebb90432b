import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';
import type { HistoryHead } from '../../store/runtime/snapshot.ts';

/**
 * Version of what a relay sends. It grows only where an older reader would decide wrongly by what it does not know;
 * fields that a reader does not know, it leaves out.
 */
export const WIRE_VERSION = 1;

/** Ids of those who have a name now, by the name in lower case. */
export type Holders = Readonly<Record<SubjectType, Readonly<Record<string, readonly string[]>>>>;

/** Everything that decides, in one order of its fields: the same content has the same bytes from every relay. */
export interface WireContent {
  version: number;
  environment: string | null;
  global_stop: boolean;
  /** Of the names in blacklists, and of owners in lists. */
  holders: Holders;
  /** By key. */
  features: RuntimeFeature[];
}

/** How a relay stands at one moment. Times are milliseconds since 1970 by the database's clock. */
export interface WireMoment {
  version: number;
  /** Of the content: another tag, another content. */
  tag: string;
  generation: number;
  head: HistoryHead;
  now: number;
  /** When the database last confirmed the content to the relay. */
  read_at: number;
  /** The relay reads a replica, which may be behind another one. */
  standby: boolean;
  /** When a tick last ended. */
  heartbeat_at: number | null;
  /** Tag of the categories of repositories; null where the relay has none. */
  subjects: string | null;
  /** Tags of the facts of subjects, by their kind, as far as the relay has them. */
  facts: Readonly<Partial<Record<SubjectType, string>>>;
}

/** Change from one content to the next. */
export interface WireChange {
  moment: WireMoment;
  /** Tag of the content that it is a difference to. */
  from: string;
  environment: string | null;
  global_stop: boolean;
  /** Null where they are those that were. */
  holders: Holders | null;
  features: RuntimeFeature[];
  /** Keys of features whose rows are gone. */
  gone: string[];
}

/** Names of the events in a relay's stream. */
export const EVENTS = {
  /** First, with the moment. */
  hello: 'hello',
  /** The moment again: the relay lives, and nothing changed, or too much for an event. */
  beat: 'beat',
  change: 'change',
  /** The relay ends. */
  closing: 'closing',
} as const;

/** Milliseconds between two beats. */
export const BEAT_MS = 5_000;

/** Paths below the address of the server. */
export const PATHS = {
  snapshot: 'api/snapshot',
  stream: 'api/snapshot/stream',
  subjects: 'api/snapshot/subjects',
  facts: 'api/snapshot/facts',
  outcomes: 'api/outcomes',
} as const;

/** Header in which the moment travels, also where the content is the one that the reader has. */
export const MOMENT_HEADER = 'rollout-moment';
/** Header in which a reader names the newest version that it can read. */
export const VERSION_HEADER = 'rollout-wire';
