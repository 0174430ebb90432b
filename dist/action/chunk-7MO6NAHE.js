import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editFeature,
  inFile,
  isSame,
  open,
  ownerOf,
  plain,
  prove,
  refused,
  setIn,
  valueIn,
  writeValue
} from "./chunk-7T6ZLV7I.js";
import {
  proposalBranch
} from "./chunk-AMLPSWQB.js";
import {
  refuseOtherEnvironment,
  whyNoPlainWrites
} from "./chunk-V6CWIZKH.js";
import {
  utf8
} from "./chunk-QYTOR3Q2.js";
import {
  isPlainMap,
  parseConfig
} from "./chunk-6HZFIDOY.js";
import {
  asResolved,
  foldName,
  goesByCategory,
  goesBySalt,
  isOff,
  isWithin,
  narrowingOf,
  narrowsAtMost,
  ownerFolded,
  resolveLists
} from "./chunk-T5UFH23J.js";
import {
  same
} from "./chunk-YHZEJLZZ.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/config/edit/together.ts
function areSettings(edits) {
  return edits.every((edit) => edit.kind === "set" && !Array.isArray(edit.value));
}
function setTogether(text, wanted) {
  const byFile = /* @__PURE__ */ new Map();
  for (const [feature, edits] of wanted) {
    const owner = ownerOf(text, feature);
    byFile.set(owner, (byFile.get(owner) ?? /* @__PURE__ */ new Map()).set(feature, edits));
  }
  return [...byFile].reduce(
    (state, [owner, own]) => inFile(state, owner, (file) => setInOne(file, own)),
    text
  );
}
function setInOne(text, wanted) {
  const rounds = Math.max(0, ...[...wanted.values()].map((edits) => edits.length));
  let state = open(text, null);
  for (let round = 0; round < rounds; round++) {
    const before = valueIn(state.data, ["features"]);
    if (!isPlainMap(before)) throw refused("it has no features");
    const after = Object.assign(/* @__PURE__ */ Object.create(null), before);
    const splices = [];
    for (const [feature, edits] of wanted) {
      const edit = edits[round];
      if (!edit || isSame(valueIn(before, [feature, ...edit.path]), plain(edit.value))) continue;
      splices.push(...writeValue(state.text, state.root, ["features", feature, ...edit.path], edit.value));
      after[feature] = setIn(after[feature] ?? null, edit.path, plain(edit.value));
    }
    state = prove(state, splices, setIn(state.data, ["features"], after));
  }
  return state.text;
}

// src/app/incidents/held-edits.ts
function heldEdits(spec, resolved, { exposure: held, subject }) {
  const edits = [];
  if (held.emergency_stop && !spec.emergency_stop) edits.push(set("emergency_stop", true));
  if (!held.active && spec.active) edits.push(set("active", false));
  if (isOff(held)) return held.active ? edits : [...edits, ...percentageEdit(spec, held)];
  if (spec.subject !== subject) {
    edits.push(...percentageEdit(spec, { percentage: 0 }));
    return [...edits, ...listEdits(spec, resolved, { whitelist: [], blacklist: [] })];
  }
  if (spec.subject === "customer" && goesByCategory(held)) {
    edits.push(...percentageEdit(spec, { percentage: 0 }));
    return [...edits, ...listEdits(spec, resolved, held)];
  }
  return [...edits, ...audienceEdits(spec, resolved, spec.subject === "customer" ? withoutSize(held) : held)];
}
function withoutSize(held) {
  const { strategy } = held;
  const same2 = {
    strategy: strategy === "repository_size" ? "percentage" : strategy,
    categories: null
  };
  return asResolved({ ...held, ...same2 });
}
function audienceEdits(spec, resolved, held) {
  const edits = [];
  if (held.strategy !== spec.strategy) {
    if (held.strategy === "whitelist") edits.push({ kind: "remove", path: ["percentage"] });
    edits.push(set("strategy", held.strategy));
  }
  if (held.strategy !== "whitelist") edits.push(...percentageEdit(spec, held));
  if (held.salt !== spec.salt && goesBySalt(held)) edits.push(set("salt", held.salt));
  if (held.categories && !same(held.categories, spec.categories)) {
    edits.push(set("categories", [...held.categories]));
  }
  return [...edits, ...narrowingEdits(spec, held), ...listEdits(spec, resolved, held)];
}
function strongerEdits(spec, resolved, { exposure: held }) {
  const listed = [...percentageEdit(spec, { percentage: 0 }), ...listEdits(spec, resolved, held)];
  return [listed, [set("active", false)]];
}
function narrowingEdits(spec, held) {
  const survives = narrowsAtMost(narrowingOf({ ...spec, group_by: held.group_by }), held);
  const keys = survives ? ["group_by"] : ["where", "not", "group_by"];
  return keys.flatMap((key) => {
    const value = held[key];
    if (same(value, spec[key])) return [];
    return value === void 0 ? [{ kind: "remove", path: [key] }] : [{ kind: "set", path: [key], value: copied(value) }];
  });
}
function copied(value) {
  if (typeof value === "string") return value;
  return Object.fromEntries(Object.entries(value).map(([attribute, values]) => [attribute, [...values]]));
}
function percentageEdit(spec, held) {
  const lower = spec.strategy !== "whitelist" && held.percentage < spec.percentage;
  return lower ? [set("percentage", held.percentage)] : [];
}
function listEdits(spec, resolved, held) {
  const listed = new Set(held.whitelist);
  const gone = spec.whitelist.filter((entry) => !listed.has(resolved[entry] ?? ownerFolded(entry)));
  const known = new Set(
    spec.blacklist.flatMap((entry) => [entry, resolved[entry] ?? entry, foldName(entry)])
  );
  const added = held.blacklist.filter((entry) => !known.has(entry));
  return [
    ...gone.length > 0 ? [{ kind: "remove_entries", list: "whitelist", entries: gone }] : [],
    ...added.length > 0 ? [{ kind: "add_entries", list: "blacklist", entries: added }] : []
  ];
}
function set(field, value) {
  return { kind: "set", path: [field], value };
}

