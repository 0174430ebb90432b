import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editedFeature,
  specIn,
  textToChange
} from "./chunk-3S5PWPBC.js";
import {
  changeFile,
  declined,
  refuseUnreviewed,
  viaOf
} from "./chunk-A5UZHJEL.js";
import {
  holdBranch
} from "./chunk-G7JEWZ3B.js";
import "./chunk-ANBBR5VY.js";
import "./chunk-LOYTEIV2.js";
import {
  tookAway
} from "./chunk-7O5P3PXC.js";
import "./chunk-35P45YSF.js";
import {
  refusePlainWrites
} from "./chunk-ZMJYFEOS.js";
import "./chunk-IHJ5OOSS.js";
import "./chunk-3SL6W3HZ.js";
import "./chunk-AMLPSWQB.js";
import "./chunk-VFLSN5YF.js";
import "./chunk-PCRYKIAL.js";
import "./chunk-5Z4M5XNO.js";
import "./chunk-SVQTXOOW.js";
import {
  exposureOf
} from "./chunk-ROPHYOFM.js";
import {
  isOff,
  narrower
} from "./chunk-NGXP4PDZ.js";
import "./chunk-WKAZRE6W.js";
import "./chunk-U4JOIXHQ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import "./chunk-VOBUUCNC.js";

// src/app/resume-target.ts
function targetOf(feature, spec, incident, baseline, asked, committed) {
  const hold = incident?.state === "open" ? incident : null;
  const settled = incident?.state === "settled" ? incident : null;
  if (!hold && !isOff(spec)) throw nothingHeld(feature, spec);
  const before = hold || settled ? (hold ?? settled)?.before ?? (baseline && exposureOf(baseline)) : null;
  const target = { feature, hold, permitted: hold ?? (committed ? null : settled), before };
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
function targetWord({ active, percentage }) {
  if (!active) return "off, as it was before";
  return percentage === null ? "its whitelist" : `${percentage} %`;
}
function nothingHeld(feature, spec) {
  return new RolloutError("usage", `${feature} is not held, and on in the file at ${spec.percentage} %`, {
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
  return new RolloutError("usage", `${feature} has the strategy whitelist, which knows no percentage`, {
    hint: "leave --percentage out"
  });
}
function sayHowFar(feature, spec, before) {
  const says = spec.active ? "0 %" : "off";
  const most = before ? `, at most ${before.percentage}` : "";
  return new RolloutError("usage", `the file says ${says} for ${feature}: say how far to resume`, {
    hint: `rollout resume ${feature} --percentage N --reason "..."${most}`
  });
}
function tooFar(feature, asked, before) {
  return new RolloutError(
    "usage",
    `${asked} % is more than the ${before} % that ${feature} had before the incident`,
    { hint: `resume at most to ${before} %, and go on from there with: rollout set ${feature} N` }
  );
}

// src/app/resume.ts
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
      if (!onlyStopped(incident)) throw alsoTakenBack(feature, incident);
      const baseline = baselines.get(feature) ?? null;
      targets.push(targetOf(feature, spec, incident, baseline, void 0, deps.repository.committed));
    } catch (error) {
      if (!(error instanceof RolloutError)) throw error;
      if (holds) skipped.push({ feature, reason: reasonOf(error) });
    }
  }
  if (targets.length === 0 && !latched) {
    return { ...nothingToDo("nothing is held that could be resumed"), skipped, unlatched: false };
  }
  const outcome = targets.length > 0 ? await resumeTargets(deps, { ...input, all: true }, text, targets) : await onlyLatch(input);
  if (outcome.file === null && outcome.not_live !== null) return { ...outcome, skipped, unlatched: false };
  if (latched && outcome.file && waitsForPerson(outcome.file)) {
    const not_live = `${outcome.not_live}; everything stays stopped until then: run rollout resume --all once more after the merge`;
    return { ...outcome, not_live, skipped, unlatched: false };
  }
  const unlatched = await deps.store.liftGlobalStop(deps.actor, input.reason);
  const reconciled = outcome.reconciled && { ...outcome.reconciled, global_stop: null };
  return { ...outcome, reconciled, skipped, unlatched };
}
function waitsForPerson({ state }) {
  return state === "proposed" || state === "needs_person";
}
async function onlyLatch({ agree }) {
  const agreed = await agree("Lift the stop of everything?");
  return agreed ? nothingToDo(null) : nothingToDo("nothing was changed");
}
function nothingToDo(why) {
  const nothing = { file: null, reconciled: null, features: [], permits: [] };
  return { title: "Resume", via: "commit", raises: true, ...nothing, not_live: why };
}
async function whatIsThere(deps, { via }) {
  await refusePlainWrites(deps);
  const text = await textToChange(deps.repository, via);
  return deps.store.reading(async (read) => {
    const incidents = toResume(await read.currentIncidents());
    const rows = [...(await read.features()).values()];
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
  const specs = targets.map(({ feature }) => specIn(text, feature));
  for (const { feature } of targets) {
    if (input.via === "commit") refuseUnreviewed(feature, specIn(text, feature).advance);
  }
  const anyByProposal = specs.some((spec) => viaOf("", void 0, spec, true) === "pull_request");
  const single = targets.length === 1 && first;
  const request = {
    command: single ? `resume ${first.feature}` : "resume --all",
    features: names,
    title: single ? `Resume ${first.feature} at ${targetWord(first)}` : `Resume ${names.length} features`,
    facts: targets.map(factOf),
    // Not Rollout-Incident: by that a write-back is recognised.
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
  if (!await input.agree(questionOf(targets))) return { ...declined(request), features, permits: [] };
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
    const expires_at = await store.grantPermit({ incident: incident.id, ceiling, actor, reason });
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
  return kind === "emergency_stop" && (!before || narrower(before, { ...held, emergency_stop: false }));
}
function alsoTakenBack(feature, { reason }) {
  return new RolloutError("held", `it was taken back for a reason of its own (${reason})`, {
    hint: `rollout resume ${feature} --percentage N --reason "..."`
  });
}
function factOf(target) {
  const { feature, hold, before } = target;
  const was = before ? `, before it ${before.active ? `${before.percentage} %` : "off"}` : "";
  const held = hold ? `, held by incident ${hold.id} (${hold.reason.replace(/\s+/g, " ")})${was}` : "";
  return `${feature}: to ${targetWord(target)}${held}.`;
}
function questionOf(targets) {
  return `Resume ${targets.map((target) => `${target.feature} at ${targetWord(target)}`).join(", ")}?`;
}
function changedMeanwhile(feature, hold) {
  return new RolloutError("held", `incident ${hold.id} of ${feature} is no longer the one that holds it`, {
    hint: `look again: rollout incidents ${feature}`
  });
}
function reasonOf({ message, hint }) {
  return hint ? `${message}; ${hint}` : message;
}
export {
  resumeAll,
  resumeFeature
};
