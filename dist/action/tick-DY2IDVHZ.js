import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  attempted
} from "./chunk-RLDFTE43.js";
import {
  tellDeployments
} from "./chunk-QFQBO4Z7.js";
import {
  reconcile
} from "./chunk-KQCXYNUU.js";
import {
  tellMerged
} from "./chunk-L7WPCUUB.js";
import {
  tellIncidents
} from "./chunk-WMPIRC73.js";
import {
  pendingBecause,
  writeBackOutcome,
  writeBackPending
} from "./chunk-7MO6NAHE.js";
import {
  editFeature
} from "./chunk-7T6ZLV7I.js";
import {
  EngineRefusal,
  ImpossibleAnswer,
  asKept,
  countsOf,
  readGuardrailPast,
  testGuardrails
} from "./chunk-RNV2SOUE.js";
import {
  STORM_SECONDS,
  askedOf,
  checkFeature,
  gatherAll,
  isTestOf,
  liveFeatures,
  notYetAllowed,
  queriesDigest,
  uncheckedFeature,
  underOverrides
} from "./chunk-JJKZLDWZ.js";
import "./chunk-MVJV7QGA.js";
import "./chunk-6M753A3Q.js";
import {
  againstStep
} from "./chunk-VR4I337A.js";
import {
  missedCutoff,
  nextAudiences,
  nextStep,
  reviewOf,
  wayTo
} from "./chunk-CGKZ2VQL.js";
import "./chunk-MRT3W3EF.js";
import {
  effectOf,
  guardrailsOf,
  isBlind
} from "./chunk-IJK26YUE.js";
import {
  healthParams,
  ruleOf
} from "./chunk-3AB62VHW.js";
import {
  calledBy
} from "./chunk-NSWKCLK7.js";
import {
  proposalBranch
} from "./chunk-AMLPSWQB.js";
import {
  refuseOtherEnvironment,
  whyNoPlainWrites
} from "./chunk-V6CWIZKH.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-QYTOR3Q2.js";
import {
  parseConfig,
  receiverOf,
  routedSeverity,
  takes
} from "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import {
  STEP_SECONDS,
  closedAt,
  pausedBy,
  readAgainFrom,
  readFrom
} from "./chunk-PIILY4BD.js";
import {
  checkpointOf,
  impossible,
  judgedFrom,
  judgedOf,
  ratesOf,
  sameRates,
  scopeCheckpoint,
  treatmentOf,
  windowsByScope,
  youthOf
} from "./chunk-KQIIWPI2.js";
import "./chunk-B2BW3BM7.js";
import "./chunk-BYGHVZ3S.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-BMBMLGWI.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-DXL3VAZT.js";
import {
  foldName
} from "./chunk-T5UFH23J.js";
import "./chunk-RPGLZE3Y.js";
import {
  same
} from "./chunk-YHZEJLZZ.js";
import {
  DAY_MS
} from "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-N4SPL67E.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/domain/plan/merged.ts
function mergedReconciles(first, again) {
  return {
    ...again,
    // Held changes that remain are in the later result too.
    changes: [...first.changes.filter(({ action }) => action !== "held"), ...again.changes],
    adopted: [...first.adopted, ...again.adopted],
    movements: summed([...first.movements, ...again.movements]),
    test_repositories: net(first.test_repositories, again.test_repositories, String),
    freezes: net(first.freezes, again.freezes, (freeze) => JSON.stringify(freeze))
  };
}
function net(first, again, key) {
  const without = (some, others) => {
    const gone = new Set(others.map(key));
    return some.filter((one) => !gone.has(key(one)));
  };
  return {
    added: [...without(first.added, again.removed), ...without(again.added, first.removed)],
    removed: [...without(first.removed, again.added), ...without(again.removed, first.added)]
  };
}
function summed(movements) {
  const sums = /* @__PURE__ */ new Map();
  for (const { feature, entering, leaving } of movements) {
    const before = sums.get(feature) ?? { feature, entering: 0, leaving: 0 };
    sums.set(feature, { feature, entering: before.entering + entering, leaving: before.leaving + leaving });
  }
  return [...sums.values()];
}

// src/app/guardrails/until-refused.ts
function untilRefused(engine) {
  let refusal = null;
  return {
    range: async (...asked) => {
      if (refusal) throw refusal;
      try {
        return await engine.range(...asked);
      } catch (error) {
        if (error instanceof EngineRefusal && error.forAll) refusal = error;
        throw error;
      }
    }
  };
}

