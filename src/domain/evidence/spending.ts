import type { Budget, Spec } from '../spec/spec.ts';
import { type CostProblem, type ProcessorJobs, totalOf } from './cost.ts';

/** Runs for the eligible subjects, since the step began or in the last seven days. */
export interface Spent {
  /** Finished runs by processor, including those of the fallback. */
  processors: readonly ProcessorJobs[];
  seconds: number;
}

/** Cost of a feature with a budget at present traffic, and at a higher exposure. Money in the currency of the file. */
export interface Spending {
  budget: Budget;
  /** Cost of 30 days; null if not known. */
  monthly: number | null;
  /** Mean cost of a run; null if not known. */
  per_job: number | null;
  /** Cost at the requested exposure; null: none was requested. `monthly` is null if not known. */
  next: { percentage: number; monthly: number | null } | null;
  /** Why a cost is not known; null if all are known. */
  problem: CostProblem | null;
}

/** A higher exposure, and the factor by which its subjects grow; null if not known. */
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

/**
 * Computes costs from past runs: new subjects are assumed to have as many jobs as the present ones, at the same price.
 */
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

/** Returns the limit that a raise would exceed; null: no known one. */
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
