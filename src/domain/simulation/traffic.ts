import { poisson, type Random } from '../../lib/random.ts';
import { compareText } from '../../lib/text.ts';
import { ODDS_MULTIPLIERS } from '../score/factor.ts';
import { emptyWindow, type ScoreWindow } from '../score/window.ts';
import { binomial } from './binomial.ts';
import { type LifeStep, STEP_MINUTES } from './life.ts';

/** Traffic of a feature that works normally. Failure rates are percentages. */
export interface NormalTraffic {
  jobsPerHour: number;
  errorRate: number;
  control?: { jobsPerHour: number; errorRate: number };
  /**
   * Mean size of a job's cluster: the jobs of one subject within five minutes, which all fail or all succeed. Counts
   * then vary this many times as much as those of independent jobs. Default 1, independent jobs.
   */
  jobsTogether?: number;
  /** How each arm's jobs spread over categories, as shares that add up to 1. Default: one category without a name. */
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
  /** From this hour on treatment jobs fail at this rate. */
  breakage?: { hour: number; errorRate: number };
}

/** Clusters of one size and arm that ended in one step. */
interface Arrival {
  category: string;
  size: number;
  clusters: number;
  /** Random number that decides how many treatment clusters fail at any rate. */
  luck: number;
  /** Clusters of control that failed; null for treatment. */
  controlFailed: number | null;
}

/** Jobs that ended in one step, before their failures are decided. */
export interface ArrivalStep {
  minute: number;
  arrivals: Arrival[];
}

/** The rates at which treatment fails; percent. */
export type Rates = Pick<Traffic, 'errorRate' | 'breakage'>;

/** Draws one life, with a step for every five minutes; a step without jobs has no windows. */
export function drawLife(traffic: Traffic, random: Random): LifeStep[] {
  return [...lifeOf(arrivalsOf(traffic, traffic.hours, random), traffic)];
}

/** Draws the arrivals of so many hours, to be reused for several rates. */
export function drawArrivals(traffic: NormalTraffic, hours: number, random: Random): ArrivalStep[] {
  return [...arrivalsOf(traffic, hours, random)];
}

/** Draws windows on demand. Arrivals do not depend on treatment's failure rate. */
export function* arrivalsOf(traffic: NormalTraffic, hours: number, random: Random): Generator<ArrivalStep> {
  const streams = streamsOf(traffic);
  const controlShare = (traffic.control?.errorRate ?? 0) / 100;
  for (let minute = 0; minute < hours * 60; minute += STEP_MINUTES) {
    const arrivals: Arrival[] = [];
    for (const { category, control, size, mean } of streams) {
      const clusters = poisson(random, mean);
      if (clusters === 0) continue;
      const luck = random();
      const controlFailed = control ? binomial(luck, clusters, controlShare) : null;
      arrivals.push({ category, size, clusters, luck, controlFailed });
    }
    yield { minute, arrivals };
  }
}

/** Applies failure rates to these arrivals, step by step. A higher rate never has fewer failures in any step. */
export function* lifeOf(steps: Iterable<ArrivalStep>, { errorRate, breakage }: Rates): Generator<LifeStep> {
  for (const { minute, arrivals } of steps) {
    const broken = breakage !== undefined && minute >= breakage.hour * 60;
    yield { minute, windows: windowsOf(minute, arrivals, (broken ? breakage.errorRate : errorRate) / 100) };
  }
}

/** Each cluster is one span of its own subject. */
function windowsOf(minute: number, arrivals: readonly Arrival[], share: number): ScoreWindow[] {
  const windows: ScoreWindow[] = [];
  for (const { category, size, clusters, luck, controlFailed } of arrivals) {
    let window = windows.at(-1);
    if (window?.category !== category) {
      window = emptyWindow(minute * 60, category);
      windows.push(window);
    }
    if (controlFailed === null) addTreatment(window, size, clusters, binomial(luck, clusters, share));
    else addControl(window, size, clusters, controlFailed);
  }
  return windows;
}

function addTreatment(window: ScoreWindow, size: number, clusters: number, failed: number): void {
  window.spans += clusters;
  window.jobs += size * clusters;
  window.finished += size * clusters;
  window.failed += size * failed;
  window.failedSpans += failed;
  if (failed > 0) {
    ODDS_MULTIPLIERS.forEach((k, i) => {
      window.gain[i] = (window.gain[i] ?? 0) + failed * Math.log(k);
    });
  }
  addCompared(window.treatment, size, clusters, failed);
}

function addControl(window: ScoreWindow, size: number, clusters: number, failed: number): void {
  window.controlJobs += size * clusters;
  window.controlFailed += size * failed;
  addCompared(window.control, size, clusters, failed);
}

function addCompared(arm: ScoreWindow['control'], size: number, clusters: number, failed: number): void {
  arm.expected += clusters;
  arm.fraction += failed;
  arm.jobs += size * clusters;
  arm.failed += size * failed;
  arm.failedSpans += failed;
}

interface Stream {
  category: string;
  control: boolean;
  size: number;
  /** Mean clusters per step. */
  mean: number;
}

/** Returns the categories with treatment jobs. */
export function categoriesOf({ categories }: NormalTraffic): string[] {
  return (categories ?? ONE_CATEGORY).filter(({ share }) => share > 0).map(({ category }) => category);
}

const ONE_CATEGORY: readonly CategoryShare[] = [{ category: '', share: 1, controlShare: 1 }];

/** Sorted by category, and therefore the windows of a step too. */
function streamsOf({ jobsPerHour, control, jobsTogether = 1, categories }: NormalTraffic): Stream[] {
  const sizes = sizesOf(jobsTogether);
  const sorted = [...(categories ?? ONE_CATEGORY)].sort((a, b) => compareText(a.category, b.category));
  const of = (category: string, isControl: boolean, perHour: number): Stream[] =>
    sizes.map(({ size, share }) => {
      const mean = (perHour * share * STEP_MINUTES) / 60 / size;
      return { category, control: isControl, size, mean };
    });
  return sorted
    .flatMap(({ category, share, controlShare }) => [
      ...of(category, false, jobsPerHour * share),
      ...of(category, true, (control?.jobsPerHour ?? 0) * controlShare),
    ])
    .filter(({ mean }) => mean > 0);
}

/**
 * Returns the two whole sizes around `jobsTogether`, with the share of jobs in clusters of each size that gives the
 * mean.
 */
function sizesOf(jobsTogether: number): { size: number; share: number }[] {
  const small = Math.floor(jobsTogether);
  const large = jobsTogether - small;
  return [
    { size: small, share: 1 - large },
    { size: small + 1, share: large },
  ].filter(({ share }) => share > 0);
}