// src/app/guardrails/keep-back-test.ts
async function renewBackTests({ store, engine }, actor) {
  const due = await store.reading(async (read) => {
    const live = await liveFeatures(read);
    const kept = await read.guardrails.backTests(
      live.flatMap(({ spec, standing }) => spec.guardrails ? [standing.feature] : [])
    );
    const { now } = await read.state();
    const reads = await read.guardrails.metricReads(live.map(({ standing }) => standing.feature));
    const all = [...reads.values()].flatMap((ofFeature) => [...ofFeature.values()]);
    if (pausedBy(all, now)) return [];
    return live.filter(
      ({ spec, standing }) => guardrailsOf(spec).some(([metric, guardrail]) => {
        if (!isBlind(guardrail) || effectOf(guardrail) !== "rollback") return false;
        const last = kept.get(standing.feature)?.get(metric);
        const digest = queriesDigest(guardrail);
        const notYet = notYetAllowed(guardrail, last, digest);
        if (notYet === null || notYet.code === "no_correlation") return false;
        const fresh = last !== void 0 && now.getTime() - last.testedAt.getTime() < DAY_MS;
        return !fresh || !isTestOf(last, guardrail, digest);
      })
    );
  });
  const asking = untilRefused(engine);
  for (const { standing, spec } of due) {
    await tested({ store, engine: asking }, { feature: standing.feature, spec, actor });
  }
}
async function tested({ store, engine }, { feature, spec, actor }) {
  const past = await store.reading((read) => readGuardrailPast(read, feature, spec));
  const tests = await testGuardrails(spec, past, engine);
  for (const { metric, guardrail, found } of tests) {
    if (!isBlind(guardrail) || found.code !== "tested" || found.by !== "engine") continue;
    const digest = queriesDigest(guardrail) ?? "";
    await store.guardrails.keepBackTest({ ...asKept(found.test, digest, past.now), feature, metric, actor });
  }
  const kept = (await store.reading((read) => read.guardrails.backTests([feature]))).get(feature);
  return tests.map((one) => ({
    ...one,
    blind: isBlind(one.guardrail),
    notYet: notYetAllowed(one.guardrail, kept?.get(one.metric), queriesDigest(one.guardrail))
  }));
}

// src/app/guardrails/read-metrics.ts
async function readMetrics({ store, engine, words }) {
  const { now, asked } = await store.reading(async (read) => {
    const live = await liveFeatures(read);
    const reads = await read.guardrails.metricReads(live.map(({ standing }) => standing.feature));
    return { now: (await read.state()).now, asked: live.flatMap((one) => metricsOf(one, reads)) };
  });
  const asking = untilRefused(engine);
  const paused = pausedBy(
    asked.map(({ read }) => read),
    now
  );
  const until = closedAt(now);
  for (const one of asked) {
    const due = readFrom(one.read, one.live.standing.epoch_started_at);
    if (until <= due) continue;
    if (paused) {
      const { problem, retryAt } = paused;
      await note(store, one, { readUntil: null, problem, retryAt });
      continue;
    }
    try {
      await readSteps({ store, engine: asking, words }, one, due, until);
    } catch (error) {
      if (!(error instanceof EngineRefusal) && !(error instanceof ImpossibleAnswer)) throw error;
      const pause = error instanceof EngineRefusal ? error.retryAfterSeconds : 0;
      const retryAt = pause > 0 ? new Date(now.getTime() + pause * 1e3) : null;
      await note(store, one, { readUntil: null, problem: error.message, retryAt });
    }
  }
}
async function readSteps({ store, engine, words }, one, due, until) {
  const from = readAgainFrom(one.read, one.live.standing.epoch_started_at, until);
  const { counts, impossible: impossible2 } = await countsOf(engine, one.query, from, until);
  await recordSteps(store, one, counts, from);
  let read = until;
  while (impossible2.has(read)) read -= STEP_SECONDS;
  const problem = impossible2.get(until) ?? null;
  const readUntil = read > due ? new Date(read * 1e3) : null;
  await note(store, one, { readUntil, problem, retryAt: null });
  if (from > due) await tellLost({ store, words }, one, { from: due, until: from, problem: null });
  for (const [at, why] of impossible2) {
    if (at < read)
      await tellLost({ store, words }, one, { from: at - STEP_SECONDS, until: at, problem: why });
  }
}
function metricsOf(live, reads) {
  const ofFeature = reads.get(live.standing.feature);
  return guardrailsOf(live.spec).flatMap(
    ([metric, { query }]) => query ? [{ live, metric, query, read: ofFeature?.get(metric) }] : []
  );
}
async function recordSteps(store, { live, metric }, counts, from) {
  const { feature, epoch } = live.standing;
  const known = await store.reading((read) => read.guardrails.stepSums({ feature, metric, epoch, from }));
  const steps = /* @__PURE__ */ new Map();
  for (const one of counts) steps.set(one.at, [...steps.get(one.at) ?? [], one]);
  for (const [at, step] of [...steps].sort(([a], [b]) => a - b)) {
    const isMore = ["treatment", "control"].some((arm) => {
      const has = known.get(`${at} ${arm}`);
      const of = step.filter((one) => one.arm === arm);
      const sum = (key) => of.reduce((all, one) => all + one[key], 0);
      return sum("events") > (has?.events ?? 0) || sum("bad") > (has?.bad ?? 0);
    });
    if (isMore) await store.guardrails.recordStep({ feature, metric, epoch, at, counts: step });
  }
}
async function tellLost({ store, words }, { live, metric }, lost) {
  const { feature, epoch } = live.standing;
  const { problem } = lost;
  const [from, until] = [new Date(lost.from * 1e3), new Date(lost.until * 1e3)];
  const notice = { kind: "steps_lost", feature, metric, from, until, problem };
  await store.outbox.enqueue({
    // Among implausible steps, only the first of an epoch is notified.
    key: `steps_lost:${feature}:${epoch}:${metric}:${problem === null ? lost.from : "impossible"}`,
    feature,
    severity: "warning",
    kind: notice.kind,
    message: words.notice(notice),
    details: { metric, from, until, problem }
  });
}
function note(store, { live, metric }, read) {
  return store.guardrails.noteMetricRead({ feature: live.standing.feature, metric, ...read });
}

