import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/domain/eligibility/eligibility.ts';
import { CATEGORIES, STRATEGIES } from '../../../src/domain/spec/vocabulary.ts';
import { type TestFeature, testRollout } from '../../../src/runtime/testing/index.ts';

const ids = ['r1', 'r2', 'r3', 'r4', 'repo-55', '9007199254740993'];
const category = fc.option(fc.constantFrom(...CATEGORIES), { nil: null });
const feature = fc.record({
  active: fc.boolean(),
  emergency_stop: fc.boolean(),
  strategy: fc.constantFrom(...STRATEGIES),
  percentage: fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100),
  categories: fc.option(fc.subarray([...CATEGORIES], { minLength: 1 }), { nil: null }),
  whitelist: fc.subarray(ids),
  blacklist: fc.subarray(ids),
  salt: fc.constantFrom('salt', 'pepper'),
});

describe('testRollout', () => {
  it('testRollout decides what the domain decides, for any feature and repository', () => {
    fc.assert(
      fc.property(feature, fc.constantFrom(...ids), category, fc.boolean(), (fields, id, size, stopped) => {
        const rollout = testRollout(
          { checkout: fields },
          { categories: size === null ? {} : { [id]: size } },
        );
        rollout.stopAll(stopped);
        const expected = evaluate(fields, { id, category: size }, { global_stop: stopped });
        const { eligible, reason } = rollout.evaluate('checkout', id);
        expect({ eligible, reason }).toEqual({ eligible: expected.eligible, reason: expected.reason });
        expect(rollout.isEligible('checkout', id)).toBe(expected.eligible);
      }),
      { numRuns: 2_000 },
    );
  });

  it('testRollout compares repository owners ignoring case and customer attributes exactly', () => {
    const narrowed = { percentage: 100, where: { owner: ['Acme'] } };
    const rollout = testRollout(
      {
        repositories: narrowed,
        others: { percentage: 100, not: { owner: ['Acme'] } },
        listed: { whitelist: ['Acme/*'] },
        customers: { ...narrowed, subject: 'customer' },
      },
      { attributes: { one: { owner: 'ACME' }, two: { owner: 'Acme' }, three: {} } },
    );
    const eligible = (feature: string) =>
      ['one', 'two', 'three'].map((id) => rollout.isEligible(feature, id));
    expect(eligible('repositories')).toEqual([true, true, false]);
    expect(eligible('others')).toEqual([false, false, false]);
    expect(eligible('listed')).toEqual([true, true, false]);
    expect(eligible('customers')).toEqual([false, true, false]);
  });

  it('testRollout takes true for everybody and false for nobody', () => {
    const rollout = testRollout({ all: true, none: false });
    expect(ids.map((id) => rollout.isEligible('all', id))).toEqual(ids.map(() => true));
    expect(ids.map((id) => rollout.isEligible('none', id))).toEqual(ids.map(() => false));
    expect(rollout.features()).toEqual(['all', 'none']);
    expect(rollout.evaluate('other', 'r1')).toMatchObject({ eligible: false, reason: 'unknown' });
  });

  it('testRollout reads only the environment that it is given', () => {
    process.env.ROLLOUT_EMERGENCY_STOP = 'true';
    try {
      expect(testRollout({ all: true }).isEligible('all', 'r1')).toBe(true);
    } finally {
      delete process.env.ROLLOUT_EMERGENCY_STOP;
    }
    const stopped = testRollout({ all: true }, { env: { ROLLOUT_EMERGENCY_STOP: 'true' } });
    expect(stopped.evaluate('all', 'r1')).toMatchObject({ eligible: false, reason: 'env_stop' });
  });

  it('testRollout keeps fields that set leaves out, and begins an epoch as a reconcile does', () => {
    const rollout = testRollout({ checkout: { percentage: 100, blacklist: ['r2'] } });
    const epochOf = (subject: string) => rollout.route('checkout', { subject }).stamp?.epoch;
    expect(epochOf('r1')).toBe(1);
    const changes: (readonly string[])[] = [];
    const leave = rollout.on('change', ({ features }) => changes.push(features));
    rollout.set('checkout', { percentage: 50 });
    expect([epochOf('r1'), rollout.isEligible('checkout', 'r2')]).toEqual([1, false]);
    rollout.set('checkout', { salt: 'another' });
    expect(epochOf('r1')).toBe(2);
    rollout.set('checkout', { active: false });
    rollout.set('checkout', { active: true });
    expect(epochOf('r1')).toBe(3);
    expect(changes).toEqual([['checkout'], ['checkout'], ['checkout'], ['checkout']]);
    leave();
    rollout.remove('checkout');
    expect([rollout.features(), rollout.isEligible('checkout', 'r1'), changes.length]).toEqual([
      [],
      false,
      4,
    ]);
  });

  it('testRollout counts each end once, keeps a retried job open, and names what it refuses', () => {
    const rollout = testRollout({ checkout: true }, { now: () => 1_700_000_000_000 });
    const { stamp } = rollout.route('checkout', { subject: 'r1' });
    rollout.record({ stamp, ok: false, willRetry: true });
    expect([rollout.ended.length, rollout.open]).toEqual([0, [stamp]]);
    rollout.record({ stamp, ok: true, durationMs: 20 });
    rollout.record({ stamp, ok: false });
    rollout.record({ feature: 'checkout', subject: 'r2', processor: 'inngest', ok: false, error: 'broken' });
    expect(rollout.ended).toMatchObject([
      { subject: 'r1', arm: 'treatment', ok: true, duration_ms: 20, finished_at: 1_700_000_000_000 },
      { subject: 'r2', arm: 'treatment', ok: false, error: 'broken' },
    ]);
    expect(rollout.open).toEqual([]);
    rollout.record({ feature: 'other', subject: 'r1', processor: 'inngest', ok: true });
    expect(rollout.refused).toEqual([expect.stringContaining('unknown feature "other"')]);
  });

  it('testRollout admits nobody after close, and never throws', async () => {
    const rollout = testRollout({ checkout: true });
    await rollout.close();
    expect([rollout.isEligible('checkout', 'r1'), rollout.state().status]).toEqual([false, 'closed']);
    rollout.record({ feature: 'checkout', subject: 'r1', processor: 'inngest', ok: true });
    const hostile = {
      get subject(): string {
        throw new Error('no');
      },
    };
    expect(rollout.route('checkout', hostile)).toMatchObject({ arm: 'control', stamp: null });
    expect(rollout.refused).toEqual(['record was called after close']);
  });

  it.each<[string, TestFeature, string]>([
    ['a field that no feature has', { percent: 10 } as TestFeature, 'has no field percent'],
    ['a percentage out of range', { percentage: 101 }, 'percentage is 101, not 0 to 100'],
    ['a percentage that is not a number', { percentage: Number.NaN }, 'percentage is NaN'],
    ['a name in a list', { whitelist: ['acme/web'] }, 'acme/web is a name'],
  ])('testRollout refuses %s', (_, fields, message) => {
    expect(() => testRollout({ checkout: fields })).toThrow(message);
    const rollout = testRollout({ checkout: true });
    expect(() => rollout.set('checkout', fields)).toThrow(message);
    expect(rollout.isEligible('checkout', 'r1')).toBe(true);
  });
});
