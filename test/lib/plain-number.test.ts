import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainInstead, plainNumber } from '../../src/lib/plain-number.ts';

describe('a plain number', () => {
  it.each([
    ['0', 0, 0],
    ['10', 0, 10],
    ['12.5', 2, 12.5],
    ['0.07', 2, 0.07],
    ['999999999999999', 0, 999_999_999_999_999],
  ])('%s with at most %i decimals is a plain number', (text, decimals, value) => {
    expect(plainNumber(text, decimals)).toBe(value);
    expect(plainInstead(text)).toBeNull();
  });

  it.each([
    ['010', '10'],
    ['00', '0'],
    ['0x0A', '10'],
    ['0o12', '10'],
    ['0b11', '3'],
    ['1e1', '10'],
    ['+5', '5'],
    ['.5', '0.5'],
    ['5.', '5'],
    ['1_000', '1000'],
    ['1,000', '1000'],
    ['12,5', '12.5'],
    ['50%', '50'],
    ['50%', '50'],
    [' 7', '7'],
  ])('%s is not a plain number; it is written %s', (text, instead) => {
    expect(plainNumber(text, 10)).toBeNull();
    expect(plainInstead(text)).toBe(instead);
  });

  it.each(['', ' ', 'ten', '-5', 'NaN', 'Infinity', '1e400', '1__0_', '1.2.3', '９', '0'.repeat(100_000)])(
    'no plain number can be made out of %j',
    (text) => {
      expect(plainNumber(text, 10)).toBeNull();
      expect(plainInstead(text)).toBeNull();
    },
  );

  it('every number of two decimals is read as itself', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (hundredths) => {
        expect(plainNumber(String(hundredths / 100), 2)).toBe(hundredths / 100);
      }),
    );
  });
});
