import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  percentOf
} from "./chunk-3ADH3BHO.js";
import {
  DAY_SECONDS,
  HOUR_SECONDS
} from "./chunk-264FZAQV.js";
import {
  durationText
} from "./chunk-EURWQ3ED.js";

// src/domain/report/advice.ts
var QUIET_DAYS = 14;
var FORGOTTEN_DAYS = 60;
var JOBS_TO_TELL = 1e3;
var TIMES_TOO_HIGH = 8;
var COST_SHARE = 0.05;
function adviceOf(facts) {
  return [
    ...jobsAdvice(facts),
    ...rollbackAdvice(facts),
    ...soakAdvice(facts),
    ...limitAdvice(facts),
    ...endAdvice(facts),
    ...budgetAdvice(facts.spending),
    ...costAdvice(facts.cost)
  ];
}
function jobsAdvice({ live, window, spec, unchangedDays, percentage }) {
  const long = unchangedDays * DAY_SECONDS > spec.thresholds.window;
  if (!live || !long) return [];
  const within = `in the last ${durationText(spec.thresholds.window)}`;
  if (window.jobs === 0) {
    return [
      {
        code: "no_jobs",
        sentence: `No job of it has finished ${within}, so nothing can be judged: does the application record how its jobs end?`
      }
    ];
  }
  if (window.controlJobs > 0 || percentage === 100 && spec.strategy !== "whitelist") return [];
  return [
    {
      code: "no_control",
      sentence: `No job of control has finished ${within}: without one, only the limit speaks, and an outage of everything looks like harm of this feature.`
    }
  ];
}
function rollbackAdvice({ live, spec }) {
  if (!live || spec.rollback.enabled) return [];
  return [
    {
      code: "rollback_disabled",
      sentence: "It is not rolled back by itself (rollback.enabled is false): a person has to act when it does harm."
    }
  ];
}
function soakAdvice({ live, soak, spec }) {
  if (!live || !soak || soak.seconds === 0) return [];
  const { needed, jobsPerHour, errorRate, seconds } = soak;
  const rise = `a doubling from ${rounded(errorRate)}% to ${rounded(needed.rate)}%`;
  const traffic = `at ${rounded(jobsPerHour)} jobs an hour`;
  const length = durationText(seconds);
  if (needed.hours !== null && needed.hours * HOUR_SECONDS > seconds) {
    return [
      {
        code: "soak_too_short",
        sentence: `The soak of ${length} is too short to see ${rise}: ${traffic} that takes ${durationText(needed.hours * HOUR_SECONDS)}.`
      }
    ];
  }
  if (needed.problem === "too_few_jobs") {
    return [
      {
        code: "soak_too_short",
        sentence: `No soak up to 30 days shows ${rise} ${traffic}: look at the jobs themselves before the next step.`
      }
    ];
  }
  if (needed.problem === "doubled_under_warning_rate" && needed.counting) {
    const { jobs, hours } = needed.counting;
    return [
      {
        code: "doubling_invisible",
        sentence: `The thresholds do not see ${rise}, because it stays under the warning rate of ${spec.thresholds.warning_error_rate}%; counting alone shows it after ${jobs.toLocaleString("en-US")} jobs, ${durationText(hours * HOUR_SECONDS)} ${traffic}.`
      }
    ];
  }
  return [];
}
function limitAdvice({ live, spec, month, raised }) {
  const limit = spec.thresholds.max_error_rate;
  if (!live || raised > 0 || month.jobs < JOBS_TO_TELL) return [];
  const usual = month.errors / month.jobs * 100;
  const better = Math.max(0.5, Math.ceil(usual * 4 * 2) / 2);
  if (limit < usual * TIMES_TOO_HIGH || better >= limit) return [];
  return [
    {
      code: "limit_never_fires",
      sentence: `No threshold fired in four weeks: ${percentOf(month.errors, month.jobs)}% of ${month.jobs.toLocaleString("en-US")} jobs failed, and the limit is ${limit}%. A max_error_rate of ${better}% would notice a breakage sooner.`
    }
  ];
}
function endAdvice({ live, held, percentage, spec, quietDays, unchangedDays }) {
  const everybody = live && percentage === 100 && spec.strategy !== "whitelist";
  const quiet = Math.floor(Math.min(quietDays, unchangedDays));
  if (everybody && quiet >= QUIET_DAYS) {
    return [
      {
        code: "clean_up",
        sentence: `At 100% and quiet for ${quiet} days: ready to be cleaned up. Remove the question from the application first, then set active: false, then remove it from rollout.yaml.`
      }
    ];
  }
  if (live || held || unchangedDays < FORGOTTEN_DAYS) return [];
  return [
    {
      code: "remove",
      sentence: `Off for ${Math.floor(unchangedDays)} days: where nobody means to go on, remove it from rollout.yaml; its history is kept.`
    }
  ];
}
function budgetAdvice(spending) {
  if (spending === null) return [];
  const { budget, monthly, per_job } = spending;
  const over = (cost, limit, unit) => cost !== null && limit !== void 0 && cost > limit ? [`${money(cost)} ${unit}, above its budget of ${money(limit)}`] : [];
  const found = [...over(monthly, budget.monthly, "a month"), ...over(per_job, budget.per_job, "a job")];
  if (found.length === 0) return [];
  return [
    {
      code: "over_budget",
      sentence: `It costs ${found.join(", and ")}: it takes no further step, and is not rolled back for that.`
    }
  ];
}
function costAdvice({ total, alone, saved, fallback, days, processors }) {
  const jobs = processors.reduce((all, one) => all + one.jobs, 0);
  if (total === null || alone === null || saved === null || jobs < JOBS_TO_TELL) return [];
  if (Math.abs(saved) <= COST_SHARE * Math.max(total, alone)) return [];
  const spent = `${money(total)} in ${days} days, against ${money(alone)} on ${fallback} alone`;
  return saved > 0 ? [{ code: "costs_less", sentence: `It saves ${money(saved)}: ${spent}.` }] : [
    {
      code: "costs_more",
      sentence: `It costs ${money(-saved)} more: ${spent}. Worth it only for what the other processor does better.`
    }
  ];
}
function money(value) {
  const small = value !== 0 && Math.abs(value) < 0.1;
  return small ? String(Number(value.toPrecision(2))) : value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}
function rounded(value) {
  return Number(value.toPrecision(2));
}

export {
  adviceOf,
  money
};
