import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Categories } from './compiled-feature.ts';

/** What a decision may ask of the registry, wherever that is kept. */
export interface KnownSubjects extends Categories {
  /** Ids of those who now have one of these names, in lower case. */
  holdersOf(subject: SubjectType, names: readonly string[]): readonly string[];
}
