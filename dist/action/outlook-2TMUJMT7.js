import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  measureTraffic,
  soakToSeeDoubling
} from "./chunk-KHFC6EY3.js";
import {
  checkFeature,
  judgeFeature,
  liveFeatures
} from "./chunk-DNKXU6TC.js";
import {
  nextStep
} from "./chunk-RRXJ6VYX.js";
import {
  testsChange
} from "./chunk-7O5P3PXC.js";
import "./chunk-35P45YSF.js";
import {
  loadFile
} from "./chunk-ZMJYFEOS.js";
import "./chunk-IHJ5OOSS.js";
import "./chunk-3SL6W3HZ.js";
import {
  monitorOf,
  raises,
  seededRandom,
  trustedRule
} from "./chunk-KYEAIDNY.js";
import {
  BUCKET_MINUTES,
  add,
  emptyTally,
  gather,
  healthParams,
  impossible,
  thresholdParams
} from "./chunk-LD6AS6C3.js";
import "./chunk-I2BF2CQV.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-UEVRUX77.js";
import {
  audienceChange
} from "./chunk-5Z4M5XNO.js";
import "./chunk-SVQTXOOW.js";
import "./chunk-ROPHYOFM.js";
import "./chunk-NGXP4PDZ.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-U4JOIXHQ.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/domain/back-test.ts
function backTest(epochs, spec) {
  trustedRule(healthParams(spec));
  const tests = [...epochs].sort((a, b) => a.epoch - b.epoch).map((evidence) => testEpoch(evidence, spec));
  return {
    fired: tests.flatMap(({ fired }) => fired).sort((a, b) => a.at - b.at),
    epochs: tests.flatMap(({ test }) => test ? [test] : [])
  };
}
function testEpoch({ epoch, rows }, spec) {
  const problem = impossible(rows);
  const buckets = problem === null ? gather(rows) : [];
  const totals = emptyTally();
  for (const { strata } of buckets) for (const stratum of strata) add(totals, stratum);
  if (totals.jobs === 0 && problem === null) return { fired: [], test: null };
  const fired = firedIn(epoch, buckets, rows, spec);
  const test = {
    epoch,
    from: buckets[0]?.minute ?? 0,
    until: (buckets.at(-1)?.minute ?? -BUCKET_MINUTES) + BUCKET_MINUTES,
    jobs: totals.jobs,
    errors: totals.errors,
    rolledBackAt: fired.find(({ verdict }) => verdict === "harmful")?.at ?? null,
    warnings: fired.filter(({ verdict }) => verdict !== "harmful").length,
    problem
  };
  return { fired, test };
}
function firedIn(epoch, buckets, rows, spec) {
  const monitor = monitorOf(spec.analysis, thresholdParams(spec));
  const fired = [];
  let before = "no_data";
  for (const bucket of spec.analysis === "threshold" ? filled(buckets) : buckets) {
    const verdict = monitor(bucket);
    if (verdict !== before && raises(verdict) && !(verdict === "warning" && before === "suspect")) {
      const at = bucket.minute + BUCKET_MINUTES;
      const seen = rows.filter(({ minute }) => minute < at);
      const { reasonCode, reason, scope, jobs, errors } = judgeFeature(spec, seen, at);
      fired.push({
        epoch,
        at,
        verdict,
        reasonCode,
        reason,
        scope,
        jobs,
        errors
      });
    }
    if (verdict === "harmful") break;
    before = verdict;
  }
  return fired;
}
function* filled(buckets) {
  let next = buckets[0]?.minute ?? 0;
  for (const bucket of buckets) {
    for (; next < bucket.minute; next += BUCKET_MINUTES) yield { minute: next, strata: [] };
    yield bucket;
    next = bucket.minute + BUCKET_MINUTES;
  }
}

// src/domain/back-test-compare.ts
function compareWithPast({ epochs }, incidents) {
  const first = /* @__PURE__ */ new Map();
  for (const incident of [...incidents].sort((a, b) => minuteOf(a) - minuteOf(b))) {
    const epoch = epochOf(minuteOf(incident), epochs);
    if (epoch && !first.has(epoch)) first.set(epoch, incident);
  }
  return epochs.flatMap((epoch) => {
    const { rolledBackAt } = epoch;
    const incident = first.get(epoch) ?? null;
    if (rolledBackAt === null && incident === null) return [];
    const both = rolledBackAt !== null && incident !== null;
    const hoursEarlier = both ? (minuteOf(incident) - rolledBackAt) / 60 : null;
    const agreement = both ? "both" : incident ? "only_past" : "only_proposed";
    return [{ epoch: epoch.epoch, agreement, rolledBackAt, incident, hoursEarlier }];
  });
}
function epochOf(minute, epochs) {
  const begun = epochs.filter(({ from, problem }) => problem === null && from <= minute);
  const [last, before] = [begun.at(-1), begun.at(-2)];
  if (last && before && minute < last.from + BUCKET_MINUTES && before.until > last.from) return before;
  return last;
}
function minuteOf({ opened_at }) {
  return opened_at.getTime() / 6e4;
}

