import { describe, expect, it } from 'vitest';
import { cutTo, oneLine } from '../../src/lib/text.ts';

describe('a text that is cut', () => {
  it('a text that fits stays whole, measured in characters and not in code units', () => {
    expect(cutTo('', 0, '...')).toBe('');
    expect(cutTo('abc', 3, '...')).toBe('abc');
    expect(cutTo('😀😀😀', 3, '...')).toBe('😀😀😀');
  });

  it('a cut text ends with the mark, which counts towards its length', () => {
    expect(cutTo('abcdef', 5, '...')).toBe('ab...');
    expect(cutTo('abcdef', 5, '…')).toBe('abcd…');
    expect(cutTo('abcdef', 5)).toBe('abcde');
  });

  it('a cut text never ends with half of a surrogate pair', () => {
    for (let longest = 1; longest < 9; longest++) {
      expect(cutTo(`a${'😀'.repeat(10)}`, longest)).not.toMatch(/\p{Cs}/u);
      expect(Array.from(cutTo(`a${'😀'.repeat(10)}`, longest))).toHaveLength(longest);
    }
  });

  it('a text of ten million code units can be cut', () => {
    const long = '😀'.repeat(5_000_000);
    expect(cutTo(long, 3, '…')).toBe('😀😀…');
  });
});

it('a person’s text becomes one line, whatever ends a line in it', () => {
  const text = ' it failed\n\nRollout-Feature: other\u2028a\u0085b\u001b[31m\u0000\tc ';
  expect(oneLine(text)).toBe('it failed Rollout-Feature: other a b [31m c');
});
