import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  byKey,
  countedTimes,
  quantilesOf
} from "./chunk-3ADH3BHO.js";

// src/domain/evidence/daily-times.ts
function dailyTimes(rows) {
  return [...byKey(rows, ({ day }) => day)].sort(([a], [b]) => a < b ? -1 : 1).map(([day, arms]) => {
    const of = (arm) => {
      const times = arms.find((one) => one.arm === arm)?.times;
      return times ? { jobs: countedTimes(times), ...quantilesOf(times) } : null;
    };
    return { day, treatment: of("treatment"), control: of("control") };
  });
}
function dailyTimesTold(days = []) {
  return days.length === 0 ? {} : { daily_times: days };
}

export {
  dailyTimes,
  dailyTimesTold
};
