import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  advanceReady,
  mayHaveProposals
} from "./chunk-PYHGNLI3.js";
import {
  tellDeployments
} from "./chunk-5HNBZ6LF.js";
import {
  tellIncidents
} from "./chunk-MIZ2V3AK.js";
import {
  writeBackPending
} from "./chunk-GTXM57NC.js";
import "./chunk-7N3I4NOP.js";
import {
  reconcile
} from "./chunk-KK7QS5LL.js";
import "./chunk-ZOVTE6U2.js";
import {
  checkFeature,
  gatherAll,
  liveFeatures,
  uncheckedFeature
} from "./chunk-TGINPWQR.js";
import "./chunk-TTAEV2ZY.js";
import "./chunk-35P45YSF.js";
import "./chunk-VQDQBZL4.js";
import "./chunk-EVL2CKBG.js";
import "./chunk-O3CAQ77M.js";
import "./chunk-4KCFGPCE.js";
import "./chunk-KVHR46QD.js";
import "./chunk-OUF6XILF.js";
import "./chunk-B5O2MYD7.js";
import "./chunk-U4JOIXHQ.js";
import {
  harmless
} from "./chunk-LYKBHCT6.js";
import "./chunk-Q4CRTSQC.js";
import "./chunk-7XJAIWBU.js";
import "./chunk-VIO3YKVB.js";
import "./chunk-YNMI2IWZ.js";
import "./chunk-TCRJPBTA.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/health-round.ts
async function healthRound(deps, input, feature) {
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
var LEASE_SECONDS = 600;
async function tick(deps, input) {
  const lease = await deps.store.holdLease(input.holder, LEASE_SECONDS);
  if (lease === null) return skipped();
  try {
    const first = await tryReconcile(deps, input);
    const problems = [];
    const timedOut = await timeOutJobs(deps, problems);
    await deps.store.announceIncidents();
    const round = await healthRound(deps, { ...input, dryRun: false, keep: lease.keep });
    const again = fileChanged(round) ? await tryReconcile(deps, input) : null;
    await deps.store.announceIncidents();
    await goOn(deps, problems, "tidying up", () => deps.store.maintain());
    await goOn(deps, problems, "telling of incidents", async () => {
      problems.push(...await tellIncidents(deps));
      problems.push(...await tellDeployments(deps));
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
    delivery: null,
    heartbeat: null
  };
}
export {
  checkHealth,
  tick
};