// src/app/incidents/quarantine-write-back.ts
async function writeBackQuarantines(deps) {
  if (await whyNoPlainWrites(deps)) return [];
  const { pending, known } = await deps.store.reading(async (read) => ({
    pending: await read.incidents.pendingQuarantines(),
    known: { head: await read.history.head(), environment: (await read.state()).environment }
  }));
  const written = [];
  for (const one of pending) {
    const outcome = await writeOne(deps, one, known);
    const ids = one.subjects.map(({ id }) => id);
    await deps.store.incidents.markQuarantines(ids, outcome);
    written.push({ feature: one.feature, subjects: one.subjects.map(({ subject }) => subject), ...outcome });
  }
  return written;
}
function quarantineBranch(environment, feature) {
  return proposalBranch(environment, { operation: "quarantine", name: feature });
}
async function writeOne(deps, pending, known) {
  const { repository, words } = deps;
  const { feature, subjects, via } = pending;
  const entries = subjects.map(calledBy);
  const requested = { code: "list", list: "blacklist", action: "add", feature, entries };
  const change = (how) => repository.change({
    edit: (text) => attempted(() => editForQuarantine(text, pending, known.environment)),
    via: how,
    branch: quarantineBranch(known.environment, feature),
    title: words.title(requested),
    body: [...words.facts(requested), ...subjects.map(({ reason }) => reason), EFFECT].join("\n"),
    trailers: [
      `Rollout-Feature: ${feature}`,
      ...known.head === "" ? [] : [`Rollout-History: ${known.head}`]
    ]
  });
  try {
    return outcomeOf(await change(via).catch((error) => byProposal(error, () => change("pull_request"))));
  } catch (error) {
    return pendingBecause(errorText(error));
  }
}
function byProposal(error, propose2) {
  if (error instanceof RolloutError && error.code === "branch_protected") return propose2();
  throw error;
}
var EFFECT = "In quarantine in the database already: merging this changes 0 subjects.";
function editForQuarantine(text, pending, environment) {
  const { feature } = pending;
  const { config, broken } = parseConfig(text);
  if (!config || broken.has(feature)) {
    throw new RolloutError(
      "file_invalid",
      `the file on the default branch has errors, so ${feature} was left as it is`,
      { hint: "see them with: rollout validate" }
    );
  }
  refuseOtherEnvironment(config, environment);
  const spec = config.features.get(feature);
  if (!spec) return text;
  const edited = editFeature(text, feature, quarantineEdits(spec, pending));
  if (parseConfig(edited).config?.features.has(feature)) return edited;
  throw new RolloutError(
    "edit_refused",
    `the file cannot blacklist ${pending.subjects.map(calledBy).join(", ")}`,
    {
      hint: `edit ${feature} in rollout.yaml by hand`
    }
  );
}
function quarantineEdits(spec, { subjects, resolved }) {
  const ids = new Set(subjects.map(({ subject }) => subject));
  const names = new Set(subjects.flatMap(({ name }) => name === null ? [] : [foldName(name)]));
  const means = (entry) => ids.has(resolved[entry] ?? entry) || names.has(foldName(entry));
  const gone = spec.whitelist.filter(means);
  const known = new Set(
    spec.blacklist.flatMap((entry) => [entry, resolved[entry] ?? entry, foldName(entry)])
  );
  const added = subjects.filter(({ subject, name }) => !known.has(subject) && !(name !== null && known.has(foldName(name)))).map(({ subject }) => subject);
  return [
    ...gone.length > 0 ? [{ kind: "remove_entries", list: "whitelist", entries: gone }] : [],
    ...added.length > 0 ? [{ kind: "add_entries", list: "blacklist", entries: added }] : []
  ];
}
function outcomeOf(result) {
  return result.state === "refused" ? pendingBecause(result.refused.message) : writeBackOutcome(result);
}

