import { poisson, type Random } from '../../lib/random.ts';
import { BUCKET_MINUTES, type Bucket } from '../evidence/evidence.ts';
import { binomial } from './binomial.ts';

/** What comes in where nothing is broken. Rates of failure are percent. */
export interface NormalTraffic {
  jobsPerHour: number;
  errorRate: number;
  control?: { jobsPerHour: number; errorRate: number };
  /**
   * Size of the cluster that a job is in, as a mean over jobs: a cluster ends in one bucket, and all of it
   * fails or none. Then counts vary this many times as much as those of independent jobs, which is what
   * `design_effect` means. Default 1, independent jobs.
   */
  jobsTogether?: number;
  /** How each arm's jobs spread over categories, as shares that add up to 1. Default one without a name. */
  categories?: readonly CategoryShare[];
}

export interface CategoryShare {
  category: string;
  share: number;
  controlShare: number;
}

/** The jobs of one feature: Poisson arrivals, failures decided cluster by cluster. */
export interface Traffic extends NormalTraffic {
  /** Length of the life in hours. */
  hours: number;
  /** From this hour on treatment jobs fail at another rate. */
  breakage?: { hour: number; errorRate: number };
}

/** Clusters of one size and arm that ended in one bucket. */
interface Arrival {
  category: string;
  size: number;
  clusters: number;
  /** Decides how many of treatment's fail, whatever their rate. */
  luck: number;
  /** Jobs of control that failed; null for treatment. */
  controlFailed: number | null;
}

/** What ended in one bucket, before anybody knows what failed. */
export interface ArrivalBucket {
  minute: number;
  arrivals: Arrival[];
}

/** The rates at which treatment fails; percent. */
export type Rates = Pick<Traffic, 'errorRate' | 'breakage'>;

/** One life, a bucket for every 15 minutes; buckets without a job are there too, without strata. */
export function drawLife(traffic: Traffic, random: Random): Bucket[] {
  return [...lifeOf(arrivalsOf(traffic, traffic.hours, random), traffic)];
}

/** The jobs of so many hours, to be looked at again and again. */
export function drawArrivals(traffic: NormalTraffic, hours: number, random: Random): ArrivalBucket[] {
  return [...arrivalsOf(traffic, hours, random)];
}

/** The same, drawn as they are asked for. What is drawn does not depend on the rate at which treatment fails. */
export function* arrivalsOf(traffic: NormalTraffic, hours: number, random: Random): Generator<ArrivalBucket> {
  const streams = streamsOf(traffic);
  const controlShare = (traffic.control?.errorRate ?? 0) / 100;
  for (let minute = 0; minute < hours * 60; minute += BUCKET_MINUTES) {
    const arrivals: Arrival[] = [];
    for (const { category, control, size, mean } of streams) {
      const clusters = poisson(random, mean);
      if (clusters === 0) continue;
      const luck = random();
      const controlFailed = control ? size * binomial(luck, clusters, controlShare) : null;
      arrivals.push({ category, size, clusters, luck, controlFailed });
    }
    yield { minute, arrivals };
  }
}

/** These arrivals at these rates, bucket by bucket. Of two rates, the higher never has fewer failures anywhere. */
export function* lifeOf(buckets: Iterable<ArrivalBucket>, { errorRate, breakage }: Rates): Generator<Bucket> {
  for (const { minute, arrivals } of buckets) {
    const broken = breakage !== undefined && minute >= breakage.hour * 60;
    yield { minute, strata: strataOf(arrivals, (broken ? breakage.errorRate : errorRate) / 100) };
  }
}

function strataOf(arrivals: readonly Arrival[], share: number): Bucket['strata'] {
  const strata: Bucket['strata'] = [];
  for (const { category, size, clusters, luck, controlFailed } of arrivals) {
    let stratum = strata.at(-1);
    if (stratum?.category !== category) {
      stratum = { category, jobs: 0, errors: 0, controlJobs: 0, controlErrors: 0 };
      strata.push(stratum);
    }
    if (controlFailed === null) {
      stratum.jobs += size * clusters;
      stratum.errors += size * binomial(luck, clusters, share);
    } else {
      stratum.controlJobs += size * clusters;
      stratum.controlErrors += controlFailed;
    }
  }
  return strata;
}

interface Stream {
  category: string;
  control: boolean;
  size: number;
  /** Clusters a bucket. */
  mean: number;
}

const ONE_CATEGORY: readonly CategoryShare[] = [{ category: '', share: 1, controlShare: 1 }];

/** Sorted by category, so that the strata of a bucket are. */
function streamsOf({ jobsPerHour, control, jobsTogether = 1, categories }: NormalTraffic): Stream[] {
  const sizes = sizesOf(jobsTogether);
  const sorted = [...(categories ?? ONE_CATEGORY)].sort((a, b) => (a.category < b.category ? -1 : 1));
  const of = (category: string, isControl: boolean, perHour: number): Stream[] =>
    sizes.map(({ size, share }) => {
      const mean = (perHour * share * BUCKET_MINUTES) / 60 / size;
      return { category, control: isControl, size, mean };
    });
  return sorted
    .flatMap(({ category, share, controlShare }) => [
      ...of(category, false, jobsPerHour * share),
      ...of(category, true, (control?.jobsPerHour ?? 0) * controlShare),
    ])
    .filter(({ mean }) => mean > 0);
}

/** The two whole sizes around `jobsTogether` and the share of jobs in clusters of each, so that the mean over jobs is met. */
function sizesOf(jobsTogether: number): { size: number; share: number }[] {
  const small = Math.floor(jobsTogether);
  const large = jobsTogether - small;
  return [
    { size: small, share: 1 - large },
    { size: small + 1, share: large },
  ].filter(({ share }) => share > 0);
}
