import { goesByCategory } from '../spec/at-most.ts';
import type { ResolvedExposure } from '../spec/spec.ts';
import type { SubjectType } from '../spec/vocabulary.ts';
import type { Change } from './change.ts';

/** The kind of a feature's subjects, and which of them are in; null: none. */
export interface Audience {
  subject: SubjectType;
  exposure: ResolvedExposure | null;
}

/** Entries that join or leave `test_repositories`, and the list that results. */
export interface TestsChange {
  moved: readonly string[];
  after: readonly string[];
}

/** One audience becomes another, in a registry whose test repositories may change by the same commit. */
export interface AudienceChange {
  before: Audience;
  after: Audience;
  tests: TestsChange | null;
}

/** Subjects of one kind and category that a change moves; null is "not categorised". */
export interface CategoryImpact {
  subject: SubjectType;
  /** After the change. */
  category: string | null;
  total: number;
  before: number;
  after: number;
  entering: number;
  leaving: number;
}

/** Whom a change moves. */
export interface Impact {
  /** Subjects in the registry of the kind that the feature has after the change. */
  total: number;
  /** Eligible before and after, each of the kind that the feature has then. */
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

/** What a planned change does to its audience; who is in quarantine is out before and after, whatever the file says. */
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

/** An audience without those who are in quarantine. */
export function outside({ subject, exposure }: Audience, quarantined: readonly string[]): Audience {
  if (exposure === null || quarantined.length === 0) return { subject, exposure };
  return {
    subject,
    exposure: { ...exposure, blacklist: [...new Set([...exposure.blacklist, ...quarantined])] },
  };
}

/** The test repositories, where they decide who is in after the change; null: they do not. */
export function testsThatDecide({ after, tests }: AudienceChange): TestsChange | null {
  const { subject, exposure } = after;
  return tests && exposure && subject === 'repository' && goesByCategory(exposure) ? tests : null;
}
