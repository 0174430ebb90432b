import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/score/factor.ts
var ODDS_MULTIPLIERS = [1.25, 1.6, 2.5, 5, 20];
function zeros() {
  return [0, 0, 0, 0, 0];
}
function costs(limit) {
  return ODDS_MULTIPLIERS.map((k) => Math.log1p((k - 1) * limit));
}

// src/domain/score/relative.ts
var TOLERATED_ODDS = 2;
function takeIn(strata, { stratum, arm, expected, failed }) {
  const sums = strata.get(stratum) ?? { treatment: nothing(), control: nothing() };
  strata.set(stratum, sums);
  sums[arm].expected += expected;
  sums[arm].failed += failed;
}
function nothing() {
  return { expected: 0, failed: 0 };
}
function relativeFactor(strata, toleratedOdds = TOLERATED_ODDS) {
  const sum = zeros();
  for (const { treatment, control } of strata.values()) {
    if (treatment.expected <= 0 || control.expected <= 0) continue;
    const weighed = toleratedOdds * treatment.expected;
    const share = weighed / (weighed + control.expected);
    ODDS_MULTIPLIERS.forEach((k, i) => {
      const cost = (treatment.failed + control.failed) * Math.log1p((k - 1) * share);
      sum[i] = (sum[i] ?? 0) + treatment.failed * Math.log(k) - cost;
    });
  }
  return sum;
}

export {
  ODDS_MULTIPLIERS,
  zeros,
  costs,
  TOLERATED_ODDS,
  takeIn,
  relativeFactor
};
