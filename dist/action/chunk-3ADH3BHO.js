import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/evidence/time-counters.ts
var GROWTH = 1.1;
var LN_GROWTH = Math.log(GROWTH);
function timeAt(place) {
  return place === 0 ? 1 : 2 * GROWTH ** place / (GROWTH + 1);
}
function countersOf(rows) {
  const counters = /* @__PURE__ */ new Map();
  for (const [place, count] of rows) counters.set(place, (counters.get(place) ?? 0) + count);
  return counters;
}
function mergedCounters(all) {
  return countersOf(all.flatMap((one) => [...one]));
}
function countedTimes(counters) {
  let total = 0;
  for (const count of counters.values()) total += count;
  return total;
}
function quantilePlace(counters, share) {
  const total = countedTimes(counters);
  if (total === 0) return null;
  const needed = Math.max(1, Math.ceil(share * total - 1e-9));
  let seen = 0;
  for (const [place, count] of [...counters].sort(([a], [b]) => a - b)) {
    seen += count;
    if (seen >= needed) return place;
  }
  return null;
}
function quantilesOf(counters) {
  const at = (share) => {
    const place = quantilePlace(counters, share);
    return place === null ? null : Math.round(timeAt(place));
  };
  return { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99) };
}

// src/domain/evidence/rates.ts
function rateOf(rows) {
  const sum = (pick) => rows.reduce((total, row) => total + pick(row), 0);
  const jobs = sum((row) => row.jobs);
  const errors = sum((row) => row.errors);
  const timed = sum((row) => row.timed_jobs);
  return {
    jobs,
    errors,
    error_rate: jobs === 0 ? null : percentOf(errors, jobs),
    mean_ms: timed === 0 ? null : Math.round(sum((row) => row.processing_ms) / timed),
    ...quantilesOf(mergedCounters(rows.flatMap(({ times }) => times ? [times] : [])))
  };
}
function ratesByPlace(rows) {
  const places = byKey(rows, ({ processor, arm, category }) => [processor, arm, category].join("\n"));
  return [...places.values()].flatMap((same) => {
    const [first] = same;
    if (!first) return [];
    const { processor, arm, category } = first;
    return [{ processor, arm, category, ...rateOf(same) }];
  });
}
function timesByProcessor(rows) {
  const places = byKey(rows, ({ processor, arm }) => `${processor}
${arm}`);
  return [...places.values()].flatMap((same) => {
    const { p50_ms, p95_ms, p99_ms } = rateOf(same);
    const [first] = same;
    if (!first || p50_ms === null) return [];
    return [{ processor: first.processor, arm: first.arm, p50_ms, p95_ms, p99_ms }];
  });
}
function byKey(rows, keyOf) {
  const groups = /* @__PURE__ */ new Map();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group) group.push(row);
    else groups.set(keyOf(row), [row]);
  }
  return groups;
}
function percentOf(part, whole) {
  return hundredths(part / whole * 100);
}
function hundredths(value) {
  return Math.round(value * 100) / 100;
}

export {
  countersOf,
  countedTimes,
  quantilesOf,
  rateOf,
  ratesByPlace,
  timesByProcessor,
  byKey,
  percentOf,
  hundredths
};
