import { describe, expect, it } from 'vitest';
import { correlatedShare } from '../../../src/domain/fleet/beta.ts';
import type { StepCount } from '../../../src/domain/guardrails/engine-counts.ts';
import { binomial } from '../../../src/domain/simulation/binomial.ts';
import { type ArmStep, measuredCorrelation } from '../../../src/domain/simulation/burstiness.ts';
import { engineLives } from '../../../src/domain/simulation/engine-lives.ts';
import { testGuardrail } from '../../../src/domain/simulation/guardrail-test.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { spec } from '../../helpers/data/specs.ts';
import { guardrail } from '../../store/guardrails/events.ts';

const DAY = 86_400;
const WEEK = 7 * DAY;
const BEGIN = 1_700_000_100 - (1_700_000_100 % 300);

/** A week of steps: so many bursts of so many events each, whose share is drawn with this correlation. */
function week(seed: number, { bursts = 60, size = 1, correlation = 0, rate = 0.01 } = {}): ArmStep[] {
  const random = seededRandom(seed);
  return Array.from({ length: WEEK / 300 }, (_, i) => {
    let bad = 0;
    if (correlation === 0) bad = binomial(random(), bursts * size, rate);
    else {
      for (let burst = 0; burst < bursts; burst++) {
        bad += binomial(random(), size, correlatedShare(random, rate, correlation));
      }
    }
    return { at: BEGIN + 300 * (i + 1), events: bursts * size, bad };
  });
}

const of = (steps: readonly ArmStep[], arm: StepCount['arm'] = 'treatment'): StepCount[] =>
  steps.map((step) => ({ ...step, arm, subject: '' }));

const SPEC = spec({ guardrails: { refunds: guardrail({ limit: 3 }) } });
const RANGE = { from: BEGIN, until: BEGIN + WEEK };

function tested(counts: readonly StepCount[], limit = 3, correlation: number | null = 0) {
  const lives = engineLives(counts, BEGIN, correlation);
  return testGuardrail(SPEC, { metric: 'refunds', guardrail: guardrail({ limit }) }, lives, RANGE);
}

describe('the correlation of events', () => {
  it('no correlation is measured for independent events, and none for a few', () => {
    const found = Array.from({ length: 20 }, (_, seed) => measuredCorrelation(week(seed)));
    expect(found.filter((one) => one === 0).length).toBeGreaterThanOrEqual(18);
    expect(measuredCorrelation(week(1).map((step) => ({ ...step, bad: 0 })))).toBeNull();
    expect(measuredCorrelation([])).toBeNull();
  });

  it('the measured correlation of bursts is spread over the events of a step', () => {
    // Of 600 events 19 are in the same burst: 0.3 x 19 / 599.
    const measured = measuredCorrelation(week(1, { bursts: 30, size: 20, correlation: 0.3, rate: 0.05 }));
    expect(measured).toBeGreaterThan(0.008);
    expect(measured).toBeLessThan(0.013);
    const single = measuredCorrelation(week(2, { bursts: 1, size: 20, correlation: 0.3, rate: 0.05 }));
    expect(single).toBeGreaterThan(0.25);
    expect(single).toBeLessThan(0.4);
  });

  it('the measured correlation is larger when a share drifts for an hour', () => {
    const hourly = week(1).map((step, i) => ({ ...step, bad: Math.floor(i / 12) % 4 === 0 ? 3 : 0 }));
    const mixed = week(1).map((step, i) => ({ ...step, bad: i % 4 === 0 ? 3 : 0 }));
    expect(measuredCorrelation(hourly)).toBeGreaterThan((measuredCorrelation(mixed) ?? 0) * 2);
  });

  it('the correlation of few events at night is not hidden by the many of the day', () => {
    const day = week(1, { bursts: 600 });
    const night = week(2, { bursts: 1, size: 20, correlation: 0.5, rate: 0.01 });
    const both = day.map((step, i) => (i % 2 === 0 ? step : (night[i] as ArmStep)));
    expect(measuredCorrelation(both)).toBeGreaterThan(0.3);
  });
});

describe('the back-test of a guardrail', () => {
  it('a back-test of a guardrail finds nothing in a harmless week, and counts its events and days', () => {
    const found = tested(of(week(1)));
    expect(found).toMatchObject({ acted: [], days: 7, gap: null, events: 60 * 2_016 });
    expect(found.bad / found.events).toBeCloseTo(0.01, 3);
  });

  it('a back-test of a guardrail reports when it would have acted, at most once a day', () => {
    const steps = week(1).map((step, i) => (i >= 600 && i < 1_000 ? { ...step, bad: 6 } : step));
    const { acted } = tested(of(steps));
    expect(acted.length).toBeGreaterThanOrEqual(1);
    expect(acted.length).toBeLessThanOrEqual(2);
    const from = (BEGIN + 600 * 300) / 60;
    expect(acted[0]?.at).toBeGreaterThan(from);
    expect(acted[0]?.at).toBeLessThan(from + 60);
  });

  it('a back-test of a guardrail also acts on control, where every finding is false', () => {
    const bad = week(1).map((step) => ({ ...step, bad: 6 }));
    const { acted } = tested([...of(week(2)), ...of(bad, 'control')]);
    expect(acted.map(({ arm }) => arm)).toContain('control');
    expect(acted.map(({ arm }) => arm)).not.toContain('treatment');
  });

  it('a back-test of a guardrail acts repeatedly when the limit is below the measured share', () => {
    expect(tested(of(week(1)), 0.5).acted.length).toBeGreaterThan(3);
  });

  it('a back-test of a guardrail reports a gap and does not count its days', () => {
    const steps = week(1).filter(({ at }) => at <= BEGIN + 2 * DAY || at > BEGIN + 5 * DAY);
    expect(tested(of(steps))).toMatchObject({
      days: 4,
      gap: { from: BEGIN + 2 * DAY, until: BEGIN + 5 * DAY + 300 },
    });
  });

  it('a back-test of a guardrail accepts a week without data', () => {
    const steps = week(1).filter(({ at }) => at > BEGIN + 4 * DAY);
    expect(tested(of(steps))).toMatchObject({ days: 3, gap: { from: BEGIN } });
    expect(tested([])).toMatchObject({ days: 0, events: 0, acted: [], correlation: null });
  });
});
