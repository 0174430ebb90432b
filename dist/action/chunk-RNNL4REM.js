import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  dayObstacle,
  freezeAt
} from "./chunk-C4MDPZ4A.js";
import {
  parseConfig,
  skippedSteps
} from "./chunk-PFP2U37S.js";
import {
  openingFrom
} from "./chunk-GZWRNGBZ.js";
import {
  expectedExposure,
  foldName,
  namesIn,
  resolveLists,
  settingsDrifted,
  settingsOf,
  sortedSet,
  withBaseline
} from "./chunk-SKHTEI6E.js";
import {
  EXPOSURE_FIELDS
} from "./chunk-6JL5Z4JY.js";
import {
  CATEGORIES,
  admitsNobody,
  atMost,
  isOff,
  isWithin,
  looksLikeName,
  strictlyLess
} from "./chunk-AD2CEPPX.js";
import {
  onlyWaits
} from "./chunk-5IBP2Q37.js";
import {
  differences,
  exposureFacts,
  same,
  without
} from "./chunk-NXELXFFY.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/domain/spec/incident.ts
function tookAway({ before }) {
  return before !== null && !admitsNobody(before);
}
function permitInForce(incident, now) {
  return incident.permit && incident.permit.expires_at > now ? incident.permit : null;
}

// src/domain/plan/drift.ts
function judgeDrift(columns, expected) {
  const drift = judgeFields(columns, expected);
  if (!atMost(columns, expected) || atMost(drift.rest, columns)) return drift;
  const fields = EXPOSURE_FIELDS.filter((field) => !same(columns[field], expected[field]));
  return { adopted: fields, repaired: [], rest: columns };
}
function judgeFields(columns, expected) {
  const drift = { adopted: [], repaired: [], rest: expected };
  for (const field of EXPOSURE_FIELDS) {
    if (same(columns[field], expected[field])) continue;
    const alone = { ...expected, [field]: columns[field] };
    const stops = field === "emergency_stop" && columns.emergency_stop;
    const takesAway = stops || strictlyLess(alone, expected);
    const together = { ...drift.rest, [field]: columns[field] };
    if (takesAway && atMost(together, drift.rest)) {
      drift.adopted.push(field);
      drift.rest = together;
    } else {
      drift.repaired.push(field);
    }
  }
  return drift;
}

// src/domain/plan/change.ts
var NOWHERE = {
  percentage: 0,
  active: false,
  emergency_stop: false,
  strategy: "percentage"
};
function standingOf(exposure) {
  if (!exposure) return NOWHERE;
  const { percentage, active, emergency_stop, strategy } = exposure;
  return { percentage, active, emergency_stop, strategy };
}

// src/domain/plan/feature-pair.ts
function change(pair, action, parts) {
  const before = pair.actual?.columns ?? null;
  return {
    feature: pair.feature,
    action,
    from: standingOf(before),
    to: standingOf(parts.write?.exposure ?? before),
    file: pair.desired ? standingOf(pair.desired.exposure) : null,
    before,
    after: parts.write?.exposure ?? before,
    subject: subjectAfter(pair, parts),
    subject_before: pair.actual?.settings.subject ?? null,
    held: parts.held ?? false,
    incident: parts.incident ?? pair.hold?.id ?? null,
    reason: parts.reason,
    warnings: parts.warnings ?? [],
    differences: parts.differences ?? [],
    write: parts.write
  };
}
function subjectAfter({ actual, desired }, { write }) {
  return write?.spec?.subject ?? actual?.settings.subject ?? desired?.spec.subject ?? "repository";
}

