import { normal, type Random } from '../../lib/random.ts';

/**
 * Draws a share with this mean. Two jobs that fail by the same share have the intra-class correlation `correlation`.
 * With 0 the share is the mean itself.
 */
export function correlatedShare(random: Random, mean: number, correlation: number): number {
  if (correlation === 0 || mean <= 0 || mean >= 1) return mean;
  const strength = 1 / correlation - 1;
  const fails = gamma(random, mean * strength);
  const succeeds = gamma(random, (1 - mean) * strength);
  // Both round to 0 only for a tiny shape; then nearly all or nearly none fail.
  if (fails + succeeds === 0) return random() < mean ? 1 : 0;
  return fails / (fails + succeeds);
}

/** Draws from a gamma distribution of scale one (Marsaglia and Tsang 2000). */
function gamma(random: Random, shape: number): number {
  if (shape < 1) return gamma(random, shape + 1) * (1 - random()) ** (1 / shape);
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const x = normal(random);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - random()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}
