import { goesByCategory } from '../spec/at-most.ts';
import type { ResolvedExposure } from '../spec/spec.ts';
import type { SubjectType } from '../spec/vocabulary.ts';
import type { Change } from './change.ts';

/** A feature's subject type and the exposure that decides who is in; null: nobody. */
export interface Audience {
  subject: SubjectType;
  exposure: ResolvedExposure | null;
}

/** Entries that join or leave `test_repositories`, and the resulting list. */
export interface TestsChange {
  moved: readonly string[];
  after: readonly string[];
}

/** A change from one audience to another, in a registry whose test repositories may change by the same commit. */
export interface AudienceChange {
  before: Audience;
  after: Audience;
  tests: TestsChange | null;
}

/** Subjects of one type and category that a change moves; null is "not categorised". */
export interface CategoryImpact {
  subject: SubjectType;
  /** Category after the change. */
  category: string | null;
  total: number;
  before: number;
  after: number;
  entering: number;
  leaving: number;
}

/** Subjects that a change moves. */
export interface Impact {
  /** Registered subjects of the feature's type after the change. */
  total: number;
  /** Eligible subjects before and after, each of the type at that time. */
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
  /** Counts of moving subjects; null if not counted: no database, or too many changes at once. */
  impact: Impact | null;
  /** The largest subjects that move. */
  largest: MovedSubject[];
}

/** Who enters and who leaves a live feature because the registry changed. */
export interface Movement {
  feature: string;
  entering: number;
  leaving: number;
}

/**
 * Returns what a planned change does to its audience; subjects in quarantine are out before and after, whatever the
 * file says.
 */
export function audienceChange(
  { subject, subject_before, before, after }: Change,
  tests: TestsChange | null,
  quarantined: readonly string[],
): AudienceChange {
  return {
    before: outside({ subject: subject_before ?? subject, exposure: before }, quarantined),
    after: outside({ subject, exposure: after }, quarantined),
    tests,
  };
}

/** An audience without the subjects in quarantine. */
export function outside({ subject, exposure }: Audience, quarantined: readonly string[]): Audience {
  if (exposure === null || quarantined.length === 0) return { subject, exposure };
  return {
    subject,
    exposure: { ...exposure, blacklist: [...new Set([...exposure.blacklist, ...quarantined])] },
  };
}

/** Returns the test repositories if they decide who is in after the change; null: they do not. */
export function testsThatDecide({ after, tests }: AudienceChange): TestsChange | null {
  const { subject, exposure } = after;
  return tests && exposure && subject === 'repository' && goesByCategory(exposure) ? tests : null;
}
