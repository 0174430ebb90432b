import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  attempted
} from "./chunk-RLDFTE43.js";
import {
  tellDeployments
} from "./chunk-VJ6KOBIH.js";
import {
  reconcile
} from "./chunk-H7JRTCIZ.js";
import {
  tellIncidents
} from "./chunk-3KQSRFXD.js";
import {
  writeBackPending
} from "./chunk-HYA67ODY.js";
import {
  editFeature
} from "./chunk-CRPEAGV4.js";
import {
  STORM_SECONDS,
  checkFeature,
  gatherAll,
  liveFeatures,
  uncheckedFeature
} from "./chunk-C4SOCEO6.js";
import "./chunk-YNPKVQSM.js";
import "./chunk-UQMFAHW3.js";
import "./chunk-KGTZJLT5.js";
import {
  refuseOtherEnvironment,
  whyNoPlainWrites
} from "./chunk-BDGD52UT.js";
import {
  parseConfig
} from "./chunk-FSRUMNGE.js";
import "./chunk-JPMNDO3S.js";
import {
  proposalBranch
} from "./chunk-AMLPSWQB.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-2GTAJ5TH.js";
import "./chunk-TORRJGHT.js";
import "./chunk-2EWTX3ZV.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-ORCGCG3B.js";
import "./chunk-PNDQKD5W.js";
import "./chunk-QSIONP25.js";
import "./chunk-O673KTJQ.js";
import "./chunk-DFTZCUKI.js";
import "./chunk-A5IW2GV2.js";
import "./chunk-TEAR7GFV.js";
import {
  same
} from "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-RZUBHR4S.js";
import "./chunk-N4SPL67E.js";
import {
  errorText
} from "./chunk-GEW4BJNP.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

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
  const proposing = rows.filter(({ spec }) => spec?.advance === "pull_request");
  const features = [...proposing.map(({ feature }) => feature), ...await read.health.proposedFeatures()];
  return [...new Set(features)].filter((feature) => only === void 0 || feature === only);
}
async function propose({ repository, store, words }, { spec, reconciled }, { feature, advance }) {
  const to = advance.next?.percentage;
  if (to === void 0 || reconciled === null) return { feature, action: "none", note: null };
  const { wait, step } = advance;
  const from = spec.percentage;
  const requested = { code: "advance", feature, from, to, gate: { wait, step }, forced: false };
  try {
    const { head, environment } = await store.reading(async (read) => ({
      head: await read.history.head(),
      environment: (await read.state()).environment
    }));
    const outcome = await repository.change({
      edit: (text) => attempted(() => nextText(text, { feature, reconciled, to, environment })),
      via: spec.advance === "pull_request" ? "pull_request" : "commit",
      branch: advanceBranch(environment, feature),
      title: words.title(requested),
      body: words.facts(requested).join("\n"),
      trailers: [`Rollout-Feature: ${feature}`, `Rollout-History: ${head}`]
    });
    if (outcome.state === "refused") return notChanged(feature, outcome.refused);
    if (outcome.state === "needs_person") {
      const note = { code: "step_by_person", to, compare: outcome.compare };
      return { feature, action: "proposed", note };
    }
    const proposed = outcome.state === "proposed" || outcome.state === "edited";
    return { feature, action: proposed ? "proposed" : "advanced", ...whereIs(outcome, to) };
  } catch (error) {
    return notChanged(feature, error);
  }
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

// src/app/health/health-round.ts
async function healthRound(deps, input, feature) {
  if (!input.dryRun) await deps.store.features.restartSoaks(input.actor);
  const { live, proposals } = await deps.store.reading(async (read) => ({
    live: await liveFeatures(read, feature),
    proposals: await mayHaveProposals(read, feature)
  }));
  const gathered = await gatherAll(
    deps.store,
    live.map(({ standing }) => standing)
  );
  const crossings = await recentCrossings(deps.store, live.length);
  const judged = [];
  for (const one of live) {
    input.keep?.();
    const found = gathered.get(one.standing.feature);
    judged.push({ live: one, result: await checkOne(deps, one, { ...input, crossings }, found) });
  }
  const results = judged.map(({ result }) => result);
  if (input.dryRun) return { results, written_back: [], advanced: [] };
  input.keep?.();
  const written_back = await writeBackPending(deps);
  input.keep?.();
  const advanced = await advanceReady(deps, judged, proposals);
  return { results: results.map((result) => withStep(result, advanced)), written_back, advanced };
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
function fileChanged({ written_back, advanced }) {
  return written_back.some(({ state }) => state !== "pending") || advanced.some(({ action }) => action === "advanced");
}

// src/app/tick/notify.ts
var MOST_READ = 1e3;
var MOST_AT_ONCE = 50;
async function deliverPending(store, print, webhook) {
  const pending = await store.outbox.pending(MOST_READ);
  for (const { told, id, severity, kind, feature, message } of pending) {
    if (told) continue;
    print({ severity, kind, feature, message });
    await store.outbox.markTold(id);
  }
  const environment = webhook && (await store.reading((read) => read.state())).environment;
  const result = { delivered: 0, waiting: pending.length, error: null };
  for (const message of webhook ? pending.slice(0, MOST_AT_ONCE) : pending) {
    const failure = webhook ? await attempt(() => webhook.deliver({ ...message, environment })) : null;
    await store.outbox.markDelivery(message.id, failure?.message ?? null);
    if (failure) result.error ??= failure.message;
    else {
      result.delivered += 1;
      result.waiting -= 1;
    }
    if (failure && !failure.ofMessage) break;
  }
  return result;
}
async function attempt(deliver) {
  try {
    await deliver();
    return null;
  } catch (error) {
    const message = errorText(error);
    return { message, ofMessage: error instanceof Error && isRefusal(error) };
  }
}
function isRefusal(error) {
  const status = "status" in error && typeof error.status === "number" ? error.status : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
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
    await deps.store.incidents.announce();
    const round = await healthRound(deps, { ...input, dryRun: false, keep: lease.keep });
    const again = fileChanged(round) ? await tryReconcile(deps, input) : null;
    await deps.store.incidents.announce();
    await goOn(deps, problems, "tidying up", () => deps.store.maintain());
    await goOn(deps, problems, "telling of incidents", async () => {
      for (const told of [await tellIncidents(deps), await tellDeployments(deps)]) {
        problems.push(...told.problems);
        warnings.push(...told.warnings);
      }
    });
    const delivery = await deliverPending(deps.store, deps.print, deps.webhook);
    const done = {
      ...round,
      skipped: false,
      reconciled: merged(first.result, again?.result ?? null),
      reconcile_error: (again ?? first).error,
      timed_out: timedOut,
      problems,
      warnings,
      delivery,
      heartbeat: await deps.store.lease.leaveHeartbeat()
    };
    if (isGood(done)) await callHeartbeat(deps, warnings);
    return done;
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
function merged(first, again) {
  if (!first || !again) return again ?? first;
  const changes = [...first.changes.filter(({ action }) => action !== "held"), ...again.changes];
  return { ...again, changes, adopted: [...first.adopted, ...again.adopted] };
}
function skipped() {
  return {
    results: [],
    written_back: [],
    advanced: [],
    skipped: true,
    reconciled: null,
    reconcile_error: null,
    timed_out: 0,
    problems: [],
    warnings: [],
    delivery: null,
    heartbeat: null
  };
}
export {
  checkHealth,
  tick
};
