import { describe, expect, it } from 'vitest';
import { againstMerging, type ProposedPlan } from '../../../src/domain/proposal/plan-check.ts';

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
  it('is nothing for a plan that reconcile would apply', () => {
    expect(codes({ plan: { ...held, changes: [change('one', 'update')] } })).toEqual([]);
  });

  it('is a hold only where the proposal raises the held feature', () => {
    expect(codes({ plan: held, raised: new Set(['one']) })).toEqual(['held']);
    expect(codes({ plan: held, raised: new Set(['two']) })).toEqual([]);
  });

  it('is nothing of a file that the proposal leaves alone', () => {
    const plan = { ...held, problems: [error('')], refused: { message: 'no', hint: null } };
    expect(codes({ plan, raised: new Set(['one']), changed: false })).toEqual([]);
  });

  it('names a refusal once: not beside the errors of its own entry', () => {
    const refused = { ...held, changes: [change('one', 'refused')] };
    expect(codes({ plan: { ...refused, problems: [error('features.one.percentage')] } })).toEqual(['errors']);
    expect(codes({ plan: { ...refused, problems: [error('features.one_more')] } })).toEqual([
      'errors',
      'refused',
    ]);
  });

  it('is a raise whose holds nobody could read, never what lowers', () => {
    expect(codes({ with: 'away', raised: new Set(['b', 'a']) })).toEqual(['holds_unknown']);
    expect(codes({ with: 'away' })).toEqual([]);
    expect(codes({ with: 'file', raised: new Set(['a']) })).toEqual([]);
  });
});
