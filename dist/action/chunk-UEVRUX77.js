import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  durationText
} from "./chunk-U4JOIXHQ.js";

// src/domain/silence.ts
var NOTHING_HEARD = { expectedHours: 0, heardHours: 0, newestAge: null };
var NEWEST_PART = 1 / 4;
var SHORTEST_SILENCE = 900;
var HEARD_PART = 1 / 2;
var FEWEST_HOURS = 6;
function silenceOf({ expectedHours, heardHours, newestAge }, soak) {
  if (soak === 0) return null;
  const most = Math.max(SHORTEST_SILENCE, soak * NEWEST_PART);
  if (newestAge === null) return "no job of this step has finished yet";
  if (newestAge > most) {
    return `no job has finished for ${durationText(newestAge)}; the newest must be at most ${durationText(most)} old`;
  }
  if (expectedHours >= FEWEST_HOURS && heardHours < expectedHours * HEARD_PART) {
    return `jobs finished in ${heardHours} of the ${expectedHours} hours of the soak that had any the day before`;
  }
  return null;
}

export {
  NOTHING_HEARD,
  silenceOf
};
