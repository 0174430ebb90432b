/**
 * The bet that one span of one subject makes.
 *
 * For a tolerated share `limit` and an odds multiplier k, a span of which the fraction f failed contributes the
 * factor `(1 + (k - 1) f) / (1 + (k - 1) limit)`. Its mean is at most 1 while the mean of f is at most `limit`,
 * whatever the dependence inside the span (betting on bounded means: Waudby-Smith and Ramdas 2024). With one job a
 * span it is the likelihood ratio of odds k times those of `limit` against `limit` itself.
 */

/** Multiples of the odds that are tested: from a slow drift to a total breakage. */
export const ODDS_MULTIPLIERS = [1.25, 1.6, 2.5, 5, 20] as const;

/** One number for each odds multiplier, in their order. */
export type PerMultiplier = [number, number, number, number, number];

/** ln 1 for each multiplier. */
export function zeros(): PerMultiplier {
  return [0, 0, 0, 0, 0];
}

/** Returns the cost of a span when it begins: ln(1 + (k - 1) limit) for each multiplier; `limit` is a share, 0 to 1. */
export function costs(limit: number): PerMultiplier {
  return ODDS_MULTIPLIERS.map((k) => Math.log1p((k - 1) * limit)) as PerMultiplier;
}