// src/app/incidents/write-back-edit.ts
function editForIncidents(text, incidents, environment) {
  const together = editTogether(text, incidents, environment);
  const refused2 = /* @__PURE__ */ new Map();
  let now = together.text;
  for (const one of together.left) {
    try {
      now = editForIncident(now, one, environment);
    } catch (error) {
      refused2.set(one.incident, errorText(error));
    }
  }
  if (refused2.size === 0) return { text: now };
  return { refused: { message: [...refused2.values()].join("; "), incidents: refused2 } };
}
function heldBy({ subject, held }) {
  return { subject, exposure: held };
}
function says(spec, incident) {
  const { exposure } = resolveLists(spec, incident.resolved, /* @__PURE__ */ new Map());
  return isWithin({ subject: spec.subject, exposure }, heldBy(incident));
}
function editTogether(text, incidents, environment) {
  const nothing = { text, left: incidents };
  const { config, broken } = parseConfig(text);
  if (incidents.length < 2 || !config || (environment ?? config.environment) !== config.environment) {
    return nothing;
  }
  const known = /* @__PURE__ */ new Map();
  const wanted = /* @__PURE__ */ new Map();
  const taken = [];
  for (const one of incidents) {
    const spec = config.features.get(one.feature);
    if (!spec || broken.has(one.feature)) continue;
    const edits = heldEdits(spec, resolveLists(spec, one.resolved, known).resolved, heldBy(one));
    if (!areSettings(edits) || config.resumes.has(one.feature)) continue;
    wanted.set(one.feature, edits);
    taken.push(one);
  }
  try {
    const edited = setTogether(text, wanted);
    const after = parseConfig(edited).config?.features;
    const agrees = (one) => {
      const spec = after?.get(one.feature);
      return spec !== void 0 && says(spec, one);
    };
    if (!taken.every(agrees)) return nothing;
    const done = new Set(taken);
    return { text: edited, left: incidents.filter((one) => !done.has(one)) };
  } catch {
    return nothing;
  }
}
function editForIncident(text, incident, environment) {
  const { feature, resolved } = incident;
  const { config, broken } = parseConfig(text);
  if (!config || broken.has(feature)) {
    throw new RolloutError(
      "file_invalid",
      `the file on the default branch has errors, so ${feature} was left as it is`,
      {
        hint: "see them with: rollout validate"
      }
    );
  }
  refuseOtherEnvironment(config, environment);
  const spec = config.features.get(feature);
  if (!spec) return text;
  const names = resolveLists(spec, resolved, /* @__PURE__ */ new Map()).resolved;
  const held = heldBy(incident);
  for (const edits of [heldEdits(spec, names, held), ...strongerEdits(spec, names, held)]) {
    const edited = editFeature(text, feature, edits);
    const after = parseConfig(edited).config?.features.get(feature);
    if (after && says(after, incident)) return edited;
  }
  throw new RolloutError(
    "edit_refused",
    `what the database holds of ${feature} cannot be written into the file automatically`,
    {
      hint: `edit rollout.yaml by hand; see what is held with: rollout incidents ${feature}`
    }
  );
}

