import { describe, expect, it } from 'vitest';
import { badSpansOfStep, gainOfStep, spansOfStep } from '../../../src/domain/guardrails/correlation.ts';
import { costs, ODDS_MULTIPLIERS } from '../../../src/domain/score/factor.ts';

/** ln of the gamma function (Lanczos). */
function logGamma(x: number): number {
  const [first, ...terms] = [
    1.000000000190015, 76.18009172947146, -86.5053203294168, 24.01409824083091, -1.231739572450155,
    0.001208650973866179, -0.000005395239384953,
  ] as [number, ...number[]];
  const sum = terms.reduce((total, term, i) => total + term / (x + 1 + i), first);
  return (x + 0.5) * Math.log(x + 5.5) - x - 5.5 + Math.log((Math.sqrt(2 * Math.PI) * sum) / x);
}

/** The chance of each number of bad events of a beta-binomial step. */
function chances(events: number, mean: number, correlation: number): number[] {
  const strength = (1 - correlation) / correlation;
  const [a, b] = [mean * strength, (1 - mean) * strength];
  const whole =
    logGamma(events + 1) - logGamma(events + strength) - logGamma(a) - logGamma(b) + logGamma(strength);
  return Array.from({ length: events + 1 }, (_, bad) =>
    Math.exp(
      whole - logGamma(bad + 1) - logGamma(events - bad + 1) + logGamma(bad + a) + logGamma(events - bad + b),
    ),
  );
}

const EVENTS = [2, 20, 200, 1_000];
const CORRELATIONS = [0.001, 0.01, 0.1, 0.3, 0.7];
const LIMITS = [0.001, 0.01, 0.05, 0.3];

describe('a step whose subjects are not told apart', () => {
  it.each(CORRELATIONS)(
    'a step without subjects has no factor that gains on average at its limit, with correlation %d',
    (correlation) => {
      for (const events of EVENTS) {
        for (const limit of LIMITS) {
          const spans = spansOfStep(events, correlation);
          const means = ODDS_MULTIPLIERS.map(() => 0);
          chances(events, limit, correlation).forEach((chance, bad) => {
            const gain = gainOfStep(spans, bad / events);
            costs(limit).forEach((cost, i) => {
              means[i] = (means[i] ?? 0) + chance * Math.exp((gain[i] ?? 0) - spans * cost);
            });
          });
          for (const mean of means) expect(mean).toBeLessThanOrEqual(1 + 1e-6);
        }
      }
    },
  );

  it("counting a step's variance alone would gain on average, so the excess counts four times", () => {
    const [events, limit, correlation] = [200, 0.01, 0.1];
    const spans = Math.floor(events / (1 + (events - 1) * correlation));
    let mean = 0;
    chances(events, limit, correlation).forEach((chance, bad) => {
      const cost = costs(limit)[4] as number;
      mean += chance * Math.exp((gainOfStep(spans, bad / events)[4] as number) - spans * cost);
    });
    expect(mean).toBeGreaterThan(1.5);
  });

  it('a step has one span per event without correlation, and a single span when it is unknown', () => {
    expect(spansOfStep(600, 0)).toBe(600);
    expect(spansOfStep(600, null)).toBe(1);
    expect(spansOfStep(600, 1)).toBe(1);
    expect(spansOfStep(1, 0.3)).toBe(1);
    expect(spansOfStep(5, 0)).toBe(5);
    // 16 of 600 are enough, and 5 of 600 say less than the share of all.
    expect([spansOfStep(600, 0.015), spansOfStep(600, 0.05)]).toEqual([16, 1]);
    expect(gainOfStep(600, 3 / 600)[0]).toBeCloseTo(3 * Math.log(1.25), 9);
    expect(gainOfStep(1, 0.5)[4]).toBeCloseTo(Math.log(10.5), 9);
    expect(badSpansOfStep(600, 3 / 600)).toBe(3);
    expect(badSpansOfStep(1, 0.01)).toBe(1);
    expect(badSpansOfStep(10, 0)).toBe(0);
  });
});
