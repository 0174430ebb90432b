import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  measureTraffic,
  soakToSeeDoubling
} from "./chunk-MWM5KLLF.js";
import {
  checkFeature,
  gatherOne,
  judgeAll,
  judgeFeature,
  liveFeatures,
  withGuardrails
} from "./chunk-MVWQFKPM.js";
import {
  nextStep
} from "./chunk-P3Y2CJWC.js";
import "./chunk-C66GLY5V.js";
import "./chunk-U5RFSSKE.js";
import {
  testsChange
} from "./chunk-4ZBLQIHO.js";
import {
  loadFile
} from "./chunk-RNNL4REM.js";
import "./chunk-C4MDPZ4A.js";
import "./chunk-PFP2U37S.js";
import "./chunk-GZWRNGBZ.js";
import {
  audienceChange
} from "./chunk-NWZVBTWW.js";
import "./chunk-SKHTEI6E.js";
import "./chunk-6JL5Z4JY.js";
import "./chunk-AD2CEPPX.js";
import "./chunk-KQQ7LP54.js";
import {
  STEP_MINUTES,
  raises,
  scoreMonitor,
  seededRandom
} from "./chunk-VJKLXGZ2.js";
import {
  BUCKET_MINUTES,
  add,
  emptyTally,
  gather,
  healthParams,
  impossible,
  newRateWindow,
  slide,
  thresholdParams,
  trustedRule
} from "./chunk-W5XH7XAJ.js";
import {
  evidenceOf,
  groupsOf
} from "./chunk-B2KEE5F7.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-BRTXR6YH.js";
import "./chunk-5IBP2Q37.js";
import "./chunk-NXELXFFY.js";
import "./chunk-TORRJGHT.js";
import {
  minuteOf
} from "./chunk-264FZAQV.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-TVORLO7R.js";
import "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/domain/simulation/back-test.ts
function backTest(epochs, spec) {
  trustedRule(healthParams(spec));
  const tests = [...epochs].sort((a, b) => a.epoch - b.epoch).map((evidence) => testEpoch(evidence, spec));
  return {
    fired: tests.flatMap(({ fired }) => fired).sort((a, b) => a.at - b.at),
    epochs: tests.flatMap(({ test }) => test ? [test] : [])
  };
}
function testEpoch(evidence, spec) {
  const { epoch, rows } = evidence;
  const problem = impossible(rows);
  const buckets = problem === null ? gather(rows) : [];
  const totals = emptyTally();
  for (const { strata } of buckets) for (const stratum of strata) add(totals, stratum);
  if (totals.jobs === 0 && problem === null) return { fired: [], test: null };
  const looks = spec.analysis === "threshold" ? ratesOf(buckets, spec) : scoresOf(evidence, spec);
  const fired = problem === null ? firedIn(evidence, looks, spec) : [];
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
function firedIn(evidence, looks, spec) {
  const fired = [];
  let before = "no_data";
  for (const { at, verdict } of looks) {
    if (verdict !== before && raises(verdict) && !(verdict === "warning" && before === "suspect")) {
      const { reasonCode, reason, scope, jobs, errors } = judgedAt(evidence, at, spec);
      const { epoch } = evidence;
      const said = verdict;
      fired.push({ epoch, at, verdict: said, reasonCode, reason, scope, jobs, errors });
    }
    if (verdict === "harmful") break;
    before = verdict;
  }
  return fired;
}
var NO_WAIT = { timed: Infinity, meanSeconds: 0 };
function judgedAt({ rows, startedAt, windows }, at, spec) {
  const seen = windows.filter((window) => window.startedAt < at * 60);
  const now = at * 60;
  const score = evidenceOf({ startedAt, now, windows: seen, durations: NO_WAIT, startsPerControl: null });
  return judgeFeature(spec, { rows: rows.filter(({ minute }) => minute < at), score }, now).judgement;
}
function* scoresOf({ windows, startedAt }, spec) {
  const treated = new Set(windows.flatMap(({ spans, category }) => spans > 0 ? [category] : []));
  const monitor = scoreMonitor(healthParams(spec), [...treated].sort(), startedAt);
  let end = 0;
  const look = (minute, group) => {
    end = minute + STEP_MINUTES;
    return { at: end, verdict: monitor({ minute, windows: group }) };
  };
  for (const group of groupsOf(windows)) {
    const minute = (group[0]?.startedAt ?? 0) / 60;
    const last = end;
    for (let quiet = last; last > 0 && quiet < Math.min(minute, last + BUCKET_MINUTES); quiet += STEP_MINUTES) {
      yield look(quiet, []);
    }
    yield look(minute, group);
  }
  for (let quiet = 0; quiet < BUCKET_MINUTES; quiet += STEP_MINUTES) yield look(end, []);
}
function* ratesOf(buckets, spec) {
  const params = thresholdParams(spec);
  const window = newRateWindow(trustedRule(params), spec.thresholds.window / 60);
  let next = buckets[0]?.minute ?? 0;
  for (const bucket of buckets) {
    for (; next <= bucket.minute; next += BUCKET_MINUTES) {
      const seen = next < bucket.minute ? { minute: next, strata: [] } : bucket;
      yield { at: next + BUCKET_MINUTES, verdict: slide(window, seen).verdict };
    }
  }
}

// src/domain/simulation/back-test-compare.ts
function compareWithPast({ epochs }, incidents) {
  const first = /* @__PURE__ */ new Map();
  for (const incident of [...incidents].sort((a, b) => minuteOf(a.opened_at) - minuteOf(b.opened_at))) {
    const epoch = epochOf(minuteOf(incident.opened_at), epochs);
    if (epoch && !first.has(epoch)) first.set(epoch, incident);
  }
  return epochs.flatMap((epoch) => {
    const { rolledBackAt } = epoch;
    const incident = first.get(epoch) ?? null;
    if (rolledBackAt === null && incident === null) return [];
    const both = rolledBackAt !== null && incident !== null;
    const hoursEarlier = both ? (minuteOf(incident.opened_at) - rolledBackAt) / 60 : null;
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

// src/app/views/back-test.ts
var MINUTES_MEASURED = 7 * 24 * 60;
var YOUNGEST_STEP = 60;
var MOST_INCIDENTS = 1e3;
async function readPast(read, feature) {
  const spans = await read.health.evidenceEpochs(feature);
  const epochs = [];
  let durations = { timed: 0, meanSeconds: 0 };
  for (const { epoch, since } of spans) {
    const asked = { feature, epoch, epoch_started_at: since };
    const seen = (await read.health.windowsOf([asked])).get(feature)?.();
    durations = seen?.durations ?? durations;
    epochs.push({
      epoch,
      rows: await read.health.evidence(feature, epoch),
      startedAt: since.getTime() / 1e3,
      windows: seen?.windows ?? []
    });
  }
  const incidents = await read.incidents.list({ feature, limit: MOST_INCIDENTS });
  const last = spans.filter(({ jobs }) => jobs > 0).at(-1);
  const { rows = [], windows = [] } = epochs.find(({ epoch }) => epoch === last?.epoch) ?? {};
  const kept = { windows, durations };
  if (!last) return { epochs, incidents, traffic: null };
  const [standing] = await read.features.standings(feature);
  const present = standing?.epoch === last.epoch;
  const until = minuteOf(present ? (await read.state()).now : last.until);
  const begin = Math.max(minuteOf(last.since), until - MINUTES_MEASURED);
  const step = present ? minuteOf(standing.step_started_at) : 0;
  const ofStep = step > begin && step <= until - YOUNGEST_STEP ? measureTraffic(rows, step, until, kept) : null;
  return { epochs, incidents, traffic: ofStep ?? measureTraffic(rows, begin, until, kept) };
}
function backTestFeature({ epochs, incidents }, spec) {
  const test = backTest(epochs, spec);
  return { ...test, comparisons: compareWithPast(test, incidents) };
}

// src/app/views/change-preview.ts
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
async function outlook({ store, words }, change, tests, spec, live) {
  const { feature } = change;
  const { jobs, past } = await store.reading(async (read) => ({
    jobs: await read.features.jobsMoved(feature, audienceChange(change, tests)),
    past: await readPast(read, feature)
  }));
  const result = live && await checkFeature({ store, words }, live, { actor: "", environment: {}, dryRun: true });
  return {
    feature,
    spec,
    jobs,
    health: result && healthOf(result.judgement, result.advance),
    next: spec.active && !spec.emergency_stop ? nextStep(spec) : null,
    soak: soakOf(spec, past),
    backTest: backTestFeature(past, spec),
    wouldRollBack: result && await wouldRollBack(store, spec, live.standing, result.judgement)
  };
}
function healthOf({ verdict, reason }, gate) {
  return { verdict, reason, gate };
}
function soakOf(spec, { traffic }) {
  if (!traffic) return null;
  const { jobsPerHour, errorRate, control, categories, bursts } = traffic;
  const options = {
    analysis: spec.analysis,
    categories,
    ...control ? { control } : {},
    jobsTogether: bursts?.failedTogether ?? 1
  };
  const random = seededRandom(SEED);
  return {
    errorRate,
    needed: soakToSeeDoubling(thresholdParams(spec), jobsPerHour, errorRate, random, options)
  };
}
async function wouldRollBack(store, spec, standing, present) {
  if (present.verdict === "harmful" || !spec.rollback.enabled) return null;
  const facts = await gatherOne(store, { ...standing, metrics: Object.keys(spec.guardrails ?? {}) });
  if ("problem" in facts) return null;
  const { jobs, guardrails } = await judgeAll(store, standing, spec, facts);
  const proposed = withGuardrails(jobs, guardrails);
  return proposed.verdict === "harmful" ? proposed.reason : null;
}
export {
  outlooks
};
