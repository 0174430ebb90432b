import type { Seed } from '../../domain/eligibility/bucket.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';
import type { RuntimeState } from '../../store/runtime/snapshot.ts';
import type { FactsTable } from '../decide/facts-table.ts';
import type { SubjectTable } from '../decide/subject-table.ts';

/** A library's snapshot of a database, for relays. */
export interface Published {
  state: RuntimeState;
  features: readonly RuntimeFeature[];
  holders: Readonly<Record<SubjectType, ReadonlyMap<string, readonly string[]>>>;
  /** Categories of repositories, and a text that changes whenever they do; null if none are held. */
  categories: { table: SubjectTable; seed: Seed; revision: string } | null;
  /** Facts of subjects that features use, with a text that changes whenever they do. */
  facts: Readonly<Record<SubjectType, { table: FactsTable; revision: string } | null>>;
}

/** Source of a relay's content. */
export interface SnapshotSource {
  /** Returns null before the first snapshot, and while the database does not fit. */
  published(): Published | null;
  /** Returns the database's time now. */
  time(): number;
  /** Calls `listener` after each accepted reading, until the returned function is called. */
  onReading(listener: () => void): () => void;
  /** Holds the categories of repositories from now on, although no local feature needs them. */
  wantCategories(): Promise<void>;
}
