import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BUCKETS, bucket, bucketFor, hashText, seedOf } from '../../../src/domain/eligibility/bucket.ts';
import { BUCKET_VECTORS } from '../../../src/domain/eligibility/bucket-vectors.ts';
import { bucketsBelow } from '../../../src/domain/eligibility/eligibility.ts';
import { admitted, exposure } from '../../helpers/data/specs.ts';

const SUBJECTS = 100_000;
const ids = Array.from({ length: SUBJECTS }, (_, place) => `repository-${place}`);
const population = ids.map((id) => ({ id }));

describe('the bucket of a subject', () => {
  test.each(BUCKET_VECTORS)('for the salt %j the bucket of %j is the stored one', (salt, id, stored) => {
    expect(bucket(salt, id)).toBe(stored);
  });

  test('a bucket is a whole number from 0 to 9999, always the same, with a prepared seed too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (salt, id) => {
        const place = bucket(salt, id);
        expect(Number.isInteger(place) && place >= 0 && place < BUCKETS).toBe(true);
        expect(bucketFor(seedOf(salt), id)).toBe(place);
      }),
    );
  });

  test('a bucket is the upper part of the low half of the 64-bit hash', () => {
    for (const id of ids.slice(0, 1_000)) {
      const low = hashText(id, hashText('salt')) & 0xffffffffn;
      expect(bucket('salt', id)).toBe(Number((low * 10_000n) >> 32n));
    }
  });

  test('a bucket does not depend on lists: listing some subjects moves no other subject', () => {
    const plain = exposure({ percentage: 30 });
    const listed = { ...plain, whitelist: ids.slice(0, 500), blacklist: ids.slice(500, 1_000) };
    expect(admitted(listed, population.slice(1_000, 3_000))).toEqual(
      admitted(plain, population.slice(1_000, 3_000)),
    );
  });
});

describe('a percentage', () => {
  test('a percentage of 0 admits nobody, and 100 admits everybody', () => {
    expect(admitted(exposure({ percentage: 0 }), population)).toEqual([]);
    expect(admitted(exposure({ percentage: 100 }), population)).toHaveLength(SUBJECTS);
  });

  test('each of the 10,001 possible percentages admits as many buckets as it has hundredths', () => {
    for (let hundredths = 0; hundredths <= 10_000; hundredths++) {
      expect(bucketsBelow(Number((hundredths / 100).toFixed(2)))).toBe(hundredths);
    }
  });

  test('a rising percentage never removes a subject', () => {
    const hundredths = fc.integer({ min: 0, max: 10_000 });
    const some = population.slice(0, 500);
    fc.assert(
      fc.property(hundredths, hundredths, fc.string(), (one, other, salt) => {
        const [low, high] = [Math.min(one, other) / 100, Math.max(one, other) / 100];
        const wide = new Set(admitted(exposure({ percentage: high, salt }), some));
        const left = admitted(exposure({ percentage: low, salt }), some).filter((id) => !wide.has(id));
        expect(left).toEqual([]);
      }),
    );
  });

  // A binomial share of n subjects is off by more than 5 standard deviations with probability 5.7e-7.
  test.each([0.01, 1, 5, 10, 25, 30, 50, 75, 99.99])(
    'a percentage of %d admits that share within five standard deviations',
    (p) => {
      for (const salt of ['one', 'hybrid_progressive_capture']) {
        const share = admitted(exposure({ percentage: p, salt }), population).length / SUBJECTS;
        const deviation = Math.sqrt(((p / 100) * (1 - p / 100)) / SUBJECTS);
        expect(Math.abs(share - p / 100)).toBeLessThanOrEqual(5 * deviation);
      }
    },
  );
});

describe('chi-square', () => {
  const TENTHS = 10;
  const tenth = (salt: string, id: string) => Math.floor(bucket(salt, id) / (BUCKETS / TENTHS));

  /** Sum of (observed - expected)^2 / expected over cells that are all equally likely. */
  function chiSquare(cells: number[]): number {
    const expected = SUBJECTS / cells.length;
    return cells.reduce((sum, observed) => sum + (observed - expected) ** 2 / expected, 0);
  }

  // 99 degrees of freedom: above 181 with probability 1e-6.
  test('the buckets of two salts are independent in a chi-square test', () => {
    for (const [one, other] of [
      ['checkout', 'search'],
      ['feature_1', 'feature_2'],
      ['', 'a'],
    ] as const) {
      const cells = new Array<number>(TENTHS * TENTHS).fill(0);
      for (const id of ids) {
        const cell = tenth(one, id) * TENTHS + tenth(other, id);
        cells[cell] = (cells[cell] ?? 0) + 1;
      }
      expect(chiSquare(cells)).toBeLessThan(181);
    }
  });

  // 9,999 degrees of freedom: above 10,686 with probability 1e-6.
  test('all buckets of one salt are equally likely in a chi-square test', () => {
    const cells = new Array<number>(BUCKETS).fill(0);
    for (const id of ids) {
      const place = bucket('checkout', id);
      cells[place] = (cells[place] ?? 0) + 1;
    }
    expect(chiSquare(cells)).toBeLessThan(10_686);
  });

  test('the chi-square test detects that two salts are the same', () => {
    const cells = new Array<number>(TENTHS * TENTHS).fill(0);
    for (const id of ids) {
      const cell = tenth('checkout', id) * (TENTHS + 1);
      cells[cell] = (cells[cell] ?? 0) + 1;
    }
    expect(chiSquare(cells)).toBeGreaterThan(181);
  });
});
