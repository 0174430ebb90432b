import { describe, expect, it, test } from 'vitest';
import type { ChangeReason, ChangeWarning } from '../../../src/domain/plan/reason.ts';
import { differences } from '../../../src/domain/spec/difference.ts';
import {
  differencesText,
  emptyFileText,
  reasonText,
  warningText,
} from '../../../src/report/words/change-words.ts';

const exposure = {
  ...({ active: true, emergency_stop: false, strategy: 'percentage', percentage: 10 } as const),
  whitelist: 2,
};
const held = {
  ...({ code: 'held', feature: 'one', incident: '1', reason: 'it fails' } as const),
  ...{ since: new Date('2026-11-20T08:00:00Z'), repaired: [], subject: null, permit: null },
};
const END = 'to end it, merge the write-back or run: rollout resume one --reason ...';

describe('the reason of a change in a sentence', () => {
  it.each<[ChangeReason, string]>([
    [{ code: 'created', exposure }, 'new in the file: 10%'],
    [{ code: 'created', exposure: { ...exposure, active: false } }, 'new in the file: off'],
    [
      { code: 'created', exposure: { ...exposure, strategy: 'whitelist' } },
      'new in the file: whitelist of 2',
    ],
    [
      { code: 'created', exposure: { ...exposure, strategy: 'repository_size' } },
      'new in the file: 10%, repository_size',
    ],
    [
      {
        ...({ code: 'updated', unarchived: true, baseline: 'edited' } as const),
        ...{ differences: [{ path: 'percentage', before: 10, after: 25 }], repaired: ['spec'] },
      },
      'back from the archive; its spec was changed by hand in the database, so the file applies; percentage 10 -> 25; puts back spec changed by hand',
    ],
    [
      { code: 'updated', unarchived: false, baseline: 'none', differences: [], repaired: [] },
      'never reconciled before, so the file applies',
    ],
    [
      { code: 'archived', reconciled: true },
      'no longer in the file and off: archived, history and metrics are kept',
    ],
    [
      { code: 'drift_repaired', repaired: ['percentage', 'whitelist'], incident: null },
      'percentage, whitelist changed by hand in the database: put back to what was last reconciled',
    ],
    [
      { code: 'drift_repaired', repaired: ['percentage'], incident: '7' },
      'percentage changed by hand in the database: put back to the state held by incident 7',
    ],
    [
      { code: 'drift_adopted', reduced: [{ field: 'percentage', value: 5 }], repaired: ['spec'] },
      'reduced manually in the database (percentage to 5): adopted and held; puts back spec changed by hand',
    ],
    [
      { code: 'still_on', feature: 'one', reconciled: true },
      'no longer in the file, but still on: set active: false first, then remove it',
    ],
    [
      { code: 'file_errors', line: 3, message: 'percentage is 101', more: 2 },
      'left as it is: line 3: percentage is 101 (and 2 more)',
    ],
    [
      { code: 'settled', incident: '1', reason: 'it fails' },
      'the file agrees with incident 1 (it fails): settled',
    ],
    [
      { code: 'resumed', incident: '1', day: '2026-11-20', reason: 'it fails', exposure },
      'raises a feature rolled back on 2026-11-20 because it fails: 10%',
    ],
    [
      { code: 'reopened', feature: 'one', incident: '1', settlement: 'reverted' },
      `incident 1 is open again: a commit raises it by reverting another, and a revert is not a resume; ${END}`,
    ],
    [held, `held by incident 1 since 2026-11-20T08:00:00.000Z: it fails; ${END}`],
    [
      { ...held, permit: { code: 'no_resumes', incident: '1' } },
      `held by incident 1 since 2026-11-20T08:00:00.000Z: it fails; a permit waits for resumes: 1 in the file; ${END}`,
    ],
    [
      { ...held, repaired: ['spec'], subject: 'customer', permit: { code: 'above_permit', incident: '1' } },
      `held by incident 1 since 2026-11-20T08:00:00.000Z: it fails; puts back spec changed by hand; subject: customer has to wait until the incident ends; the file asks for more than the permit of incident 1 allows; ${END}`,
    ],
    [
      { code: 'salt_held', holder: 'old', incident: '1', reason: { reason: 'it fails' } },
      'not created: it has the salt of old, which incident 1 rolled back (it fails); to go on, create it with active: false and raise it later',
    ],
    [
      {
        ...({ code: 'salt_held', holder: 'old', incident: null } as const),
        reason: { reduced: [{ field: 'active', value: false }] },
      },
      'not created: it has the salt of old, which an incident rolls back (reduced manually in the database (active to false)); to go on, create it with active: false and raise it later',
    ],
    [{ code: 'database_refused', error: 'house_rule' }, 'the database refused it: house_rule'],
  ])('the reason of a change has a sentence: %j', (reason, sentence) => {
    expect(reasonText(reason)).toBe(sentence);
  });

  it.each<[ChangeWarning, string]>([
    [
      { code: 'freeze', from: '2026-12-20', to: '2027-01-03', reason: 'holidays' },
      'raises exposure during the freeze of 2026-12-20 to 2027-01-03 (holidays)',
    ],
    [{ code: 'not_before', day: '2026-12-01' }, 'raises exposure before 2026-12-01, its not_before'],
    [{ code: 'cutoff', day: '2026-12-24' }, 'raises exposure after 2026-12-24, its cutoff'],
    [
      { code: 'hours', opens: new Date('2026-11-23T08:00:00Z'), zone: 'Europe/Berlin' },
      'raises exposure outside its hours, which begin at 2026-11-23 08:00 UTC (Europe/Berlin)',
    ],
    [
      { code: 'policy_hours', opens: new Date('2026-11-23T08:00:00Z'), zone: 'UTC' },
      'outside the hours of the policy: once merged, it takes effect at 2026-11-23 08:00 UTC (UTC)',
    ],
    [{ code: 'skips_steps', to: 50, steps: [10, 25] }, 'goes to 50% past its own steps 10%, 25%'],
    [
      {
        ...({ code: 'over_budget', step: 'change', over: 'monthly' } as const),
        ...{ percentage: 25, cost: 312.4, budget: 300 },
      },
      '25% would cost 312.40 a month at present traffic, above its budget of 300.00',
    ],
    [
      {
        ...({ code: 'over_budget', step: 'next', over: 'per_job' } as const),
        ...{ percentage: 50, cost: 0.03, budget: 0.02 },
      },
      'the step after this waits: at 50% more jobs would cost 0.03 each, above its budget of 0.02 a job',
    ],
    [
      { code: 'cost_unknown', problem: { code: 'unpriced', processors: ['lambda'] } },
      'no step is taken while its cost is not known: the file names no costs of lambda',
    ],
    [
      { code: 'unknown_ids', subject: 'repository', ids: ['a', 'b', 'c', 'd'] },
      'no repository has the id a, b, c and 1 more (misspelled, or not imported yet)',
    ],
    [
      { code: 'unmatched_names', subject: 'customer', names: ['acme/api'] },
      'no customer named acme/api (misspelled, or not imported yet)',
    ],
    [
      { code: 'everybody_listed', subject: 'repository', total: 1_250, percentage: 10 },
      'the owners in the whitelist admit all of 1,250 repositories, whatever the percentage (10%)',
    ],
    [
      { code: 'nobody_left', subject: 'customer', total: 1, percentage: 25 },
      'where, not or the owners in the blacklist leave none of 1 customer in at 25%',
    ],
  ])('the warning of a change has a sentence: %j', (warning, sentence) => {
    expect(warningText(warning)).toBe(sentence);
  });

  it('the sentence about an empty file names the first feature that would be switched off, and counts them', () => {
    expect(emptyFileText({ live: ['a', 'b'] })).toBe(
      'the file has no features, but 2 are live in the database (a, ...)',
    );
    expect(emptyFileText({ live: ['a'] })).toBe(
      'the file has no features, but 1 is live in the database (a)',
    );
  });
});

