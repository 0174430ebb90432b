import { describe, expect, it } from 'vitest';
import { percentageOption } from '../../../src/cli/terminal/changing.ts';
import { commitOption, limitOption, momentOption, rowOption } from '../../../src/cli/terminal/options.ts';

describe('a moment on the command line', () => {
  it.each([
    ['2026-01-02', '2026-01-02T00:00:00.000Z'],
    ['2026-01-02 03:04', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02T03:04:05.5', '2026-01-02T03:04:05.500Z'],
    ['2026-01-02T03:04Z', '2026-01-02T03:04:00.000Z'],
    ['2026-01-02 03:04-05:00', '2026-01-02T08:04:00.000Z'],
    ['2026-01-02T03:04+01:30', '2026-01-02T01:34:00.000Z'],
    ['2026-01-02 03:04 UTC', '2026-01-02T03:04:00.000Z'],
    ['2024-02-29', '2024-02-29T00:00:00.000Z'],
  ])('the moment %s is read as %s, in UTC unless it has a zone', (text, expected) => {
    expect(momentOption(text)).toEqual(new Date(expected));
  });

  it('a moment may be given as how long ago', () => {
    expect(momentOption('90m')).toEqual({ secondsAgo: 5_400 });
    expect(momentOption('3d')).toEqual({ secondsAgo: 259_200 });
  });

  it.each([
    '',
    'now',
    '-2h',
    '2026-02-30',
    '2025-02-29',
    '2026-13-01',
    '2026-01-02T25:00',
    '01.02.2026',
    '2026',
    'NaN',
    '2026-01-02T03:04+99:00',
  ])('%j is not a moment', (text) => {
    expect(() => momentOption(text)).toThrow('it is a time such as');
  });
});

describe('numbers and commits on the command line', () => {
  it('numbers and commits on the command line are read as written', () => {
    expect([limitOption('1'), limitOption('10000'), rowOption('12')]).toEqual([1, 10_000, 12]);
    expect(commitOption('ABCDEF0')).toBe('abcdef0');
  });

  it.each(['', '0', '-1', '1.5', '10001', '1e3', 'x', ' 1'])('%j is not a number of rows', (text) => {
    expect(() => limitOption(text)).toThrow('a whole number from 1 to 10000');
  });

  it.each(['', '0', '-1', 'x', '1e3', '9'.repeat(20)])("%j is not a row's number", (text) => {
    expect(() => rowOption(text)).toThrow('the number of a row');
  });

  it.each(['', 'HEAD', 'abc', 'g'.repeat(40), 'a'.repeat(65), `abcdef0; drop table x`])(
    '%j is not a commit',
    (text) => {
      expect(() => commitOption(text)).toThrow('7 to 64 hexadecimal digits');
    },
  );
});

describe('a number on the command line', () => {
  it.each([
    ['010', '10'],
    ['0x0A', '10'],
    ['1e1', '10'],
    ['+5', '5'],
    ['1_000', '1000'],
    ['50%', '50'],
  ])('a number in another notation is refused with the right one: %s is %s', (text, plain) => {
    expect(() => limitOption(text)).toThrow(`a whole number from 1 to 10000; write ${plain}.`);
    expect(() => rowOption(text)).toThrow(`; write ${plain}.`);
    expect(() => percentageOption(text)).toThrow(`such as 12.5; write ${plain}.`);
  });

  it('a number in the usual notation is accepted', () => {
    expect([limitOption('10'), rowOption('120'), percentageOption('12.5')]).toEqual([10, 120, 12.5]);
  });
});
