import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/time.ts
var MINUTE_MS = 6e4;
var HOUR_MS = 60 * MINUTE_MS;
var DAY_MS = 24 * HOUR_MS;
var HOUR_SECONDS = 3600;
var DAY_SECONDS = 24 * HOUR_SECONDS;
function minuteOf(at) {
  return at.getTime() / MINUTE_MS;
}
function wholeMinuteOf(at) {
  return Math.floor(minuteOf(at));
}
function atMinute(minute) {
  return new Date(minute * MINUTE_MS);
}
function secondsBetween(from, to) {
  return (to.getTime() - from.getTime()) / 1e3;
}

export {
  HOUR_MS,
  DAY_MS,
  HOUR_SECONDS,
  DAY_SECONDS,
  minuteOf,
  wholeMinuteOf,
  atMinute,
  secondsBetween
};