// src/domain/plan/writes.ts
function applied(actual, desired, history) {
  const before = actual?.columns ?? null;
  const after = desired.exposure;
  const switchedOn = (before === null || isOff(before)) && !isOff(after);
  const others = actual !== null && !isOff(after) && exposesOthers(actual, desired);
  return {
    spec: desired.spec,
    exposure: after,
    resolved: desired.resolved,
    archived: false,
    history,
    newEpoch: before !== null && (switchedOn || others),
    newStep: switchedOn || others || before?.percentage !== after.percentage,
    incident: null
  };
}
function exposesOthers(actual, { spec, exposure }) {
  const { salt, strategy } = actual.columns;
  return salt !== exposure.salt || strategy !== exposure.strategy || subjectOf(actual) !== spec.subject;
}
function underHold(desired, actual, exposure, history) {
  const write = keepSpec(actual, exposure, history);
  if (!desired) return write;
  const baseline = actual.spec ?? { ...desired.spec, ...exposure };
  const subject = admitsNobody(exposure) ? desired.spec.subject : subjectOf(actual);
  return {
    ...write,
    archived: false,
    spec: { ...desired.spec, ...pick(baseline, EXPOSURE_FIELDS), subject }
  };
}
function subjectOf({ spec, settings }) {
  return (spec ?? settings).subject;
}
function keepSpec(actual, exposure, history) {
  return {
    spec: actual.spec,
    exposure,
    resolved: actual.resolved,
    archived: actual.archived,
    history,
    newEpoch: false,
    newStep: false,
    incident: null
  };
}
function pick(value, keys) {
  return Object.fromEntries(keys.map((key) => [key, value[key]]));
}

// src/domain/plan/raise-warnings.ts
function raiseWarnings(pair, before, { spec, exposure }) {
  const subject = pair.actual ? subjectOf(pair.actual) : spec.subject;
  const was = { subject, exposure: before ?? { ...exposure, active: false } };
  if (isWithin({ subject: spec.subject, exposure }, was)) return [];
  const { now } = pair;
  const freeze = freezeAt(pair.freeze, now);
  const obstacle = dayObstacle(spec, now);
  const opens = spec.hours ? openingFrom(spec.hours, now) : now;
  return [
    ...freeze ? [{ code: "freeze", ...freeze }] : [],
    ...obstacle ? [obstacle] : [],
    ...spec.hours && opens > now ? [{ code: "hours", opens, zone: spec.hours.zone }] : []
  ];
}
function skipWarnings(before, { spec, skips_steps }) {
  const steps = skips_steps ? [] : skippedSteps(before, spec);
  return steps.length === 0 ? [] : [{ code: "skips_steps", to: spec.percentage, steps }];
}

