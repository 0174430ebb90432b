import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  measureTraffic,
  soakToSeeDoubling
} from "./chunk-XOX3TVCN.js";
import {
  fileOf
} from "./chunk-PJQFHO5T.js";
import {
  EngineRefusal,
  backTest,
  expectedOf,
  readGuardrailPast,
  testGuardrails
} from "./chunk-RNV2SOUE.js";
import {
  checkFeature,
  gatherOne,
  judgeAll,
  liveFeatures,
  queriesDigest,
  withGuardrails
} from "./chunk-JJKZLDWZ.js";
import {
  breachProblems,
  freezeDifference,
  nothingPlanned,
  plan,
  planFile,
  problemsAt,
  refusedBy,
  refusedOf,
  testDifference,
  testsChange,
  uncounted,
  validated,
  withRefused
} from "./chunk-VR4I337A.js";
import {
  nextStep
} from "./chunk-CGKZ2VQL.js";
import {
  codeMarkdown,
  escapeMarkdown,
  planMarkdown,
  plannedGuardrailSentences,
  soakSentence
} from "./chunk-BU5IQBJI.js";
import {
  seededRandom
} from "./chunk-FDE2BHFX.js";
import {
  advanceText
} from "./chunk-5LPR4R5C.js";
import {
  guardrailsOf,
  isBlind,
  observedMetrics
} from "./chunk-IJK26YUE.js";
import {
  BUCKET_MINUTES,
  thresholdParams
} from "./chunk-3AB62VHW.js";
import {
  UNNAMED
} from "./chunk-AMLPSWQB.js";
import {
  desiredOf,
  loadFile,
  testEntries
} from "./chunk-V6CWIZKH.js";
import {
  COMMENT_LIMIT,
  capped
} from "./chunk-MQGN5AR4.js";
import {
  partWord,
  standingWord,
  totalsOf
} from "./chunk-DYJMHHBQ.js";
import {
  commit,
  count,
  counted,
  moment,
  reasonText,
  share
} from "./chunk-ECMGPDJJ.js";
import {
  raisedBetween
} from "./chunk-BQVI7CEN.js";
import {
  parseConfig
} from "./chunk-6HZFIDOY.js";
import {
  redact
} from "./chunk-6VI3GJB7.js";
import {
  verdictWord
} from "./chunk-B2BW3BM7.js";
import {
  audienceChange
} from "./chunk-BYGHVZ3S.js";
import {
  settingsOf
} from "./chunk-BMBMLGWI.js";
import {
  resolveLists
} from "./chunk-T5UFH23J.js";
import {
  same
} from "./chunk-YHZEJLZZ.js";
import {
  atMinute,
  minuteOf
} from "./chunk-264FZAQV.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";
import {
  formatDuration
} from "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/domain/proposal/plan-check.ts
function checkConclusion(proposed, against) {
  if (against.length > 0) return "failure";
  return proposed.changed && proposed.with === "file" && proposed.raised.size > 0 ? "neutral" : "success";
}
function hasErrors({ problems }, feature) {
  const path = `features.${feature}`;
  return problems.some(
    (one) => one.severity === "error" && (one.path === path || one.path.startsWith(`${path}.`))
  );
}
function againstMerging(proposed) {
  const { plan: plan2, changed, raised, unplanned } = proposed;
  if (!changed) return [];
  const errors = plan2.problems.filter(({ severity }) => severity === "error").length;
  const against = [];
  if (unplanned !== null) against.push({ code: "file_refused", message: unplanned, hint: null });
  if (plan2.refused) against.push({ code: "file_refused", ...plan2.refused });
  if (errors > 0) against.push({ code: "errors", count: errors });
  for (const { feature, action, incident, reason } of plan2.changes) {
    if (action === "held" && raised.has(feature)) against.push({ code: "held", feature, incident, reason });
    if (action === "refused" && !hasErrors(plan2, feature)) against.push({ code: "refused", feature, reason });
  }
  if (proposed.with === "away" && raised.size > 0) {
    against.push({ code: "holds_unknown", features: [...raised].sort() });
  }
  return against;
}

