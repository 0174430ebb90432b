import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  freezeAt
} from "./chunk-KGTZJLT5.js";
import {
  desiredOf,
  loadFile,
  readSnapshot,
  refuseOtherEnvironment,
  refusePlainFile,
  testEntries,
  withSettlements
} from "./chunk-BDGD52UT.js";
import {
  Locator,
  readText,
  readYaml
} from "./chunk-FSRUMNGE.js";
import {
  audienceChange,
  expectedExposure,
  settingsDrifted,
  settingsOf,
  testsThatDecide,
  withBaseline
} from "./chunk-ORCGCG3B.js";
import {
  foldName,
  idsIn,
  resolveLists,
  sortedSet
} from "./chunk-PNDQKD5W.js";
import {
  EXPOSURE_FIELDS
} from "./chunk-QSIONP25.js";
import {
  CATEGORIES,
  SUBJECT_TYPES,
  admitsNobody,
  atMost,
  isOff,
  looksLikeName,
  strictlyLess
} from "./chunk-O673KTJQ.js";
import {
  exposureFacts
} from "./chunk-TEAR7GFV.js";
import {
  differences,
  same,
  without
} from "./chunk-YHZEJLZZ.js";
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
function freezeWarnings(pair, before, after) {
  const freeze = freezeAt(pair.freeze, pair.now);
  if (!freeze || atMost(after, before ?? { ...after, active: false })) return [];
  return [{ code: "freeze", ...freeze }];
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

// src/domain/plan/outcomes.ts
function create(pair, desired) {
  return change(pair, "create", {
    reason: { code: "created", exposure: exposureFacts(desired.spec) },
    warnings: [...freezeWarnings(pair, null, desired.exposure), ...unreviewedWarnings(null, desired)],
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
      ...freezeWarnings(pair, actual.columns, desired.exposure),
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
    warnings: freezeWarnings(pair, incident.held, desired.exposure),
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
        desired.features.get(feature)
      ),
      revision: desired.revision,
      freeze: desired.freeze,
      liftsHolds: !desired.adopted,
      now
    };
    const problem = desired.broken.get(feature);
    const change2 = problem === void 0 ? planFeature(pair, takenAway) : planBroken(pair, problem);
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
function binding(settled, desired) {
  const newestFirst = settled.toReversed();
  const raised = newestFirst.filter(({ held }) => desired && !atMost(desired.exposure, held));
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
  const raisesSettled = settled !== null && !atMost(desired.exposure, settled.held);
  if (raisesSettled && settled.settlement !== "contained" && !permits(settled, desired, pair)) {
    return reopen(pair, desired, actual, settled);
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

// src/config/read/warnings-at.ts
function warningsAt(content, warnings) {
  const read = warnings.length > 0 ? readText(content) : null;
  if (!read?.ok) return [];
  const locator = new Locator(readYaml(read.text));
  return warnings.map(
    ({ path, message }) => locator.problem({ severity: "warning", path, at: "value", message })
  );
}

// src/app/reconcile/stale-resumes.ts
function staleResumes({ content }, { config }, incidents) {
  const resumable = incidents.filter(({ state, permit }) => state === "open" || permit !== null);
  const known = new Set(resumable.map(({ feature, id }) => `${feature} ${id}`));
  const stale = [...config.resumes].filter(([feature, incident]) => !known.has(`${feature} ${incident}`));
  return warningsAt(
    content,
    stale.map(([feature, incident]) => ({
      path: ["features", feature, "resumes"],
      message: `resumes: ${incident} has no effect: incident ${incident} of ${feature} is not open; remove the line`
    }))
  );
}

// src/app/reconcile/unmatched-entries.ts
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
  return changes.map((change2) => {
    const feature = desired.features.get(change2.feature);
    if (!feature) return change2;
    const warnings = unmatchedWarnings(feature, unknown.get(feature.spec.subject) ?? /* @__PURE__ */ new Set());
    return warnings.length === 0 ? change2 : { ...change2, warnings: [...change2.warnings, ...warnings] };
  });
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
function unmatchedNames({ resolved }) {
  return Object.keys(resolved).filter((entry) => resolved[entry] === null);
}

// src/app/reconcile/plan.ts
var MOST_COUNTED = 200;
var LARGEST_SHOWN = 5;
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
  const tests = testsChange(file, snapshot.state.test_repositories);
  const { counted, movements, problems } = await deps.store.reading(async (read) => {
    const warned = await withUnmatched(read, changes, desired);
    const counted2 = await countSubjects(read, warned, tests);
    const stopped = snapshot.state.global_stop !== null;
    const others = withoutCount(snapshot.features, counted2);
    const problems2 = await withRegistry(read, file.problems);
    return { counted: counted2, problems: problems2, movements: stopped ? [] : await movementsByTests(read, others, tests) };
  });
  return {
    changes: counted,
    movements,
    problems: [...problems, ...staleResumes(text, file, snapshot.incidents)],
    revision: text.revision,
    environment: file.config.environment,
    test_repositories: testDifference(file, snapshot.state.test_repositories),
    freezes: freezeDifference(file, snapshot.state.freezes),
    generation: snapshot.state.generation,
    global_stop: snapshot.state.global_stop?.reason ?? null,
    heartbeat: snapshot.state.heartbeat_at,
    now: snapshot.state.now,
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
function planAgainstFile(base, proposed, now) {
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
  const changes = plan(desired, actual, [], now);
  return {
    ...nothingPlanned(after.file.problems, proposed.revision),
    environment: after.file.config.environment,
    changes: changes.map(uncounted),
    test_repositories: testDifference(after.file, testEntries(before.file.config)),
    freezes: freezeDifference(after.file, before.file.config.freeze)
  };
}
function validated(text) {
  const loaded = loadFile(text);
  if (!loaded.ok) return nothingPlanned(loaded.problems, text.revision);
  const { problems, config } = loaded.file;
  return { ...nothingPlanned(problems, text.revision), environment: config.environment };
}
function refuseEmptyFile(words, empty) {
  if (!empty) return;
  throw new RolloutError("file_invalid", words.emptyFile(empty), {
    hint: "to end a feature, set active: false first; to end all of them, run: rollout stop --all --reason ..."
  });
}
async function countSubjects(read, changes, tests) {
  const planned = [];
  for (const change2 of changes) {
    if (changes.length > MOST_COUNTED || change2.action === "refused") {
      planned.push(uncounted(change2));
      continue;
    }
    const audience = audienceChange(change2, tests);
    const impact = await read.features.impact(audience);
    const moves = impact.entering + impact.leaving > 0;
    const largest = moves ? await read.features.largestMoved(audience, LARGEST_SHOWN) : [];
    const categories = [...impact.categories].sort(bySize);
    planned.push({ ...change2, impact: { ...impact, categories }, largest });
  }
  return planned;
}
function withoutCount(actual, changes) {
  const counted = new Set(changes.filter(({ impact }) => impact).map(({ feature }) => feature));
  return [...actual.values()].filter(({ feature }) => !counted.has(feature));
}
async function movementsByTests(read, features, tests) {
  const movements = [];
  for (const { feature, columns, settings } of features) {
    const audience = { subject: settings.subject, exposure: columns };
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
function testDifference(file, before) {
  const after = testEntries(file.config);
  return {
    added: without(after, before),
    removed: without(before, after)
  };
}
function freezeDifference(file, before) {
  const missing = (from, others) => from.filter((freeze) => !others.some((other) => same(freeze, other)));
  return { added: missing(file.config.freeze, before), removed: missing(before, file.config.freeze) };
}
function testsChange(file, before) {
  const { added, removed } = testDifference(file, before);
  const moved = [...removed, ...added];
  return moved.length === 0 ? null : { moved, after: testEntries(file.config) };
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

export {
  tookAway,
  standingOf,
  applied,
  plan,
  withoutBaseline,
  refuseFile,
  withRegistry,
  planFile,
  planAgainstFile,
  validated,
  refuseEmptyFile,
  countSubjects,
  withoutCount,
  testDifference,
  freezeDifference,
  testsChange,
  nothingPlanned
};
