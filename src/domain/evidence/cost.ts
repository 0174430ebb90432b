import { compareText } from '../../lib/text.ts';
import type { Cost, Spec } from '../spec/spec.ts';

/** Finished jobs of one processor, all arms together. */
export interface ProcessorJobs {
  processor: string;
  jobs: number;
  /** Jobs with a known duration, and their durations added up in milliseconds. */
  timed_jobs: number;
  processing_ms: number;
}

export interface ProcessorCost {
  processor: string;
  jobs: number;
  /** Minutes of all its jobs; those of unknown duration count as the mean. Null if no duration is known. */
  minutes: number | null;
  /**
   * Cost of the jobs; null if the file has no price for the processor, or if the price needs minutes that are not
   * known.
   */
  cost: number | null;
  /** Mean cost of a job. */
  per_job: number | null;
}

/** Cost of a feature's jobs, compared with running all of them on the fallback processor. */
export interface CostReport {
  days: number;
  processors: ProcessorCost[];
  /** Cost on all processors; null if the cost of one is not known. */
  total: number | null;
  fallback: string;
  /** Cost if all jobs ran on the fallback processor; null if not known. */
  alone: number | null;
  /** `alone` minus `total`; negative if routing costs more. */
  saved: number | null;
  /** Why a cost is not known; null if all are known. */
  problem: CostProblem | null;
}

/** Why the cost of jobs is not known. */
export type CostProblem =
  | { code: 'no_job' }
  /** The file has no price at all. */
  | { code: 'no_prices' }
  | { code: 'unpriced'; processors: string[] }
  | { code: 'fallback_unpriced'; fallback: string }
  /** Prices are per minute, but no job reported its duration. */
  | { code: 'untimed'; processors: string[] }
  | { code: 'fallback_untimed'; fallback: string };

/**
 * Computes the cost of finished jobs, in the currency of the file's prices.
 *
 * On the fallback processor a job takes as long as the jobs that ran there; if none did, as long as it took where it
 * ran.
 */
export function costOf(
  sums: readonly ProcessorJobs[],
  { costs, routing }: Pick<Spec, 'costs' | 'routing'>,
  days: number,
): CostReport {
  const processors = sums.map((sum) => processorCost(sum, costs[sum.processor])).sort(byCost);
  const total = sumOf(processors);
  const alone = aloneOf(sums, routing.fallback, costs[routing.fallback]);
  return {
    days,
    processors,
    total,
    fallback: routing.fallback,
    alone,
    saved: total === null || alone === null ? null : alone - total,
    problem: problemOf(processors, costs, routing.fallback, alone),
  };
}

/** Cost of finished jobs; null, with the reason, if not known. */
export function totalOf(
  sums: readonly ProcessorJobs[],
  costs: Spec['costs'],
): { total: number; problem: null } | { total: null; problem: CostProblem } {
  const processors = sums.map((sum) => processorCost(sum, costs[sum.processor]));
  const total = sumOf(processors);
  return total === null
    ? { total, problem: ownProblem(processors, costs) ?? { code: 'no_job' } }
    : { total, problem: null };
}

function sumOf(processors: readonly ProcessorCost[]): number | null {
  const known = processors.length > 0 && processors.every(({ cost }) => cost !== null);
  return known ? processors.reduce((all, { cost }) => all + (cost ?? 0), 0) : null;
}

function processorCost(sum: ProcessorJobs, price: Cost | undefined): ProcessorCost {
  const minutes = minutesOf(sum);
  const cost = price ? priced(sum.jobs, minutes, price) : null;
  const per_job = cost === null || sum.jobs === 0 ? null : cost / sum.jobs;
  return { processor: sum.processor, jobs: sum.jobs, minutes, cost, per_job };
}

function minutesOf({ jobs, timed_jobs, processing_ms }: ProcessorJobs): number | null {
  if (jobs === 0) return 0;
  return timed_jobs === 0 ? null : ((processing_ms / timed_jobs) * jobs) / 60_000;
}

function priced(jobs: number, minutes: number | null, { per_job, per_minute }: Cost): number | null {
  if (per_minute === 0) return jobs * per_job;
  return minutes === null ? null : jobs * per_job + minutes * per_minute;
}

function aloneOf(sums: readonly ProcessorJobs[], fallback: string, price: Cost | undefined): number | null {
  if (!price) return null;
  const jobs = sums.reduce((all, sum) => all + sum.jobs, 0);
  const there = sums.find(({ processor, timed_jobs }) => processor === fallback && timed_jobs > 0);
  if (there) return priced(jobs, (there.processing_ms / there.timed_jobs / 60_000) * jobs, price);
  const minutes = sums.reduce<number | null>((all, sum) => {
    const own = minutesOf(sum);
    return all === null || own === null ? null : all + own;
  }, 0);
  return priced(jobs, minutes, price);
}

function problemOf(
  processors: readonly ProcessorCost[],
  costs: Spec['costs'],
  fallback: string,
  alone: number | null,
): CostProblem | null {
  const own = ownProblem(processors, costs);
  if (own !== null && own.code !== 'untimed') return own;
  if (!costs[fallback]) return { code: 'fallback_unpriced', fallback };
  return own ?? (alone === null ? { code: 'fallback_untimed', fallback } : null);
}

/** Why the cost of the jobs on their own processors is not known; null if it is known. */
function ownProblem(processors: readonly ProcessorCost[], costs: Spec['costs']): CostProblem | null {
  if (processors.length === 0) return { code: 'no_job' };
  if (Object.keys(costs).length === 0) return { code: 'no_prices' };
  const unpriced = processors.filter(({ processor }) => !costs[processor]).map(({ processor }) => processor);
  if (unpriced.length > 0) return { code: 'unpriced', processors: unpriced };
  const untimed = processors.filter(({ cost }) => cost === null).map(({ processor }) => processor);
  return untimed.length > 0 ? { code: 'untimed', processors: untimed } : null;
}

function byCost(a: ProcessorCost, b: ProcessorCost): number {
  return (b.cost ?? 0) - (a.cost ?? 0) || compareText(a.processor, b.processor);
}
