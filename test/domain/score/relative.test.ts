import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ODDS_MULTIPLIERS } from '../../../src/domain/score/factor.ts';
import {
  expectedShare,
  relativeFactor,
  type SpanChange,
  type Strata,
  TOLERATED_ODDS,
  takeIn,
} from '../../../src/domain/score/relative.ts';

function strataOf(...changes: SpanChange[]): Strata {
  const strata: Strata = new Map();
  for (const change of changes) takeIn(strata, change);
  return strata;
}

const spans = (arm: 'treatment' | 'control', expected: number, failed: number, stratum = 'small') => ({
  stratum,
  arm,
  expected,
  failed,
});

const EQUAL = [0, 0, 0, 0, 0];

describe('the comparison of the arms', () => {
  it('the comparison of the arms scores zero without a failure or without spans in one arm', () => {
    expect(relativeFactor(strataOf(spans('treatment', 90, 0), spans('control', 10, 0)))).toEqual(EQUAL);
    expect(relativeFactor(strataOf(spans('treatment', 90, 40)))).toEqual(EQUAL);
    expect(relativeFactor(strataOf(spans('control', 90, 40)))).toEqual(EQUAL);
  });

  it('the factor of a failure that falls on treatment with the tolerated odds has a mean of exactly one', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (e, c) => {
          const share = (TOLERATED_ODDS * e) / (TOLERATED_ODDS * e + c);
          const onTreatment = relativeFactor(strataOf(spans('treatment', e, 1), spans('control', c, 0)));
          const onControl = relativeFactor(strataOf(spans('treatment', e, 0), spans('control', c, 1)));
          ODDS_MULTIPLIERS.forEach((_, i) => {
            const mean = share * Math.exp(onTreatment[i] ?? 0) + (1 - share) * Math.exp(onControl[i] ?? 0);
            expect(mean).toBeCloseTo(1, 9);
          });
        },
      ),
    );
  });

  it('the arms are compared within strata: failures that both arms have are not an effect', () => {
    const mixed = relativeFactor(
      strataOf(
        spans('treatment', 90, 45, 'enterprise'),
        spans('control', 10, 5, 'enterprise'),
        spans('treatment', 10, 0, 'small'),
        spans('control', 90, 0, 'small'),
      ),
    );
    expect(Math.max(...mixed)).toBeLessThan(0);
    const summed = relativeFactor(strataOf(spans('treatment', 100, 45), spans('control', 100, 5)));
    expect(Math.max(...summed)).toBeGreaterThan(0);
  });

  it('subjects that failed more before are expected to fail more, so their failures are not an effect', () => {
    const past = expectedShare({ jobs: 400, failed: 80 }, 0.02);
    const others = expectedShare({ jobs: 400, failed: 4 }, 0.02);
    const known = relativeFactor(
      strataOf(spans('treatment', 20 * past, 4), spans('control', 180 * others, 2)),
    );
    expect(Math.max(...known)).toBeLessThan(0);
    const unknown = relativeFactor(strataOf(spans('treatment', 20, 4), spans('control', 180, 2)));
    expect(Math.max(...unknown)).toBeGreaterThan(0);
  });

  it('a subject without a past is expected to fail at the mean of all', () => {
    expect(expectedShare({ jobs: 0, failed: 0 }, 0.02)).toBeCloseTo(0.02, 12);
    expect(expectedShare({ jobs: 1e6, failed: 1e5 }, 0.02)).toBeCloseTo(0.1, 4);
  });

  it('the comparison counts a span once, and adds its later failures', () => {
    const once = strataOf(spans('treatment', 1, 0.5), spans('control', 3, 0));
    const twice = strataOf(spans('treatment', 1, 0.2), spans('treatment', 0, 0.3), spans('control', 3, 0));
    relativeFactor(twice).forEach((value, i) => {
      expect(value).toBeCloseTo(relativeFactor(once)[i] ?? Number.NaN, 12);
    });
  });
});