// src/app/incidents/write-back-outcome.ts
function pendingBecause(error) {
  return { state: "pending", commit: null, pull_request: null, error };
}
function writeBackOutcome(result) {
  switch (result.state) {
    case "unchanged":
    case "committed":
      return { state: "done", commit: result.commit, pull_request: null, error: null };
    case "proposed":
      return { state: "proposed", commit: null, pull_request: result.pull_request, error: null };
    case "needs_person":
      return {
        state: "proposed",
        commit: null,
        pull_request: null,
        error: `a person has to open the pull request (${result.why}): ${result.compare}`,
        url: result.compare
      };
    // In a repository an edit takes effect only once it is committed; a plain file settles at the next reconcile.
    case "edited":
      return { state: "proposed", commit: null, pull_request: null, error: null };
  }
}

// src/app/incidents/write-back.ts
async function writeBackPending({ store, repository, words }, edited = null) {
  if (await whyNoPlainWrites({ store, repository })) return [];
  const { pending, head, environment } = await store.reading(async (read) => ({
    pending: await read.incidents.pendingWriteBacks(),
    head: await read.history.head(),
    environment: (await read.state()).environment
  }));
  const written = [];
  const missing = await withoutSaid(repository, pending, environment);
  for (const group of groupsOf(missing, edited)) {
    for (const one of await writeGroup({ repository, words }, group, { head, environment })) {
      const { incident, feature, ...outcome } = one;
      await store.incidents.markWriteBack(incident, outcome);
      written.push(one);
    }
  }
  return written;
}
async function withoutSaid(repository, pending, environment) {
  if (!pending.some(({ state }) => state === "done")) return pending;
  const text = await repository.read("commit").then(
    ({ path, content }) => utf8(content, path),
    () => null
  );
  if (text === null) return pending.filter(({ state }) => state !== "done");
  const says2 = (one) => {
    const edited = editForIncidents(text, [one], environment);
    return "text" in edited && edited.text === text;
  };
  return pending.filter((one) => one.state !== "done" || !says2(one));
}
function holdBranch(environment, feature) {
  return proposalBranch(environment, { operation: "hold", name: feature });
}
function groupsOf(pending, edited) {
  const own = pending.filter(({ incident }) => incident === edited);
  const others = pending.filter(({ incident }) => incident !== edited);
  const groups = [
    { via: "commit", incidents: others.filter(({ via }) => via !== "pull_request") },
    ...others.filter(({ via }) => via === "pull_request").map((one) => ({ via: "pull_request", incidents: [one] })),
    { via: "file", incidents: own }
  ];
  return groups.filter(({ incidents }) => incidents.length > 0);
}
async function writeGroup(deps, { via, incidents }, known) {
  try {
    const result = await deps.repository.change(changeFor(deps.words, incidents, via, known));
    if (result.state !== "refused") return forEach(incidents, () => writeBackOutcome(result));
    const { incidents: refused2, message } = result.refused;
    const waits = ({ incident }) => refused2.has(incident);
    const waiting = forEach(incidents.filter(waits), (one) => pendingBecause(refused2.get(one) ?? message));
    const rest = incidents.filter((one) => !waits(one));
    return rest.length === 0 ? waiting : [...waiting, ...await writeGroup(deps, { via, incidents: rest }, known)];
  } catch (error) {
    if (via === "commit" && incidents.length > 1 && isProtected(error)) {
      return proposeEach(deps, incidents, known);
    }
    return forEach(incidents, () => pendingBecause(errorText(error)));
  }
}
function forEach(incidents, outcome) {
  return incidents.map(({ incident, feature }) => ({ incident, feature, ...outcome(incident) }));
}
async function proposeEach(deps, incidents, known) {
  const written = [];
  for (const one of incidents) {
    written.push(...await writeGroup(deps, { via: "pull_request", incidents: [one] }, known));
  }
  return written;
}
function isProtected(error) {
  return error instanceof RolloutError && error.code === "branch_protected";
}
function changeFor(words, incidents, via, { head, environment }) {
  return {
    edit: (text) => editForIncidents(text, incidents, environment),
    via,
    only_commit: incidents.length > 1,
    branch: holdBranch(environment, incidents[0]?.feature ?? ""),
    ...words.writeBack(incidents),
    features: incidents.map(({ feature }) => feature),
    trailers: [
      ...incidents.map(({ incident }) => `Rollout-Incident: ${incident}`),
      ...head === "" ? [] : [`Rollout-History: ${head}`]
    ]
  };
}

export {
  pendingBecause,
  writeBackOutcome,
  writeBackPending,
  holdBranch
};
