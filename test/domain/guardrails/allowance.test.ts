import { describe, expect, it } from 'vitest';
import { asAllowed, notYetAllowed } from '../../../src/domain/guardrails/allowance.ts';
import { notYetText } from '../../../src/report/words/not-yet.ts';
import { guardrail } from '../../store/guardrails/events.ts';
import { BLIND, kept } from './kept-back-test.ts';

const of = (rest: Parameters<typeof kept>[0] | null, mine: Partial<typeof BLIND> = {}) =>
  notYetAllowed({ ...BLIND, ...mine }, rest === null ? undefined : kept(rest), 'digest');

describe('a guardrail whose metric does not tell subjects apart', () => {
  it('a guardrail without subjects may roll back after seven back-tested days without an alarm', () => {
    expect(of({})).toBeNull();
    expect(of({}, { limit: 5 })).toBeNull();
    expect(of({}, { correlation: 0.5 })).toBeNull();
    expect(of({ measured: null, correlation: 1 }, { correlation: 1 })).toBeNull();
  });

  it.each([
    [null, {}, { code: 'not_tested' }, 'it was never back-tested; run: rollout back-test shop'],
    [{}, { correlation: undefined }, { code: 'no_correlation' }, 'measure its bursts'],
    [{ queriesDigest: 'other' }, {}, { code: 'queries_changed' }, 'its queries changed'],
    [{}, { limit: 1.5 }, { code: 'limit_lowered', tested: 2, limit: 1.5 }, '1.5% and was back-tested at 2%'],
    [{ days: 3 }, {}, { code: 'too_few_days', days: 3, needed: 7 }, 'on 3 days of the 7 that are needed'],
    [{ from: new Date('2026-11-02') }, {}, { code: 'too_few_days' }, 'that are needed'],
    [
      { alarms: [new Date('2026-11-03T04:05:00Z')] },
      {},
      { code: 'false_alarms', count: 1, last: '2026-11-03T04:05:00.000Z' },
      'would have acted 1 time, last at 2026-11-03 04:05 UTC',
    ],
    [
      { measured: null, correlation: 0.1 },
      {},
      { code: 'not_measured', written: 0.1 },
      'correlation: 1 }, not 0.1',
    ],
    [
      { bad: 20 },
      {},
      { code: 'limit_not_above', limit: 2, share: 2 },
      'limit 2% is not above the measured share of 2%',
    ],
    [
      { bad: 29, events: 100 },
      { limit: 29 },
      { code: 'limit_not_above', limit: 29 },
      'limit 29% is not above the measured share of 29%',
    ],
    [
      { measured: 0.2 },
      {},
      { code: 'correlation_below', written: 0.1, least: 0.2 },
      'is 0.1, and its back-test measured 0.2',
    ],
    [{ correlation: 0.3 }, {}, { code: 'correlation_below', written: 0.1, least: 0.3 }, 'correlation: 0.3 }'],
  ])('a guardrail without subjects may not roll back with %j and %j', (test, mine, code, words) => {
    const found = of(test, mine as Partial<typeof BLIND>);
    expect(found).toMatchObject(code);
    expect(found && notYetText(found, 'shop')).toContain(words);
    expect(asAllowed(BLIND, found).on_harm).toBe('freeze');
  });

  it('only a guardrail without subjects needs a back-test, and without one it warns or freezes', () => {
    expect(notYetAllowed(guardrail(), undefined, null)).toBeNull();
    const told = { ...BLIND, query: { ...BLIND.query, subject_label: 'repo' } };
    expect(notYetAllowed(told, undefined, null)).toBeNull();
    expect(asAllowed({ ...BLIND, on_harm: 'warn' }, { code: 'not_tested' }).on_harm).toBe('warn');
  });
});
