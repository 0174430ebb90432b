import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Categories } from './category-codes.ts';
import type { Profiles } from './facts-table.ts';

/** Questions of a decision to the registry, wherever that is kept. */
export interface KnownSubjects extends Categories {
  /** Ids of those who now have one of these names, in lower case. */
  holdersOf(subject: SubjectType, names: readonly string[]): readonly string[];
  /** Is it known who has this name, or that nobody has? */
  knowsHolders(subject: SubjectType, name: string): boolean;
  /** Facts of subjects of this kind; null while none are known. Another object where numbers mean something else. */
  profiles(subject: SubjectType): Profiles | null;
}