// src/app/health/advance-step.ts
function advanceBranch(environment, feature) {
  return proposalBranch(environment, { operation: "advance", name: feature });
}
async function advanceReady(deps, judged, proposals) {
  if (await whyNoPlainWrites(deps)) return [];
  const done = [];
  const open = judged.filter(({ result }) => result.action === "would_advance");
  for (const { live, result } of open) done.push(await propose(deps, live, result));
  const proposed = new Set(done.filter(({ action }) => action === "proposed").map(({ feature }) => feature));
  for (const feature of proposals) {
    if (proposed.has(feature)) continue;
    const advance = judged.find(({ result }) => result.feature === feature)?.result.advance;
    if (advance?.wait?.code === "hours") continue;
    const problem = await withdraw(
      deps,
      feature,
      advance ? deps.words.gate(advance) : "nobody is exposed to it any more"
    );
    if (problem) done.push({ feature, action: "proposed", note: problem });
  }
  for (const { feature, action } of done) await deps.store.health.noteAction(feature, action);
  return done;
}
async function mayHaveProposals(read, only) {
  const rows = [...(await read.features.actual()).values()];
  const proposing = rows.filter(({ spec }) => {
    const to = spec ? nextStep(spec)?.percentage : void 0;
    return spec && (spec.advance === "pull_request" || to !== void 0 && wayTo(spec, to) === "pull_request");
  });
  const features = [...proposing.map(({ feature }) => feature), ...await read.health.proposedFeatures()];
  return [...new Set(features)].filter((feature) => only === void 0 || feature === only);
}
async function propose({ repository, store, words, other }, { spec, reconciled }, { feature, advance }) {
  const to = advance.next?.percentage;
  if (to === void 0 || reconciled === null) return { feature, action: "none", note: null };
  const { wait, step } = advance;
  const breaches = await againstStep(store, feature, reconciled, to, other);
  if (breaches.length > 0) return { feature, action: "none", note: { code: "step_refused", to, breaches } };
  if (!repository.committed && reviewOf(spec, to)) return notChanged(feature, unreviewable(to));
  const from = spec.percentage;
  const requested = { code: "advance", feature, from, to, gate: { wait, step }, forced: false };
  try {
    const { head, environment } = await store.reading(async (read) => ({
      head: await read.history.head(),
      environment: (await read.state()).environment
    }));
    const outcome = await repository.change({
      edit: (text) => attempted(() => nextText(text, { feature, reconciled, to, environment })),
      via: reviewOf(spec, to) ? "pull_request" : "commit",
      branch: advanceBranch(environment, feature),
      title: words.title(requested),
      body: words.facts(requested).join("\n"),
      features: [feature],
      trailers: [`Rollout-Feature: ${feature}`, `Rollout-History: ${head}`]
    });
    if (outcome.state === "refused") return notChanged(feature, outcome.refused);
    if (outcome.state === "needs_person") {
      const note2 = { code: "step_by_person", to, compare: outcome.compare };
      return { feature, action: "proposed", note: note2 };
    }
    const proposed = outcome.state === "proposed" || outcome.state === "edited";
    return { feature, action: proposed ? "proposed" : "advanced", ...whereIs(outcome, to) };
  } catch (error) {
    return notChanged(feature, error);
  }
}
function unreviewable(to) {
  return new RolloutError(
    "usage",
    `${to}% asks for a review, and a file outside a repository has no pull requests`,
    { hint: "a person writes the percentage into the file" }
  );
}
function notChanged(feature, error) {
  return { feature, action: "none", note: { code: "step_failed", error: errorText(error) } };
}
function whereIs(outcome, to) {
  const commit = "commit" in outcome ? outcome.commit : null;
  const pull_request = "pull_request" in outcome ? outcome.pull_request : null;
  return {
    note: { code: "step", to, pull_request },
    ...commit === null ? {} : { commit },
    ...pull_request === null ? {} : { pull_request }
  };
}
function nextText(text, { feature, reconciled, to, environment }) {
  const { config } = parseConfig(text);
  const spec = config?.features.get(feature);
  if (config) refuseOtherEnvironment(config, environment);
  if (spec && same(spec, { ...reconciled, percentage: to })) return text;
  if (spec && same(spec, reconciled)) {
    return editFeature(text, feature, [{ kind: "set", path: ["percentage"], value: to }]);
  }
  throw new RolloutError(
    "edit_refused",
    `it says something else of ${feature} than what was judged; it has to be reconciled first`
  );
}
async function withdraw({ repository, store }, feature, why) {
  try {
    const { environment } = await store.reading((read) => read.state());
    await repository.withdraw(advanceBranch(environment, feature), why);
    return null;
  } catch (error) {
    const message = errorText(error);
    return { code: "step_not_withdrawn", error: message };
  }
}

