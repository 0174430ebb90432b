import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EarlyFlush } from '../../../src/runtime/record/early-flush.ts';

describe('a failure is sent early', () => {
  it('after a quiet second, and then every tenth one', () => {
    const early = new EarlyFlush();
    const at = [...Array(25)].map((_, place) => 5_000 + place * 100);
    expect(at.map((now) => early.failed(now)).flatMap((soon, place) => (soon ? [place] : []))).toEqual([
      0, 10, 20,
    ]);
    expect(early.failed(9_000)).toBe(true);
  });

  it('no more often than once a second and for each ten failures', () => {
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
          1 + pauses.filter((pause) => pause >= 1_000).length + pauses.length / 10,
        );
      }),
    );
  });
});
