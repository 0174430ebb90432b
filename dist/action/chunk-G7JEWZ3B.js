import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editFeature,
  isSame,
  open,
  plain,
  prove,
  refused,
  setIn,
  valueIn,
  writeValue
} from "./chunk-ANBBR5VY.js";
import {
  refuseOtherEnvironment,
  whyNoPlainWrites
} from "./chunk-ZMJYFEOS.js";
import {
  isPlainMap,
  parseConfig
} from "./chunk-IHJ5OOSS.js";
import {
  proposalBranch
} from "./chunk-AMLPSWQB.js";
import {
  escapeMarkdown
} from "./chunk-VFLSN5YF.js";
import {
  resolveLists,
  same
} from "./chunk-SVQTXOOW.js";
import {
  isOff,
  narrower
} from "./chunk-NGXP4PDZ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/config/edit-together.ts
function areSettings(edits) {
  return edits.every((edit) => edit.kind === "set" && !Array.isArray(edit.value));
}
function setTogether(text, wanted) {
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

// src/app/held-edits.ts
function heldEdits(spec, resolved, held) {
  const edits = [];
  if (held.emergency_stop && !spec.emergency_stop) edits.push(set("emergency_stop", true));
  if (!held.active && spec.active) edits.push(set("active", false));
  if (isOff(held)) return held.active ? edits : [...edits, ...percentageEdit(spec, held)];
  if (held.strategy !== spec.strategy) {
    if (held.strategy === "whitelist") edits.push({ kind: "remove", path: ["percentage"] });
    edits.push(set("strategy", held.strategy));
  }
  if (held.strategy !== "whitelist") edits.push(...percentageEdit(spec, held));
  if (held.categories && !same(held.categories, spec.categories)) {
    edits.push(set("categories", [...held.categories]));
  }
  return [...edits, ...listEdits(spec, resolved, held)];
}
function percentageEdit(spec, held) {
  const lower = spec.strategy !== "whitelist" && held.percentage < spec.percentage;
  return lower ? [set("percentage", held.percentage)] : [];
}
function listEdits(spec, resolved, held) {
  const listed = new Set(held.whitelist);
  const gone = spec.whitelist.filter((entry) => !listed.has(resolved[entry] ?? entry));
  const known = new Set(
    spec.blacklist.flatMap((entry) => [entry, resolved[entry] ?? entry, entry.toLowerCase()])
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

// src/app/write-back-edit.ts
function editForIncidents(text, incidents, environment, refused2) {
  refused2.clear();
  const together = editTogether(text, incidents, environment);
  const edited = together.left.reduce((state, one) => {
    try {
      return editForIncident(state, one, environment);
    } catch (error) {
      refused2.set(one.incident, error instanceof Error ? error.message : String(error));
      return state;
    }
  }, together.text);
  if (refused2.size === 0) return edited;
  throw new RolloutError("edit_refused", [...refused2.values()].join("; "));
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
    const edits = heldEdits(spec, resolveLists(spec, one.resolved, known).resolved, one.held);
    if (!areSettings(edits) || config.resumes.has(one.feature)) continue;
    wanted.set(one.feature, edits);
    taken.push(one);
  }
  try {
    const edited = setTogether(text, wanted);
    const after = parseConfig(edited).config?.features;
    const agrees = ({ feature, resolved, held }) => {
      const spec = after?.get(feature);
      return spec !== void 0 && narrower(resolveLists(spec, resolved, known).exposure, held);
    };
    if (!taken.every(agrees)) return nothing;
    const done = new Set(taken);
    return { text: edited, left: incidents.filter((one) => !done.has(one)) };
  } catch {
    return nothing;
  }
}
function editForIncident(text, { feature, held, resolved }, environment) {
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
  const known = /* @__PURE__ */ new Map();
  const edited = editFeature(
    text,
    feature,
    heldEdits(spec, resolveLists(spec, resolved, known).resolved, held)
  );
  const after = parseConfig(edited).config?.features.get(feature);
  if (after && narrower(resolveLists(after, resolved, known).exposure, held)) return edited;
  throw new RolloutError(
    "edit_refused",
    `the file cannot say by program what the database holds of ${feature}`,
    {
      hint: `edit rollout.yaml by hand; see what is held with: rollout incidents ${feature}`
    }
  );
}

// src/app/write-back-message.ts
function messageFor(incidents) {
  const [first] = incidents;
  const names = incidents.map(({ feature }) => feature).join(", ");
  const title = incidents.length === 1 && first ? `${VERBS[first.kind]} ${first.feature}` : `Take back ${names}`;
  const facts = incidents.map(
    ({ feature, reason, held, before, opened_at, incident }) => `${feature}: ${oneLine(reason)}
${percentages(before, held)}, incident ${incident} of ${opened_at.toISOString()}`
  );
  return { title: oneLine(title), body: [...facts, EFFECT].join("\n\n"), proposal: proposalFor(incidents) };
}
var EFFECT = "Already in effect in the database: merging this changes 0 subjects.";
function proposalFor(incidents) {
  const sections = incidents.map(
    ({ feature, reason, held, before, opened_at, incident }) => [
      `**${escapeMarkdown(feature)}** ${percentages(before, held)}: ${escapeMarkdown(reason)}`,
      "",
      `Incident ${incident} of ${opened_at.toISOString()}.`
    ].join("\n")
  );
  const lifts = "Merging brings the file in line. Closing this unmerged lifts nothing: it is opened again until the file agrees or a person resumes the feature.";
  return [...sections, `${EFFECT} ${lifts}`].join("\n\n");
}
var VERBS = {
  rollback: "Roll back",
  emergency_stop: "Stop",
  drift: "Lower"
};
function percentages(before, held) {
  const to = held.emergency_stop ? "stopped" : held.active ? `${held.percentage} %` : "off";
  return before ? `from ${before.percentage} % to ${to}` : `to ${to}`;
}
function oneLine(text) {
  return text.replace(/[\u0000-\u001f\u007f]+/g, " ").trim();
}

// src/app/write-back.ts
async function writeBackPending({ store, repository }, edited = null) {
  if (await whyNoPlainWrites({ store, repository })) return [];
  const { pending, head, environment } = await store.reading(async (read) => ({
    pending: await read.pendingWriteBacks(),
    head: await read.historyHead(),
    environment: (await read.state()).environment
  }));
  const written = [];
  for (const group of groupsOf(pending, edited)) {
    for (const one of await writeGroup(repository, group, { head, environment })) {
      const { incident, feature, ...outcome } = one;
      await store.markWriteBack(incident, outcome);
      written.push(one);
    }
  }
  return written;
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
async function writeGroup(repository, { via, incidents }, known) {
  const refused2 = /* @__PURE__ */ new Map();
  try {
    const result = await repository.change(changeFor(incidents, via, known, refused2));
    return incidents.map(({ incident, feature }) => ({ incident, feature, ...outcomeOf(result) }));
  } catch (error) {
    if (via === "commit" && incidents.length > 1 && isProtected(error)) {
      return proposeEach(repository, incidents, known);
    }
    const message = error instanceof Error ? error.message : String(error);
    const waits = (one) => refused2.size === 0 || refused2.has(one.incident);
    const waiting = incidents.filter(waits).map(({ incident, feature }) => {
      return { incident, feature, ...pendingBecause(refused2.get(incident) ?? message) };
    });
    const rest = incidents.filter((one) => !waits(one));
    return rest.length === 0 ? waiting : [...waiting, ...await writeGroup(repository, { via, incidents: rest }, known)];
  }
}
async function proposeEach(repository, incidents, known) {
  const written = [];
  for (const one of incidents) {
    written.push(...await writeGroup(repository, { via: "pull_request", incidents: [one] }, known));
  }
  return written;
}
function isProtected(error) {
  return error instanceof RolloutError && error.code === "branch_protected";
}
function pendingBecause(error) {
  return { state: "pending", commit: null, pull_request: null, error };
}
function changeFor(incidents, via, { head, environment }, refused2) {
  return {
    edit: (text) => editForIncidents(text, incidents, environment, refused2),
    via,
    only_commit: incidents.length > 1,
    branch: holdBranch(environment, incidents[0]?.feature ?? ""),
    ...messageFor(incidents),
    trailers: [
      ...incidents.map(({ incident }) => `Rollout-Incident: ${incident}`),
      ...head === "" ? [] : [`Rollout-History: ${head}`]
    ]
  };
}
function outcomeOf(result) {
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
    // In a repository an edit is not in force before somebody commits it; a plain file settles at the next reconcile.
    case "edited":
      return { state: "proposed", commit: null, pull_request: null, error: null };
  }
}

export {
  writeBackPending,
  holdBranch
};
