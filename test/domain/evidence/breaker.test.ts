import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, type Breaker, CLOSED, ended } from '../../../src/domain/evidence/breaker.ts';

/** After jobs that end one after the other, a second apart. */
function oneByOne(ends: readonly boolean[], breaker = CLOSED, from = 0): Breaker {
  return ends.reduce((known, ok, place) => ended(known, ok, from + place * 1_000), breaker);
}

const failing = (count: number) => Array<boolean>(count).fill(false);

describe('a breaker', () => {
  it('a breaker opens at the tenth failure in a row, not before', () => {
    expect(oneByOne(failing(9)).state).toBe('closed');
    expect(oneByOne(failing(10))).toMatchObject({ state: 'open', probeAt: 9_000 + 30_000 });
  });

  it('a breaker forgets outcomes older than a minute', () => {
    const nine = oneByOne(failing(9));
    expect(ended(nine, false, 8_000 + 60_001).state).toBe('closed');
    expect(ended(nine, false, 8_000 + 60_000).state).toBe('open');
  });

  it('an open breaker admits one probe per pause, closes after three successes and doubles the pause on failure', () => {
    const open = oneByOne(failing(10));
    expect(admit(open, 38_999).admitted).toBe(false);
    let { breaker, admitted } = admit(open, 39_000);
    expect([admitted, breaker.state]).toEqual([true, 'half_open']);
    expect(admit(breaker, 39_001).admitted).toBe(false);
    const again = ended(breaker, false, 40_000);
    expect(again).toMatchObject({ state: 'open', probeAt: 100_000 });
    for (const now of [39_100, 39_200, 39_300]) {
      breaker = ended(breaker, true, now);
      if (now < 39_300) ({ breaker, admitted } = admit(breaker, now));
      expect(admitted).toBe(true);
    }
    expect(breaker).toBe(CLOSED);
  });

  it('a breaker sends another probe when a probe has no outcome for half a minute', () => {
    const { breaker } = admit(oneByOne(failing(10)), 39_000);
    expect(admit(breaker, 68_999).admitted).toBe(false);
    expect(admit(breaker, 69_000).admitted).toBe(true);
  });

  it('a breaker never opens while fewer than half of any twenty jobs fail', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 60_000 }), { maxLength: 200 }), (pauses) => {
        let now = 0;
        let breaker = CLOSED;
        // Every third one fails: six or seven of any twenty, four of any ten.
        pauses.forEach((pause, place) => {
          now += pause;
          breaker = ended(breaker, place % 3 !== 2, now);
          expect(breaker.state).toBe('closed');
        });
      }),
    );
  });

  it('while everything fails a breaker admits at most one job per pause, whatever the order of calls', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 10_000 }), ends: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        let breaker = oneByOne(failing(10));
        let now = 10_000;
        const probes: number[] = [];
        for (const { wait, ends } of steps) {
          now += wait;
          if (ends) breaker = ended(breaker, false, now);
          const asked = admit(breaker, now);
          breaker = asked.breaker;
          if (asked.admitted) probes.push(now);
        }
        probes.slice(1).forEach((at, place) => {
          expect(at - (probes[place] ?? 0)).toBeGreaterThanOrEqual(30_000);
        });
        expect(breaker.pause).toBeLessThanOrEqual(300_000);
      }),
    );
  });

  it('a breaker closes within three probes and their pauses once the processor works, whatever its past', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 100 }), (ends) => {
        let breaker = oneByOne(ends);
        let now = 1_000_000;
        for (let probe = 0; probe < 3 && breaker.state !== 'closed'; probe++, now += 1) {
          const asked = admit(breaker, now);
          expect(asked.admitted).toBe(true);
          breaker = ended(asked.breaker, true, now);
        }
        expect(breaker.state).toBe('closed');
      }),
    );
  });
});
