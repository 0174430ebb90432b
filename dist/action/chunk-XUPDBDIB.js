import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

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
    mean_ms: timed === 0 ? null : Math.round(sum((row) => row.processing_ms) / timed)
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
var MOST_OF_ONE_CATEGORY = 0.8;
function mostOf(categories) {
  const total = categories.reduce((sum, { subjects }) => sum + subjects, 0);
  const most = categories.find(({ subjects }) => subjects > total * MOST_OF_ONE_CATEGORY);
  return most && most.category !== null ? `${percentOf(most.subjects, total)}% are ${most.category}` : null;
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
  rateOf,
  ratesByPlace,
  mostOf,
  byKey,
  percentOf,
  hundredths
};
