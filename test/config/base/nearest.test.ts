import { describe, expect, test } from 'vitest';
import { editDistance, nearest } from '../../../src/config/base/nearest.ts';

const KEYS = ['percentage', 'paused', 'active', 'emergency_stop', 'max_error_rate', 'steps', 'salt'];

describe('the nearest word', () => {
  test.each([
    ['percentge', 'percentage'],
    ['precentage', 'percentage'],
    ['Percentage', 'percentage'],
    ['emergencyStop', 'emergency_stop'],
    ['emergency-stop', 'emergency_stop'],
    ['maxErrorRate', 'max_error_rate'],
    ['step', 'steps'],
    ['slat', 'salt'],
  ])('the nearest word of %s is %s', (word, meant) => {
    expect(nearest(word, KEYS)).toBe(meant);
  });

  test.each(['colour', 'x', '', 'percentage_of_all_repositories', 'a'.repeat(100_000), '📦'])(
    'the word %s has no near word',
    (word) => {
      expect(nearest(word, KEYS)).toBeNull();
    },
  );
});

describe('the edit distance', () => {
  test.each([
    ['', '', 0],
    ['abc', '', 3],
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['abc', 'abd', 1],
    ['abc', 'acb', 1],
    ['abc', 'ab', 1],
    ['kitten', 'sitting', 3],
  ])('the edit distance from "%s" to "%s" is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });
});
