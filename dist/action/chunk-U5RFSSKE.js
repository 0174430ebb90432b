import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/gate/silence.ts
var NOTHING_HEARD = { expectedHours: 0, heardHours: 0, newestAge: null };
var NEWEST_PART = 1 / 4;
var SHORTEST_SILENCE = 900;
var HEARD_PART = 1 / 2;
var FEWEST_HOURS = 6;
function silenceOf({ expectedHours, heardHours, newestAge }, soak) {
  if (soak === 0) return null;
  const most = Math.max(SHORTEST_SILENCE, soak * NEWEST_PART);
  if (newestAge === null) return { code: "no_job_of_step" };
  if (newestAge > most) return { code: "newest_job_old", age_seconds: newestAge, most_seconds: most };
  if (expectedHours >= FEWEST_HOURS && heardHours < expectedHours * HEARD_PART) {
    return { code: "silent_hours", heard: heardHours, expected: expectedHours };
  }
  return null;
}

export {
  NOTHING_HEARD,
  silenceOf
};
