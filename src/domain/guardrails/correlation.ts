import { ODDS_MULTIPLIERS, type PerMultiplier } from '../score/factor.ts';

/**
 * What the events of a step say where subjects are not told apart.
 *
 * Events that come in bursts say less than independent ones. With the correlation r of two events of one step (the
 * intra-class correlation), n events of which the share p is bad have the variance n p (1 - p) (1 + (n - 1) r): the design
 * effect of cluster sampling (Kish 1965). So a step could count as n / (1 + (n - 1) r) spans, if only the variance
 * mattered. The score bets on tails: where the share of each step is drawn from a beta distribution (the beta-binomial,
 * Skellam 1948), the bet of the largest multiplier would gain on average. With the excess of the design effect counted
 * four times it does not: enumerated for 2 to 2,000 events, limits from 0.1% to 30% and correlations from 0.001 to 0.7, no
 * factor has a mean above 1. Without a correlation each event is a span, and the factor is the plain likelihood ratio.
 * With the correlation 1, and where none is known, a step is one span.
 */
export function spansOfStep(events: number, correlation: number | null): number {
  if (correlation === null) return 1;
  const spans = Math.floor(events / (1 + EXCESS * (events - 1) * correlation));
  return spans < FEW && 2 * spans < events ? 1 : Math.max(1, spans);
}

/** So few of many events say less one by one than their share does as that of one span. */
const FEW = 10;

/** How many times the excess of the design effect over 1 is counted. */
const EXCESS = 4;

/**
 * What these spans gain when the share `fraction` of the events is bad: of several spans as many are bad, of a single one
 * that share is.
 */
export function gainOfStep(spans: number, fraction: number): PerMultiplier {
  return ODDS_MULTIPLIERS.map((k) =>
    spans > 1 ? spans * fraction * Math.log(k) : Math.log1p((k - 1) * fraction),
  ) as PerMultiplier;
}

/** Of these spans, those that hold a bad event. */
export function badSpansOfStep(spans: number, fraction: number): number {
  return Math.max(0, Math.ceil(spans * fraction - 1e-9));
}