// src/domain/verdict/next-checkpoint.ts
function nextCheckpoint(seen, rule, until) {
  const { startedAt, now, windows, timeless = false, checkpoint = null } = seen;
  const youth = youthOf(startedAt, seen.durations, treatmentOf(seen), timeless);
  if (youth && now < youth.until || impossible(windows) !== null) return "forget";
  const from = judgedFrom(youth, startedAt);
  if (checkpoint && !(checkpoint.judgedFrom === from && sameRates(checkpoint.rates, rule))) return "forget";
  if (until <= startedAt || checkpoint && checkpoint.until >= until) return "keep";
  const before = windows.filter((window) => window.startedAt < until);
  const scopes = windowsByScope(judgedOf(before, youth, startedAt), checkpoint);
  const next = {
    ...{ until, startedAt, judgedFrom: from, rates: ratesOf(rule) },
    treatment: treatmentOf({ windows: before, checkpoint }),
    scopes: [...scopes].map(([scope, own]) => [
      scope,
      scopeCheckpoint(checkpointOf(checkpoint, scope), own, { startedAt, rule })
    ])
  };
  const isCalm = next.scopes.every(([, { peak }]) => peak < Math.log(rule.evidence));
  return isCalm ? next : "forget";
}

// src/app/health/keep-checkpoints.ts
async function keepCheckpoints(store, live, gathered, environment) {
  const made = [];
  const forgotten = [];
  for (const { standing, spec } of live) {
    const { feature } = standing;
    const resumed = gathered.get(feature)?.resumed;
    const judged = underOverrides(environment, feature, spec).spec;
    const rule = ruleOf(healthParams(judged));
    if (!resumed || typeof rule === "string" || judged.analysis === "threshold" || isNew(resumed)) continue;
    const checkpoint = nextCheckpoint(resumed.windows(), rule, resumed.standing.next);
    if (checkpoint === "forget") {
      if (resumed.standing.checkpoint) forgotten.push(feature);
    } else if (checkpoint !== "keep") made.push({ standing: resumed.standing, checkpoint });
  }
  try {
    await store.health.keepCheckpoints(made);
    await store.health.forgetCheckpoints(forgotten);
  } catch {
  }
}
function isNew({ standing: { until, next } }) {
  return until !== null && until.getTime() >= next * 1e3;
}

