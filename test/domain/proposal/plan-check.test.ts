import { describe, expect, it } from 'vitest';
import {
  againstMerging,
  checkConclusion,
  type ProposedPlan,
} from '../../../src/domain/proposal/plan-check.ts';

const change = (feature: string, action: string) =>
  ({ feature, action, incident: '3', reason: { code: 'created' } }) as never;
const error = (path: string) => ({ severity: 'error', path, line: 1, column: 1, message: 'wrong' }) as const;

function proposed(over: Partial<ProposedPlan> = {}): ProposedPlan {
  const plan = { changes: [], problems: [], refused: null };
  return { plan, with: 'database', changed: true, raised: new Set(), unplanned: null, ...over };
}
const codes = (over: Partial<ProposedPlan>) => againstMerging(proposed(over)).map(({ code }) => code);
const held = { changes: [change('one', 'held')], problems: [], refused: null };

describe('what speaks against merging', () => {
  it('a plan that reconcile would apply is no reason against merging', () => {
    expect(codes({ plan: { ...held, changes: [change('one', 'update')] } })).toEqual([]);
  });

  it('a hold is a reason against merging only if the proposal raises the held feature', () => {
    expect(codes({ plan: held, raised: new Set(['one']) })).toEqual(['held']);
    expect(codes({ plan: held, raised: new Set(['two']) })).toEqual([]);
  });

  it('a file that the proposal does not change is no reason against merging', () => {
    const plan = { ...held, problems: [error('')], refused: { message: 'no', hint: null } };
    expect(codes({ plan, raised: new Set(['one']), changed: false })).toEqual([]);
  });

  it('a refusal is listed once, not beside the errors of its own entry', () => {
    const refused = { ...held, changes: [change('one', 'refused')] };
    expect(codes({ plan: { ...refused, problems: [error('features.one.percentage')] } })).toEqual(['errors']);
    expect(codes({ plan: { ...refused, problems: [error('features.one_more')] } })).toEqual([
      'errors',
      'refused',
    ]);
  });

  it('a raise with unreadable holds is a reason against merging, and a change that lowers is not', () => {
    expect(codes({ with: 'away', raised: new Set(['b', 'a']) })).toEqual(['holds_unknown']);
    expect(codes({ with: 'away' })).toEqual([]);
    expect(codes({ with: 'file', raised: new Set(['a']) })).toEqual([]);
  });
});

it.each([
  ['succeeds for a raise that the database allows', {}, 'success'],
  ['is neutral for a raise whose holds nobody looked for', { with: 'file' }, 'neutral'],
  [
    'succeeds without a database where nothing is raised',
    { with: 'file', raised: new Set<string>() },
    'success',
  ],
  ['succeeds without a database where the file is left alone', { with: 'file', changed: false }, 'success'],
  [
    'fails without a database for an error',
    { with: 'file', plan: { ...held, problems: [error('')] } },
    'failure',
  ],
  ['fails for a raise where the database is away', { with: 'away' }, 'failure'],
] as const)('the check of a proposal %s', (_, over, conclusion) => {
  const one = proposed({ raised: new Set(['two']), ...(over as Partial<ProposedPlan>) });
  expect(checkConclusion(one, againstMerging(one))).toBe(conclusion);
});
