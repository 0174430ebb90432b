/** From this variance on, the normal approximation with its skewness replaces the exact sum. */
const LARGE_VARIANCE = 150;

/**
 * Returns how many of `trials` fail, each with probability `share` (0 to 1): the binomial quantile at `luck` (0 to 1).
 *
 * One random number decides all trials, so the same luck at a higher share never gives fewer failures: simulated lives
 * that differ only in the rate can be compared one by one.
 */
export function binomial(luck: number, trials: number, share: number): number {
  if (trials === 0 || share <= 0) return 0;
  if (share >= 1) return trials;
  // Mirrored to keep the sum short.
  if (share > 0.5) return trials - binomial(1 - luck, trials, 1 - share);
  const variance = trials * share * (1 - share);
  if (variance < LARGE_VARIANCE) return summed(luck, trials, share);
  const z = normalQuantile(luck);
  const skewed = ((1 - 2 * share) * (z * z - 1)) / 6;
  const count = Math.round(trials * share + z * Math.sqrt(variance) + skewed);
  return Math.min(trials, Math.max(0, count));
}

/** Adds up the probabilities of 0, 1, 2, ... failures until they exceed the luck. */
function summed(luck: number, trials: number, share: number): number {
  const odds = share / (1 - share);
  let chance = (1 - share) ** trials;
  let reached = chance;
  let count = 0;
  while (reached <= luck && count < trials) {
    count += 1;
    chance *= ((trials - count + 1) / count) * odds;
    if (chance === 0) break;
    reached += chance;
  }
  return count;
}

const CENTRE_TOP = [
  -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716,
  2.506628277459239,
];
const CENTRE_BOTTOM = [
  -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
];
const TAIL_TOP = [
  -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
];
const TAIL_BOTTOM = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

/** The standard normal quantile, by the rational approximation of Peter Acklam: accurate to nine digits. */
export function normalQuantile(probability: number): number {
  const p = Math.min(1 - 1e-16, Math.max(1e-300, probability));
  if (p < 0.02425) return tail(p);
  if (p > 1 - 0.02425) return -tail(1 - p);
  const r = (p - 0.5) ** 2;
  return ((p - 0.5) * polynomial(CENTRE_TOP, r)) / polynomial(CENTRE_BOTTOM, r);
}

function tail(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  return polynomial(TAIL_TOP, q) / polynomial(TAIL_BOTTOM, q);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (const coefficient of coefficients) sum = sum * x + coefficient;
  return sum;
}
