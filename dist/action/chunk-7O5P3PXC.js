import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  freezeAt
} from "./chunk-35P45YSF.js";
import {
  desiredOf,
  loadFile,
  readSnapshot,
  refuseOtherEnvironment,
  refusePlainFile,
  testEntries,
  withSettlements
} from "./chunk-ZMJYFEOS.js";
import {
  Locator,
  readText,
  readYaml
} from "./chunk-IHJ5OOSS.js";
import {
  audienceChange,
  expectedExposure,
  settingsDrifted,
  settingsOf,
  testsThatDecide,
  withBaseline
} from "./chunk-5Z4M5XNO.js";
import {
  describeDifferences,
  differences,
  foldName,
  idsIn,
  resolveLists,
  same,
  sortedSet,
  without
} from "./chunk-SVQTXOOW.js";
import {
  EXPOSURE_FIELDS
} from "./chunk-ROPHYOFM.js";
import {
  CATEGORIES,
  SUBJECT_TYPES,
  admitsNobody,
  isOff,
  looksLikeName,
  narrower
} from "./chunk-NGXP4PDZ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/domain/drift.ts
function judgeDrift(columns, expected) {
  const drift = judgeFields(columns, expected);
  if (!narrower(columns, expected) || narrower(drift.rest, columns)) return drift;
  const fields = EXPOSURE_FIELDS.filter((field) => !same(columns[field], expected[field]));
  return { adopted: fields, repaired: [], rest: columns };
}
function judgeFields(columns, expected) {
  const drift = { adopted: [], repaired: [], rest: expected };
  for (const field of EXPOSURE_FIELDS) {
    if (same(columns[field], expected[field])) continue;
    const alone = { ...expected, [field]: columns[field] };
    const stops = field === "emergency_stop" && columns.emergency_stop;
    const takesAway = stops || narrower(alone, expected) && !narrower(expected, alone);
    const together = { ...drift.rest, [field]: columns[field] };
    if (takesAway && narrower(together, drift.rest)) {
      drift.adopted.push(field);
      drift.rest = together;
    } else {
      drift.repaired.push(field);
    }
  }
  return drift;
}

// src/domain/incident.ts
function tookAway({ before }) {
  return before !== null && !admitsNobody(before);
}
function permitInForce(incident, now) {
  return incident.permit && incident.permit.expires_at > now ? incident.permit : null;
}

// src/domain/change.ts
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

// src/domain/plan-pair.ts
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
  if (!freeze || narrower(after, before ?? { ...after, active: false })) return [];
  return [`raises exposure during the freeze of ${freeze.from} to ${freeze.to} (${freeze.reason})`];
}
function describeExposure(spec) {
  if (!spec.active) return "off";
  if (spec.emergency_stop) return "stopped";
  return spec.strategy === "whitelist" ? `whitelist of ${spec.whitelist.length}` : `${spec.percentage} %${spec.strategy === "percentage" ? "" : `, ${spec.strategy}`}`;
}

// src/domain/plan-writes.ts
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

