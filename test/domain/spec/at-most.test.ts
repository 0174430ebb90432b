import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { admitsNobody, atMost, strictlyLess } from '../../../src/domain/spec/at-most.ts';
import { resolveLists } from '../../../src/domain/spec/resolve.ts';
import type { Exposure } from '../../../src/domain/spec/spec.ts';
import { CATEGORIES } from '../../../src/domain/spec/vocabulary.ts';
import { admitted, exposure, exposurePair, population, spec, within } from '../../helpers/data/specs.ts';
import { runs } from '../../helpers/run/runs.ts';

const ten = exposure({ percentage: 10 });
const size = exposure({ strategy: 'repository_size', percentage: 25 });
const all = exposure({ percentage: 100 });

describe('against brute force', () => {
  test('a subject that is in under the lesser of two specs is in under the other, by brute force', () => {
    let yes = 0;
    let proper = 0;
    fc.assert(
      fc.property(exposurePair, population, ([a, b], subjects) => {
        if (!atMost(a, b)) return;
        yes++;
        const [inA, inB] = [admitted(a, subjects), admitted(b, subjects)];
        expect(within(inA, inB)).toBe(true);
        if (inA.length > 0 && inA.length < inB.length) proper++;
      }),
      { numRuns: runs(4_000, 20_000), seed: 1 },
    );
    expect(yes).toBeGreaterThan(runs(1_000, 5_000));
    expect(proper).toBeGreaterThan(runs(60, 300));
  });

  test('nobody is in under a spec that can admit nobody', () => {
    fc.assert(
      fc.property(exposurePair, population, ([a], subjects) => {
        if (admitsNobody(a)) expect(admitted(a, subjects)).toEqual([]);
      }),
      { numRuns: runs(1_000, 3_000), seed: 2 },
    );
  });

  test('neither a spec with names nor one with resolved ids counts as the narrower of the two', () => {
    const written = spec({ strategy: 'whitelist', whitelist: ['acme/one'] });
    const { exposure } = resolveLists(written, {}, new Map([['acme/one', 'r1']]));
    // @ts-expect-error ids on one side, names on the other
    expect(atMost(exposure, written)).toBe(false);
    // @ts-expect-error names on one side, ids on the other
    expect(atMost(written, exposure)).toBe(false);
    expect(atMost(exposure, resolveLists(written, {}, new Map([['acme/one', 'r1']])).exposure)).toBe(true);
  });

  test('every spec admits at most what it admits itself, and strictly less once it is switched off', () => {
    fc.assert(
      fc.property(exposurePair, ([a]) => {
        expect(atMost(a, structuredClone(a))).toBe(true);
        expect(strictlyLess(a, structuredClone(a))).toBe(false);
        expect(strictlyLess({ ...a, active: false }, a)).toBe(!admitsNobody(a));
        expect(atMost({ ...a, active: false }, a)).toBe(true);
        expect(atMost({ ...a, emergency_stop: true }, a)).toBe(true);
        expect(atMost({ ...a, percentage: a.percentage / 2 }, a)).toBe(true);
      }),
    );
  });

  test('the order of specs by what they admit is transitive', () => {
    const three = fc.tuple(exposurePair, exposurePair).map(([[a, b], [c]]) => [a, b, c] as const);
    fc.assert(
      fc.property(three, ([a, b, c]) => {
        if (atMost(a, b) && atMost(b, c)) expect(atMost(a, c)).toBe(true);
      }),
      { numRuns: runs(1_000, 5_000), seed: 3 },
    );
  });
});

type Case = [what: string, a: Exposure, b: Exposure];

