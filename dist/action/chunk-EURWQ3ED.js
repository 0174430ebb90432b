import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/duration.ts
var UNITS = { s: 1, m: 60, h: 3600, d: 86400 };
var LONGEST_DURATION = 3650 * UNITS.d;
var DURATION_PATTERN = /^([1-9]\d{0,8})([smhd])$/;
function parseDuration(text) {
  const match = DURATION_PATTERN.exec(text);
  if (!match) return null;
  const seconds = Number(match[1]) * UNITS[match[2]];
  return seconds <= LONGEST_DURATION ? seconds : null;
}
function formatDuration(seconds) {
  for (const unit of ["d", "h", "m"]) {
    if (seconds > 0 && seconds % UNITS[unit] === 0) return `${seconds / UNITS[unit]}${unit}`;
  }
  return `${seconds}s`;
}
function durationText(seconds) {
  if (seconds < 7200) return several(Math.ceil(seconds / 60), "minute");
  if (seconds <= 172800) return several(Math.ceil(seconds / 3600), "hour");
  return several(Math.ceil(seconds / 8640) / 10, "day");
}
function several(amount, unit) {
  return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}

export {
  parseDuration,
  formatDuration,
  durationText
};
