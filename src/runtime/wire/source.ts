import type { Seed } from '../../domain/eligibility/bucket.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { RuntimeFeature } from '../../store/runtime/feature.ts';
import type { RuntimeState } from '../../store/runtime/snapshot.ts';
import type { FactsTable } from '../decide/facts-table.ts';
import type { SubjectTable } from '../decide/subject-table.ts';

/** Snapshot of a library on a database, to be passed on. */
export interface Published {
  state: RuntimeState;
  features: readonly RuntimeFeature[];
  holders: Readonly<Record<SubjectType, ReadonlyMap<string, readonly string[]>>>;
  /** Categories of repositories, and a text that is another one when they are; null where none are held. */
  categories: { table: SubjectTable; seed: Seed; revision: string } | null;
  /** Facts of subjects, as far as features ask for them, with a text that is another one when they are. */
  facts: Readonly<Record<SubjectType, { table: FactsTable; revision: string } | null>>;
}

/** Source of a relay. */
export interface SnapshotSource {
  /** Null before the first snapshot, and while the database does not fit. */
  published(): Published | null;
  /** The database's time now. */
  time(): number;
  /** Calls `listener` after each reading that was taken over, until the returned function is called. */
  onReading(listener: () => void): () => void;
  /** Holds the categories of repositories from now on, although no feature here asks for them. */
  wantCategories(): Promise<void>;
}
