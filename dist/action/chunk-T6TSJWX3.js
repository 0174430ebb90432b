import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  attempted
} from "./chunk-RLDFTE43.js";
import {
  reconcile
} from "./chunk-KQCXYNUU.js";
import {
  planFile
} from "./chunk-VR4I337A.js";
import {
  reviewOf
} from "./chunk-CGKZ2VQL.js";
import {
  proposalBranch
} from "./chunk-AMLPSWQB.js";
import {
  refusePlainWrites
} from "./chunk-V6CWIZKH.js";
import {
  utf8
} from "./chunk-QYTOR3Q2.js";
import {
  parseConfig
} from "./chunk-6HZFIDOY.js";
import {
  isOff
} from "./chunk-T5UFH23J.js";
import {
  harmless
} from "./chunk-XRYC3SR4.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/operate/preconditions.ts
async function holdOf(store, feature) {
  const incidents = await store.reading((read) => read.incidents.current());
  return incidents.find((one) => one.feature === feature && one.state === "open") ?? null;
}
async function refuseHeld(store, feature) {
  const hold = await holdOf(store, feature);
  if (hold) throw askForResume(feature, `is held by incident ${hold.id}: ${hold.reason}`);
}
async function refuseUnshown(deps, { features, raises, edit }) {
  if (!raises || deps.repository.committed) return;
  const { path, content, revision } = await deps.repository.read("file");
  const { changes } = await planFile(deps, { path, content: edit(utf8(content, path)), revision });
  const held = changes.find(({ feature, action }) => features.includes(feature) && action === "held");
  if (!held) return;
  throw new RolloutError("held", `nothing was changed, because ${held.feature} would then be held`, {
    hint: `to raise it above incident ${held.incident}, run: rollout resume ${held.feature} --percentage N --reason "..."`
  });
}
async function refuseAgainstPolicy(deps, { features, raises, via, edit }) {
  if (!raises || via === "pull_request") return;
  if ((await deps.store.reading((read) => read.state())).policy === null) return;
  const { path, content, revision } = await deps.repository.read(via);
  const { changes } = await planFile(deps, { path, content: edit(utf8(content, path)), revision });
  for (const { feature, reason } of changes) {
    if (reason.code !== "policy" || !features.includes(feature)) continue;
    const found = reason.breaches.map((breach) => deps.words.breach(breach)).join("; ");
    throw new RolloutError("held", `nothing was changed, since the policy would refuse it: ${found}`, {
      hint: `raise ${feature} by less, or change policy in a commit of its own first`
    });
  }
}
function refuseOff(feature, spec) {
  if (!isOff(spec)) return;
  throw askForResume(feature, spec.emergency_stop ? "is stopped in the file" : "is inactive in the file");
}
function askForResume(feature, why) {
  return new RolloutError("held", `${feature} ${why}`, {
    hint: `to switch it on again, run: rollout resume ${feature} --percentage N --reason "..."`
  });
}

