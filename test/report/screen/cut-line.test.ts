import { describe, expect, it } from 'vitest';
import { cutLine, padded, widthOf } from '../../../src/report/screen/cut-line.ts';
import { styleOf } from '../../../src/report/style/style.ts';

const colour = styleOf(true);

describe('a line of a screen', () => {
  it('is as wide as its cells: a sign of two, a mark above a letter, a colour', () => {
    expect(['', 'abc', '検索', 'e\u0301', '🚀', colour.bad('abc')].map(widthOf)).toEqual([0, 3, 4, 1, 2, 3]);
  });

  it('is cut where the screen ends, never in the midst of a sign', () => {
    expect(cutLine('short', 5)).toBe('short');
    expect(cutLine('longer', 5)).toBe('long…');
    expect(cutLine('検索検索', 6)).toBe('検索…');
    expect(cutLine('検索検索', 5)).toBe('検索…');
  });

  it('keeps its colours and ends them where it is cut', () => {
    expect(cutLine(colour.bad('longer'), 5)).toBe(`${colour.bad('x').split('x')[0]}long…\u001b[0m`);
    expect(cutLine(colour.bad('short'), 5)).toBe(colour.bad('short'));
  });

  it('fills a column from the side that was asked for', () => {
    expect(padded('ab', 4)).toBe('ab  ');
    expect(padded('ab', 4, 'right')).toBe('  ab');
    expect(padded('abcdef', 4)).toBe('abc…');
  });
});
