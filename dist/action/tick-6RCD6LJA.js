import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  tellDeployments
} from "./chunk-J4WXBVTD.js";
import {
  tellIncidents
} from "./chunk-2437UH7S.js";
import {
  writeBackPending
} from "./chunk-G7JEWZ3B.js";
import {
  editFeature
} from "./chunk-ANBBR5VY.js";
import {
  reconcile
} from "./chunk-LOYTEIV2.js";
import {
  checkFeature,
  gatherAll,
  liveFeatures,
  uncheckedFeature
} from "./chunk-DNKXU6TC.js";
import "./chunk-RRXJ6VYX.js";
import "./chunk-7O5P3PXC.js";
import "./chunk-35P45YSF.js";
import {
  refuseOtherEnvironment,
  whyNoPlainWrites
} from "./chunk-ZMJYFEOS.js";
import {
  parseConfig
} from "./chunk-IHJ5OOSS.js";
import "./chunk-3SL6W3HZ.js";
import {
  proposalBranch
} from "./chunk-AMLPSWQB.js";
import "./chunk-IAPGF2G6.js";
import "./chunk-NEFFZZXS.js";
import "./chunk-VFLSN5YF.js";
import "./chunk-LD6AS6C3.js";
import "./chunk-I2BF2CQV.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-UEVRUX77.js";
import "./chunk-5Z4M5XNO.js";
import {
  same
} from "./chunk-SVQTXOOW.js";
import "./chunk-ROPHYOFM.js";
import "./chunk-NGXP4PDZ.js";
import {
  harmless
} from "./chunk-WKAZRE6W.js";
import "./chunk-U4JOIXHQ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/advance-step.ts
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
    const problem = await withdraw(deps, feature, advance?.reason ?? "nobody is exposed to it any more");
    if (problem) done.push({ feature, action: "proposed", note: problem });
  }
  for (const { feature, action } of done) await deps.store.noteAction(feature, action);
  return done;
}
async function mayHaveProposals(read, only) {
  const rows = [...(await read.features()).values()];
  const proposing = rows.filter(({ spec }) => spec?.advance === "pull_request");
  const features = [...proposing.map(({ feature }) => feature), ...await read.proposedFeatures()];
  return [...new Set(features)].filter((feature) => only === void 0 || feature === only);
}
async function propose({ repository, store }, { spec, reconciled }, { feature, advance }) {
  const to = advance.next?.percentage;
  if (to === void 0 || reconciled === null) return { feature, action: "none", note: null };
  try {
    const { head, environment } = await store.reading(async (read) => ({
      head: await read.historyHead(),
      environment: (await read.state()).environment
    }));
    const outcome = await repository.change({
      edit: (text) => nextText(text, { feature, reconciled, to, environment }),
      via: spec.advance === "pull_request" ? "pull_request" : "commit",
      branch: advanceBranch(environment, feature),
      title: `Advance ${feature} to ${to} %`,
      body: `From ${spec.percentage} % to ${to} %: ${advance.reason}.`,
      trailers: [`Rollout-Feature: ${feature}`, `Rollout-History: ${head}`]
    });
    if (outcome.state === "needs_person") {
      const note = `to ${to} %, when a person has opened the pull request: ${outcome.compare}`;
      return { feature, action: "proposed", note };
    }
    const proposed = outcome.state === "proposed" || outcome.state === "edited";
    return { feature, action: proposed ? "proposed" : "advanced", ...whereIs(outcome, to) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { feature, action: "none", note: `the file could not be changed: ${message}` };
  }
}
function whereIs(outcome, to) {
  const commit = "commit" in outcome ? outcome.commit : null;
  const pull_request = "pull_request" in outcome ? outcome.pull_request : null;
  return {
    note: `to ${to} %${pull_request === null ? "" : ` in #${pull_request}`}`,
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
    const message = error instanceof Error ? error.message : String(error);
    return `the proposal of the next step could not be withdrawn: ${message}`;
  }
}

// src/app/health-round.ts
async function healthRound(deps, input, feature) {
  if (!input.dryRun) await deps.store.restartSoaks(input.actor);
  const { live, proposals } = await deps.store.reading(async (read) => ({
    live: await liveFeatures(read, feature),
    proposals: await mayHaveProposals(read, feature)
  }));
  const gathered = await gatherAll(
    deps.store,
    live.map(({ standing }) => standing)
  );
  const judged = [];
  for (const one of live) {
    input.keep?.();
    const found = gathered.get(one.standing.feature);
    judged.push({ live: one, result: await checkOne(deps.store, one, input, found) });
  }
  const round = { results: judged.map(({ result }) => result), written_back: [], advanced: [] };
  if (input.dryRun) return round;
  input.keep?.();
  round.written_back = await writeBackPending(deps);
  input.keep?.();
  round.advanced = await advanceReady(deps, judged, proposals);
  for (const { feature: feature2, action, note } of round.advanced) {
    const result = round.results.find((one) => one.feature === feature2);
    if (result) Object.assign(result, { action, note });
  }
  return round;
}
async function checkOne(store, live, input, gathered) {
  try {
    return await checkFeature(store, live, input, gathered);
  } catch (error) {
    await store.reading((read) => read.state());
    return uncheckedFeature(live, error);
  }
}
function fileChanged({ written_back, advanced }) {
  return written_back.some(({ state }) => state !== "pending") || advanced.some(({ action }) => action === "advanced");
}

// src/app/notify.ts
var MOST_READ = 1e3;
var MOST_AT_ONCE = 50;
var LONGEST_LINE = 1e3;
async function deliverPending(store, print, webhook) {
  const pending = await store.pendingNotifications(MOST_READ);
  for (const { told, id, severity, message } of pending) {
    if (told) continue;
    print(`${severity}: ${harmless(message, LONGEST_LINE)}`);
    await store.markTold(id);
  }
  const result = { delivered: 0, waiting: pending.length, error: null };
  for (const message of webhook ? pending.slice(0, MOST_AT_ONCE) : pending) {
    const failure = webhook ? await attempt(() => webhook.deliver(message)) : null;
    await store.markDelivery(message.id, failure?.message ?? null);
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
    const message = error instanceof Error ? error.message : String(error);
    return { message, ofMessage: error instanceof Error && isRefusal(error) };
  }
}
function isRefusal(error) {
  const status = "status" in error && typeof error.status === "number" ? error.status : 0;
  return status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
}

// src/app/tick.ts
var LEASE_SECONDS = 60;
async function tick(deps, input) {
  const lease = await deps.store.holdLease(input.holder, LEASE_SECONDS);
  if (lease === null) return skipped();
  try {
    const first = await tryReconcile(deps, input);
    const problems = [];
    const warnings = [];
    const timedOut = await timeOutJobs(deps, problems);
    await deps.store.announceIncidents();
    const round = await healthRound(deps, { ...input, dryRun: false, keep: lease.keep });
    const again = fileChanged(round) ? await tryReconcile(deps, input) : null;
    await deps.store.announceIncidents();
    await goOn(deps, problems, "tidying up", () => deps.store.maintain());
    await goOn(deps, problems, "telling of incidents", async () => {
      for (const told of [await tellIncidents(deps), await tellDeployments(deps)]) {
        problems.push(...told.problems);
        warnings.push(...told.warnings);
      }
    });
    const delivery = await deliverPending(deps.store, deps.print, deps.webhook);
    const reconciled = merged(first.result, again?.result ?? null);
    return {
      ...round,
      skipped: false,
      reconciled,
      reconcile_error: (again ?? first).error,
      timed_out: timedOut,
      problems,
      warnings,
      delivery,
      heartbeat: await deps.store.leaveHeartbeat()
    };
  } finally {
    await lease.release().catch(() => void 0);
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
    const message = error instanceof Error ? error.message : String(error);
    return {
      result: null,
      error: { message, hint: error instanceof RolloutError ? error.hint ?? null : null }
    };
  }
}
async function timeOutJobs(deps, problems) {
  const features = await deps.store.reading((read) => read.features());
  let timedOut = 0;
  for (const { feature, spec } of features.values()) {
    if (!spec) continue;
    await goOn(deps, problems, `timing out the jobs of ${feature}`, async () => {
      timedOut += await deps.store.timeOutJobs(feature, spec.thresholds.job_timeout);
    });
  }
  return timedOut;
}
async function goOn(deps, problems, what, work) {
  try {
    await work();
  } catch (error) {
    await deps.store.reading((read) => read.state());
    problems.push(`${what} failed: ${error instanceof Error ? error.message : String(error)}`);
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
