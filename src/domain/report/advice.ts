import { durationText } from '../../lib/duration.ts';
import { DAY_SECONDS, HOUR_SECONDS } from '../../lib/time.ts';
import type { CostReport } from '../evidence/cost.ts';
import { percentOf } from '../evidence/rates.ts';
import type { Spending } from '../evidence/spending.ts';
import type { SoakNeeded } from '../simulation/soak.ts';
import type { Spec } from '../spec/spec.ts';

/** One sentence of advice, with a code for programs. */
export interface Advice {
  code:
    | 'clean_up'
    | 'remove'
    | 'no_jobs'
    | 'no_control'
    | 'limit_never_fires'
    | 'soak_too_short'
    | 'doubling_invisible'
    | 'rollback_disabled'
    | 'over_budget'
    | 'costs_more'
    | 'costs_less';
  sentence: string;
}

export interface AdviceFacts {
  spec: Pick<Spec, 'steps' | 'thresholds' | 'rollback' | 'strategy'>;
  percentage: number;
  live: boolean;
  held: boolean;
  /** Days since the live state last changed, and since the last warning or incident. */
  unchangedDays: number;
  quietDays: number;
  /** Finished jobs in the spec's window. */
  window: { jobs: number; controlJobs: number };
  /** Finished treatment jobs of the last four weeks, and the failed ones among them. */
  month: { jobs: number; errors: number };
  /** Checks of the last four weeks that raised an alarm. */
  raised: number;
  /** The soak needed at this traffic; null if it was not requested, or nothing is known. */
  soak: { needed: SoakNeeded; jobsPerHour: number; errorRate: number; seconds: number } | null;
  cost: CostReport;
  /** Cost against the budget; null without a budget, or if nobody is in. */
  spending: Spending | null;
}

const QUIET_DAYS = 14;
const FORGOTTEN_DAYS = 60;
/** With fewer jobs, a failure rate cannot be compared with a limit. */
const JOBS_TO_TELL = 1_000;
/** A limit this many times the usual rate detects only obvious harm. */
const TIMES_TOO_HIGH = 8;
/** Cost differences below this share are noise. */
const COST_SHARE = 0.05;

/** Returns advice for a person, the most pressing first; empty if there is none. */
export function adviceOf(facts: AdviceFacts): Advice[] {
  return [
    ...jobsAdvice(facts),
    ...rollbackAdvice(facts),
    ...soakAdvice(facts),
    ...limitAdvice(facts),
    ...endAdvice(facts),
    ...budgetAdvice(facts.spending),
    ...costAdvice(facts.cost),
  ];
}

function jobsAdvice({ live, window, spec, unchangedDays, percentage }: AdviceFacts): Advice[] {
  const long = unchangedDays * DAY_SECONDS > spec.thresholds.window;
  if (!live || !long) return [];
  const within = `in the last ${durationText(spec.thresholds.window)}`;
  if (window.jobs === 0) {
    return [
      {
        code: 'no_jobs',
        sentence: `No job of it has finished ${within}, so nothing can be judged: does the application record how its jobs end?`,
      },
    ];
  }
  if (window.controlJobs > 0 || (percentage === 100 && spec.strategy !== 'whitelist')) return [];
  return [
    {
      code: 'no_control',
      sentence: `No job of control has finished ${within}: without one, only the limit speaks, and an outage of everything looks like harm of this feature.`,
    },
  ];
}

function rollbackAdvice({ live, spec }: AdviceFacts): Advice[] {
  if (!live || spec.rollback.enabled) return [];
  return [
    {
      code: 'rollback_disabled',
      sentence:
        'It is not rolled back by itself (rollback.enabled is false): a person has to act when it does harm.',
    },
  ];
}

