import type { PlannedChange } from '../../../src/domain/plan/impact.ts';
import type { Problem } from '../../../src/domain/spec/problem.ts';
import type { PlanLike } from '../../../src/report/words/plan-model.ts';
import { exposure } from './specs.ts';

const standing = (percentage: number, active = true, emergency_stop = false) => ({
  percentage,
  active,
  emergency_stop,
  strategy: 'percentage' as const,
});

const REPOSITORIES = { subject: 'repository' as const };

/** A planned change as the pages get it: from 10 to 25%, counted. */
export function change(overrides: Partial<PlannedChange> = {}): PlannedChange {
  return {
    feature: 'new_checkout',
    action: 'update',
    from: standing(10),
    to: standing(25),
    file: standing(25),
    before: exposure({ percentage: 10 }),
    after: exposure({ percentage: 25 }),
    held: false,
    incident: null,
    reason: {
      ...({ code: 'updated', unarchived: false, baseline: null, repaired: [] } as const),
      differences: [{ path: 'percentage', before: 10, after: 25 }],
    },
    warnings: [],
    differences: [],
    write: null,
    subject: 'repository',
    subject_before: 'repository',
    impact: {
      ...{ total: 1_250, before: 125, after: 312, entering: 187, leaving: 0 },
      categories: [
        { ...REPOSITORIES, category: 'test', total: 250, before: 25, after: 60, entering: 35, leaving: 0 },
        {
          ...REPOSITORIES,
          category: 'small',
          total: 1_000,
          before: 100,
          after: 252,
          entering: 152,
          leaving: 0,
        },
        { ...REPOSITORIES, category: null, total: 0, before: 0, after: 0, entering: 0, leaving: 0 },
      ],
    },
    largest: [
      { id: 'r1', name: 'acme/large', category: 'small', enters: true },
      { id: 'r2', name: null, category: null, enters: true },
    ],
    ...overrides,
  };
}

export const held = change({
  feature: 'held_back',
  action: 'held',
  ...{ from: standing(10, true, true), to: standing(10, true, true), file: standing(50) },
  ...{ held: true, incident: '7', impact: null, largest: [] },
  reason: {
    ...({ code: 'held', feature: 'held_back', incident: '7', repaired: [], subject: null } as const),
    ...{ since: new Date('2026-11-20T08:00:00Z'), reason: 'errors 12% > 5%', permit: null },
  },
});

export const refused = change({
  feature: 'broken',
  action: 'refused',
  ...{ from: standing(5), to: standing(5), file: null, impact: null, largest: [] },
  reason: {
    ...({ code: 'file_errors', line: 9, more: 0 } as const),
    message: 'percentage is 101; it must be from 0 to 100',
  },
});

export const created = change({
  feature: 'fresh',
  action: 'create',
  ...{
    from: standing(0, false),
    to: standing(0),
    file: standing(0),
    subject: 'customer',
    subject_before: null,
  },
  impact: { total: 1, before: 0, after: 1, entering: 1, leaving: 0, categories: [] },
  largest: [],
  reason: {
    code: 'created',
    exposure: {
      ...{ active: true, emergency_stop: false, strategy: 'percentage', percentage: 0, whitelist: 0 },
    },
  },
  warnings: [{ code: 'unmatched_names', subject: 'customer', names: ['acme/nobody'] }],
});

export function planLike(overrides: Partial<PlanLike> = {}): PlanLike {
  return {
    changes: [change()],
    problems: [],
    revision: '0123456789abcdef0123456789abcdef01234567',
    test_repositories: { added: [], removed: [] },
    freezes: { added: [], removed: [] },
    movements: [],
    ...overrides,
  };
}

export const problem = (overrides: Partial<Problem> = {}): Problem => ({
  severity: 'error',
  path: 'features.broken.percentage',
  line: 9,
  column: 17,
  message: 'percentage is 101; it must be from 0 to 100',
  ...overrides,
});

/** Texts that would do something if a terminal, a browser or a runner took them for more than text. */
export const HOSTILE = [
  '\u001b[31mred\u001b]0;title\u0007',
  '\u009b2J',
  'first\nsecond\r\nthird',
  'right\u202eleft\u2066isolate',
  'zero\u200bwidth\ufeff',
  'line\u2028separator',
  'tab\tand bell\u0007',
  '::error::workflow command',
];
