import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Categories } from './category-codes.ts';
import type { Profiles } from './facts-table.ts';

/** Registry data for decisions, wherever it is stored. */
export interface KnownSubjects extends Categories {
  /** Returns ids of subjects that now have one of these names, in lower case. */
  holdersOf(subject: SubjectType, names: readonly string[]): readonly string[];
  /** Is it known which subject has this name, or that none has? */
  knowsHolders(subject: SubjectType, name: string): boolean;
  /**
   * Returns facts of subjects of this type; null while none are known. A new object whenever profile numbers change
   * their meaning.
   */
  profiles(subject: SubjectType): Profiles | null;
}