// src/app/back-test.ts
var MINUTES_MEASURED = 7 * 24 * 60;
var YOUNGEST_STEP = 60;
var MOST_INCIDENTS = 1e3;
async function readPast(read, feature) {
  const spans = await read.evidenceEpochs(feature);
  const epochs = [];
  for (const { epoch } of spans) epochs.push({ epoch, rows: await read.evidence(feature, epoch) });
  const incidents = await read.incidents({ feature, limit: MOST_INCIDENTS });
  const last = spans.filter(({ jobs }) => jobs > 0).at(-1);
  const rows = epochs.find(({ epoch }) => epoch === last?.epoch)?.rows ?? [];
  if (!last) return { epochs, incidents, traffic: null };
  const [standing] = await read.standings(feature);
  const present = standing?.epoch === last.epoch;
  const until = minuteOf2(present ? (await read.state()).now : last.until);
  const begin = Math.max(minuteOf2(last.since), until - MINUTES_MEASURED);
  const step = present ? minuteOf2(standing.step_started_at) : 0;
  const ofStep = step > begin && step <= until - YOUNGEST_STEP ? measureTraffic(rows, step, until) : null;
  return { epochs, incidents, traffic: ofStep ?? measureTraffic(rows, begin, until) };
}
function backTestFeature({ epochs, incidents }, spec) {
  const test = backTest(epochs, spec);
  return { ...test, comparisons: compareWithPast(test, incidents) };
}
function minuteOf2(at) {
  return at.getTime() / 6e4;
}

// src/app/outlook.ts
var MOST_LOOKED_AT = 20;
var SEED = 1;
async function outlooks(deps, text, changes) {
  const loaded = loadFile(text);
  if (!loaded.ok) return [];
  const live = new Map(
    (await deps.store.reading((read) => liveFeatures(read))).map((one) => [one.standing.feature, one])
  );
  const { file } = loaded;
  const { test_repositories } = await deps.store.reading((read) => read.state());
  const tests = testsChange(file, test_repositories);
  const found = [];
  for (const change of changes) {
    const spec = file.config.features.get(change.feature);
    if (!spec || !change.write || found.length === MOST_LOOKED_AT) continue;
    found.push(await outlook(deps, change, tests, spec, live.get(change.feature) ?? null));
  }
  return found;
}
async function outlook({ store }, change, tests, spec, live) {
  const { feature } = change;
  const { jobs, past, now } = await store.reading(async (read) => ({
    jobs: await read.jobsMoved(feature, audienceChange(change, tests)),
    past: await readPast(read, feature),
    now: (await read.state()).now
  }));
  const result = live && await checkFeature(store, live, { actor: "", environment: {}, dryRun: true });
  return {
    feature,
    spec,
    jobs,
    health: result && healthOf(result.judgement, result.advance.reason),
    next: spec.active && !spec.emergency_stop ? nextStep(spec) : null,
    soak: soakOf(spec, past),
    backTest: backTestFeature(past, spec),
    wouldRollBack: result && wouldRollBack(spec, past, result.judgement, live.standing.epoch, now)
  };
}
function healthOf({ verdict, reason }, gate) {
  return { verdict, reason, gate };
}
function soakOf(spec, { traffic }) {
  if (!traffic) return null;
  const { jobsPerHour, errorRate, control, categories } = traffic;
  const options = {
    analysis: spec.analysis,
    categories,
    ...control ? { control } : {},
    jobsTogether: spec.thresholds.design_effect
  };
  const random = seededRandom(SEED);
  return {
    errorRate,
    needed: soakToSeeDoubling(thresholdParams(spec), jobsPerHour, errorRate, random, options)
  };
}
function wouldRollBack(spec, { epochs }, present, epoch, now) {
  if (present.verdict === "harmful" || !spec.rollback.enabled) return null;
  const rows = epochs.find((one) => one.epoch === epoch)?.rows ?? [];
  const proposed = judgeFeature(spec, rows, Math.floor(now.getTime() / 6e4));
  return proposed.verdict === "harmful" ? proposed.reason : null;
}
export {
  outlooks
};
