import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  countedTimes,
  countersOf,
  LAST_PLACE,
  mergedCounters,
  quantilePlace,
  quantilesOf,
  timeAt,
  timePlace,
} from '../../../src/domain/evidence/time-counters.ts';
import { seededRandom } from '../../../src/lib/random.ts';

const MOST_ERROR = 0.05;
/** A millisecond to 30 years, as often short as long. */
const times = fc.double({ min: 0, max: 27, noNaN: true }).map((power) => Math.exp(power));
const counted = (all: readonly number[]) => countersOf(all.map((ms) => [timePlace(ms), 1] as const));

/** The smallest time that at least the share of all times do not exceed. */
function exact(all: readonly number[], share: number): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length - 1e-9) - 1)] ?? Number.NaN;
}

describe('a place', () => {
  it('the time of a counter is within 5% of every time counted in it', () => {
    fc.assert(
      fc.property(times, (ms) => {
        const place = timePlace(ms);
        expect(place).toBeGreaterThanOrEqual(0);
        expect(place).toBeLessThanOrEqual(LAST_PLACE);
        expect(Math.abs(timeAt(place) - ms) / ms).toBeLessThanOrEqual(MOST_ERROR);
      }),
    );
  });

  it('every time has a counter, and a longer time never has a lower one', () => {
    fc.assert(fc.property(times, times, (a, b) => a > b || timePlace(a) <= timePlace(b)));
    expect([0, 0.001, 1, -5].map(timePlace)).toEqual([0, 0, 0, 0]);
    expect(timePlace(1e300)).toBe(LAST_PLACE);
    expect(timePlace(Number.POSITIVE_INFINITY)).toBe(LAST_PLACE);
  });
});

describe('quantiles', () => {
  it('quantiles of time counters are within 5% of those of the times themselves', () => {
    fc.assert(
      fc.property(
        fc.array(times, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (all, share) => {
          const place = quantilePlace(counted(all), share) ?? Number.NaN;
          const truth = exact(all, share);
          expect(Math.abs(timeAt(place) - truth) / truth).toBeLessThanOrEqual(MOST_ERROR);
        },
      ),
    );
  });

  it.each([
    ['log-normal times', (random: () => number) => Math.exp(7 + 1.2 * normal(random))],
    ['Pareto times', (random: () => number) => 200 * random() ** (-1 / 1.5)],
    [
      'times of two kinds of jobs',
      (random: () => number) => (random() < 0.9 ? 50 + 20 * random() : 60_000 * random()),
    ],
  ])('quantiles of %s are within 5%', (_kind, draw) => {
    const random = seededRandom(7);
    const all = Array.from({ length: 20_000 }, () => draw(random));
    const { p50_ms, p95_ms, p99_ms } = quantilesOf(counted(all));
    for (const [found, share] of [[p50_ms, 0.5] as const, [p95_ms, 0.95] as const, [p99_ms, 0.99] as const]) {
      const truth = exact(all, share);
      // Half a millisecond more: shown times are whole.
      expect(Math.abs((found ?? Number.NaN) - truth)).toBeLessThanOrEqual(MOST_ERROR * truth + 0.5);
    }
  });

  it('quantiles without a time are null', () => {
    expect(quantilesOf(countersOf([]))).toEqual({ p50_ms: null, p95_ms: null, p99_ms: null });
  });
});

describe('counters', () => {
  it('time counters of parts add up to those of the whole, in any order', () => {
    const parts = fc.array(fc.array(times, { maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(parts, (all) => {
        const sorted = (counters: ReadonlyMap<number, number>) => [...counters].sort(([a], [b]) => a - b);
        const whole = sorted(counted(all.flat()));
        expect(sorted(mergedCounters(all.map(counted)))).toEqual(whole);
        expect(sorted(mergedCounters([...all].reverse().map(counted)))).toEqual(whole);
        expect(countedTimes(mergedCounters(all.map(counted)))).toBe(all.flat().length);
      }),
    );
  });
});

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
