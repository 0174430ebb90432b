import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type CategorySpans, differenceBand } from '../../../src/domain/report/difference-band.ts';
import { differenceSeries } from '../../../src/domain/report/difference-series.ts';
import { bandLives } from '../../helpers/reports/band-lives.ts';

const spans = (jobs: number, treatment: [number, number], control: [number, number]): CategorySpans => ({
  jobs,
  treatment: { spans: treatment[0], failed: treatment[1] },
  control: { spans: control[0], failed: control[1] },
});

describe('the band of the difference', () => {
  it('the band of the difference ever misses the truth in at most 5% of lives, unlike a band for one look', () => {
    const { lives, missed, missedByOneLook } = bandLives({ lives: 150, slots: 120, seed: 7 });
    expect(missed / lives).toBeLessThanOrEqual(0.05);
    expect(missedByOneLook / lives).toBeGreaterThan(0.05);
  });

  it('the band contains the difference, and gets narrower with more spans of the same shares', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (n, t, c) => {
          const [few, many] = [n, n * 10].map((size) => {
            const band = differenceBand([spans(size, [size, t * size], [size, c * size])], 1);
            if (band === null) throw new Error('there are spans of both arms');
            return band;
          });
          for (const band of [few, many]) {
            expect(band?.low).toBeLessThanOrEqual((band?.difference ?? 0) + 1e-6);
            expect(band?.high).toBeGreaterThanOrEqual((band?.difference ?? 0) - 1e-6);
            expect(band?.low).toBeGreaterThanOrEqual(-100 - 1e-6);
            expect(band?.high).toBeLessThanOrEqual(100 + 1e-6);
          }
          const width = (band = few) => (band?.high ?? 0) - (band?.low ?? 0);
          expect(width(many)).toBeLessThanOrEqual(width(few) + 1e-6);
        },
      ),
    );
  });

  it('the difference weights categories by treatment jobs, so another mix in control makes no difference', () => {
    const same = [spans(900, [900, 9], [100, 1]), spans(100, [100, 50], [900, 450])];
    expect(differenceBand(same, 2)?.difference).toBeCloseTo(0, 9);
    const worse = [spans(900, [900, 18], [100, 1]), spans(100, [100, 50], [900, 450])];
    expect(differenceBand(worse, 2)?.difference).toBeCloseTo(0.9, 9);
  });

  it('the difference compares only categories that control has, and carries their share', () => {
    const some = [spans(75, [75, 3], [75, 3]), spans(25, [25, 25], [0, 0])];
    expect(differenceBand(some, 2)).toMatchObject({ difference: 0, compared: 75 });
    expect(differenceBand([spans(10, [10, 1], [0, 0])], 2)).toBeNull();
    expect(differenceBand([], 2)).toBeNull();
  });

  it('the band is wider when more categories may come', () => {
    const one = [spans(100, [100, 5], [100, 5])];
    expect(differenceBand(one, 6)?.high).toBeGreaterThan(differenceBand(one, 1)?.high ?? 0);
  });
});

describe('the series of the difference', () => {
  it('the series of the difference adds up slots, and begins when both arms have a span', () => {
    const column = (arm: 'treatment' | 'control', slot: number[], failed: number[]) => {
      const ten = slot.map(() => 10);
      return { arm, category: '', slot, spans: ten, failed, jobs: ten };
    };
    const series = differenceSeries(
      {
        since: new Date(0),
        every: 300,
        columns: [column('treatment', [0, 2, 3], [0, 1, 5]), column('control', [1, 3], [0, 0])],
      },
      1,
    );
    expect(series).toMatchObject({ at: [600, 900, 1200], difference: [0, 5, 20], compared: 100 });
    expect(differenceSeries({ since: new Date(0), every: 300, columns: [] }, 1)).toBeNull();
  });
});