// src/domain/plan/outcomes.ts
function create(pair, desired) {
  return change(pair, "create", {
    reason: { code: "created", exposure: exposureFacts(desired.spec) },
    warnings: [
      ...raiseWarnings(pair, null, desired),
      ...skipWarnings(null, desired),
      ...unreviewedWarnings(null, desired)
    ],
    write: applied(pair.actual, desired, "created")
  });
}
function update(pair, desired, actual, drift) {
  const found = specDifferences(actual, desired);
  const history = advances(actual, desired) ? "advanced" : "updated";
  return change(pair, "update", {
    reason: {
      code: "updated",
      unarchived: actual.archived,
      baseline: actual.spec ? null : actual.edited ? "edited" : "none",
      differences: found,
      repaired: putsBack(actual, drift)
    },
    warnings: [
      ...raiseWarnings(pair, actual.columns, desired),
      ...skipWarnings(actual.columns, desired),
      ...unreviewedWarnings(actual, desired)
    ],
    differences: found,
    write: applied(pair.actual, desired, history)
  });
}
function unreviewedWarnings(actual, { spec }) {
  if (spec.advance !== "commit" || spec.steps.length === 0 || actual?.spec?.advance === "commit") return [];
  return [{ code: "unreviewed" }];
}
function putsBack({ spec, edited, unsealed }, drift) {
  return [...drift?.repaired ?? [], ...edited && spec ? ["spec"] : [], ...unsealed];
}
function archive(pair, actual) {
  const { hold } = pair;
  const exposure = expectedExposure(actual, null) ?? actual.columns;
  return change(pair, "archive", {
    reason: { code: "archived", reconciled: actual.spec !== null },
    incident: hold?.id ?? null,
    write: {
      spec: actual.spec,
      exposure: { ...exposure, active: false },
      resolved: actual.resolved,
      archived: true,
      history: "archived",
      newEpoch: false,
      newStep: false,
      incident: hold ? { do: "settle", incident: hold.id } : null
    }
  });
}
function repair(pair, actual, expected, fields) {
  const repaired = [...fields, ...settingsDrifted(actual)];
  return change(pair, "repair_drift", {
    reason: { code: "drift_repaired", repaired, incident: pair.hold?.id ?? null },
    differences: fields.length > 0 ? differences(pick(actual.columns, fields), pick(expected, fields)) : [],
    held: pair.hold !== null,
    write: keepSpec(actual, expected, "drift_repaired")
  });
}
function stillExposed(pair, actual) {
  const reconciled = actual.spec !== null || actual.edited !== null;
  return change(pair, "refused", {
    reason: { code: "still_on", feature: pair.feature, reconciled },
    write: null
  });
}
function againstPolicy(pair, { breaches }) {
  const action = onlyWaits(breaches) ? "held" : "refused";
  return change(pair, action, {
    reason: { code: "policy", feature: pair.feature, breaches },
    write: null
  });
}
function broken(pair, problem) {
  return change(pair, "refused", { reason: { code: "file_errors", ...problem }, write: null });
}
function specDifferences(actual, desired) {
  if (actual.spec) return differences(actual.spec, desired.spec);
  return differences(actual.columns, desired.exposure);
}
function advances(actual, desired) {
  if (!actual.spec) return false;
  const from = actual.spec.percentage;
  const next = desired.spec.steps.find((step) => step.percentage > from);
  const others = differences({ ...actual.spec, percentage: 0 }, { ...desired.spec, percentage: 0 });
  return others.length === 0 && next !== void 0 && desired.spec.percentage === next.percentage;
}