function soakAdvice({ live, soak, spec }: AdviceFacts): Advice[] {
  if (!live || !soak || soak.seconds === 0) return [];
  const { needed, jobsPerHour, errorRate, seconds } = soak;
  const rise = `a doubling from ${rounded(errorRate)}% to ${rounded(needed.rate)}%`;
  const traffic = `at ${rounded(jobsPerHour)} jobs an hour`;
  const length = durationText(seconds);
  if (needed.hours !== null && needed.hours * HOUR_SECONDS > seconds) {
    return [
      {
        code: 'soak_too_short',
        sentence: `The soak of ${length} is too short to see ${rise}: ${traffic} that takes ${durationText(needed.hours * HOUR_SECONDS)}.`,
      },
    ];
  }
  if (needed.problem === 'too_few_jobs') {
    return [
      {
        code: 'soak_too_short',
        sentence: `No soak up to 30 days shows ${rise} ${traffic}: look at the jobs themselves before the next step.`,
      },
    ];
  }
  if (needed.problem === 'doubled_under_warning_rate' && needed.counting) {
    const { jobs, hours } = needed.counting;
    return [
      {
        code: 'doubling_invisible',
        sentence: `The thresholds do not see ${rise}, because it stays under the warning rate of ${spec.thresholds.warning_error_rate}%; counting alone shows it after ${jobs.toLocaleString('en-US')} jobs, ${durationText(hours * HOUR_SECONDS)} ${traffic}.`,
      },
    ];
  }
  return [];
}

function limitAdvice({ live, spec, month, raised }: AdviceFacts): Advice[] {
  const limit = spec.thresholds.max_error_rate;
  if (!live || raised > 0 || month.jobs < JOBS_TO_TELL) return [];
  const usual = (month.errors / month.jobs) * 100;
  const better = Math.max(0.5, Math.ceil(usual * 4 * 2) / 2);
  if (limit < usual * TIMES_TOO_HIGH || better >= limit) return [];
  return [
    {
      code: 'limit_never_fires',
      sentence: `No threshold fired in four weeks: ${percentOf(month.errors, month.jobs)}% of ${month.jobs.toLocaleString('en-US')} jobs failed, and the limit is ${limit}%. A max_error_rate of ${better}% would notice a breakage sooner.`,
    },
  ];
}

function endAdvice({ live, held, percentage, spec, quietDays, unchangedDays }: AdviceFacts): Advice[] {
  const everybody = live && percentage === 100 && spec.strategy !== 'whitelist';
  const quiet = Math.floor(Math.min(quietDays, unchangedDays));
  if (everybody && quiet >= QUIET_DAYS) {
    return [
      {
        code: 'clean_up',
        sentence: `At 100% and quiet for ${quiet} days: ready to be cleaned up. Remove the question from the application first, then set active: false, then remove it from rollout.yaml.`,
      },
    ];
  }
  if (live || held || unchangedDays < FORGOTTEN_DAYS) return [];
  return [
    {
      code: 'remove',
      sentence: `Off for ${Math.floor(unchangedDays)} days: where nobody means to go on, remove it from rollout.yaml; its history is kept.`,
    },
  ];
}

function budgetAdvice(spending: Spending | null): Advice[] {
  if (spending === null) return [];
  const { budget, monthly, per_job } = spending;
  const over = (cost: number | null, limit: number | undefined, unit: string) =>
    cost !== null && limit !== undefined && cost > limit
      ? [`${money(cost)} ${unit}, above its budget of ${money(limit)}`]
      : [];
  const found = [...over(monthly, budget.monthly, 'a month'), ...over(per_job, budget.per_job, 'a job')];
  if (found.length === 0) return [];
  return [
    {
      code: 'over_budget',
      sentence: `It costs ${found.join(', and ')}: it takes no further step, and is not rolled back for that.`,
    },
  ];
}

function costAdvice({ total, alone, saved, fallback, days, processors }: CostReport): Advice[] {
  const jobs = processors.reduce((all, one) => all + one.jobs, 0);
  if (total === null || alone === null || saved === null || jobs < JOBS_TO_TELL) return [];
  if (Math.abs(saved) <= COST_SHARE * Math.max(total, alone)) return [];
  const spent = `${money(total)} in ${days} days, against ${money(alone)} on ${fallback} alone`;
  return saved > 0
    ? [{ code: 'costs_less', sentence: `It saves ${money(saved)}: ${spent}.` }]
    : [
        {
          code: 'costs_more',
          sentence: `It costs ${money(-saved)} more: ${spent}. Worth it only for what the other processor does better.`,
        },
      ];
}

/**
 * Formats money in the currency of the file's prices, with two decimals or two significant digits: `12.30`, `0.0042`.
 */
export function money(value: number): string {
  const small = value !== 0 && Math.abs(value) < 0.1;
  return small
    ? String(Number(value.toPrecision(2)))
    : value.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

function rounded(value: number): number {
  return Number(value.toPrecision(2));
}
