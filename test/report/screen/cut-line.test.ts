import { describe, expect, it } from 'vitest';
import { cutLine, padded, widthOf } from '../../../src/report/screen/cut-line.ts';
import { styleOf } from '../../../src/report/style/style.ts';

const colour = styleOf(true);

describe('a line of a screen', () => {
  it('a line is as wide as its cells: wide characters count two, combining marks and colours none', () => {
    expect(['', 'abc', '検索', 'e\u0301', '🚀', colour.bad('abc')].map(widthOf)).toEqual([0, 3, 4, 1, 2, 3]);
  });

  it('a line is cut at the end of the screen, never within a character', () => {
    expect(cutLine('short', 5)).toBe('short');
    expect(cutLine('longer', 5)).toBe('long…');
    expect(cutLine('検索検索', 6)).toBe('検索…');
    expect(cutLine('検索検索', 5)).toBe('検索…');
  });

  it('a cut line keeps its colours and ends them at the cut', () => {
    expect(cutLine(colour.bad('longer'), 5)).toBe(`${colour.bad('x').split('x')[0]}long…\u001b[0m`);
    expect(cutLine(colour.bad('short'), 5)).toBe(colour.bad('short'));
  });

  it('a column is filled from the given side', () => {
    expect(padded('ab', 4)).toBe('ab  ');
    expect(padded('ab', 4, 'right')).toBe('  ab');
    expect(padded('abcdef', 4)).toBe('abc…');
  });
});
