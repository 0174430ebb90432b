import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/lib/random.ts';
import { EarlyFlush } from '../../../src/runtime/record/early-flush.ts';

/** The places of the failures that are sent early, of failures at these moments. */
const sentOf = (early: EarlyFlush, moments: readonly number[]) =>
  moments.flatMap((now, place) => (early.failed(now) ? [place] : []));

describe('a failure is sent early', () => {
  it('a failure after a quiet second is sent early, and every second one while failures surge', () => {
    const early = new EarlyFlush();
    const at = [...Array(7)].map((_, place) => 5_000 + place * 400);
    expect(sentOf(early, at)).toEqual([0, 2, 4, 6]);
    expect(early.failed(9_000)).toBe(true);
  });

  it('every tenth failure is sent early when failures have gone on for long', () => {
    const early = new EarlyFlush();
    const steady = [...Array(600)].map((_, place) => place * 400);
    const sent = sentOf(early, steady).filter((place) => place >= 300);
    expect(sent.length).toBe(30);
    const pauses = sent.slice(1).map((place, i) => place - (sent[i] ?? 0));
    expect(new Set(pauses)).toEqual(new Set([10]));
  });

  it('every second failure is sent early again when failures come far more often than before', () => {
    const early = new EarlyFlush();
    const random = seededRandom(1);
    let now = 0;
    for (let n = 0; n < 100; n++) {
      now += 5_000 + random() * 10_000;
      early.failed(now);
    }
    const surge = [...Array(21)].map((_, place) => now + 2_000 + place * 400);
    expect(sentOf(early, surge)).toHaveLength(11);
  });

  it('failures are sent early at most once per quiet second and for every second failure', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(1_500), { minLength: 1 }), (pauses) => {
        const early = new EarlyFlush();
        let now = 0;
        const sent = pauses.filter((pause) => {
          now += pause;
          return early.failed(now);
        }).length;
        expect(sent).toBeGreaterThan(0);
        expect(sent).toBeLessThanOrEqual(
          1 + pauses.filter((pause) => pause >= 1_000).length + pauses.length / 2,
        );
      }),
    );
  });
});
