import { describe, expect, it } from 'vitest';
import type { Breach } from '../../../src/domain/policy/breach.ts';
import { breachText, policyText } from '../../../src/report/words/policy-words.ts';

const opens = new Date('2026-11-23T08:00:00Z');

describe('what a change breaks, in a clause', () => {
  it.each<[Breach, string]>([
    [{ code: 'points', points: 50, most: 25 }, 'raises it by 50 points at once; at most 25 are allowed'],
    [{ code: 'subjects', subjects: 1_200, most: 500 }, '1,200 subjects enter at once; at most 500 may'],
    [
      { code: 'job_share', share: 33.3333, most: 20 },
      "moves 33.33% of the last week's jobs at once; at most 20% may move",
    ],
    [
      { code: 'largest_category', category: 'enterprise', waiting: ['small', 'large'] },
      'repositories of the largest size, enterprise, enter before all of small, large are in',
    ],
    [{ code: 'missing_key', key: 'owner' }, 'it has no owner, which is required'],
    [{ code: 'missing_key', key: 'steps' }, 'it has no steps, which are required'],
    [{ code: 'missing_key', key: 'rollback' }, 'its rollback.enabled is false, and rollback is required'],
    [
      { code: 'skips_steps', to: 50, steps: [25] },
      'goes to 50% past its own step 25%; take one step, or write skip_steps: true beside it',
    ],
    [
      { code: 'outside_hours', opens, zone: 'Europe/Berlin' },
      'raises take effect in its hours, which begin at 2026-11-23 08:00 UTC (Europe/Berlin)',
    ],
  ])('the policy breach %j has a clause', (breach, clause) => {
    expect(breachText(breach)).toBe(clause);
  });

  it('a breach of the policy is refused with the way out, or waits for the hours if only they are breached', () => {
    expect(policyText('one', [{ code: 'missing_key', key: 'owner' }])).toBe(
      'refused by the policy that was reconciled before it: it has no owner, which is required; change the entry, or let it through: rollout allow one --reason "..."',
    );
    expect(policyText('one', [{ code: 'outside_hours', opens, zone: 'UTC' }])).toBe(
      'waits for the policy: raises take effect in its hours, which begin at 2026-11-23 08:00 UTC (UTC)',
    );
  });
});