// src/domain/plan/outcomes-held.ts
function adopt(pair, desired, actual, drift) {
  const expected = expectedExposure(actual, pair.hold) ?? actual.columns;
  const reduced = drift.adopted.map((field) => ({ field, value: drift.rest[field] }));
  const repaired = [...drift.repaired, ...actual.edited ? ["spec"] : [], ...actual.unsealed];
  return change(pair, "adopt_drift", {
    reason: { code: "drift_adopted", reduced, repaired },
    held: true,
    differences: differences(pick(expected, drift.adopted), pick(drift.rest, drift.adopted)),
    write: {
      ...underHold(desired, actual, drift.rest, "drift_adopted"),
      newEpoch: true,
      incident: {
        do: "open",
        kind: drift.adopted.includes("emergency_stop") ? "emergency_stop" : "drift",
        held: drift.rest,
        before: beforeDrift(actual, drift),
        reduced
      }
    }
  });
}
function settle(pair, desired, hold) {
  return change(pair, "settle", {
    reason: { code: "settled", incident: hold.id, reason: hold.reason },
    incident: hold.id,
    write: { ...applied(pair.actual, desired, "updated"), incident: { do: "settle", incident: hold.id } }
  });
}
function resume(pair, desired, incident) {
  const day = incident.opened_at.toISOString().slice(0, 10);
  return change(pair, "update", {
    reason: {
      code: "resumed",
      incident: incident.id,
      day,
      reason: incident.reason,
      exposure: exposureFacts(desired.spec)
    },
    incident: incident.id,
    warnings: raiseWarnings(pair, incident.held, desired),
    write: {
      ...applied(pair.actual, desired, "resumed"),
      newEpoch: true,
      newStep: true,
      incident: { do: "resume", incident: incident.id }
    }
  });
}
function reopen(pair, desired, actual, incident) {
  const applied2 = expectedExposure(actual, null);
  const bound = applied2 && atMost(applied2, incident.held) ? applied2 : incident.held;
  const live = judgeDrift(actual.columns, bound).rest;
  return change(pair, "held", {
    reason: {
      code: "reopened",
      feature: pair.feature,
      incident: incident.id,
      settlement: incident.settlement
    },
    held: true,
    incident: incident.id,
    write: {
      ...underHold(desired, actual, live, "updated"),
      incident: { do: "reopen", incident: incident.id, held: live }
    }
  });
}
function keep(pair, desired, actual, hold, drift) {
  const repaired = drift.repaired.length > 0;
  const write = underHold(
    desired,
    actual,
    hold.held,
    repaired || settingsDrifted(actual).length > 0 ? "drift_repaired" : "updated"
  );
  const others = settingsDrifted(actual);
  const writes = repaired || others.length > 0 || !same(write.spec, actual.spec);
  return change(pair, "held", {
    reason: {
      code: "held",
      feature: pair.feature,
      incident: hold.id,
      since: hold.opened_at,
      reason: hold.reason,
      repaired: [...drift.repaired, ...others],
      subject: write.spec?.subject === desired.spec.subject ? null : desired.spec.subject,
      permit: permitGap(hold, desired, pair.now)
    },
    held: true,
    write: writes ? write : null
  });
}
function keepOff(pair, hold) {
  const { feature: holder, id: incident } = hold;
  const reason = "reason" in hold ? { reason: hold.reason } : { reduced: hold.reduced };
  return change(pair, "held", {
    reason: { code: "salt_held", holder, incident, reason },
    held: true,
    incident: hold.id,
    write: null
  });
}
function permitGap(hold, { resumes, exposure }, now) {
  const permit = permitInForce(hold, now);
  if (resumes === null) return permit === null ? null : { code: "no_resumes", incident: hold.id };
  if (resumes !== hold.id) return { code: "other_incident", resumes };
  if (permit === null) return { code: "no_permit", resumes };
  return atMost(exposure, permit.ceiling) ? null : { code: "above_permit", incident: hold.id };
}
function beforeDrift(actual, drift) {
  const baseline = expectedExposure(actual, null) ?? actual.columns;
  return { ...drift.rest, ...pick(baseline, drift.adopted) };
}

