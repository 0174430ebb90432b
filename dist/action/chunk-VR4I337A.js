import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  dayObstacle,
  excessOf,
  freezeAt,
  nextStep,
  readSpending
} from "./chunk-CGKZ2VQL.js";
import {
  desiredOf,
  exceeds,
  loadFile,
  readSnapshot,
  refuseOtherEnvironment,
  refusePlainFile,
  rowAgrees,
  testEntries,
  withSettlements
} from "./chunk-V6CWIZKH.js";
import {
  onlyWaits
} from "./chunk-LAQF6JIT.js";
import {
  Locator,
  isPlainMap,
  judgePolicy,
  largeRaise,
  outsideHours,
  raises,
  skippedSteps,
  toData
} from "./chunk-6HZFIDOY.js";
import {
  openingFrom
} from "./chunk-E7ZLXCHG.js";
import {
  readText,
  readYaml
} from "./chunk-L5ADSYT5.js";
import {
  partsOfBytes,
  partsOfText
} from "./chunk-ZTP2FEA4.js";
import {
  audienceChange,
  outside,
  testsThatDecide
} from "./chunk-BYGHVZ3S.js";
import {
  expectedExposure,
  settingsDrifted,
  withBaseline
} from "./chunk-BMBMLGWI.js";
import {
  exposureFacts
} from "./chunk-TEAR7GFV.js";
import {
  CATEGORIES,
  EXPOSURE_FIELDS,
  SUBJECT_TYPES,
  admitsNobody,
  atMost,
  attributesOf,
  canonicalJson,
  foldName,
  idsIn,
  isOff,
  isOwnerPattern,
  isWithin,
  sortedSet,
  strictlyLess,
  withField
} from "./chunk-T5UFH23J.js";
import {
  differences,
  same,
  without
} from "./chunk-YHZEJLZZ.js";
import {
  compareText
} from "./chunk-XRYC3SR4.js";
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
    const alone = withField(expected, field, columns);
    const stops = field === "emergency_stop" && columns.emergency_stop;
    const takesAway = stops || strictlyLess(alone, expected);
    const together = withField(drift.rest, field, columns);
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