describe('differences', () => {
  test('the differences of two specs are written in one line, lists by how many entries came and went', () => {
    const before = {
      percentage: 10,
      owner: null,
      strategy: 'percentage',
      categories: ['test'],
      whitelist: ['a', 'b'],
      blacklist: ['x'],
      steps: [],
    };
    const after = {
      percentage: 25,
      owner: '@acme/data',
      strategy: 'whitelist',
      categories: null,
      whitelist: ['b', 'c', 'd'],
      blacklist: [],
      steps: [{ percentage: 10 }],
    };
    expect(differencesText(differences(before, after))).toMatchInlineSnapshot(
      `"percentage 10 -> 25, owner none -> @acme/data, strategy percentage -> whitelist, categories ["test"] -> none, whitelist +2 -1, blacklist -1, steps [] -> [{"percentage":10}]"`,
    );
  });

  test('the difference of a new guardrail on time names its time, whatever SQL wrote there', () => {
    const slow = (slower_than: unknown) => ({ source: 'time', slower_than, limit: 10, on_harm: 'rollback' });
    const said = (time: unknown) =>
      differencesText([{ path: 'guardrails.slow', before: null, after: slow(time) }]);
    expect(said(30)).toBe('guardrails.slow none -> rollback at 10% of jobs slower than 30s');
    expect(said('control_p95')).toBe(
      'guardrails.slow none -> rollback at 10% of jobs slower than control_p95',
    );
    expect(said({ small: 30, large: 600 })).toBe(
      'guardrails.slow none -> rollback at 10% of jobs slower than 30s (small), 10m (large)',
    );
    expect(said({ small: null })).toBe(
      'guardrails.slow none -> rollback at 10% of jobs slower than none (small)',
    );
    expect(said(null)).toBe('guardrails.slow none -> rollback at 10% of jobs slower than none');
  });
});