// src/domain/plan/plan.ts
function plan(desired, actual, incidents, now) {
  const keys = /* @__PURE__ */ new Set([...desired.features.keys(), ...desired.broken.keys(), ...actual.keys()]);
  const open = new Map(incidents.filter((i) => i.state === "open").map((i) => [i.feature, i]));
  const settled = incidents.filter((i) => i.state === "settled");
  const takenAway = [...open.values(), ...settled];
  const changes = [];
  const inOrder = [...keys].sort(byKey);
  const known = inOrder.filter((feature) => actual.has(feature));
  const created = inOrder.filter((feature) => !actual.has(feature));
  for (const feature of [...known, ...created]) {
    const wanted = desired.features.get(feature) ?? null;
    const row = actual.get(feature);
    const pair = {
      feature,
      desired: wanted,
      actual: row ? withBaseline(row, wanted?.spec) : null,
      hold: open.get(feature) ?? null,
      settled: binding(
        settled.filter((incident) => incident.feature === feature),
        desired.features.get(feature),
        row
      ),
      revision: desired.revision,
      freeze: desired.freeze,
      liftsHolds: !desired.adopted,
      now
    };
    const change2 = planOne(pair, desired, takenAway);
    if (!change2) continue;
    changes.push(change2);
    const effect = change2.write?.incident;
    if (effect?.do === "open") {
      const { held, reduced } = effect;
      takenAway.push({ feature, held, id: null, reduced });
    }
  }
  return changes.sort((a, b) => byKey(a.feature, b.feature));
}
function byKey(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
function binding(settled, desired, actual) {
  const newestFirst = settled.toReversed();
  const raised = newestFirst.filter(({ held }) => desired && exceeds(desired, actual, held));
  const lost = raised.filter(({ settlement }) => settlement !== "contained");
  return lost.find(tookAway) ?? lost[0] ?? raised[0] ?? newestFirst[0] ?? null;
}
function exceeds({ spec, exposure }, actual, held) {
  const subject = actual ? subjectOf(actual) : spec.subject;
  return !isWithin({ subject: spec.subject, exposure }, { subject, exposure: held });
}
function withoutBaseline(desired, actual) {
  return [...desired.features].flatMap(([feature, wanted]) => {
    const row = actual.get(feature);
    return row && !row.spec && !row.edited && !row.archived && rowAgrees(wanted, row) ? [feature] : [];
  });
}
function refuseFile(desired, actual) {
  if (desired.features.size > 0 || desired.broken.size > 0) return null;
  const live = [...actual.values()].filter((row) => !row.archived && !isOff(row.columns));
  return live.length === 0 ? null : { live: live.map(({ feature }) => feature) };
}
function planOne(pair, desired, takenAway) {
  const problem = desired.broken.get(pair.feature);
  if (problem !== void 0) return planBroken(pair, problem);
  const refused = desired.refused?.get(pair.feature);
  return refused ? planRefused(pair, refused) : planFeature(pair, takenAway);
}
function planFeature(pair, takenAway) {
  const { desired, actual } = pair;
  if (!actual) return desired ? planNew(pair, desired, takenAway) : null;
  if (!desired) return planAbsent(pair, actual);
  return pair.hold ? planHeld(pair, desired, actual, pair.hold) : planLive(pair, desired, actual);
}
function planNew(pair, desired, takenAway) {
  const hold = takenAway.filter((incident) => incident.held.salt === desired.exposure.salt).sort((a, b) => byKey(a.feature, b.feature))[0];
  return hold && !isOff(desired.exposure) ? keepOff(pair, hold) : create(pair, desired);
}
function planAbsent(pair, actual) {
  const expected = expectedExposure(actual, pair.hold) ?? actual.columns;
  if (isOff(expected) && !actual.archived) {
    return pair.hold && !pair.liftsHolds ? planBaseline(pair, actual) : archive(pair, actual);
  }
  return planBaseline(pair, actual) ?? (actual.archived ? null : stillExposed(pair, actual));
}
function planBroken(pair, problem) {
  const mended = pair.actual && planBaseline(pair, pair.actual);
  return mended ?? broken(pair, problem);
}
function planRefused(pair, refused) {
  const mended = pair.actual && planBaseline(pair, pair.actual);
  return mended ?? againstPolicy(pair, refused);
}
function planBaseline(pair, actual) {
  const expected = expectedExposure(actual, pair.hold);
  if (!expected) return null;
  const drift = judgeDrift(actual.columns, expected);
  if (drift.adopted.length > 0) return adopt(pair, null, actual, drift);
  const changed = drift.repaired.length > 0 || actual.spec !== null && settingsDrifted(actual).length > 0;
  return changed ? repair(pair, actual, expected, drift.repaired) : null;
}
function planHeld(pair, desired, actual, hold) {
  const drift = judgeDrift(actual.columns, hold.held);
  const sameKind = isOfSameKind(desired, actual, hold);
  if (pair.liftsHolds && sameKind && atMost(desired.exposure, drift.rest) && answers(desired, hold) && !stoppedByHand(drift, desired)) {
    return settle(pair, desired, hold);
  }
  if (drift.adopted.length > 0) return adopt(pair, desired, actual, drift);
  if (sameKind && permits(hold, desired, pair)) return resume(pair, desired, hold);
  return keep(pair, desired, actual, hold, drift);
}
function isOfSameKind({ spec, exposure }, actual, { held }) {
  return spec.subject === subjectOf(actual) || admitsNobody(exposure) || admitsNobody(held);
}
function answers(desired, hold) {
  return hold.kind !== "emergency_stop" || desired.spec.emergency_stop;
}
function permits(incident, desired, { liftsHolds, now }) {
  const permit = liftsHolds ? permitInForce(incident, now) : null;
  return permit !== null && desired.resumes === incident.id && atMost(desired.exposure, permit.ceiling);
}
function stoppedByHand(drift, desired) {
  return drift.adopted.includes("emergency_stop") && !desired.spec.emergency_stop;
}
function planLive(pair, desired, actual) {
  const { settled } = pair;
  const raisesSettled = settled !== null && exceeds(desired, actual, settled.held);
  if (raisesSettled && settled.settlement !== "contained") {
    const isAllowed = isOfSameKind(desired, actual, settled) && permits(settled, desired, pair);
    if (!isAllowed) return reopen(pair, desired, actual, settled);
  }
  const expected = expectedExposure(actual, null);
  if (!expected || !actual.spec) {
    if (raisesSettled) return resume(pair, desired, settled);
    return rowAgrees(desired, actual) && !actual.archived && !actual.edited ? null : update(pair, desired, actual, null);
  }
  const drift = judgeDrift(actual.columns, expected);
  const agrees = atMost(desired.exposure, drift.rest) && !stoppedByHand(drift, desired);
  if (drift.adopted.length > 0 && !agrees) return adopt(pair, desired, actual, drift);
  if (raisesSettled) return resume(pair, desired, settled);
  if (actual.archived || !same(desired.spec, actual.spec)) {
    return update(pair, desired, actual, drift);
  }
  if (drift.repaired.length > 0) return repair(pair, actual, expected, drift.repaired);
  return settingsDrifted(actual).length > 0 ? repair(pair, actual, expected, []) : null;
}
function rowAgrees(desired, actual) {
  const said = asTheFileSays(actual.columns, desired.spec.subject);
  return same(desired.exposure, said) && same(settingsOf(desired.spec), actual.settings);
}
function asTheFileSays(columns, subject) {
  const isName = (entry) => subject === "repository" && looksLikeName(entry);
  const blacklist = columns.blacklist.map((entry) => isName(entry) ? foldName(entry) : entry);
  return {
    ...columns,
    categories: columns.categories && CATEGORIES.filter((category) => columns.categories?.includes(category)),
    whitelist: without(columns.whitelist, columns.blacklist),
    blacklist: sortedSet(blacklist)
  };
}

// src/app/reconcile/desired.ts
function loadFile({ path, content, revision }) {
  const { config, problems, broken: broken2 } = parseConfig(content);
  return config ? { ok: true, file: { path, revision, config, problems, broken: broken2 } } : { ok: false, problems };
}
async function readSnapshot(read, specs) {
  const names = [...specs].flatMap(namesIn);
  return {
    state: await read.state(),
    features: await read.features.actual(),
    incidents: await read.incidents.current(),
    refusals: await read.features.refusals(),
    names: await read.registry.ownersOf(names)
  };
}
function desiredOf(file, snapshot, adopted = false) {
  const features = /* @__PURE__ */ new Map();
  for (const [feature, spec] of file.config.features) {
    const kept = snapshot.features.get(feature)?.resolved ?? {};
    const resumes = file.config.resumes.get(feature) ?? null;
    const skips_steps = file.config.skips_steps.has(feature);
    features.set(feature, { spec, resumes, skips_steps, ...resolveLists(spec, kept, snapshot.names) });
  }
  return {
    revision: file.revision,
    features,
    broken: new Map([...file.broken].map(([feature, problems]) => [feature, errorsOf(problems)])),
    freeze: file.config.freeze,
    adopted
  };
}
function errorsOf(problems) {
  const [first] = problems;
  if (!first) return { line: null, message: "its part of the file has errors", more: 0 };
  const { file, line, message } = first;
  return { ...file === void 0 ? {} : { file }, line, message, more: problems.length - 1 };
}
async function withSettlements(snapshot, desired, repository) {
  const parsed = parsedOnce();
  return Promise.all(
    snapshot.incidents.map(async (incident) => {
      const wanted = desired.features.get(incident.feature);
      const actual = snapshot.features.get(incident.feature);
      if (incident.state !== "settled" || !wanted || !exceeds(wanted, actual, incident.held)) return incident;
      if (desired.revision === null || incident.settled_by.length === 0) {
        return { ...incident, settlement: "uncommitted" };
      }
      const agreement = agreementWith(incident, snapshot, parsed);
      return {
        ...incident,
        settlement: await repository.settlement(desired.revision, incident.settled_by, agreement)
      };
    })
  );
}
function agreementWith({ feature, held }, { state, features, names }, parsed) {
  const actual = features.get(feature);
  const kept = actual?.resolved ?? {};
  return {
    agrees: (content) => {
      if (content === null) return true;
      const { config, broken: broken2 } = parsed(content);
      if (!config || broken2.has(feature)) return null;
      const spec = config.features.get(feature);
      return !spec || !exceeds({ spec, ...resolveLists(spec, kept, names) }, actual, held);
    },
    applied: state.revision
  };
}
function parsedOnce() {
  const known = /* @__PURE__ */ new WeakMap();
  return (content) => {
    const result = known.get(content) ?? parseConfig(content);
    known.set(content, result);
    return result;
  };
}
function refuseOtherEnvironment(config, stored) {
  if (stored === null || stored === config.environment) return;
  throw new RolloutError(
    "environment_mismatch",
    `the file says environment: ${config.environment}, but this is the database of ${stored}`,
    { hint: "check DATABASE_URL, or the environment of the file" }
  );
}
function testEntries(config) {
  return sortedSet(config.test_repositories.map((entry) => entry.includes("/") ? foldName(entry) : entry));
}

// src/app/reconcile/plain-file-guard.ts
import { createHash } from "node:crypto";
function fileDigest(content) {
  return createHash("sha256").update(content).digest("hex");
}
async function refusePlainFile(read, file, adopted) {
  if (file.revision !== null) return;
  const governor = await read.governingRevision();
  const digest = fileDigest(file.content);
  if (governor === null) {
    if (adopted) throw notGoverned(file.path);
    return;
  }
  if (adopted === null) throw ungoverned(file.path, governor);
  if (adopted.digest !== digest) throw otherContent(file.path, digest, adopted.digest);
}
async function refusePlainWrites({ store, repository }) {
  const why = await whyNoPlainWrites({ store, repository });
  if (why) throw why;
}
async function whyNoPlainWrites({ store, repository }) {
  if (repository.committed) return null;
  const governor = await store.reading((read) => read.governingRevision());
  return governor === null ? null : ungoverned("the file", governor);
}
function ungoverned(path, governor) {
  return new RolloutError(
    "revision_refused",
    `this database is governed by commits (${governor.slice(0, 10)} was applied last), and ${path} is in no commit`,
    {
      hint: 'run it in a clone of the repository, with its .git folder; to apply this one content all the same, once: rollout adopt-file --reason "..."'
    }
  );
}
function notGoverned(path) {
  return new RolloutError("usage", `no commit governs this database: nobody has to answer for ${path}`, {
    hint: "apply the file: rollout reconcile"
  });
}
function otherContent(path, found, asked) {
  return new RolloutError(
    "revision_refused",
    `${path} has the digest ${found.slice(0, 12)}, not ${asked.slice(0, 12)}: its content changed`,
    { hint: 'look at its plan again: rollout plan, then run: rollout adopt-file --reason "..."' }
  );
}

export {
  tookAway,
  standingOf,
  applied,
  plan,
  withoutBaseline,
  refuseFile,
  loadFile,
  readSnapshot,
  desiredOf,
  withSettlements,
  refuseOtherEnvironment,
  testEntries,
  refusePlainFile,
  refusePlainWrites,
  whyNoPlainWrites
};