// src/app/reconcile/plan-against-file.ts
function planAgainstFile(base, proposed, now, words) {
  const [before, after] = [loadFile(base), loadFile(proposed)];
  if (!after.ok) return nothingPlanned(after.problems, proposed.revision);
  if (!before.ok) {
    throw new RolloutError("file_invalid", `the base file ${base.path} has errors`, {
      hint: `see them with: rollout validate --file ${base.path}`
    });
  }
  const actual = new Map(
    [...before.file.config.features].map(([key, spec]) => [key, asReconciled(key, spec)])
  );
  const desired = desiredOf(after.file, { features: actual, names: /* @__PURE__ */ new Map() });
  const changes = plan(desired, actual, [], now).map(uncounted);
  const { policy } = before.file.config;
  const refused = refusedBy(desired, changes, {
    ...{ policy, refusals: /* @__PURE__ */ new Map(), features: actual, incidents: [], now: null }
  });
  const mended = refusedOf({ ...desired, refused }, actual, [], now).map(uncounted);
  return {
    ...nothingPlanned(
      [...after.file.problems, ...breachProblems(proposed, refused, words)],
      proposed.revision
    ),
    environment: after.file.config.environment,
    changes: withRefused(changes, mended),
    test_repositories: testDifference(after.file, testEntries(before.file.config)),
    freezes: freezeDifference(after.file, before.file.config.freeze)
  };
}
function asReconciled(feature, spec) {
  const { exposure, resolved } = resolveLists(spec, {}, /* @__PURE__ */ new Map());
  return {
    feature,
    spec,
    edited: null,
    unsealed: [],
    resolved,
    columns: exposure,
    settings: settingsOf(spec),
    archived: false,
    revision: null
  };
}

// src/domain/guardrails/altered.ts
function alteredGuardrails({ guardrails: before = {} }, after) {
  return new Set(
    guardrailsOf(after).filter(([metric, guardrail]) => !same(before[metric], guardrail)).map(([metric]) => metric)
  );
}