// src/app/operate/change-file.ts
var LONGEST_REASON = 500;
async function changeFile(deps, request) {
  await refusePlainWrites(deps);
  refuseUnreviewable(deps, request);
  await refuseAgainstPolicy(deps, request);
  const { head, environment } = await deps.store.reading(async (read) => ({
    head: await read.history.head(),
    environment: (await read.state()).environment
  }));
  const why = request.reason === void 0 ? [] : [`Reason: ${harmless(request.reason, LONGEST_REASON)}`];
  const file = await deps.repository.change({
    // Checked again on the text that is finally changed: somebody may have demanded reviews meanwhile.
    edit: (text) => attempted(() => {
      const edited = request.edit(text);
      if (request.raises && request.via === "commit") refuseIn(text, edited, request.features);
      return edited;
    }),
    via: request.via,
    branch: proposalBranch(environment, request.proposal),
    title: deps.words.title(request.requested),
    body: [
      ...deps.words.facts(request.requested),
      ...why,
      `Asked for by ${harmless(deps.actor)}${deps.provedBy === void 0 ? "" : ` (proved: ${harmless(deps.provedBy)})`} with: ${request.asked ?? `rollout ${request.command}`}`
    ].join("\n"),
    features: request.features,
    trailers: [
      ...request.trailers,
      ...request.features.map((feature) => `Rollout-Feature: ${feature}`),
      ...head === "" ? [] : [`Rollout-History: ${head}`]
    ]
  });
  if (file.state === "refused") throw file.refused;
  return { ...outcomeOf(request), file, ...await bringLive(deps, request, file) };
}
function refuseUnreviewable({ repository }, { raises, via }) {
  if (!raises || via !== "pull_request" || repository.committed) return;
  throw new RolloutError(
    "usage",
    "a raise that asks for a review was not written: a file outside a repository has no pull requests",
    { hint: "edit the file and run rollout reconcile, or say --via file" }
  );
}
function notDone(request, obstacle = { code: "declined" }) {
  return { ...outcomeOf(request), file: null, reconciled: null, obstacle };
}
function viaOf(feature, given, spec, raising, to = spec.percentage) {
  if (given === "commit" && raising) refuseUnreviewed(feature, spec, to);
  if (given) return given;
  return spec.rollback.via === "pull_request" || raising && reviewOf(spec, to) ? "pull_request" : "commit";
}
function refuseUnreviewed(feature, spec, to) {
  const rule = reviewOf(spec, to);
  if (!rule) return;
  const found = rule.code === "advance" ? `${feature} is raised by pull requests only: the file says advance: pull_request` : `${feature} reaches ${rule.percentage}% by a pull request only: its step says approve: true`;
  throw new RolloutError("usage", found, { hint: "use --via pull_request" });
}
function refuseIn(text, edited, features) {
  const before = parseConfig(text).config?.features;
  const after = parseConfig(edited).config?.features;
  for (const feature of features) {
    const spec = before?.get(feature);
    if (spec) refuseUnreviewed(feature, spec, after?.get(feature)?.percentage ?? spec.percentage);
  }
}
function outcomeOf({ requested, via, raises }) {
  return { requested, via, raises };
}
async function bringLive(deps, request, file) {
  if (file.state === "proposed") {
    return { reconciled: null, obstacle: { code: "merge", branch: file.branch } };
  }
  if (file.state === "needs_person") {
    const { compare, why } = file;
    return { reconciled: null, obstacle: { code: "open_and_merge", compare, why } };
  }
  if (file.state === "unchanged" && request.via === "pull_request")
    return { reconciled: null, obstacle: null };
  return reconcileChange(deps, request);
}
async function reconcileChange(deps, request) {
  try {
    const { command, features, reason } = request;
    const reconciled = await reconcile(deps, {
      actor: deps.actor,
      allowRewind: false,
      revision: null,
      asked: { features, reason },
      metadata: { request: { command, features, ...reason === void 0 ? {} : { reason } } }
    });
    return { reconciled, obstacle: await obstacleTo(deps, request, reconciled) };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return { reconciled: null, obstacle: { code: "not_reconciled", refusal: refusalOf(error) } };
  }
}
async function obstacleTo(deps, { features, raises, liftsStop }, { changes, problems }) {
  const kept = changes.find(
    ({ feature, action }) => features.includes(feature) && (action === "held" || action === "refused")
  );
  if (kept) return { code: "kept", feature: kept.feature, reason: kept.reason };
  const error = problems.find(({ severity }) => severity === "error");
  if (error && changes.length === 0) {
    return { code: "file_error", line: error.line, message: error.message };
  }
  const { global_stop } = await deps.store.reading((read) => read.state());
  if (!raises || liftsStop || !global_stop) return null;
  return { code: "everything_stopped", reason: global_stop.reason };
}
function refusalOf({ code, message, hint }) {
  return { code, message, hint: hint ?? null };
}

export {
  refuseHeld,
  refuseUnshown,
  refuseOff,
  changeFile,
  notDone,
  viaOf,
  reconcileChange,
  refusalOf
};