// src/domain/plan/decide/writes.ts
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
  const { salt, strategy, group_by } = actual.columns;
  return salt !== exposure.salt || strategy !== exposure.strategy || group_by !== exposure.group_by || subjectOf(actual) !== spec.subject;
}
function underHold(desired, actual, exposure, history) {
  const write = keepSpec(actual, exposure, history);
  if (!desired) return write;
  const { where: _where, not: _not, group_by: _group, ...settings } = desired.spec;
  const baseline = actual.spec ?? { ...settings, ...exposure };
  const subject = admitsNobody(exposure) ? desired.spec.subject : subjectOf(actual);
  return {
    ...write,
    archived: false,
    spec: { ...settings, ...pick(baseline, EXPOSURE_FIELDS), subject }
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
  return Object.fromEntries(keys.flatMap((key) => key in value ? [[key, value[key]]] : []));
}

// src/domain/plan/decide/raise-warnings.ts
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

// src/domain/plan/decide/outcomes.ts
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
  const was = actual?.spec;
  return goesUnreviewed(spec) && !(was && goesUnreviewed(was)) ? [{ code: "unreviewed" }] : [];
}
function goesUnreviewed({ advance, steps }) {
  return advance === "commit" && steps.length > 0 && !steps.some(({ approve }) => approve);
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

// src/domain/plan/decide/outcomes-held.ts
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

// src/domain/plan/decide/plan-feature.ts
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
  const hold = takenAway.filter((incident) => incident.held.salt === desired.exposure.salt).sort((a, b) => compareText(a.feature, b.feature))[0];
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
  const raisesSettled = settled !== null && exceeds(desired, settled);
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

// src/domain/plan/decide/plan.ts
function plan(desired, actual, incidents, now) {
  const keys = /* @__PURE__ */ new Set([...desired.features.keys(), ...desired.broken.keys(), ...actual.keys()]);
  const open = new Map(incidents.filter((i) => i.state === "open").map((i) => [i.feature, i]));
  const settled = incidents.filter((i) => i.state === "settled");
  const takenAway = [...open.values(), ...settled];
  const changes = [];
  const inOrder = [...keys].sort(compareText);
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
        desired.features.get(feature)
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
  return changes.sort((a, b) => compareText(a.feature, b.feature));
}
function binding(settled, desired) {
  const newestFirst = settled.toReversed();
  const raised = newestFirst.filter((incident) => desired && exceeds(desired, incident));
  const lost = raised.filter(({ settlement }) => settlement !== "contained");
  return lost.find(tookAway) ?? lost[0] ?? raised[0] ?? newestFirst[0] ?? null;
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

// src/app/reconcile/count-subjects.ts
var MOST_COUNTED = 200;
var LARGEST_SHOWN = 5;
async function countSubjects(read, changes, tests) {
  const counted = changes.length > MOST_COUNTED ? [] : changes.filter(({ action }) => action !== "refused");
  const quarantined = await read.incidents.quarantinedIds();
  const audiences = counted.map(
    (change2) => audienceChange(change2, tests, quarantined.get(change2.feature) ?? [])
  );
  const impacts = await read.features.impacts(audiences);
  const largest = await read.features.largestMoved(
    audiences.filter((_, nth) => moves(impacts[nth])),
    LARGEST_SHOWN
  );
  const planned = /* @__PURE__ */ new Map();
  for (const [nth, change2] of counted.entries()) {
    const impact = impacts[nth];
    if (!impact) continue;
    const categories = [...impact.categories].sort(bySize);
    const shown = moves(impact) ? largest.shift() ?? [] : [];
    planned.set(change2, { ...change2, impact: { ...impact, categories }, largest: shown });
  }
  return changes.map((change2) => planned.get(change2) ?? uncounted(change2));
}
function moves(impact) {
  return impact !== void 0 && impact.entering + impact.leaving > 0;
}
function withoutCount(actual, changes) {
  const counted = new Set(changes.filter(({ impact }) => impact).map(({ feature }) => feature));
  return [...actual.values()].filter(({ feature }) => !counted.has(feature));
}
async function movementsByTests(read, features, tests) {
  const quarantined = await read.incidents.quarantinedIds();
  const movements = [];
  for (const { feature, columns, settings } of features) {
    const audience = outside(
      { subject: settings.subject, exposure: columns },
      quarantined.get(feature) ?? []
    );
    const change2 = { before: audience, after: audience, tests };
    if (!testsThatDecide(change2)) continue;
    const { entering, leaving } = await read.features.impact(change2);
    if (entering + leaving > 0) movements.push({ feature, entering, leaving });
  }
  return movements;
}
function bySize(a, b) {
  const place = ({ category }) => CATEGORIES.indexOf(category);
  return (place(a) + 1 || CATEGORIES.length + 1) - (place(b) + 1 || CATEGORIES.length + 1);
}
function uncounted(change2) {
  return { ...change2, impact: null, largest: [] };
}

// src/app/reconcile/file/file-difference.ts
function testDifference(file, before) {
  const after = testEntries(file.config);
  return {
    added: without(after, before),
    removed: without(before, after)
  };
}
var NO_TESTS = { added: [], removed: [] };
function freezeDifference(file, before) {
  const missing = (from, others) => from.filter((freeze) => !others.some((other) => same(freeze, other)));
  return { added: missing(file.config.freeze, before), removed: missing(before, file.config.freeze) };
}
function testsChange(file, before) {
  const { added, removed } = testDifference(file, before);
  const moved = [...removed, ...added];
  return moved.length === 0 ? null : { moved, after: testEntries(file.config) };
}

// src/app/reconcile/file/unmatched-entries.ts
var ENOUGH_TESTS = 5;
async function withRegistry(read, problems) {
  const few = problems.some(({ code }) => code === "few_test_repositories");
  if (!few || !await read.registry.hasTestRepositories(ENOUGH_TESTS)) return problems;
  return problems.filter(({ code }) => code !== "few_test_repositories");
}
async function withUnmatched(read, changes, desired) {
  const wanted = changes.flatMap(({ feature }) => desired.features.get(feature) ?? []);
  const unknown = /* @__PURE__ */ new Map();
  for (const subject of SUBJECT_TYPES) {
    const ids = wanted.filter(({ spec }) => spec.subject === subject).flatMap(({ spec }) => idsIn(spec));
    unknown.set(subject, new Set(await read.registry.unknownIds(subject, ids)));
  }
  const facts = {
    repository: await read.registry.unknownFacts("repository", askedFacts(wanted, "repository")),
    customer: await read.registry.unknownFacts("customer", askedFacts(wanted, "customer"))
  };
  return changes.map((change2) => {
    const feature = desired.features.get(change2.feature);
    if (!feature) return change2;
    const warnings = [
      ...unmatchedWarnings(feature, unknown.get(feature.spec.subject) ?? /* @__PURE__ */ new Set()),
      ...factWarnings(feature, facts[feature.spec.subject])
    ];
    return warnings.length === 0 ? change2 : { ...change2, warnings: [...change2.warnings, ...warnings] };
  });
}
function withWholeAudience(changes, desired) {
  return changes.map((change2) => {
    const spec = desired.features.get(change2.feature)?.spec;
    const warning = spec && wholeAudience(spec, change2);
    return warning ? { ...change2, warnings: [...change2.warnings, warning] } : change2;
  });
}
function wholeAudience(spec, { impact, to, held }) {
  if (!impact || impact.total === 0 || held || !to.active || to.emergency_stop) return null;
  const { subject, percentage, whitelist, blacklist, where, not } = spec;
  const facts = { subject, total: impact.total, percentage };
  if (impact.after === impact.total && percentage < 100 && whitelist.some(isOwnerPattern)) {
    return { code: "everybody_listed", ...facts };
  }
  const narrows = where !== void 0 || not !== void 0 || blacklist.some(isOwnerPattern);
  return impact.after === 0 && percentage > 0 && narrows ? { code: "nobody_left", ...facts } : null;
}
function unmatchedWarnings(feature, unknown) {
  const { subject } = feature.spec;
  const ids = idsIn(feature.spec).filter((id) => unknown.has(id));
  const names = unmatchedNames(feature);
  return [
    ...ids.length > 0 ? [{ code: "unknown_ids", subject, ids }] : [],
    ...names.length > 0 ? [{ code: "unmatched_names", subject, names }] : []
  ];
}
function askedFacts(features, subject) {
  const specs = features.map(({ spec }) => spec).filter((spec) => spec.subject === subject);
  const values = /* @__PURE__ */ new Map();
  for (const { where = {}, not = {} } of specs) {
    for (const [attribute, asked] of [...Object.entries(where), ...Object.entries(not)]) {
      values.set(attribute, sortedSet([...values.get(attribute) ?? [], ...asked]));
    }
  }
  const attributes = sortedSet(specs.flatMap(attributesOf));
  return { attributes, values, owners: subject === "repository" ? sortedSet(specs.flatMap(ownersIn)) : [] };
}
function ownersIn({ whitelist, blacklist }) {
  return [...whitelist, ...blacklist].filter(isOwnerPattern).map(foldName);
}
function factWarnings({ spec }, unknown) {
  const { subject, where = {}, not = {} } = spec;
  const asked = attributesOf(spec);
  const attributes = asked.filter((attribute) => unknown.attributes.includes(attribute));
  const notText = asked.filter((attribute) => unknown.notText.includes(attribute));
  const owners = sortedSet(ownersIn(spec)).filter((owner) => unknown.owners.includes(owner));
  const values = [...Object.entries(where), ...Object.entries(not)].flatMap(([attribute, wanted]) => {
    const missing = wanted.filter((value) => unknown.values.get(attribute)?.includes(value));
    return missing.length === 0 ? [] : [{ code: "unknown_values", subject, attribute, values: missing }];
  });
  return [
    ...owners.length > 0 ? [{ code: "unmatched_owners", owners }] : [],
    ...attributes.length > 0 ? [{ code: "unknown_attributes", subject, attributes }] : [],
    ...notText.length > 0 ? [{ code: "attributes_not_text", subject, attributes: notText }] : [],
    ...values
  ];
}
function unmatchedNames({ resolved }) {
  return Object.keys(resolved).filter((entry) => resolved[entry] === null);
}

// src/domain/policy/refusal.ts
var TEST_REPOSITORIES = "@test_repositories";
function policyOver(entry, policy, refused) {
  if (!refused || !isSameEntry(entry, refused.entry)) return policy;
  return refused.allowed === null ? refused.policy : null;
}
function isSameEntry(one, other) {
  return canonicalJson(one) === canonicalJson(other);
}

// src/app/reconcile/policy/policy-of-change.ts
function governing({ feature, action, after, write, reason }, entry, judging) {
  const isMade = write !== null && (action === "create" || action === "update");
  if (after === null || !(isMade || reason.code === "salt_held")) return null;
  return policyOver(entry, judging.policy, judging.refusals.get(feature));
}
function asJudged(change2, { spec, exposure }) {
  return change2.reason.code === "salt_held" ? { ...change2, after: exposure, subject: spec.subject } : change2;
}
function beforeOf({ feature, before }, { features, incidents }) {
  const actual = features.get(feature);
  const hold = incidents.find((one) => one.feature === feature && one.state === "open") ?? null;
  const expected = actual ? expectedExposure(actual, hold) : null;
  return before === null || expected === null || atMost(before, expected) ? before : expected;
}
function lifts({
  before,
  after,
  subject_before,
  subject
}) {
  return after !== null && raises({ before, after, subject_before, subject });
}
function entryOf({ spec, skips_steps }) {
  return { spec, skip_steps: skips_steps ?? false };
}

// src/app/reconcile/policy/proofs.ts
async function proofsOf(other, raised) {
  const asked = /* @__PURE__ */ new Map();
  for (const { feature, policy } of raised) {
    const from = policy.promotes?.from;
    if (from !== void 0) asked.set(from, [...asked.get(from) ?? [], feature]);
  }
  const answers2 = await Promise.all(
    [...asked].map(async ([from, features]) => {
      const known = other ? await other(from, features) : "its database cannot be read from here";
      return features.map((feature) => [
        feature,
        typeof known === "string" ? { state: "unknown", why: known } : known.get(feature) ?? { state: "absent" }
      ]);
    })
  );
  return new Map(answers2.flat());
}
async function proofOf(other, policy, feature) {
  return (await proofsOf(other, [{ feature, policy }])).get(feature) ?? null;
}

// src/app/reconcile/policy/policy-counts.ts
function proofsFor(other, desired, changes, judging) {
  return proofsOf(other, raisedBy(desired, changes, judging));
}
async function countForPolicy(read, desired, changes, judging, tests, proofs) {
  const quarantined = await read.incidents.quarantinedIds();
  const counted = /* @__PURE__ */ new Map();
  for (const { planned, change: change2, before, policy, feature } of raisedBy(desired, changes, judging)) {
    const audience = audienceChange({ ...change2, before }, tests, []);
    const isCounted = change2 === planned && before === change2.before && !quarantined.has(feature);
    const known = isCounted ? change2.impact : null;
    const sums = await countOne(read, feature, audience, policy, known);
    counted.set(feature, { ...sums, elsewhere: proofs.get(feature) ?? null });
  }
  return counted;
}
function raisedBy(desired, changes, judging) {
  return changes.flatMap((planned) => {
    const wanted = desired.features.get(planned.feature);
    const change2 = wanted ? asJudged(planned, wanted) : planned;
    const policy = wanted && governing(change2, entryOf(wanted), judging);
    if (!policy) return [];
    const before = beforeOf(change2, judging);
    return lifts({ ...change2, before }) ? [{ planned, change: change2, before, policy, feature: change2.feature }] : [];
  });
}
async function countOne(read, feature, audience, { largest_raise, largest_category_last }, known) {
  const wanted = largest_raise.subjects !== null || largest_category_last;
  const impact = wanted ? known ?? await read.features.impact(audience) : null;
  const barred = largest_category_last ? await countBarred(read, audience) : /* @__PURE__ */ new Map();
  const share = largest_raise.job_share !== null;
  const jobs = share ? await read.features.jobsMoved(feature, audience) : null;
  return {
    counts: impact && {
      entering: impact.entering,
      sizes: impact.categories.map((size) => ({ ...size, barred: barred.get(size.category) ?? 0 }))
    },
    job_share: jobs && shareMoved(jobs)
  };
}
function shareMoved({ jobs, moving, grouped }) {
  return jobs + grouped === 0 ? 0 : 100 * (moving + grouped) / (jobs + grouped);
}
async function countBarred(read, { after, tests }) {
  const { subject, exposure } = after;
  if (exposure === null || exposure.blacklist.length === 0) return /* @__PURE__ */ new Map();
  const everybody = { ...exposure, ...EVERYBODY };
  const { categories } = await read.features.impact({
    before: { subject, exposure: everybody },
    after: { subject, exposure: { ...everybody, blacklist: exposure.blacklist } },
    tests
  });
  return new Map(categories.map(({ category, leaving }) => [category, leaving]));
}
var EVERYBODY = {
  active: true,
  emergency_stop: false,
  strategy: "percentage",
  percentage: 100,
  categories: null,
  whitelist: [],
  blacklist: []
};

// src/app/reconcile/policy/policy.ts
function refusedBy(desired, changes, judging, counted = /* @__PURE__ */ new Map()) {
  const refused = /* @__PURE__ */ new Map();
  for (const planned of changes) {
    const { feature, subject_before } = planned;
    const wanted = desired.features.get(feature);
    const change2 = wanted ? asJudged(planned, wanted) : planned;
    const policy = wanted && governing(change2, entryOf(wanted), judging);
    if (!wanted || !policy) continue;
    const { spec, exposure: after } = wanted;
    const spec_before = judging.features.get(feature)?.spec ?? null;
    const facts = {
      before: beforeOf(change2, judging),
      subject_before,
      spec_before,
      after,
      spec,
      skips_steps: wanted.skips_steps ?? false
    };
    const breaches = judgePolicy(
      policy,
      { ...facts, ...counted.get(feature) ?? NOBODY_COUNTED },
      judging.now
    );
    if (breaches.length > 0) refused.set(feature, { policy, breaches });
  }
  return refused;
}
var NOBODY_COUNTED = { counts: null, job_share: null };
async function againstStep(store, feature, reconciled, percentage, other) {
  const judged = await store.reading((read) => countStep(read, feature, reconciled, percentage));
  if (judged === null) return [];
  const elsewhere = await proofOf(other, judged.policy, feature);
  return judgePolicy(judged.policy, { ...judged.change, elsewhere }, null);
}
async function countStep(read, feature, reconciled, percentage) {
  const { policy } = await read.state();
  const before = (await read.features.actual(feature)).get(feature)?.columns;
  if (policy === null || !before) return null;
  const { subject } = reconciled;
  const after = { ...before, percentage };
  const audience = {
    before: { subject, exposure: before },
    after: { subject, exposure: after },
    tests: null
  };
  const counted = await countOne(read, feature, audience, policy, null);
  const spec = { ...reconciled, percentage };
  const facts = { before, subject_before: subject, spec_before: reconciled, after, spec, skips_steps: false };
  return { policy, change: { ...facts, ...counted } };
}
function refusalsAfter(desired, changes, refused, known) {
  const changing = new Set(changes.map(({ feature }) => feature));
  const kept = [...refused].flatMap(([feature, { policy }]) => {
    const wanted = desired.features.get(feature);
    return wanted ? [{ feature, entry: entryOf(wanted), policy }] : [];
  });
  const gone = [...known.values()].filter(({ feature, entry }) => {
    if (feature === TEST_REPOSITORIES || refused.has(feature) || desired.broken.has(feature)) return false;
    const wanted = desired.features.get(feature);
    return !wanted || !isSameEntry(entryOf(wanted), entry) || !changing.has(feature);
  });
  return { kept, gone: gone.map(({ feature }) => feature) };
}

// src/config/read/problems-at.ts
function problemsAt(content, found) {
  if (found.length === 0) return [];
  const { main, included } = typeof content === "string" ? partsOfText(content) : partsOfBytes(content);
  const locator = locatorOf(main);
  for (const { path, content: part } of included) {
    const own = locatorOf(part);
    if (own) locator?.include(path, own, keysOf(part));
  }
  return locator === null ? [] : found.map((one) => locator.problem({ ...one, at: "value" }));
}
function locatorOf(content) {
  const read = readText(content);
  return read.ok ? new Locator(readYaml(read.text)) : null;
}
function keysOf(content) {
  const read = readText(content);
  const data = read.ok ? toData(readYaml(read.text).root, { add: () => {
  } }) : null;
  return isPlainMap(data) && isPlainMap(data.features) ? Object.keys(data.features) : [];
}

// src/app/reconcile/policy/tests-policy.ts
async function refusedTests(read, tests, judging) {
  if (!tests) return null;
  const entry = { tests: [...tests.after].sort() };
  const policy = policyOver(entry, judging.policy, judging.refusals.get(TEST_REPOSITORIES));
  if (!policy) return null;
  const breaches = [];
  for (const feature of judging.features.values()) {
    for (const breach of await breachesOf(read, feature, tests, policy, judging.now)) {
      breaches.push({ feature: feature.feature, breach });
    }
  }
  return breaches.length === 0 ? null : { entry, policy, breaches };
}
async function breachesOf(read, { feature, columns, settings }, tests, policy, now) {
  const side = { subject: settings.subject, exposure: columns };
  const change2 = { before: side, after: side, tests };
  if (!columns.active || columns.emergency_stop || !testsThatDecide(change2)) return [];
  const { entering } = await read.features.impact(change2);
  if (entering === 0) return [];
  const jobs = policy.largest_raise.job_share === null ? null : await read.features.jobsMoved(feature, change2);
  const share = jobs === null || jobs.jobs === 0 ? 0 : 100 * jobs.moving / jobs.jobs;
  return [...largeRaise(policy, entering, share), ...outsideHours(policy, now)];
}
function testsRefusalAfter(refused, tests, known) {
  if (refused) {
    const { entry, policy } = refused;
    return { kept: [{ feature: TEST_REPOSITORIES, entry, policy }], gone: [] };
  }
  const before = known.get(TEST_REPOSITORIES);
  const isAllowed = before && tests && isSameEntry(before.entry, { tests: [...tests.after].sort() });
  return { kept: [], gone: before && !isAllowed ? [TEST_REPOSITORIES] : [] };
}
function testsProblems({ content }, refused, words) {
  const breaches = refused?.breaches ?? [];
  const severity = onlyWaits(breaches.map(({ breach }) => breach)) ? "warning" : "error";
  return problemsAt(
    content,
    breaches.map(({ feature, breach }) => ({
      severity,
      path: ["test_repositories"],
      message: words.testsBreach(feature, breach)
    }))
  );
}

// src/app/spending/over-budget.ts
async function withBudgets(read, changes, desired) {
  const budgeted = changes.filter(({ feature }) => desired.features.get(feature)?.spec.budget);
  if (budgeted.length === 0) return [...changes];
  const standings = new Map((await read.features.standings()).map((one) => [one.feature, one]));
  const priced = budgeted.flatMap((change2) => {
    const spec = desired.features.get(change2.feature)?.spec;
    const standing = standings.get(change2.feature);
    const { before, after, subject_before: subject } = change2;
    if (!spec || !standing || !before || !after || admitsNobody(before) || admitsNobody(after)) return [];
    if (subject !== spec.subject) return [];
    const next = nextStep({ ...spec, ...after });
    const to = next && { ...after, percentage: next.percentage };
    const ask = { standing, spec, from: before };
    return [
      {
        change: change2,
        asked: [
          { ...ask, to: after },
          { ...ask, to }
        ]
      }
    ];
  });
  const spendings = await readSpending(
    read,
    priced.flatMap(({ asked }) => asked)
  );
  const warnings = new Map(
    priced.map(({ change: change2 }, nth) => [change2, warningOf(spendings[2 * nth], spendings[2 * nth + 1])])
  );
  return changes.map((change2) => {
    const warning = warnings.get(change2);
    return warning ? { ...change2, warnings: [...change2.warnings, warning] } : change2;
  });
}
function warningOf(now, next) {
  if (!now) return null;
  const { problem } = now;
  if (problem) return problem.code === "no_job" ? null : { code: "cost_unknown", problem };
  const raises2 = (now.next?.monthly ?? 0) > (now.monthly ?? 0);
  const excess = raises2 ? excessOf(now) : null;
  if (excess) return { code: "over_budget", step: "change", ...excess };
  const later = next ? excessOf(next) : null;
  return later && { code: "over_budget", step: "next", ...later };
}

// src/app/reconcile/file/stale-resumes.ts
function staleResumes({ content }, { config }, incidents) {
  const resumable = incidents.filter(({ state, permit }) => state === "open" || permit !== null);
  const known = new Set(resumable.map(({ feature, id }) => `${feature} ${id}`));
  const stale = [...config.resumes].filter(([feature, incident]) => !known.has(`${feature} ${incident}`));
  return problemsAt(
    content,
    stale.map(([feature, incident]) => ({
      severity: "warning",
      path: ["features", feature, "resumes"],
      message: `resumes: ${incident} has no effect: incident ${incident} of ${feature} is not open; remove the line`
    }))
  );
}

// src/app/reconcile/file/unplanned.ts
function validated(text) {
  const loaded = loadFile(text);
  if (!loaded.ok) return nothingPlanned(loaded.problems, text.revision);
  const { problems, config } = loaded.file;
  return { ...nothingPlanned(problems, text.revision), environment: config.environment };
}
function nothingPlanned(problems, revision) {
  return {
    changes: [],
    problems,
    revision,
    environment: null,
    test_repositories: { added: [], removed: [] },
    freezes: { added: [], removed: [] },
    movements: [],
    generation: null,
    global_stop: null,
    heartbeat: null,
    now: null,
    refused: null
  };
}

// src/app/reconcile/policy/policy-in-plan.ts
function withPolicyHours(changes, desired, judging, now) {
  return changes.map((change2) => {
    const wanted = desired.features.get(change2.feature);
    const hours = wanted && governing(change2, entryOf(wanted), judging)?.hours;
    const opens = hours ? openingFrom(hours, now) : now;
    if (!hours || opens <= now || !lifts(change2)) return change2;
    const warning = { code: "policy_hours", opens, zone: hours.zone };
    return { ...change2, warnings: [...change2.warnings, warning] };
  });
}
function breachProblems({ content }, refused, words) {
  return problemsAt(
    content,
    [...refused].flatMap(
      ([feature, { breaches }]) => breaches.map((breach) => ({
        severity: "error",
        path: ["features", feature, ...placeOf(breach)],
        message: `policy: ${words.breach(breach)}`
      }))
    )
  );
}
function placeOf(breach) {
  if (breach.code !== "missing_key") return ["percentage"];
  return breach.key === "rollback" ? ["rollback", "enabled"] : [breach.key];
}

// src/app/reconcile/plan.ts
async function planFile(deps, text, adopted = null) {
  const loaded = loadFile(text);
  if (!loaded.ok) return nothingPlanned(loaded.problems, text.revision);
  const { file } = loaded;
  const { snapshot, refused } = await deps.store.reading(async (read) => ({
    snapshot: await readSnapshot(read, file.config.features.values()),
    refused: await refusalOf(() => refusePlainFile(read, text, adopted))
  }));
  refuseOtherEnvironment(file.config, snapshot.state.environment);
  const desired = desiredOf(file, snapshot, adopted !== null);
  refuseEmptyFile(deps.words, refuseFile(desired, snapshot.features));
  const incidents = await withSettlements(snapshot, desired, deps.repository);
  const changes = plan(desired, snapshot.features, incidents, snapshot.state.now);
  const asksTests = testsChange(file, snapshot.state.test_repositories);
  const { policy, now } = snapshot.state;
  const { refusals, features } = snapshot;
  const judging = { policy, refusals, features, incidents, now: null };
  const { testsRefused, testsWait } = await deps.store.reading(async (read) => {
    const refused2 = await refusedTests(read, asksTests, judging);
    return {
      testsRefused: refused2,
      testsWait: refused2 ? null : await refusedTests(read, asksTests, { ...judging, now })
    };
  });
  const tests = testsRefused ? null : asksTests;
  const proofs = await proofsFor(deps.other, desired, changes.map(uncounted), judging);
  const {
    counted,
    movements,
    problems,
    refused: against,
    quarantined
  } = await deps.store.reading(async (read) => {
    const warned = await withUnmatched(read, changes, desired);
    const asked = withWholeAudience(await countSubjects(read, warned, tests), desired);
    const sums = await countForPolicy(read, desired, asked, judging, tests, proofs);
    const refused2 = refusedBy(desired, asked, judging, sums);
    const again = refusedOf({ ...desired, refused: refused2 }, snapshot.features, incidents, now);
    const mended = await countSubjects(read, again, tests);
    const planned = withPolicyHours(withRefused(asked, mended), desired, judging, now);
    const counted2 = await withBudgets(read, planned, desired);
    const others = withoutCount(snapshot.features, counted2);
    const problems2 = await withRegistry(read, file.problems);
    const quarantined2 = await read.incidents.quarantined();
    const movements2 = await movementsByTests(read, others, tests);
    return { counted: counted2, refused: refused2, problems: problems2, quarantined: quarantined2, movements: movements2 };
  });
  return {
    changes: counted,
    movements,
    problems: [
      ...problems,
      ...staleResumes(text, file, snapshot.incidents),
      ...breachProblems(text, against, deps.words),
      ...testsProblems(text, testsRefused ?? testsWait, deps.words)
    ],
    revision: text.revision,
    environment: file.config.environment,
    test_repositories: testsRefused ? NO_TESTS : testDifference(file, snapshot.state.test_repositories),
    freezes: freezeDifference(file, snapshot.state.freezes),
    generation: snapshot.state.generation,
    global_stop: snapshot.state.global_stop?.reason ?? null,
    heartbeat: snapshot.state.heartbeat_at,
    now: snapshot.state.now,
    ...quarantined.length > 0 ? { quarantined } : {},
    refused
  };
}
async function refusalOf(refuse) {
  try {
    await refuse();
    return null;
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return { message: error.message, hint: error.hint ?? null };
  }
}
function refuseEmptyFile(words, empty) {
  if (!empty) return;
  throw new RolloutError("file_invalid", words.emptyFile(empty), {
    hint: "to end a feature, set active: false first; to end all of them, run: rollout stop --all --reason ..."
  });
}
function refusedOf(desired, actual, incidents, now) {
  const { refused } = desired;
  if (!refused || refused.size === 0) return [];
  return plan(desired, actual, incidents, now).filter(({ feature }) => refused.has(feature));
}
function withRefused(asked, mended) {
  const again = new Set(mended.map(({ feature }) => feature));
  const others = asked.filter(({ feature }) => !again.has(feature));
  return [...others, ...mended].sort((a, b) => compareText(a.feature, b.feature));
}

export {
  problemsAt,
  validated,
  nothingPlanned,
  tookAway,
  standingOf,
  applied,
  plan,
  withoutBaseline,
  refuseFile,
  MOST_COUNTED,
  countSubjects,
  uncounted,
  testDifference,
  NO_TESTS,
  freezeDifference,
  testsChange,
  withRegistry,
  proofsFor,
  countForPolicy,
  refusedBy,
  againstStep,
  refusalsAfter,
  breachProblems,
  refusedTests,
  testsRefusalAfter,
  testsProblems,
  planFile,
  refuseEmptyFile,
  refusedOf,
  withRefused
};