// src/app/health/health-round.ts
async function healthRound(deps, input, feature) {
  if (!input.dryRun) await deps.store.features.restartSoaks(input.actor);
  const { live, proposals } = await deps.store.reading(async (read) => ({
    live: await liveFeatures(read, feature),
    proposals: await mayHaveProposals(read, feature)
  }));
  const asked = live.map(askedOf);
  if (!input.dryRun) await keepWindows(deps.store, asked);
  const gathered = await gatherAll(deps.store, asked);
  const crossings = await recentCrossings(deps.store, live.length);
  const judged = [];
  for (const one of live) {
    input.keep?.();
    const found = gathered.get(one.standing.feature);
    judged.push({ live: one, result: await checkOne(deps, one, { ...input, crossings }, found) });
  }
  const results = judged.map(({ result }) => result);
  if (input.dryRun) return { results, written_back: [], quarantines: [], advanced: [] };
  input.keep?.();
  await keepCheckpoints(deps.store, live, gathered, input.environment);
  const written_back = await writeBackPending(deps);
  const quarantines = await writeBackQuarantines(deps);
  input.keep?.();
  const advanced = await advanceReady(deps, judged, proposals);
  return {
    results: results.map((result) => withStep(result, advanced)),
    written_back,
    quarantines,
    advanced
  };
}
async function keepWindows(store, asked) {
  try {
    await store.health.keepWindows(asked);
  } catch {
  }
}
function withStep(result, advanced) {
  const step = advanced.find(({ feature }) => feature === result.feature);
  return step ? { ...result, action: step.action, note: step.note } : result;
}
async function recentCrossings(store, live) {
  const recent = await store.reading((read) => read.incidents.recentRollbacks(STORM_SECONDS));
  return { ...recent, live };
}
async function checkOne(deps, live, input, gathered) {
  try {
    return await checkFeature(deps, live, input, gathered);
  } catch (error) {
    await deps.store.reading((read) => read.state());
    return uncheckedFeature(live, error);
  }
}
function fileChanged({ written_back, quarantines, advanced }) {
  return quarantines.some(({ state }) => state !== "pending") || written_back.some(({ state }) => state !== "pending") || advanced.some(({ action }) => action === "advanced");
}

// src/app/tick/cutoffs.ts
async function tellCutoffs({
  store,
  words
}) {
  const { state, features } = await store.reading(async (read) => ({
    state: await read.state(),
    features: await read.features.actual()
  }));
  for (const { feature, spec, archived } of features.values()) {
    const day = spec && !archived ? missedCutoff(spec, state.now) : null;
    if (spec === null || day === null) continue;
    const notice = { kind: "cutoff_missed", feature, day, percentage: spec.percentage };
    await store.outbox.enqueue({
      key: `cutoff_missed:${feature}:${day}`,
      feature,
      severity: "warning",
      kind: notice.kind,
      message: words.notice(notice),
      details: { day, percentage: spec.percentage }
    });
  }
}

// src/app/tick/routes.ts
var WEBHOOK = "ROLLOUT_WEBHOOK_URL";
async function routingOf(store, receivers) {
  return store.reading(async (read) => {
    const { environment, notify, now } = await read.state();
    const routes = (notify ?? []).map((route) => ({ route, receiver: receivers.of(route) }));
    const features = routes.some(({ route }) => route.owners) ? await read.features.actual() : null;
    const owner = (feature) => feature === null ? null : features?.get(feature)?.spec?.owner ?? null;
    return { environment, now, routes, owner, webhook: receivers.webhook };
  });
}
function receiversFor({ routes, owner, webhook }, {
  severity,
  feature,
  details,
  delivered_to
}) {
  const routed = { severity: routedSeverity(severity, details), feature, owner: owner(feature) };
  const found = /* @__PURE__ */ new Map();
  for (const { route, receiver } of routes) {
    if (!receiver.ok || !takes(route, routed)) continue;
    const name = receiverOf(route);
    const took = delivered_to.includes(name) || (found.get(receiver.same)?.took ?? false);
    found.set(receiver.same, { name, notifier: receiver.notifier, took });
  }
  if (found.size > 0) return [...found.values()].filter(({ took }) => !took);
  return webhook && !delivered_to.includes(WEBHOOK) ? [{ name: WEBHOOK, notifier: webhook }] : [];
}
async function tellRoutes(store, receivers, words) {
  const routing = await routingOf(store, receivers);
  for (const { route, receiver } of routing.routes) {
    if (receiver.ok) continue;
    const { variable, problem } = receiver;
    const since = await store.outbox.lastTakenBy(receiverOf(route));
    await store.outbox.enqueue({
      key: `receiver_missing:${variable}:${problem}:${since}`,
      feature: null,
      severity: "warning",
      kind: "receiver_missing",
      message: words.notice({ kind: "receiver_missing", feature: null, variable, problem }),
      details: { variable, problem }
    });
  }
  await tellPercentages(store, routing, words);
}
async function tellPercentages(store, { routes, owner }, words) {
  const changes = await store.outbox.percentagesSince();
  for (const { id, ...change } of changes) {
    const { feature, from, to } = change;
    const routed = { severity: "info", feature, owner: owner(feature) };
    if (!routes.some(({ route }) => takes(route, routed))) continue;
    await store.outbox.enqueue({
      key: `percentage:${id}`,
      ...{ feature, severity: "info", kind: "percentage_changed" },
      message: words.notice({ kind: "percentage_changed", ...change }),
      details: { from, to }
    });
  }
  const last = changes.at(-1);
  if (last) await store.outbox.notePercentages(last.id);
}