// src/domain/plan-holds.ts
function adopt(pair, desired, actual, drift) {
  const expected = expectedExposure(actual, pair.hold) ?? actual.columns;
  const narrowed = drift.adopted.map((field) => `${field} to ${JSON.stringify(drift.rest[field])}`).join(", ");
  const reason = `made narrower by hand in the database (${narrowed})`;
  const back = [...drift.repaired, ...actual.edited ? ["spec"] : []];
  const repaired = back.length > 0 ? `; puts back ${back.join(", ")} changed by hand` : "";
  return change(pair, "adopt_drift", {
    reason: `${reason}: adopted and held${repaired}`,
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
        reason
      }
    }
  });
}
function settle(pair, desired, hold) {
  return change(pair, "settle", {
    reason: `the file agrees with incident ${hold.id} (${hold.reason}): settled`,
    incident: hold.id,
    write: { ...applied(pair.actual, desired, "updated"), incident: { do: "settle", incident: hold.id } }
  });
}
function resume(pair, desired, incident) {
  const day = incident.opened_at.toISOString().slice(0, 10);
  return change(pair, "update", {
    reason: `raises a feature taken back on ${day} because ${incident.reason}: ${describeExposure(desired.spec)}`,
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
var HOW_LOST = {
  contained: "the file goes over it",
  missing: "this revision does not contain the commit that settled it",
  reverted: "a commit raises it by reverting another, and a revert is not a resume",
  uncommitted: "the file goes over it, and no commit shows that a person raised it since"
};
function reopen(pair, desired, actual, incident) {
  const applied2 = expectedExposure(actual, null);
  const bound = applied2 && narrower(applied2, incident.held) ? applied2 : incident.held;
  const live = judgeDrift(actual.columns, bound).rest;
  return change(pair, "held", {
    reason: `incident ${incident.id} is open again: ${HOW_LOST[incident.settlement]}; ${waysOut(pair.feature)}`,
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
  const notes = [
    `held by incident ${hold.id} since ${hold.opened_at.toISOString()}: ${hold.reason}`,
    repaired || others.length > 0 ? `puts back ${[...drift.repaired, ...others].join(", ")} changed by hand` : "",
    write.spec?.subject === desired.spec.subject ? "" : `subject: ${desired.spec.subject} has to wait for its end`,
    permitNote(hold, desired, pair.now),
    waysOut(pair.feature)
  ];
  return change(pair, "held", {
    reason: notes.filter(Boolean).join("; "),
    held: true,
    write: writes ? write : null
  });
}
function keepOff(pair, hold) {
  const by = hold.id === null ? "an incident takes back" : `incident ${hold.id} took back`;
  return change(pair, "held", {
    reason: `not created: it has the salt of ${hold.feature}, which ${by} (${hold.reason}); to go on, create it with active: false and raise it later`,
    held: true,
    incident: hold.id,
    write: null
  });
}
function permitNote(hold, { resumes, exposure }, now) {
  const permit = permitInForce(hold, now);
  if (resumes === hold.id && permit === null)
    return `resumes: ${resumes} has no permit in force in the database`;
  if (resumes === hold.id && permit && !narrower(exposure, permit.ceiling)) {
    return `the file asks for more than the permit of incident ${hold.id} allows`;
  }
  if (resumes === hold.id) return "";
  if (resumes !== null) return `resumes: ${resumes} names another incident and has no effect`;
  return permit === null ? "" : `a permit waits for resumes: ${hold.id} in the file`;
}
function waysOut(feature) {
  return `to end it, merge the write-back or run: rollout resume ${feature} --reason ...`;
}
function beforeDrift(actual, drift) {
  const baseline = expectedExposure(actual, null) ?? actual.columns;
  return { ...drift.rest, ...pick(baseline, drift.adopted) };
}

// src/domain/plan-outcomes.ts
function create(pair, desired) {
  return change(pair, "create", {
    reason: `new in the file: ${describeExposure(desired.spec)}`,
    warnings: freezeWarnings(pair, null, desired.exposure),
    write: applied(pair.actual, desired, "created")
  });
}
function update(pair, desired, actual, drift) {
  const found = specDifferences(actual, desired);
  const notes = [
    actual.archived ? "back from the archive" : "",
    actual.spec ? "" : actual.edited ? LOST_SPEC : "never reconciled before, so the file applies",
    found.length > 0 ? describeDifferences(found) : "",
    putsBack(actual, drift)
  ];
  const history = advances(actual, desired) ? "advanced" : "updated";
  return change(pair, "update", {
    reason: notes.filter(Boolean).join("; "),
    warnings: freezeWarnings(pair, actual.columns, desired.exposure),
    differences: found,
    write: applied(pair.actual, desired, history)
  });
}
var LOST_SPEC = "its spec was changed by hand in the database, so the file applies";
function putsBack({ spec, edited }, drift) {
  const fields = [...drift?.repaired ?? [], ...edited && spec ? ["spec"] : []];
  return fields.length > 0 ? `puts back ${fields.join(", ")} changed by hand` : "";
}
function archive(pair, actual) {
  const { hold } = pair;
  const exposure = expectedExposure(actual, null) ?? actual.columns;
  return change(pair, "archive", {
    reason: `${actual.spec ? "no longer" : "not"} in the file and off: archived, history and metrics are kept`,
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
  const names = [...fields, ...settingsDrifted(actual)].join(", ");
  return change(pair, "repair_drift", {
    reason: `${names} changed by hand in the database: put back to ${pair.hold ? `the state held by incident ${pair.hold.id}` : "what was last reconciled"}`,
    differences: fields.length > 0 ? differences(pick(actual.columns, fields), pick(expected, fields)) : [],
    held: pair.hold !== null,
    write: keepSpec(actual, expected, "drift_repaired")
  });
}
function stillExposed(pair, actual) {
  const byHand = [
    "not in the file, but on in the database, by SQL and never by a file",
    "to keep it, put it into the file (rollout init --from-database --file found.yaml shows how it would stand there)"
  ].join(": ");
  const reason = actual.spec || actual.edited ? "no longer in the file, but still on: set active: false first, then remove it" : `${byHand}; to end it, run: rollout stop ${pair.feature} --reason ...`;
  return change(pair, "refused", { reason, write: null });
}
function broken(pair, problem) {
  return change(pair, "refused", { reason: `left as it is: ${problem}`, write: null });
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

// src/domain/plan.ts
function plan(desired, actual, incidents, now) {
  const keys = /* @__PURE__ */ new Set([...desired.features.keys(), ...desired.broken.keys(), ...actual.keys()]);
  const open = new Map(incidents.filter((i) => i.state === "open").map((i) => [i.feature, i]));
  const settled = incidents.filter((i) => i.state === "settled");
  const takenBack = [...open.values(), ...settled];
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
    const change2 = problem === void 0 ? planFeature(pair, takenBack) : planBroken(pair, problem);
    if (!change2) continue;
    changes.push(change2);
    const effect = change2.write?.incident;
    if (effect?.do === "open") takenBack.push({ ...effect, id: null, feature });
  }
  return changes.sort((a, b) => byKey(a.feature, b.feature));
}
function byKey(a, b) {
  return a < b ? -1 : a > b ? 1 : 0;
}
function binding(settled, desired) {
  const newestFirst = settled.toReversed();
  const raised = newestFirst.filter(({ held }) => desired && !narrower(desired.exposure, held));
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
  if (live.length === 0) return null;
  const are = live.length === 1 ? "1 is" : `${live.length} are`;
  return `the file has no features, but ${are} live in the database (${live[0]?.feature}${live.length > 1 ? ", ..." : ""})`;
}
function planFeature(pair, takenBack) {
  const { desired, actual } = pair;
  if (!actual) return desired ? planNew(pair, desired, takenBack) : null;
  if (!desired) return planAbsent(pair, actual);
  return pair.hold ? planHeld(pair, desired, actual, pair.hold) : planLive(pair, desired, actual);
}
function planNew(pair, desired, takenBack) {
  const hold = takenBack.filter((incident) => incident.held.salt === desired.exposure.salt).sort((a, b) => byKey(a.feature, b.feature))[0];
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
  if (pair.liftsHolds && sameKind && narrower(desired.exposure, drift.rest) && answers(desired, hold) && !stoppedByHand(drift, desired)) {
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
  return permit !== null && desired.resumes === incident.id && narrower(desired.exposure, permit.ceiling);
}
function stoppedByHand(drift, desired) {
  return drift.adopted.includes("emergency_stop") && !desired.spec.emergency_stop;
}
function planLive(pair, desired, actual) {
  const { settled } = pair;
  const raisesSettled = settled !== null && !narrower(desired.exposure, settled.held);
  if (raisesSettled && settled.settlement !== "contained" && !permits(settled, desired, pair)) {
    return reopen(pair, desired, actual, settled);
  }
  const expected = expectedExposure(actual, null);
  if (!expected || !actual.spec) {
    if (raisesSettled) return resume(pair, desired, settled);
    return rowAgrees(desired, actual) && !actual.archived && !actual.edited ? null : update(pair, desired, actual, null);
  }
  const drift = judgeDrift(actual.columns, expected);
  const agrees = narrower(desired.exposure, drift.rest) && !stoppedByHand(drift, desired);
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

// src/config/warnings-at.ts
function warningsAt(content, warnings) {
  const read = warnings.length > 0 ? readText(content) : null;
  if (!read?.ok) return [];
  const locator = new Locator(readYaml(read.text));
  return warnings.map(
    ({ path, message }) => locator.problem({ severity: "warning", path, at: "value", message })
  );
}

// src/app/stale-resumes.ts
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

// src/app/unmatched.ts
var MOST_NAMED = 3;
var ENOUGH_TESTS = 5;
async function withRegistry(read, problems) {
  const few2 = problems.some(({ code }) => code === "few_test_repositories");
  if (!few2 || !await read.hasTestRepositories(ENOUGH_TESTS)) return problems;
  return problems.filter(({ code }) => code !== "few_test_repositories");
}
async function warnOfUnmatched(read, changes, desired) {
  const wanted = changes.flatMap((change2) => {
    const feature = desired.features.get(change2.feature);
    return feature ? [{ change: change2, feature }] : [];
  });
  for (const subject of SUBJECT_TYPES) {
    const ofType = wanted.filter(({ feature }) => feature.spec.subject === subject);
    const unknown = new Set(
      await read.unknownIds(
        subject,
        ofType.flatMap(({ feature }) => idsIn(feature.spec))
      )
    );
    for (const { change: change2, feature } of ofType) {
      const ids = idsIn(feature.spec).filter((id) => unknown.has(id));
      if (ids.length > 0) change2.warnings.push(`no ${subject} has the id ${few(ids)}: ${WHY}`);
      const names = unmatchedNames(feature);
      if (names.length > 0) change2.warnings.push(`nobody is called ${few(names)}: ${WHY}`);
    }
  }
}
var WHY = "misspelt, or not imported yet";
function unmatchedNames({ resolved }) {
  return Object.keys(resolved).filter((entry) => resolved[entry] === null);
}
function few(entries) {
  const more = entries.length > MOST_NAMED ? ` and ${entries.length - MOST_NAMED} more` : "";
  return `${entries.slice(0, MOST_NAMED).join(", ")}${more}`;
}

// src/app/plan.ts
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
  refuseEmptyFile(refuseFile(desired, snapshot.features));
  const incidents = await withSettlements(snapshot, desired, deps.repository);
  const changes = plan(desired, snapshot.features, incidents, snapshot.state.now);
  const tests = testsChange(file, snapshot.state.test_repositories);
  const { counted, movements, problems } = await deps.store.reading(async (read) => {
    await warnOfUnmatched(read, changes, desired);
    const counted2 = await countSubjects(read, changes, tests);
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
    test_repositories: testDifference(after.file, testEntries(before.file.config))
  };
}
function validated(text) {
  const loaded = loadFile(text);
  if (!loaded.ok) return nothingPlanned(loaded.problems, text.revision);
  const { problems, config } = loaded.file;
  return { ...nothingPlanned(problems, text.revision), environment: config.environment };
}
function refuseEmptyFile(why) {
  if (!why) return;
  throw new RolloutError("file_invalid", why, {
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
    const impact = await read.impact(audience);
    const moves = impact.entering + impact.leaving > 0;
    const largest = moves ? await read.largestMoved(audience, LARGEST_SHOWN) : [];
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
    const { entering, leaving } = await read.impact(change2);
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
  testsChange,
  nothingPlanned
};
