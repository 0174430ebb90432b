import { describe, expect, it } from 'vitest';
import { isPattern, matches } from '../../../src/config/base/patterns.ts';

describe('a pattern of include', () => {
  it.each([
    ['rollouts/*.yaml', 'rollouts/a.yaml', true],
    ['rollouts/*.yaml', 'rollouts/.a.yaml', false],
    ['rollouts/.a.yaml', 'rollouts/.a.yaml', true],
    ['rollouts/*.yaml', 'rollouts/deep/a.yaml', false],
    ['rollouts/*.yaml', 'a.yaml', false],
    ['rollouts/a.yaml', 'rollouts/axyaml', false],
    ['*.yaml', '.yaml', false],
    ['a*a.yaml', 'a.yaml', false],
    ['a*a.yaml', 'aa.yaml', true],
    ['a*b*c.yml', 'a-b-b-c.yml', true],
    ['a*b*c.yml', 'a-c-b.yml', false],
    ['**.yml', 'a.yml', true],
  ])('include pattern %s with path %s matches: %s', (pattern, path, expected) => {
    expect(isPattern(pattern)).toBe(true);
    expect(matches(pattern, path)).toBe(expected);
  });

  it('an include pattern with many stars is compared with a long name at once', () => {
    expect(matches(`${'*a'.repeat(60)}*b.yaml`, `${'a'.repeat(250)}.yaml`)).toBe(false);
  });
});