// src/app/tick/notify.ts
var PAGE = 1e3;
var MOST_POSTS = 50;
var MOST_AGAIN = 25;
async function deliverPending(store, print, receivers) {
  const run = { routing: await routingOf(store, receivers), down: /* @__PURE__ */ new Set(), posts: /* @__PURE__ */ new Map() };
  const result = { delivered: 0, waiting: 0, error: null };
  for await (const message of pendingOf(store)) {
    const { told, id, severity, kind, feature } = message;
    if (!told) {
      print({ severity, kind, feature, message: message.message });
      await store.outbox.markTold(id);
    }
    const sent = await send(run, message);
    if (sent.attempted || sent.left === 0) {
      const why = sent.error ?? (sent.left > 0 ? "it waits for another receiver" : null);
      await store.outbox.markDelivery(id, why, sent.took);
    }
    result.error ??= sent.error;
    if (sent.left === 0) result.delivered += 1;
    else result.waiting += 1;
  }
  return result;
}
async function* pendingOf(store) {
  let after = "0";
  for (; ; ) {
    const page = await store.outbox.pending(PAGE, after);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < PAGE) return;
    after = last.id;
  }
}
async function send(run, message) {
  const chosen = receiversFor(run.routing, message);
  const sent = { attempted: false, took: [], left: chosen.length, error: null };
  for (const { name, notifier } of chosen) {
    if (run.down.has(name) || !mayPost(run, name, message.attempts > 0)) continue;
    sent.attempted = true;
    const failure = await attempt(notifier, run.routing.environment, message);
    if (failure) {
      sent.error ??= name === WEBHOOK ? failure.message : `${name}: ${failure.message}`;
      if (!failure.ofMessage) run.down.add(name);
    } else {
      sent.took.push(name);
      sent.left -= 1;
    }
  }
  return sent;
}
function mayPost({ posts }, name, again) {
  const before = posts.get(name) ?? { all: 0, again: 0 };
  if (before.all >= MOST_POSTS || again && before.again >= MOST_AGAIN) return false;
  posts.set(name, { all: before.all + 1, again: before.again + (again ? 1 : 0) });
  return true;
}
async function attempt(notifier, environment, message) {
  try {
    await notifier.deliver({ ...message, environment });
    return null;
  } catch (error) {
    return { message: errorText(error), ofMessage: error instanceof Error && isRefusal(error) };
  }
}
function isRefusal(error) {
  const status = "status" in error && typeof error.status === "number" ? error.status : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
}

// src/app/registry/categorize.ts
async function categorize(store, actor, patient = true) {
  const read = { actor, reason: "read from rollout_repository_source" };
  const source = await store.registry.refreshFromSource(read, patient);
  const result = await store.registry.categorizeAll({ actor, reason: "repositories categorised again" });
  if (result.changed > 0) await store.features.keepCounts().catch(() => void 0);
  return { ...result, source };
}

// src/app/tick/source.ts
async function takeSource({ store, words }, actor) {
  const turn = await store.registry.beginSource();
  if (turn === null) return null;
  try {
    const report = await categorize(store, actor, false);
    await store.registry.endSource(true);
    return hasChanged(report) ? report : null;
  } catch {
    if (!turn.failing) await tell({ store, words }, turn.began_at);
    await store.registry.endSource(false);
    return null;
  }
}
async function tell({ store, words }, since) {
  await store.outbox.enqueue({
    key: `source_unread:${since.getTime()}`,
    feature: null,
    severity: "warning",
    kind: "source_unread",
    message: words.notice({ kind: "source_unread", feature: null })
  });
}
function hasChanged({ changed, movements, source }) {
  const brought = source === null ? 0 : source.added + source.changed + source.movements.length;
  return changed + movements.length + brought > 0;
}

