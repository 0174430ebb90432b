import { describe, expect, it } from 'vitest';
import { testRollout } from '../../../src/runtime/testing/index.ts';
import { rowOf, type TestFeature } from '../../../src/runtime/testing/test-features.ts';
import { fromWire, toWire, type WireFeature } from '../../../src/runtime/wire/newer.ts';

const NARROWED: readonly TestFeature[] = [
  { percentage: 100, where: { region: ['eu'] } },
  { percentage: 100, not: { region: ['eu'] } },
  { percentage: 100, group_by: 'owner' },
  { percentage: 100, blacklist: ['acme/*'] },
  { whitelist: ['acme/*', 'r1'], blacklist: ['evil/*'] },
];

const travelled = (feature: WireFeature): WireFeature => JSON.parse(JSON.stringify(feature));

describe('a feature on its way to another reader', () => {
  it.each(NARROWED)('the feature %j is off for an older reader and complete for this one', (given) => {
    const row = rowOf('checkout', given, 1);
    const { newer, ...before } = travelled(toWire(row));
    expect(before.active).toBe(false);
    expect(newer).toMatchObject({ active: true });
    expect(fromWire(travelled(toWire(row)))).toEqual(row);
  });

  it('a feature without narrowing fields is the same for an older reader and this one', () => {
    const row = rowOf('checkout', { percentage: 40, whitelist: ['r1'], blacklist: ['r2'] }, 1);
    expect(toWire(row)).toEqual(row);
    expect(fromWire(travelled(toWire(row)))).toEqual(row);
  });

  it('a feature with a newer field that this reader does not know stays off', () => {
    const sent = travelled(toWire(rowOf('checkout', { percentage: 100, where: { region: ['eu'] } }, 1)));
    const later = { ...sent, newer: { ...sent.newer, until: 'friday' } } as WireFeature;
    expect(fromWire(later)).toMatchObject({ active: false });
  });

  it.each([
    [],
    null,
    'x',
    { active: 1 },
    { active: true, where: { region: 'eu' } },
    { active: true, not: [] },
  ])('a feature with the newer part %j is refused', (newer) => {
    const row = rowOf('checkout', { percentage: 100 }, 1);
    expect(fromWire({ ...row, newer } as unknown as WireFeature)).toBeNull();
  });

  it('a feature may ask for an attribute whose name every object has', () => {
    const narrowed = JSON.parse('{"percentage":100,"where":{"__proto__":["a"]},"not":{"constructor":["b"]}}');
    const row = rowOf('checkout', narrowed, 1);
    expect(Object.keys(fromWire(travelled(toWire(row)))?.where ?? {})).toEqual(['__proto__']);
    const facts = JSON.parse('{"in":{"__proto__":"a","constructor":"c"},"half":{"__proto__":"a"},"none":{}}');
    const rollout = testRollout({ checkout: narrowed }, { attributes: facts });
    const eligible = ['in', 'half', 'none', 'stranger'].map((id) => rollout.isEligible('checkout', id));
    expect(eligible).toEqual([true, false, false, false]);
  });
});
