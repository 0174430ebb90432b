import { describe, expect, it } from 'vitest';
import { Decider } from '../../../src/runtime/decide/decider.ts';
import { EnvironmentOverrides } from '../../../src/runtime/decide/environment.ts';
import { rowOf } from '../../../src/runtime/testing/test-features.ts';

function decider(...features: string[]): Decider {
  const made = new Decider(new EnvironmentOverrides({}), {
    ...{ codeOf: () => 0, holdersOf: () => [], knowsHolders: () => true, profiles: () => null },
  });
  const rows = features.map((feature) => ({ ...rowOf(feature, true, 1), metrics: ['refunds'] }));
  made.apply({ state: { global_stop: false }, features: rows }, true);
  return made;
}

describe('a feature that is removed', () => {
  it('a removed feature observes nothing any more and is in no list', () => {
    const made = decider('checkout', 'search');
    expect(made.observing('refunds')).toEqual(['checkout', 'search']);
    const before = made.rows();
    expect(made.remove(['checkout', 'missing'])).toEqual(['checkout']);
    expect(made.observing('refunds')).toEqual(['search']);
    expect(made.names()).toEqual(['search']);
    expect(made.rows().map(({ feature }) => feature)).toEqual(['search']);
    // Whoever held the rows holds what was.
    expect(before.map(({ feature }) => feature)).toEqual(['checkout', 'search']);
  });
});

it('the decider returns the same list of rows until one of them changes', () => {
  const made = decider('checkout');
  const rows = made.rows();
  made.apply({ state: { global_stop: false }, features: rows }, true);
  expect(made.rows()).toBe(rows);
});
