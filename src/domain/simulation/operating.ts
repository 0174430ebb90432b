import type { Random } from '../../lib/random.ts';
import type { ThresholdParams } from '../health/threshold-rule.ts';
import { trustedRule } from '../score/rule.ts';
import { STEP_MINUTES } from './life.ts';
import { type Analysis, monitorOf } from './monitor.ts';
import { lowerQuantile, shareOf } from './quantile.ts';
import { type Outcome, runLife } from './simulation.ts';
import { type ArrivalStep, categoriesOf, drawArrivals, lifeOf, type NormalTraffic } from './traffic.ts';

/** Hours of the two periods over which rollbacks are counted. */
export const SHORT_HOURS = 48;
export const LONG_HOURS = 168;

/** Good hours before a fault: a day, which fills the plain rule's window. */
const GOOD_HOURS = 24;

/** Precision, as a ratio, of the search for the smallest rate. */
const PRECISION = 1.05;
const SMALLEST_RATE = 0.001;

/** How often a feature within its limit is rolled back or warned about. Shares are 0 to 1. */
export interface FalseAlarms {
  /** True rate in percent. */
  rate: number;
  rolledBackShort: number;
  rolledBackLong: number;
  raisedShort: number;
  raisedLong: number;
}

/** What happens when a good feature breaks, over the runs that were not rolled back before the fault. */
export interface FaultFound {
  /** Percentage of jobs that fail after the fault. */
  rate: number;
  /** Share of runs, 0 to 1, that are rolled back within `SHORT_HOURS`. */
  found: number;
  /** Share of runs with at least a warning by then. */
  raised: number;
  /** Hours until half of all runs are rolled back; null if fewer are. */
  medianHours: number | null;
  /** Hours until nine of ten runs are rolled back; null if fewer are. */
  p90Hours: number | null;
  /** Median number of failed jobs until the rollback, or in `SHORT_HOURS` if there is none. */
  medianFailed: number;
  runs: number;
}

/** What one rule detects and misses. */
export interface Characteristics {
  falseAlarms: FalseAlarms[];
  faults: FaultFound[];
  /**
   * The smallest rate, in percent, that half of the runs detect within `SHORT_HOURS`; null if even 100% is not
   * detected.
   */
  halfFound: number | null;
}

export interface OperatingInput {
  /** Thresholds; the window applies to the plain rule. */
  params: ThresholdParams;
  traffic: NormalTraffic;
  runs: number;
  random: Random;
  /** Called after each run with the number of finished runs. */
  onRun?: (done: number) => void;
}

export const ANALYSES: readonly Analysis[] = ['sequential', 'threshold'];

/** Returns the rate just below the limit, at which nothing may be rolled back. */
export function justUnder(limit: number): number {
  return rounded(limit * 0.9);
}

/** Returns the fault rates to simulate: twice the limit, 10, 20 and 50%, if above the limit and the normal rate. */
export function faultRates(limit: number, normalRate: number): number[] {
  const rates = new Set([Math.min(100, rounded(limit * 2)), 10, 20, 50]);
  return [...rates].filter((rate) => rate > limit && rate > normalRate).sort((a, b) => a - b);
}

/**
 * Compares what the sequential and the plain rule detect and miss on the same simulated lives. Each run draws one week
 * of arrivals and tries every rate on them, so results differ only by the rate. Throws RangeError on impossible params.
 */
export function operatingCharacteristics(input: OperatingInput): Record<Analysis, Characteristics> {
  const limit = trustedRule(input.params).maxErrorRate;
  const { traffic, runs, random } = input;
  const rates = [...new Set([traffic.errorRate, justUnder(limit)])].sort((a, b) => a - b);
  const faults = faultRates(limit, traffic.errorRate);
  const trials = ANALYSES.map((analysis) => new Trials(analysis, input, rates, faults));
  for (let run = 1; run <= runs; run++) {
    const arrivals = drawArrivals(traffic, LONG_HOURS, random);
    for (const rate of rates) {
      for (const trial of trials) trial.healthy(rate, arrivals);
    }
    const short = arrivals.slice(0, ((GOOD_HOURS + SHORT_HOURS) * 60) / STEP_MINUTES);
    for (const trial of trials) trial.broken(faults, short);
    input.onRun?.(run);
  }
  const [sequential, threshold] = trials.map((trial) => trial.summary()) as [
    Characteristics,
    Characteristics,
  ];
  return { sequential, threshold };
}

