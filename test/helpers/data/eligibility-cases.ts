import type { Subject } from '../../../src/domain/eligibility/eligibility.ts';
import type { Exposure } from '../../../src/domain/spec/spec.ts';
import type { Category, Reason } from '../../../src/domain/spec/vocabulary.ts';
import file from '../../fixtures/eligibility-cases.json' with { type: 'json' };

/** One case of the table that every implementation must pass. */
export interface EligibilityCase {
  name: string;
  /** Null: a feature that nobody knows. */
  spec: Exposure | null;
  subject: Required<Subject>;
  global_stop: boolean;
  expected: { eligible: boolean; reason: Reason; bucket: number | null };
}

interface WrittenCase {
  name: string;
  spec: object | null;
  subject: {
    id: string;
    name?: string | null;
    category?: string | null;
    facts?: Record<string, string> | null;
  };
  global_stop?: boolean;
  expected: object;
}

export const eligibilityCases: EligibilityCase[] = (file.cases as WrittenCase[]).map((written) => ({
  name: written.name,
  spec: written.spec === null ? null : ({ ...file.defaults, ...written.spec } as Exposure),
  subject: {
    id: written.subject.id,
    name: written.subject.name ?? null,
    category: (written.subject.category ?? null) as Category | null,
    facts: written.subject.facts ?? null,
  },
  global_stop: written.global_stop ?? false,
  expected: written.expected as EligibilityCase['expected'],
}));
