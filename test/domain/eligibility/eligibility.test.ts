import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { evaluate, type Overrides, type Subject } from '../../../src/domain/eligibility/eligibility.ts';
import type { Reason } from '../../../src/domain/spec/vocabulary.ts';
import { eligibilityCases } from '../../helpers/data/eligibility-cases.ts';
import { anyExposure, exposure, population } from '../../helpers/data/specs.ts';

describe('the table of cases', () => {
  test.each(eligibilityCases)(
    'a subject is decided as its case expects: $name',
    ({ spec, subject, global_stop, expected }) => {
      expect(evaluate(spec, subject, { global_stop })).toMatchObject(expected);
    },
  );

  test('the case table has every reason that the spec and the database can give', () => {
    const reasons: Reason[] = [
      'attribute',
      'blacklist',
      'category',
      'emergency_stop',
      'global_stop',
      'inactive',
      'not_whitelisted',
      'percentage',
      'repository_size',
      'uncategorized',
      'unknown',
      'unknown_attribute',
      'whitelist',
    ];
    expect([...new Set(eligibilityCases.map(({ expected }) => expected.reason))].sort()).toEqual(reasons);
  });
});

describe('the first rule that matches decides', () => {
  const subject: Subject = { id: 'one', name: 'acme/one', category: 'enterprise' };
  const all = { env_stop: true, global_stop: true };
  const stopped = exposure({
    active: false,
    emergency_stop: true,
    blacklist: ['one'],
    whitelist: ['one'],
    strategy: 'whitelist',
  });

  /** Every rule matches at first; each line takes the one away that decided before. */
  test.each<[Reason, Partial<typeof stopped>, Overrides]>([
    ['env_stop', {}, all],
    ['inactive', {}, { global_stop: true }],
    ['emergency_stop', { active: true }, { global_stop: true }],
    ['global_stop', { active: true, emergency_stop: false }, { global_stop: true }],
    ['blacklist', { active: true, emergency_stop: false }, {}],
    ['whitelist', { active: true, emergency_stop: false, blacklist: [] }, {}],
    ['not_whitelisted', { active: true, emergency_stop: false, blacklist: [], whitelist: [] }, {}],
  ])('when several rules match, the first decides: %s', (reason, changed, overrides) => {
    const decision = evaluate({ ...stopped, ...changed }, subject, overrides);
    expect(decision).toMatchObject({ reason, eligible: reason === 'whitelist' });
  });
});

describe('the environment', () => {
  test('the environment stop also stops an unknown feature, and the reason names the environment', () => {
    expect(evaluate(null, { id: 'one' }, { env_stop: true })).toEqual({
      eligible: false,
      reason: 'env_stop',
      bucket: null,
      percentage: null,
    });
    expect(evaluate(undefined, { id: 'one' })).toMatchObject({ eligible: false, reason: 'unknown' });
  });

  test("a percentage of the environment overrides the spec's, and the decision carries the one in force", () => {
    expect(evaluate(exposure({ percentage: 100 }), { id: 'one' }, { percentage: 0 })).toMatchObject({
      eligible: false,
      reason: 'percentage',
      percentage: 0,
    });
  });

  test("a strategy of the environment overrides the spec's", () => {
    const spec = exposure({ percentage: 100 });
    expect(evaluate(spec, { id: 'one' }, { strategy: 'whitelist' })).toMatchObject({
      eligible: false,
      reason: 'not_whitelisted',
    });
  });
});

describe('for whatever spec and subjects', () => {
  test('nobody is in when the feature is off or stopped, or a stop of the environment or for all is set', () => {
    fc.assert(
      fc.property(anyExposure, population, (spec, subjects) => {
        for (const one of subjects) {
          expect(evaluate({ ...spec, active: false }, one).eligible).toBe(false);
          expect(evaluate({ ...spec, emergency_stop: true }, one).eligible).toBe(false);
          expect(evaluate(spec, one, { global_stop: true }).eligible).toBe(false);
          expect(evaluate(spec, one, { env_stop: true }).eligible).toBe(false);
        }
      }),
    );
  });

  test('a decision changes neither the spec nor the subject', () => {
    fc.assert(
      fc.property(anyExposure, population, (spec, subjects) => {
        const before = structuredClone([spec, subjects]);
        for (const one of subjects) evaluate(spec, one, { percentage: 50, strategy: 'percentage' });
        expect([spec, subjects]).toEqual(before);
      }),
    );
  });
});
