import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editedFeature,
  specIn,
  textToChange
} from "./chunk-KZQ3K33A.js";
import {
  changeFile,
  notDone,
  refusalOf,
  viaOf
} from "./chunk-T6TSJWX3.js";
import "./chunk-RLDFTE43.js";
import "./chunk-KQCXYNUU.js";
import {
  holdBranch
} from "./chunk-7MO6NAHE.js";
import "./chunk-7T6ZLV7I.js";
import {
  tookAway
} from "./chunk-VR4I337A.js";
import "./chunk-CGKZ2VQL.js";
import "./chunk-AMLPSWQB.js";
import {
  refusePlainWrites
} from "./chunk-V6CWIZKH.js";
import "./chunk-LAQF6JIT.js";
import "./chunk-QYTOR3Q2.js";
import "./chunk-6HZFIDOY.js";
import "./chunk-E7ZLXCHG.js";
import "./chunk-TORRJGHT.js";
import "./chunk-L5ADSYT5.js";
import "./chunk-ZTP2FEA4.js";
import "./chunk-BYGHVZ3S.js";
import "./chunk-U5RFSSKE.js";
import "./chunk-BMBMLGWI.js";
import "./chunk-TEAR7GFV.js";
import "./chunk-DXL3VAZT.js";
import {
  atMost,
  exposureOf,
  isOff
} from "./chunk-T5UFH23J.js";
import "./chunk-RPGLZE3Y.js";
import "./chunk-YHZEJLZZ.js";
import "./chunk-264FZAQV.js";
import "./chunk-XRYC3SR4.js";
import "./chunk-N4SPL67E.js";
import "./chunk-5VT6VSXC.js";
import "./chunk-YD3QEZ7G.js";
import "./chunk-EURWQ3ED.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/operate/resume-target.ts
function targetOf(feature, spec, incident, baseline, asked, committed) {
  const hold = incident?.state === "open" ? incident : null;
  const settled = incident?.state === "settled" ? incident : null;
  const bound = hold ?? (committed ? null : settled);
  if (!bound && !isOff(spec)) throw nothingHeld(feature, spec);
  const before = hold || settled ? (hold ?? settled)?.before ?? (baseline && exposureOf(baseline)) : null;
  const target = { feature, hold, permitted: bound, before };
  if (before && !before.active) {
    if (asked !== void 0) throw wasOff(feature, hold ?? settled);
    return { ...target, active: false, percentage: null };
  }
  if (spec.strategy === "whitelist") {
    if (asked !== void 0) throw noPercentage(feature);
    return { ...target, active: true, percentage: null };
  }
  const says = spec.active && (spec.percentage > 0 || before?.percentage === 0);
  const percentage = asked ?? (says ? spec.percentage : null);
  if (percentage === null) throw sayHowFar(feature, spec, before);
  if (before && percentage > before.percentage) throw tooFar(feature, percentage, before.percentage);
  return { ...target, active: true, percentage };
}
function targetEdits({ active, percentage, hold, permitted, before }, spec) {
  const edits = [];
  if (spec.emergency_stop) edits.push({ kind: "set", path: ["emergency_stop"], value: false });
  if (active && !spec.active) edits.push({ kind: "set", path: ["active"], value: true });
  if (percentage !== null && spec.percentage !== percentage) {
    edits.push({ kind: "set", path: ["percentage"], value: percentage });
  }
  if (permitted) edits.push({ kind: "set", path: ["resumes"], value: Number(permitted.id) });
  if (!active && (hold || before) && spec.active) {
    edits.push({ kind: "set", path: ["active"], value: false });
  }
  return edits;
}
function ceilingOf({ before, active, percentage }, spec) {
  const was = before ?? exposureOf(spec);
  return { ...was, active, emergency_stop: false, percentage: percentage ?? was.percentage };
}
function nothingHeld(feature, spec) {
  return new RolloutError("usage", `${feature} is not held, and on in the file at ${spec.percentage}%`, {
    hint: `to change it, run: rollout set ${feature} N`
  });
}
function wasOff(feature, incident) {
  return new RolloutError(
    "usage",
    `${feature} was off before incident ${incident?.id}: there is nothing to raise`,
    {
      hint: `leave --percentage out to end the hold; then switch it on with another: rollout resume ${feature} --percentage N --reason "..."`
    }
  );
}
function noPercentage(feature) {
  return new RolloutError("usage", `${feature} has the strategy whitelist, which has no percentage`, {
    hint: "leave --percentage out"
  });
}
function sayHowFar(feature, spec, before) {
  const says = spec.active ? "0%" : "off";
  const most = before ? `, at most ${before.percentage}` : "";
  return new RolloutError("usage", `the file says ${says} for ${feature}: add the percentage to resume to`, {
    hint: `rollout resume ${feature} --percentage N --reason "..."${most}`
  });
}
function tooFar(feature, asked, before) {
  return new RolloutError(
    "usage",
    `${asked}% is more than the ${before}% that ${feature} had before the incident`,
    { hint: `resume at most to ${before}%, and go on from there with: rollout set ${feature} N` }
  );
}