/** Collects the runs of one rule. */
class Trials {
  readonly #monitor: () => ReturnType<typeof monitorOf>;
  readonly #traffic: NormalTraffic;
  readonly #limit: number;
  readonly #healthy: Map<number, Outcome[]>;
  readonly #broken: Map<number, Outcome[]>;
  readonly #smallest: number[] = [];

  constructor(
    analysis: Analysis,
    input: OperatingInput,
    rates: readonly number[],
    faults: readonly number[],
  ) {
    const categories = categoriesOf(input.traffic);
    this.#monitor = () => monitorOf(analysis, input.params, categories);
    this.#traffic = input.traffic;
    this.#limit = Math.max(trustedRule(input.params).maxErrorRate, input.traffic.errorRate);
    this.#healthy = new Map(rates.map((rate) => [rate, []]));
    this.#broken = new Map(faults.map((rate) => [rate, []]));
  }

  healthy(rate: number, arrivals: readonly ArrivalStep[]): void {
    this.#healthy.get(rate)?.push(runLife(lifeOf(arrivals, { errorRate: rate }), this.#monitor()));
  }

  /**
   * Tries all faults of one run, then searches the smallest rate that this run detects. A run that was rolled back
   * before the fault is skipped.
   */
  broken(faults: readonly number[], arrivals: readonly ArrivalStep[]): void {
    const total = this.#break(arrivals, 100).harmfulAt ?? Infinity;
    if (total <= GOOD_HOURS) return;
    let [missed, found] = [this.#limit, total === Infinity ? Infinity : 100];
    for (const rate of faults) {
      const outcome = this.#break(arrivals, rate);
      this.#broken.get(rate)?.push(outcome);
      if (outcome.harmfulAt === null) missed = Math.max(missed, rate);
      else found = Math.min(found, rate);
    }
    this.#smallest.push(found === Infinity ? Infinity : this.#search(missed, found, arrivals));
  }

  #break(arrivals: readonly ArrivalStep[], rate: number): Outcome {
    const breakage = { hour: GOOD_HOURS, errorRate: rate };
    const life = lifeOf(arrivals, { errorRate: this.#traffic.errorRate, breakage });
    return runLife(life, this.#monitor(), GOOD_HOURS);
  }

  /** Searches the smallest detected rate between a missed and a detected one, to `PRECISION`. */
  #search(from: number, to: number, arrivals: readonly ArrivalStep[]): number {
    let [missed, found] = [Math.max(from, SMALLEST_RATE), to];
    while (found / missed > PRECISION) {
      const rate = Math.sqrt(missed * found);
      if (this.#break(arrivals, rate).harmfulAt === null) missed = rate;
      else found = rate;
    }
    return found;
  }

  summary(): Characteristics {
    const half = lowerQuantile(this.#smallest, 0.5);
    return {
      falseAlarms: [...this.#healthy].map(([rate, outcomes]) => falseAlarms(rate, outcomes)),
      faults: [...this.#broken].map(([rate, outcomes]) => faultFound(rate, outcomes)),
      halfFound: Number.isFinite(half) ? rounded(half) : null,
    };
  }
}

function falseAlarms(rate: number, outcomes: readonly Outcome[]): FalseAlarms {
  const by = (hour: keyof Pick<Outcome, 'harmfulAt' | 'raisedAt'>, until: number) =>
    shareOf(outcomes, (outcome) => (outcome[hour] ?? Infinity) <= until);
  return {
    rate,
    rolledBackShort: by('harmfulAt', SHORT_HOURS),
    rolledBackLong: by('harmfulAt', LONG_HOURS),
    raisedShort: by('raisedAt', SHORT_HOURS),
    raisedLong: by('raisedAt', LONG_HOURS),
  };
}

function faultFound(rate: number, outcomes: readonly Outcome[]): FaultFound {
  const hours = outcomes.map(({ harmfulAt }) => (harmfulAt === null ? Infinity : harmfulAt - GOOD_HOURS));
  const by = (share: number) => {
    const quantile = lowerQuantile(hours, share);
    return Number.isFinite(quantile) ? quantile : null;
  };
  const failed = lowerQuantile(
    outcomes.map((outcome) => outcome.failed),
    0.5,
  );
  return {
    rate,
    found: shareOf(outcomes, ({ harmfulAt }) => harmfulAt !== null),
    raised: shareOf(outcomes, ({ raisedAt }) => raisedAt !== null),
    medianHours: by(0.5),
    p90Hours: by(0.9),
    medianFailed: Number.isFinite(failed) ? failed : 0,
    runs: outcomes.length,
  };
}

/** Rounds to three significant digits. */
function rounded(rate: number): number {
  return Number(rate.toPrecision(3));
}