describe('it must say yes', () => {
  test.each<Case>([
    ['the same', ten, ten],
    ['a lower percentage', exposure({ percentage: 9.99 }), ten],
    ['off, although everything else is wider', { ...all, active: false }, ten],
    ['stopped, although everything else is wider', { ...all, emergency_stop: true }, ten],
    ['off against off', { ...all, active: false }, { ...ten, active: false }],
    ['0% without a whitelist against off', exposure(), { ...ten, active: false }],
    [
      'a whitelist that is blacklisted whole, against off',
      exposure({ whitelist: ['a'], blacklist: ['a'] }),
      { ...ten, active: false },
    ],
    ['fewer categories', { ...ten, categories: ['test'] }, { ...ten, categories: ['test', 'small'] }],
    ['some categories against any', { ...ten, categories: [...CATEGORIES] }, ten],
    ['a smaller whitelist', { ...ten, whitelist: ['a'] }, { ...ten, whitelist: ['a', 'b'] }],
    ['a larger blacklist', { ...ten, blacklist: ['a', 'acme/web'] }, { ...ten, blacklist: ['a'] }],
    [
      'a whitelist entry more that is blacklisted as well',
      { ...ten, whitelist: ['a'], blacklist: ['a'] },
      ten,
    ],
    ['a smaller band', { ...size, percentage: 10 }, size],
    ['by size with another salt, which it does not read', { ...size, salt: 'other' }, size],
    [
      '0% with a whitelist, where the other has it',
      exposure({ whitelist: ['a'] }),
      { ...ten, whitelist: ['a'] },
    ],
    [
      'the strategy whitelist, where the other has it',
      exposure({ strategy: 'whitelist', percentage: 100, whitelist: ['a'] }),
      { ...size, whitelist: ['a', 'b'] },
    ],
    [
      'a whitelist against a blacklist that does not touch it',
      exposure({ whitelist: ['a'] }),
      { ...ten, whitelist: ['a'], blacklist: ['b'] },
    ],
    ['anything against 100%', { ...size, whitelist: ['a'], salt: 'other' }, all],
    ['anything against 100% by size', ten, { ...size, percentage: 100 }],
    ['a whitelist against 100%', exposure({ whitelist: ['a'] }), all],
    ['the same at 100% with another salt', { ...all, salt: 'other' }, all],
    ['a filter against none', { ...ten, where: { plan: ['pro'] } }, ten],
    ['fewer values', { ...ten, where: { plan: ['pro'] } }, { ...ten, where: { plan: ['pro', 'free'] } }],
    [
      'an attribute more',
      { ...ten, where: { plan: ['pro'], region: ['eu'] } },
      { ...ten, where: { plan: ['pro'] } },
    ],
    ['more values kept out', { ...ten, not: { plan: ['pro', 'free'] } }, { ...ten, not: { plan: ['pro'] } }],
    [
      'a value that is another than those kept out',
      { ...ten, where: { plan: ['max'] } },
      { ...ten, not: { plan: ['pro'] } },
    ],
    [
      'a group at a lower percentage',
      { ...ten, group_by: 'owner', percentage: 5 },
      { ...ten, group_by: 'owner' },
    ],
    ['a group against 100%', { ...ten, group_by: 'owner' }, all],
    ['an owner more in the blacklist', { ...ten, blacklist: ['acme/*'] }, ten],
    ['an owner fewer in the whitelist', ten, { ...ten, whitelist: ['acme/*'] }],
  ])('a spec admits at most as much as another: %s', (_, a, b) => {
    expect(atMost(a, b)).toBe(true);
  });
});

describe('it must say no', () => {
  test.each<Case>([
    ['a higher percentage', exposure({ percentage: 10.01 }), ten],
    ['anything on against off', exposure({ percentage: 0.01 }), { ...all, active: false }],
    ['a whitelist against stopped', exposure({ whitelist: ['a'] }), { ...all, emergency_stop: true }],
    ['another salt', { ...ten, salt: 'other' }, ten],
    ['a lower percentage with another salt', { ...ten, percentage: 1, salt: 'other' }, ten],
    ['one category more', { ...ten, categories: ['test', 'small'] }, { ...ten, categories: ['test'] }],
    ['no filter against all five: who has no category is in', ten, { ...ten, categories: [...CATEGORIES] }],
    ['one whitelist entry more', { ...ten, whitelist: ['a', 'b'] }, { ...ten, whitelist: ['a'] }],
    ['one blacklist entry fewer', ten, { ...ten, blacklist: ['a'] }],
    ['a larger band', { ...size, percentage: 26 }, size],
    ['another strategy', { ...size, percentage: 1 }, { ...ten, percentage: 99 }],
    ['a whitelist that the other lacks', exposure({ whitelist: ['a'] }), ten],
    [
      'a whitelist that the other blacklists',
      exposure({ whitelist: ['a'] }),
      { ...ten, whitelist: ['a'], blacklist: ['a'] },
    ],
    [
      'a whitelist against a blacklisted name, which any of its ids may have now',
      exposure({ whitelist: ['a'] }),
      { ...all, blacklist: ['acme/web'] },
    ],
    ['everybody against 100% but one', all, { ...all, blacklist: ['a'] }],
    ['any against 100% of some categories', ten, { ...all, categories: ['test'] }],
    ['no filter against one', ten, { ...ten, where: { plan: ['pro'] } }],
    ['everybody against 100% of some', all, { ...all, where: { plan: ['pro'] } }],
    ['no filter against 100% of some by size', ten, { ...size, percentage: 100, not: { plan: ['pro'] } }],
    ['a value more', { ...ten, where: { plan: ['pro', 'free'] } }, { ...ten, where: { plan: ['pro'] } }],
    ['another attribute', { ...ten, where: { region: ['eu'] } }, { ...ten, where: { plan: ['pro'] } }],
    ['fewer values kept out', { ...ten, not: { plan: ['pro'] } }, { ...ten, not: { plan: ['pro', 'free'] } }],
    ['none kept out: who has no attribute is in', ten, { ...ten, not: { plan: ['pro'] } }],
    ['another group', { ...ten, group_by: 'owner' }, { ...ten, group_by: 'company' }],
    ['a group against each for itself', { ...ten, group_by: 'owner', percentage: 1 }, ten],
    ['each for itself against a group', { ...ten, percentage: 1 }, { ...ten, group_by: 'owner' }],
    ['an owner more in the whitelist', { ...ten, whitelist: ['acme/*'] }, ten],
    ['an owner fewer in the blacklist', ten, { ...ten, blacklist: ['acme/*'] }],
    [
      'an owner in the whitelist against an id in the blacklist, which it may have',
      exposure({ whitelist: ['acme/*'] }),
      { ...ten, whitelist: ['acme/*'], blacklist: ['a'] },
    ],
  ])('a spec may admit more than another: %s', (_, a, b) => {
    expect(atMost(a, b)).toBe(false);
  });
});