// src/app/tick/tick.ts
var LEASE_SECONDS = 60;
async function tick(deps, input) {
  const lease = await deps.store.lease.hold(input.holder, LEASE_SECONDS);
  if (lease === null) return skipped();
  try {
    const first = await tryReconcile(deps, input);
    const problems = [];
    const warnings = [];
    const timedOut = await timeOutJobs(deps, problems);
    await goOn(deps, problems, "folding the scores", () => deps.store.health.tripFuse());
    await goOn(deps, problems, "measuring control's times", () => deps.store.guardrails.measureTimes());
    await goOn(deps, problems, "reading metrics", async () => {
      const { store, engine, words } = deps;
      if (engine) await readMetrics({ store, engine, words });
    });
    await goOn(deps, problems, "back-testing guardrails", async () => {
      const { store, engine } = deps;
      if (engine) await renewBackTests({ store, engine }, input.actor);
    });
    await deps.store.incidents.announce();
    const round = await healthRound(deps, { ...input, dryRun: false, keep: lease.keep });
    const again = fileChanged(round) ? await tryReconcile(deps, input) : null;
    await deps.store.incidents.announce();
    await goOn(deps, problems, "looking for missed cutoffs", () => tellCutoffs(deps));
    await goOn(deps, problems, "keeping counts", async () => {
      await deps.store.features.keepCounts(await deps.store.reading(nextAudiences));
      await deps.store.outcomes.keepParticipation();
    });
    await goOn(deps, problems, "tidying up", () => deps.store.maintain());
    await goOn(deps, problems, "telling of incidents", async () => {
      for (const tell2 of [tellIncidents, tellDeployments, tellMerged]) {
        const told = await tell2(deps);
        problems.push(...told.problems);
        warnings.push(...told.warnings);
      }
    });
    await goOn(
      deps,
      problems,
      "routing notifications",
      () => tellRoutes(deps.store, deps.receivers, deps.words)
    );
    const delivery = await deliverPending(deps.store, deps.print, deps.receivers);
    const done = {
      ...round,
      skipped: false,
      reconciled: both(first.result, again?.result ?? null),
      reconcile_error: (again ?? first).error,
      timed_out: timedOut,
      problems,
      warnings,
      delivery,
      heartbeat: await deps.store.lease.leaveHeartbeat()
    };
    if (isGood(done)) await callHeartbeat(deps, warnings);
    let registry = null;
    await goOn(deps, problems, "reading rollout_repository_source", async () => {
      registry = await takeSource(deps, input.actor);
    });
    return { ...done, registry };
  } finally {
    await lease.release().catch(() => void 0);
  }
}
function isGood(done) {
  const broken = done.reconciled?.problems.some(({ severity }) => severity === "error") ?? false;
  const unjudged = done.results.some(({ judgement }) => judgement.verdict === "error");
  return done.reconcile_error === null && done.problems.length === 0 && !broken && !unjudged;
}
async function callHeartbeat({ heartbeat }, warnings) {
  try {
    await heartbeat?.();
  } catch (error) {
    warnings.push(`the heartbeat was not delivered: ${errorText(error)}`);
  }
}
async function checkHealth(deps, input, feature) {
  const round = await healthRound(deps, input, feature);
  const again = fileChanged(round) ? await tryReconcile(deps, input) : null;
  return { ...round, reconcile_error: again?.error ?? null };
}
async function tryReconcile(deps, { actor, metadata = {} }) {
  try {
    const result = await reconcile(deps, { actor, allowRewind: false, revision: null, metadata });
    return { result, error: null };
  } catch (error) {
    if (error instanceof RolloutError && error.code.startsWith("database_")) throw error;
    const known = error instanceof RolloutError ? error : null;
    return {
      result: null,
      error: {
        code: known?.code ?? "internal",
        message: errorText(error),
        hint: known?.hint ?? null
      }
    };
  }
}
async function timeOutJobs(deps, problems) {
  const features = await deps.store.reading((read) => read.features.actual());
  let timedOut = 0;
  for (const { feature, spec } of features.values()) {
    if (!spec) continue;
    await goOn(deps, problems, `timing out the jobs of ${feature}`, async () => {
      timedOut += await deps.store.outcomes.timeOutJobs(feature, spec.thresholds.job_timeout);
    });
  }
  return timedOut;
}
async function goOn(deps, problems, what, work) {
  try {
    await work();
  } catch (error) {
    await deps.store.reading((read) => read.state());
    problems.push(`${what} failed: ${errorText(error)}`);
  }
}
function both(first, again) {
  return first && again ? mergedReconciles(first, again) : again ?? first;
}
function skipped() {
  return {
    results: [],
    written_back: [],
    quarantines: [],
    advanced: [],
    skipped: true,
    reconciled: null,
    reconcile_error: null,
    timed_out: 0,
    problems: [],
    warnings: [],
    delivery: null,
    heartbeat: null,
    registry: null
  };
}
export {
  checkHealth,
  tick
};