// src/app/guardrails/plan-guardrails.ts
async function planGuardrailsOf({ store, engine }, feature, spec) {
  if (!spec.guardrails) return [];
  const { past, kept, altered } = await store.reading(async (read) => ({
    past: await readGuardrailPast(read, feature, spec),
    kept: (await read.guardrails.backTests([feature])).get(feature),
    altered: await alteredBy(read, feature, spec)
  }));
  const tests = await testGuardrails(spec, past, engine, altered);
  return tests.map((one) => {
    const { metric, guardrail, found } = one;
    const of = { digest: queriesDigest(guardrail), now: past.now };
    const expected = isBlind(guardrail) ? expectedOf(guardrail, found, kept?.get(metric), of) : null;
    return { ...one, altered: altered.has(metric), expected };
  });
}
async function alteredBy(read, feature, spec) {
  const actual = (await read.features.actual(feature)).get(feature);
  return alteredGuardrails(actual?.spec ?? {}, spec);
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
  const begun2 = epochs.filter(({ from, problem }) => problem === null && from <= minute);
  const [last, before] = [begun2.at(-1), begun2.at(-2)];
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
async function outlook({ store, words, engine }, change, tests, spec, live) {
  const { feature } = change;
  const { jobs, past } = await store.reading(async (read) => ({
    jobs: await read.features.jobsMoved(
      feature,
      audienceChange(change, tests, (await read.incidents.quarantinedIds()).get(feature) ?? [])
    ),
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
    guardrails: await planGuardrailsOf({ store, engine }, feature, spec),
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
  const { analysis } = spec;
  const facts = await gatherOne(store, { ...standing, analysis, metrics: observedMetrics(spec) });
  if ("problem" in facts) return null;
  const { jobs, guardrails } = await judgeAll(store, standing, spec, facts);
  const proposed = withGuardrails(jobs, guardrails);
  return proposed.verdict === "harmful" ? proposed.reason : null;
}

// src/app/proposals/plan-proposal.ts
async function planProposal(deps, proposal) {
  const { file } = proposal;
  const found = await planned(deps, proposal);
  const changed = changesFile(proposal);
  const proposed = {
    plan: found.plan,
    with: plannedWith(deps),
    changed,
    raised: new Set(raisedBy(proposal)),
    unplanned: found.failed ? found.notes.at(-1) ?? null : null
  };
  const against = againstMerging(proposed);
  const conclusion = checkConclusion(proposed, against);
  return { ...found, changed, against, conclusion, kept: keptEntries(deps.words, file, against) };
}
function plannedWith({ store }) {
  if (!("without" in store)) return "database";
  return store.without === "away" ? "away" : "file";
}
async function planned(deps, { file, tip }) {
  const { store, words, repository, engine } = deps;
  if (file instanceof RolloutError) {
    const note = `Nothing could be reconciled after this: ${sentence(file)}`;
    return { plan: nothingPlanned([], null), outlooks: [], notes: [note], failed: true };
  }
  try {
    if ("without" in store) {
      const plan3 = tip ? planAgainstFile(tip, file, store.now, words) : validated(file);
      return { plan: plan3, outlooks: [], notes: [], failed: false };
    }
    const plan2 = await planFile({ store, repository, words }, file);
    return {
      plan: plan2,
      outlooks: await outlooks({ store, words, engine }, file, plan2.changes),
      notes: [],
      failed: false
    };
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code.startsWith("database_")) throw error;
    return { plan: validated(file), outlooks: [], notes: [sentence(error)], failed: true };
  }
}
function changesFile({ file, base, tip }) {
  const proposed = contentOf(file);
  if (tip && isSame(tip.content, proposed)) return false;
  return base === "unknown" || !isSame(base, proposed);
}
function raisedBy({ file, base }) {
  const after = contentOf(file);
  if (after === null) return [];
  const features = [...parseConfig(after).config?.features.keys() ?? []];
  return raisedBetween(base === "unknown" ? null : base, after, features);
}
function keptEntries(words, file, against) {
  if (file instanceof RolloutError) return [];
  const entries = against.flatMap(
    (one) => one.code === "held" || one.code === "refused" ? [{ severity: "error", path: ["features", one.feature], message: words.reason(one.reason) }] : []
  );
  return problemsAt(file.content, entries);
}
function contentOf(file) {
  return file instanceof RolloutError ? null : file.content;
}
function isSame(one, other) {
  return one === null || other === null ? one === other : Buffer.compare(one, other) === 0;
}
function sentence({ message, hint }) {
  return hint ? `${message}; ${hint}` : message;
}
function environmentIn(file) {
  return file === null ? null : parseConfig(file.content).config?.environment ?? null;
}

// src/compose/environment/prometheus.ts
import { readFileSync } from "node:fs";

// src/prometheus/ask.ts
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
var LARGEST_BODY = 32 * 1048576;
function ask(engine, path, fields) {
  const { url, timeoutMs } = engine;
  const body = new URLSearchParams(fields).toString();
  const target = new URL(`${url.pathname.replace(/\/+$/, "")}${path}`, url.origin);
  return new Promise((resolve, reject) => {
    const fail = (why, forAll = true) => {
      reject(new EngineRefusal(`the engine at ${url.host} ${why}`, { forAll }));
      request.destroy();
    };
    const request = begun(engine, target, body.length, (response) => {
      const parts = [];
      let size = 0;
      response.on("data", (part) => {
        size += part.length;
        if (size > LARGEST_BODY) fail(`answered more than ${LARGEST_BODY / 1048576} MB`, false);
        else parts.push(part);
      });
      response.on("error", () => fail("broke off its answer"));
      response.on("aborted", () => fail("broke off its answer"));
      response.on("end", () => {
        clearTimeout(timer);
        const plain = Object.entries(response.headers).map(([name, value]) => [name, String(value)]);
        resolve({
          status: response.statusCode ?? 0,
          headers: Object.fromEntries(plain),
          text: Buffer.concat(parts).toString("utf8")
        });
      });
    });
    const timer = setTimeout(() => fail(`did not answer within ${timeoutMs / 1e3} s`), timeoutMs);
    request.on("error", (error) => {
      clearTimeout(timer);
      fail(`cannot be reached: ${error.code ?? "no connection"}`);
    });
    request.on("close", () => clearTimeout(timer));
    request.end(body);
  });
}
function begun({ url, token, tenant, tls }, target, length, answered) {
  try {
    const authorization = token === null ? basicOf(url) : `Bearer ${token}`;
    const headers = {
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
      "content-length": String(length),
      ...authorization === null ? {} : { authorization },
      ...tenant === null ? {} : { "x-scope-orgid": tenant }
    };
    const options = { method: "POST", headers, agent: false, ...tls };
    return (target.protocol === "https:" ? tlsRequest : plainRequest)(target, options, answered);
  } catch (error) {
    const { code: code2, name } = error;
    const check = "check user and password in ROLLOUT_PROMETHEUS_URL, its _TOKEN and _TENANT, and the PEM files";
    throw new EngineRefusal(`the engine at ${url.host} cannot be asked: ${code2 ?? name}; ${check}`, {
      forAll: true
    });
  }
}
function basicOf({ username, password }) {
  if (username === "") return null;
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return `Basic ${Buffer.from(pair).toString("base64")}`;
}

// src/prometheus/retry-after.ts
var LONGEST_PAUSE_SECONDS = 3600;
var MONTH = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
var TIME = "\\d{2}:\\d{2}:\\d{2}";
var DATES = [
  new RegExp(`^[A-Z][a-z]{2}, \\d{2} ${MONTH} \\d{4} ${TIME} GMT$`),
  new RegExp(`^[A-Z][a-z]+day, \\d{2}-${MONTH}-\\d{2} ${TIME} GMT$`),
  new RegExp(`^[A-Z][a-z]{2} ${MONTH} [ \\d]\\d ${TIME} \\d{4}$`)
];
function pauseOf(headers) {
  const after = headers["retry-after"]?.trim() ?? "";
  const seconds = /^\d+$/.test(after) ? Number(after) : (dateOf(after) - dateOf(headers.date ?? "")) / 1e3;
  return Number.isNaN(seconds) ? 0 : Math.min(LONGEST_PAUSE_SECONDS, Math.max(0, Math.ceil(seconds)));
}
function dateOf(text) {
  if (!DATES.some((date) => date.test(text))) return Number.NaN;
  return Date.parse(text.endsWith("GMT") ? text : `${text} GMT`);
}

// src/prometheus/engine.ts
var LONGEST_WHY = 200;
function prometheusEngine(address) {
  return {
    range: async (query, from, until, stepSeconds) => {
      const answer = await ask(address, "/api/v1/query_range", {
        ...{ query, start: String(from), end: String(until), step: String(stepSeconds) },
        timeout: `${Math.ceil(address.timeoutMs / 1e3)}s`
      });
      return seriesOf(bodyOf(answer));
    }
  };
}
function bodyOf({ status, headers, text }) {
  if (status === 401 || status === 403) {
    const hint = "check ROLLOUT_PROMETHEUS_TOKEN and what its holder may read";
    throw new EngineRefusal(`the engine answered ${status}; ${hint}`, { forAll: true });
  }
  if (status >= 300 && status < 400) {
    throw new EngineRefusal(
      `the engine answered ${status}, a redirect, which is not followed; set ROLLOUT_PROMETHEUS_URL to where it leads`,
      { forAll: true }
    );
  }
  if (status === 429 || status === 503) {
    const retryAfterSeconds = pauseOf(headers);
    throw new EngineRefusal(`the engine answered ${status}`, { retryAfterSeconds, forAll: true });
  }
  const body = parsed(text);
  if (status !== 200 || body?.status !== "success") throw new EngineRefusal(refusalOf(status, body));
  return body;
}
function refusalOf(status, body) {
  const { error } = body ?? {};
  const why = typeof error === "string" ? `: ${harmless(redact(error), LONGEST_WHY)}` : "";
  if (status !== 200) return `the engine answered ${status}${why}`;
  return body === null ? "the engine did not answer with JSON" : `the engine refused the query${why}`;
}
function seriesOf({ data, warnings }) {
  const { resultType, result } = isRecord(data) ? data : {};
  if (resultType !== "matrix" || !Array.isArray(result)) {
    const found = typeof resultType === "string" ? harmless(resultType) : "no result";
    throw new EngineRefusal(`the engine answered ${found}, not a matrix`);
  }
  if (Array.isArray(warnings) && warnings.length > 0) {
    const said = harmless(redact(String(warnings[0])), LONGEST_WHY);
    throw new EngineRefusal(`the engine answered in part: ${said}`);
  }
  return result.map(oneSeries);
}
function oneSeries(value) {
  const { metric, values } = isRecord(value) ? value : {};
  if (!isRecord(metric) || !Array.isArray(values)) {
    throw new EngineRefusal("the engine answered a series without labels or values");
  }
  const labels = Object.fromEntries(
    Object.entries(metric).filter((pair) => typeof pair[1] === "string")
  );
  const points = values.map((point) => {
    const [at, text] = Array.isArray(point) ? point : [];
    if (typeof at !== "number" || typeof text !== "string") {
      throw new EngineRefusal("the engine answered a value without a time");
    }
    return [at, text];
  });
  return { labels, points };
}
function parsed(text) {
  try {
    const value = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/prometheus/brief.ts
function briefEngine(address, { totalMs, clock }) {
  let end = null;
  let refusal = null;
  return {
    range: async (...asked) => {
      if (refusal) throw refusal;
      end ??= clock() + totalMs;
      const left = end - clock();
      try {
        if (left <= 0) throw outOfTime(totalMs);
        const timeoutMs = Math.min(address.timeoutMs, Math.ceil(left));
        return await prometheusEngine({ ...address, timeoutMs }).range(...asked);
      } catch (error) {
        if (error instanceof EngineRefusal && error.forAll) refusal = error;
        throw error;
      }
    }
  };
}
function outOfTime(totalMs) {
  const seconds = totalMs / 1e3;
  return new EngineRefusal(`the engine did not answer everything within ${seconds} s`, { forAll: true });
}

// src/compose/environment/prometheus.ts
var TIMEOUT_MS = 1e4;
var PLAN_MS = 2e4;
function metricEngineOf(environment) {
  return whenAsked(() => prometheusEngine(addressOf(environment)));
}
function planEngineOf(environment) {
  if (!knowsEngine(environment)) return null;
  const limits = { totalMs: PLAN_MS, clock: () => performance.now() };
  return whenAsked(() => briefEngine(addressOf(environment), limits));
}
function whenAsked(make) {
  let engine = null;
  return {
    range: async (...asked) => {
      engine ??= make();
      return engine.range(...asked);
    }
  };
}
function knowsEngine(environment) {
  return Boolean(environment.ROLLOUT_PROMETHEUS_URL?.trim());
}
function addressOf(environment) {
  const text = environment.ROLLOUT_PROMETHEUS_URL?.trim();
  if (!text) refuse("ROLLOUT_PROMETHEUS_URL is not set for the controller");
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    refuse("ROLLOUT_PROMETHEUS_URL is not a URL that begins with http:// or https://");
  }
  const [ca, cert, key] = ["CA", "CERT", "KEY"].map(
    (name) => fileOf2(environment, `ROLLOUT_PROMETHEUS_${name}_FILE`)
  );
  return {
    url: new URL(text),
    token: environment.ROLLOUT_PROMETHEUS_TOKEN?.trim() || null,
    tenant: environment.ROLLOUT_PROMETHEUS_TENANT?.trim() || null,
    tls: { ...ca ? { ca } : {}, ...cert ? { cert } : {}, ...key ? { key } : {} },
    timeoutMs: TIMEOUT_MS
  };
}
function fileOf2(environment, name) {
  const path = environment[name]?.trim();
  if (!path) return null;
  try {
    return readFileSync(path, "utf8");
  } catch {
    return refuse(`${name} names a file that cannot be read`);
  }
}
function refuse(why) {
  throw new EngineRefusal(why, { forAll: true });
}

// src/report/words/simulation/back-test-sentences.ts
function backTestSentences({ backTest: backTest2, spec }) {
  if (!backTest2) return [];
  const { epochs, fired, comparisons } = backTest2;
  if (epochs.length === 0) return ["back-test: no finished treatment job is stored of the last 30 days"];
  const jobs = epochs.reduce((sum, epoch) => sum + epoch.jobs, 0);
  const rollbacks = epochs.filter(({ rolledBackAt }) => rolledBackAt !== null).length;
  const warnings = fired.length - rollbacks;
  const judged = epochs.filter(({ problem }) => problem === null).length;
  const sentences = [
    `back-test over ${counted(jobs, "job")} of ${counted(judged, "epoch")} in the last 30 days: ${counted(rollbacks, "rollback")}, ${counted(warnings, "warning")}`,
    ...epochs.flatMap(
      ({ epoch, problem }) => problem === null ? [] : [`epoch ${epoch} was not tested: ${problem}`]
    ),
    ...comparisons.map((comparison) => comparisonSentence(comparison))
  ];
  if (rollbacks > 0 && spec.analysis === "sequential" && comparisons.some(({ agreement }) => agreement === "only_proposed")) {
    sentences.push(
      "a rollback that nobody asked for then is either a false alarm or harm that nobody saw: look at the jobs"
    );
  }
  return sentences;
}
function comparisonSentence({ epoch, agreement, rolledBackAt, incident, hoursEarlier }) {
  const at = rolledBackAt === null ? "" : moment(atMinute(rolledBackAt));
  const really = incident ? `${KINDS[incident.kind]} at ${moment(incident.opened_at)} (incident ${incident.id})` : "";
  if (agreement === "only_proposed")
    return `epoch ${epoch}: it would have been rolled back at ${at}; in fact it was not`;
  if (agreement === "only_past") {
    return `epoch ${epoch}: it was ${really}; these thresholds had not rolled it back by the end of that evidence, so they would have been later or never`;
  }
  return `epoch ${epoch}: it would have been rolled back at ${at}, ${differenceText(hoursEarlier ?? 0)} it was ${really}`;
}
var KINDS = { rollback: "rolled back", emergency_stop: "stopped", drift: "reduced by hand" };
function differenceText(hoursEarlier) {
  const minutes = Math.round(Math.abs(hoursEarlier) * 60);
  if (minutes <= 30) return "at the time when";
  const length = minutes < 120 ? `${minutes} min` : `${Number((minutes / 60).toFixed(1))} h`;
  return `${length} ${hoursEarlier > 0 ? "before" : "after"}`;
}

// src/report/markdown/plan-comment.ts
function planComment(like) {
  return `${capped(planBody(like), COMMENT_LIMIT)}

${origin(like.from)}
`;
}
function planSummary(like) {
  return `${planBody(like)}

${origin(like.from)}
`;
}
function planBody({ plan: plan2, outlooks: outlooks2, notes, environment = null }) {
  const known = new Map(outlooks2.map((outlook2) => [outlook2.feature, outlook2]));
  const body = [
    `### Rollout plan${environment === null ? "" : ` for ${escapeMarkdown(environment)}`}`,
    "",
    ...notes.flatMap((note) => [`> ${escapeMarkdown(note)}`, ""]),
    // The revision may be a trial merge, which is new every time; the origin is printed below.
    planMarkdown({ ...plan2, revision: null, guardrails: /* @__PURE__ */ new Map() }, known),
    ...plan2.changes.flatMap((change) => details(change, known.get(change.feature)))
  ];
  return body.join("\n").trimEnd();
}
function details(change, outlook2) {
  const lines = [...movements(change), ...outlook2 ? outlookLines(outlook2) : []];
  if (lines.length === 0) return [];
  return [
    "<details>",
    `<summary><code>${change.feature.replace(/[^A-Za-z0-9_-]/g, "?")}</code>: ${standingWord(change.from)} \u2192 ${standingWord(change.to)}</summary>`,
    "",
    ...lines.map((line) => `- ${line}`),
    "",
    "</details>"
  ];
}
function movements(change) {
  const { impact, largest } = change;
  if (!impact || impact.entering + impact.leaving === 0) return [];
  const parts = impact.categories.filter(({ entering, leaving }) => entering + leaving > 0).map((part) => {
    const { entering, leaving } = part;
    const moves = [entering > 0 ? `${count(entering)} in` : "", leaving > 0 ? `${count(leaving)} out` : ""];
    return `${escapeMarkdown(partWord(part, change))} ${moves.filter(Boolean).join(" and ")}`;
  });
  const names = largest.map(
    ({ enters, name, id }) => `${escapeMarkdown(name ?? id)} (${enters ? "enters" : "leaves"})`
  );
  const total = `then ${count(impact.after)} of ${count(impact.total)} (${share(impact.after, impact.total)})`;
  return [
    `${parts.length > 0 ? `${parts.join(", ")}; ` : ""}${total}`,
    ...names.length > 0 ? [`largest: ${names.join(", ")}`] : []
  ];
}
function outlookLines(outlook2) {
  const { feature, spec, health, next, soak, jobs, backTest: backTest2, guardrails } = outlook2;
  const soaks = spec.steps.find(({ percentage }) => percentage === spec.percentage)?.soak ?? null;
  const lines = [
    jobs.jobs === 0 ? jobs.grouped === 0 ? "no jobs ran last week" : `${count(jobs.grouped)} jobs ran last week; outcomes.by_subject keeps no subjects to count those that move` : `${count(jobs.moving)} of ${count(jobs.jobs)} jobs of the last week belong to subjects that move (${share(jobs.moving, jobs.jobs)})`
  ];
  if (health)
    lines.push(
      `now **${verdictWord(health.verdict)}**: ${escapeMarkdown(health.reason)}; ${escapeMarkdown(advanceText(health.gate))}`
    );
  if (next)
    lines.push(
      `the step that follows: ${next.percentage}%${soaks === null ? "" : ` after ${formatDuration(soaks)}`}${next.approve ? ", once a person approves it" : ""}`
    );
  if (soak) lines.push(escapeMarkdown(soakSentence({ spec, traffic: soak }, soak.needed)));
  for (const sentence2 of backTestSentences({ spec, backTest: backTest2 })) lines.push(escapeMarkdown(sentence2));
  for (const { warning, text } of plannedGuardrailSentences(feature, guardrails))
    lines.push(`${warning ? ":warning: " : ""}${escapeMarkdown(text)}`);
  return lines;
}
function origin({ head, branch, tip, generation }) {
  const against = tip === null ? "" : ` against ${branch === null ? "the tip" : escapeMarkdown(branch)} at ${code(tip)}`;
  const state = generation === null ? "without a database" : `generation ${count(generation)} of the database`;
  return `<sub>Computed for ${code(head)}${against}, ${state}.</sub>`;
}
function code(revision) {
  return codeMarkdown(commit(revision));
}

// src/report/words/check-words.ts
function againstText(against) {
  switch (against.code) {
    case "errors":
      return `the file has ${counted(against.count, "error")}`;
    case "file_refused":
      return `reconcile refuses this file: ${against.message}${against.hint === null ? "" : `; ${against.hint}`}`;
    case "held":
      return `${against.feature} is held: ${reasonText(against.reason)}`;
    case "refused":
      return `${against.feature} is refused: ${reasonText(against.reason)}`;
    case "holds_unknown":
      return `the database could not be read, so nobody knows whether an incident holds ${against.features.join(", ")}; the next health run checks again`;
  }
}
var BLIND = "The plan has no database, so nobody knows whether an incident holds a feature that this raises; set the secret ROLLOUT_READER_DATABASE_URL";
function checkTitle(plan2, against, { changed, file, blind }) {
  if (!changed) return `${file} is not changed`;
  const [first, ...others] = against;
  if (first) return `${shortly(first)}${others.length > 0 ? ` and ${others.length} more` : ""}`;
  const { changes, entering, leaving, uncounted: uncounted2 } = totalsOf(plan2);
  const moved = uncounted2 > 0 ? "subjects were not counted" : `${count(entering)} in, ${count(leaving)} out`;
  if (changes === 0) return "No feature changes";
  const total = counted(changes, "change");
  return blind ? `${total}; holds are not known without a database` : `${total}: ${moved}`;
}
function shortly(against) {
  switch (against.code) {
    case "errors":
      return counted(against.count, "error");
    case "file_refused":
      return "Reconcile refuses this file";
    case "held":
      return `${against.feature} is held${against.incident === null ? "" : ` by incident ${against.incident}`}`;
    case "refused":
      return `${against.feature} is refused`;
    case "holds_unknown":
      return "Holds are not known: the database could not be read";
  }
}

// src/report/markdown/plan-check-markdown.ts
var CHECK_LIMIT = 65535 - 1e3;
function planCheckMarkdown(plan2, against, notes) {
  const lines = [
    ...against.map((one) => `- :x: ${escapeMarkdown(againstText(one))}`),
    ...against.length > 0 ? [""] : [],
    ...notes.flatMap((note) => [`> ${escapeMarkdown(note)}`, ""]),
    planMarkdown({ ...plan2, revision: null })
  ];
  return capped(lines.join("\n").trimEnd(), CHECK_LIMIT);
}

// src/actions/proposals/plan-check.ts
function checkName(environment) {
  return environment === null || environment === UNNAMED ? "rollout/plan" : `rollout/${environment}/plan`;
}
function checkedEnvironment(plan2, tip) {
  const own = tip === null || tip.revision === null ? null : environmentIn(tip);
  return own ?? plan2.environment ?? null;
}
function planCheck(planned2, checked) {
  const { plan: plan2, against, conclusion, changed, kept } = planned2;
  const { head, file, environment, url, notes } = checked;
  const problems = changed ? [...kept, ...plan2.problems] : [];
  return {
    name: checkName(environment),
    head,
    conclusion,
    title: checkTitle(plan2, against, { changed, file, blind: conclusion === "neutral" }),
    summary: planCheckMarkdown(plan2, against, conclusion === "neutral" ? [BLIND, ...notes] : notes),
    annotations: problems.map((problem) => ({
      path: fileOf(problem, file),
      line: problem.line,
      severity: problem.severity,
      title: problem.path === "" ? null : problem.path,
      message: problem.message
    })),
    url
  };
}
function commentKey({ file }) {
  return `plan of ${file}`;
}

export {
  planProposal,
  environmentIn,
  metricEngineOf,
  planEngineOf,
  planComment,
  planSummary,
  checkName,
  checkedEnvironment,
  planCheck,
  commentKey
};