// src/app/operate/resume.ts
async function resumeFeature(deps, input) {
  const { text, incidents, baselines } = await whatIsThere(deps, input);
  const spec = specIn(text, input.feature);
  const target = targetOf(
    input.feature,
    spec,
    incidents.get(input.feature) ?? null,
    baselines.get(input.feature) ?? null,
    input.percentage,
    deps.repository.committed
  );
  const outcome = await resumeTargets(deps, input, text, [target]);
  return { ...outcome, skipped: [], unlatched: false };
}
async function resumeAll(deps, input) {
  const { text, incidents, baselines, latched } = await whatIsThere(deps, input);
  const targets = [];
  const skipped = [];
  for (const [feature, incident] of incidents) {
    let holds = incident.state === "open";
    try {
      const spec = specIn(text, feature);
      holds ||= incident.kind === "emergency_stop" && spec.emergency_stop;
      if (!holds) continue;
      if (!onlyStopped(incident)) throw alsoRolledBack(feature, incident);
      const baseline = baselines.get(feature) ?? null;
      targets.push(targetOf(feature, spec, incident, baseline, void 0, deps.repository.committed));
    } catch (error) {
      if (!(error instanceof RolloutError)) throw error;
      if (holds) skipped.push({ feature, refusal: refusalOf(error) });
    }
  }
  if (targets.length === 0 && !latched) {
    return { ...nothingToDo({ code: "nothing_held" }), skipped, unlatched: false };
  }
  const outcome = targets.length > 0 ? await resumeTargets(deps, { ...input, all: true }, text, targets) : await onlyLatch(input);
  if (outcome.file === null && outcome.obstacle !== null) return { ...outcome, skipped, unlatched: false };
  if (latched && outcome.file && waitsForPerson(outcome.file)) {
    const until = outcome.obstacle;
    const obstacle = until && { code: "stays_stopped", until };
    return { ...outcome, obstacle, skipped, unlatched: false };
  }
  const unlatched = await deps.store.incidents.liftGlobalStop(deps.actor, input.reason);
  const reconciled = outcome.reconciled && { ...outcome.reconciled, global_stop: null };
  return { ...outcome, reconciled, skipped, unlatched };
}
function waitsForPerson({ state }) {
  return state === "proposed" || state === "needs_person";
}
async function onlyLatch({ agree }) {
  const agreed = await agree({ code: "lift_stop" });
  return agreed ? nothingToDo(null) : nothingToDo({ code: "declined" });
}
function nothingToDo(obstacle) {
  const requested = { code: "resume", targets: [] };
  return { ...notDone({ requested, via: "commit", raises: true }, obstacle), features: [], permits: [] };
}
async function whatIsThere(deps, { via }) {
  await refusePlainWrites(deps);
  const text = await textToChange(deps.repository, via);
  return deps.store.reading(async (read) => {
    const incidents = toResume(await read.incidents.current());
    const rows = [...(await read.features.actual()).values()];
    const baselines = new Map(rows.map(({ feature, spec }) => [feature, spec]));
    const { global_stop } = await read.state();
    return { text, incidents, baselines, latched: global_stop !== null };
  });
}
function toResume(incidents) {
  const chosen = /* @__PURE__ */ new Map();
  for (const incident of incidents) {
    if (incident.state === "open" || tookAway(incident) || !chosen.has(incident.feature)) {
      chosen.set(incident.feature, incident);
    }
  }
  return chosen;
}
async function resumeTargets(deps, input, text, targets) {
  const [first] = targets;
  const names = targets.map(({ feature }) => feature);
  const edit = (now) => targets.reduce(
    (state, target) => editedFeature(state, target.feature, (spec) => targetEdits(target, spec)).text,
    now
  );
  edit(text);
  const ways = targets.map(({ feature, percentage }) => {
    return viaOf(feature, input.via, specIn(text, feature), true, percentage ?? 0);
  });
  const anyByProposal = ways.includes("pull_request");
  const single = targets.length === 1 && first;
  const requested = { code: "resume", targets: targets.map(resumedOf) };
  const request = {
    command: single ? `resume ${first.feature}` : "resume --all",
    features: names,
    requested,
    // Not Rollout-Incident, because that identifies a write-back.
    trailers: targets.flatMap(({ hold }) => hold ? [`Rollout-Resumes: ${hold.id}`] : []),
    proposal: { operation: "resume", name: single ? first.feature : "all" },
    via: input.via ?? (anyByProposal ? "pull_request" : "commit"),
    reason: input.reason,
    raises: true,
    liftsStop: input.all === true,
    edit
  };
  const features = targets.map(({ feature, percentage, hold }) => {
    return { feature, percentage, incident: hold?.id ?? null };
  });
  if (!await input.agree(requested)) return { ...notDone(request), features, permits: [] };
  const permits = await grant(deps, input.reason, text, targets);
  for (const { feature } of permits) await withdrawWriteBack(deps, feature, input.reason);
  return { ...await changeFile(deps, request), features, permits };
}
async function grant({ store, actor }, reason, text, targets) {
  const permits = [];
  for (const target of targets) {
    const { feature, permitted: incident } = target;
    if (!incident) continue;
    const ceiling = ceilingOf(target, specIn(text, feature));
    const expires_at = await store.incidents.grantPermit({ incident: incident.id, ceiling, actor, reason });
    if (expires_at === null) throw changedMeanwhile(feature, incident);
    permits.push({ feature, incident: incident.id, expires_at });
  }
  return permits;
}
async function withdrawWriteBack({ repository, store }, feature, reason) {
  const { environment } = await store.reading((read) => read.state());
  await repository.withdraw(holdBranch(environment, feature), `resumed: ${reason}`).catch(() => void 0);
}
function onlyStopped({ kind, held, before }) {
  return kind === "emergency_stop" && (!before || atMost(before, { ...held, emergency_stop: false }));
}
function alsoRolledBack(feature, { reason }) {
  return new RolloutError("held", `it was rolled back for a reason of its own (${reason})`, {
    hint: `rollout resume ${feature} --percentage N --reason "..."`
  });
}
function resumedOf({ feature, active, percentage, hold, before }) {
  return {
    ...{ feature, active, percentage },
    incident: hold && { id: hold.id, reason: hold.reason },
    before: before && { active: before.active, percentage: before.percentage }
  };
}
function changedMeanwhile(feature, hold) {
  return new RolloutError("held", `incident ${hold.id} of ${feature} is no longer the one that holds it`, {
    hint: `look again: rollout incidents ${feature}`
  });
}
export {
  resumeAll,
  resumeFeature
};
