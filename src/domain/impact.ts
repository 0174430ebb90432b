import type { Change } from './change.ts';
import type { SubjectType } from './vocabulary.ts';

/** Subjects of one category that a change moves; null is "not categorised". */
export interface CategoryImpact {
  category: string | null;
  total: number;
  before: number;
  after: number;
  entering: number;
  leaving: number;
}

/** Whom a change moves. */
export interface Impact {
  /** Subjects in the registry. */
  total: number;
  /** Eligible before and after. */
  before: number;
  after: number;
  entering: number;
  leaving: number;
  categories: CategoryImpact[];
}

/** A subject that enters or leaves. */
export interface MovedSubject {
  id: string;
  name: string | null;
  category: string | null;
  enters: boolean;
}

/** A change with the subjects it moves. */
export interface PlannedChange extends Change {
  subject: SubjectType;
  /** Null where subjects were not counted: no database, or too many changes at once. */
  impact: Impact | null;
  /** The largest of those that move. */
  largest: MovedSubject[];
}

/** Who enters and who leaves a live feature because the registry changed. */
export interface Movement {
  feature: string;
  entering: number;
  leaving: number;
}
