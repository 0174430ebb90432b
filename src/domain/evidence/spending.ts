import type { Budget, Spec } from '../spec/spec.ts';
import { type CostProblem, type ProcessorJobs, totalOf } from './cost.ts';

/** What ran for the subjects that are in, since the step began or for the last seven days. */
export interface Spent {
  /** Finished runs by processor, those of the fallback among them. */
  processors: readonly ProcessorJobs[];
  seconds: number;
}

/** What a feature with a budget costs at present traffic, and at a higher exposure. Money in the currency of the file. */
export interface Spending {
  budget: Budget;
  /** Of 30 days; null where it is not known. */
  monthly: number | null;
  /** Of a run on average; null where it is not known. */
  per_job: number | null;
  /** The exposure that is asked about; null: none. `monthly` is null where it is not known. */
  next: { percentage: number; monthly: number | null } | null;
  /** Why the cost is not known; null where it is. */
  problem: CostProblem | null;
}

/** A higher exposure, and how many times as many subjects it has; null where nobody knows. */
export interface Raise {
  percentage: number;
  times: number | null;
}

/** How a budget would be exceeded by a raise. */
export interface Excess {
  over: keyof Budget;
  percentage: number;
  cost: number;
  budget: number;
}

const MONTH_SECONDS = 30 * 86_400;

/** Costs at the rate of what ran: whoever is let in is taken to have as many jobs as those who are in, at the same price. */
export function spendingOf(
  { budget, costs }: Pick<Spec, 'costs'> & { budget: Budget },
  { processors, seconds }: Spent,
  raise: Raise | null,
): Spending {
  const { total, problem } = totalOf(processors, costs);
  const jobs = processors.reduce((sum, one) => sum + one.jobs, 0);
  const monthly = total === null || seconds <= 0 ? null : (total / seconds) * MONTH_SECONDS;
  const grown = monthly === null || raise === null || raise.times === null ? null : monthly * raise.times;
  return {
    budget,
    monthly,
    per_job: total === null || jobs === 0 ? null : total / jobs,
    next: raise && { percentage: raise.percentage, monthly: grown },
    problem,
  };
}

/** The limit that a raise would exceed; null: none that is known of. */
export function excessOf({ budget, per_job, next }: Spending): Excess | null {
  if (next === null) return null;
  const { percentage, monthly } = next;
  const found: [keyof Budget, number | null][] = [
    ['monthly', monthly],
    ['per_job', per_job],
  ];
  for (const [over, cost] of found) {
    const limit = budget[over];
    if (limit !== undefined && cost !== null && cost > limit)
      return { over, percentage, cost, budget: limit };
  }
  return null;
}
