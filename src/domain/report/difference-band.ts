/** Probability that the band is wrong at any time of a step, over both arms together. */
const ALPHA = 0.05;
/** Beta prior of the failing share: mostly few failures, but some weight everywhere. */
const PRIOR = { failed: 0.5, passed: 5 };
/** Halvings when a bound is searched: it is exact to 1e-9. */
const HALVINGS = 30;

/** Spans of subjects that began until a moment, and the failed ones; a partly failed span counts as its failed part. */
export interface SpanSum {
  spans: number;
  failed: number;
}

/** Spans of both arms of one category until now. */
export interface CategorySpans {
  /** Treatment jobs, which weight the categories. */
  jobs: number;
  treatment: SpanSum;
  control: SpanSum;
}

/** Percentage points by which treatment fails more often than control. */
export interface DifferenceBand {
  difference: number;
  low: number;
  high: number;
  /** Percentage of treatment's jobs in categories where control has spans too; only these are compared. */
  compared: number;
}

/**
 * Computes the difference of treatment and control with a band that is valid at every moment of a step at once, however
 * often it is read: the truth leaves it at any time in at most 5% of steps. Null: no category has spans of both arms.
 *
 * Each arm of each category has a confidence sequence by the beta-binomial mixture martingale: for outcomes from 0 to 1
 * with mean m the product of (q/m)^x ((1-q)/(1-m))^(1-x) is a supermartingale for every q, because that factor is
 * convex in x; so is its mixture over a beta prior, and by Ville's inequality it exceeds 1/alpha at any time with
 * probability at most alpha (Robbins 1970; Howard, Ramdas, McAuliffe and Sekhon 2021; Waudby-Smith and Ramdas 2024).
 * The sequences of both arms are combined by union, and so are those of the `possible` categories, a number that was
 * known when the step began. The weights may depend on the data, because every sequence holds at every moment.
 */
export function differenceBand(
  categories: readonly CategorySpans[],
  possible: number,
): DifferenceBand | null {
  // Every possible arm and category has its share of the risk, with or without spans.
  const limit = Math.log((2 * Math.max(possible, categories.length)) / ALPHA);
  const both = categories.filter(({ treatment, control }) => treatment.spans > 0 && control.spans > 0);
  const jobs = both.reduce((sum, one) => sum + one.jobs, 0);
  const all = categories.reduce((sum, one) => sum + one.jobs, 0);
  if (jobs === 0) return null;
  const band = { difference: 0, low: 0, high: 0 };
  for (const { jobs: own, treatment, control } of both) {
    const weight = (100 * own) / jobs;
    const [of, against] = [boundsOf(treatment, limit), boundsOf(control, limit)];
    band.difference += weight * (shareOf(treatment) - shareOf(control));
    band.low += weight * (of.low - against.high);
    band.high += weight * (of.high - against.low);
  }
  return { ...band, compared: (100 * jobs) / all };
}

function shareOf({ spans, failed }: SpanSum): number {
  return failed / spans;
}

/** Returns the range of shares that the mixture has not refuted: its logarithm there is below the limit. */
function boundsOf(sum: SpanSum, limit: number): { low: number; high: number } {
  const { spans, failed } = sum;
  const passed = spans - failed;
  const gained = logBeta(PRIOR.failed + failed, PRIOR.passed + passed) - logBeta(PRIOR.failed, PRIOR.passed);
  const refuted = (mean: number) => gained - power(failed, mean) - power(passed, 1 - mean) >= limit;
  const middle = shareOf(sum);
  return {
    low: refuted(0) ? edge(middle, 0, refuted) : 0,
    high: refuted(1) ? edge(middle, 1, refuted) : 1,
  };
}

/** Searches between an unrefuted and a refuted share; returns the outermost unrefuted one. */
function edge(stands: number, falls: number, refuted: (mean: number) => boolean): number {
  let [inside, outside] = [stands, falls];
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (inside + outside) / 2;
    if (refuted(middle)) outside = middle;
    else inside = middle;
  }
  return outside;
}

/** count * log(share), where 0 * log(0) is 0. */
function power(count: number, share: number): number {
  return count === 0 ? 0 : count * Math.log(share);
}

function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}

/** Stirling's series, after small arguments are raised: exact to 1e-12. */
function logGamma(x: number): number {
  let shift = 0;
  let z = x;
  for (; z < 12; z++) shift += Math.log(z);
  const inverse = 1 / (z * z);
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z;
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift;
}
