import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  applied,
  countSubjects,
  plan,
  refuseEmptyFile,
  refuseFile,
  standingOf,
  testDifference,
  withoutBaseline
} from "./chunk-ZOVTE6U2.js";
import {
  desiredOf,
  loadFile,
  readSnapshot,
  refuseOtherEnvironment,
  testEntries,
  withSettlements
} from "./chunk-VQDQBZL4.js";
import {
  resolveLists
} from "./chunk-VIO3YKVB.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/baseline.ts
async function adoptBaselines(store, desired, actual, by) {
  const adoption = { adopted: [], refusals: [] };
  for (const feature of withoutBaseline(desired, actual)) {
    try {
      if (await adoptOne(store, desired, feature, { actor: by.actor, revision: desired.revision })) {
        adoption.adopted.push(feature);
      }
    } catch (error) {
      if (error instanceof RolloutError) throw error;
      const row = actual.get(feature);
      if (row) adoption.refusals.push(refusal(row, refusedBecause(error)));
    }
  }
  return adoption;
}
function refusedBecause(error) {
  return `the database refused it: ${error instanceof Error ? error.message : String(error)}`;
}
function adoptOne(store, desired, feature, by) {
  return store.adoptBaseline(feature, by, ({ actual }) => {
    const wanted = desired.features.get(feature);
    if (!wanted || !actual || withoutBaseline(desired, /* @__PURE__ */ new Map([[feature, actual]])).length === 0)
      return null;
    return { ...applied(actual, wanted, "updated"), newEpoch: false, newStep: false };
  });
}
function refusal({ feature, columns, settings }, reason) {
  const standing = standingOf(columns);
  return {
    ...{
      feature,
      action: "refused",
      from: standing,
      to: standing,
      file: standing,
      before: columns,
      after: columns
    },
    ...{ held: false, incident: null, reason, warnings: [], differences: [], write: null },
    ...{ subject: settings.subject, impact: null, largest: [] }
  };
}

// src/app/refuse-tip.ts
function refuseOtherRevision(tip, asked) {
  if (asked === null || asked.length >= 7 && tip?.startsWith(asked.toLowerCase())) return;
  throw new RolloutError(
    "revision_refused",
    `${asked.slice(0, 40)} is not the tip of the default branch, which is ${tip?.slice(0, 10) ?? "no commit"}`,
    { hint: "reconcile applies only the tip; leave --revision out" }
  );
}
async function refuseRewind(repository, tip, last) {
  if (last === null || tip === null || tip === last) return;
  if (await repository.settlement(tip, [last]) !== "missing") return;
  const again = await repository.readTip();
  if (again.revision !== null && await repository.settlement(again.revision, [last]) !== "missing") {
    throw new RolloutError("revision_refused", "the branch moved while it was read", {
      hint: "run: rollout reconcile"
    });
  }
  throw new RolloutError(
    "revision_refused",
    `${tip.slice(0, 10)} does not descend from ${last.slice(0, 10)}, which was applied last: this checkout is behind, or history was rewritten`,
    {
      hint: "bring the checkout up to date (git pull) and run it again; where history was rewritten on purpose, look at the plan (rollout plan), and if it is what you want: rollout reconcile --allow-rewind"
    }
  );
}

// src/app/reconcile.ts
async function reconcile(deps, input) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await reconcileOnce(deps, input);
    } catch (error) {
      if (attempt === ATTEMPTS || !(error instanceof Overtaken)) throw error;
    }
  }
}
var ATTEMPTS = 3;
var Overtaken = class extends RolloutError {
  constructor() {
    super("revision_refused", "another run began to apply another commit meanwhile", {
      hint: "run: rollout reconcile"
    });
  }
};
async function reconcileOnce(deps, input) {
  const tip = await deps.repository.readTip();
  refuseOtherRevision(tip.revision, input.revision);
  const loaded = loadFile(tip);
  if (!loaded.ok) return refused(loaded.problems, tip);
  const { file } = loaded;
  const snapshot = await deps.store.reading((read) => readSnapshot(read, file.config.features.values()));
  refuseOtherEnvironment(file.config, snapshot.state.environment);
  if (!input.allowRewind) await refuseRewind(deps.repository, tip.revision, snapshot.state.revision);
  const desired = desiredOf(file, snapshot);
  refuseEmptyFile(refuseFile(desired, snapshot.features));
  const incidents = await withSettlements(snapshot, desired, deps.repository);
  const changes = plan(desired, snapshot.features, incidents, snapshot.state.now);
  const planned = await deps.store.reading((read) => countSubjects(read, changes, file, snapshot.features));
  await begin(deps, snapshot, tip);
  const movements = await takeTestRepositories(deps, file, input);
  const { actor, asked } = input;
  const by = { actor, asked, metadata: await metadataAt(tip, planned, input) };
  const done = await applyAll(
    deps,
    desired,
    planned,
    {
      settlements: new Map(incidents.map(({ id, settlement }) => [id, settlement])),
      names: snapshot.names,
      now: snapshot.state.now
    },
    by
  );
  const { adopted, refusals } = await adoptBaselines(deps.store, desired, snapshot.features, by);
  await deps.store.finishReconcile({
    environment: file.config.environment,
    revision: tip.revision,
    freezes: file.config.freeze
  });
  await deps.store.resolveNames(input.actor);
  return {
    changes: [...done, ...refusals].sort((a, b) => a.feature < b.feature ? -1 : 1),
    problems: file.problems,
    revision: tip.revision,
    test_repositories: testDifference(file, snapshot.state.test_repositories),
    global_stop: snapshot.state.global_stop?.reason ?? null,
    adopted,
    movements
  };
}
async function begin({ store }, { state }, { revision }) {
  if (state.revision === revision) return;
  const generation = await store.beginReconcile(state.revision, revision);
  if (generation !== state.generation) throw new Overtaken();
}
async function takeTestRepositories(deps, file, input) {
  const claim = {
    actor: input.actor,
    revision: file.revision,
    reason: "test_repositories of the file changed"
  };
  return (await deps.store.setTestRepositories(claim, testEntries(file.config))).movements;
}
async function metadataAt({ revision }, planned, { metadata = {} }) {
  if (typeof metadata !== "function") return metadata;
  return planned.some(({ write }) => write !== null) ? metadata(revision) : {};
}
async function applyAll(deps, desired, planned, known, input) {
  const done = [];
  for (const change of planned) {
    const by = {
      actor: input.actor,
      revision: desired.revision,
      reason: input.asked?.features.includes(change.feature) ? input.asked.reason : void 0,
      metadata: metadataOf(change, input)
    };
    const applied2 = change.write ? await applyOne(deps, change, by, (fresh) => decideAgain(desired, change.feature, fresh, known)) : change;
    if (!applied2) continue;
    const moved = applied2.action === "refused" ? { impact: null, largest: [] } : {};
    done.push({ ...change, ...applied2, ...moved });
  }
  return done;
}
function decideAgain(desired, feature, fresh, known) {
  if (fresh.revision !== desired.revision) throw new Overtaken();
  const incidents = fresh.incidents.map((incident) => ({
    ...incident,
    settlement: known.settlements.get(incident.id) ?? incident.settlement
  }));
  const spec = desired.features.get(feature)?.spec;
  const wanted = spec && { spec, ...resolveLists(spec, fresh.actual?.resolved ?? {}, known.names) };
  const broken = desired.broken.get(feature);
  const one = {
    ...desired,
    features: new Map(wanted ? [[feature, wanted]] : []),
    broken: new Map(broken === void 0 ? [] : [[feature, broken]])
  };
  const actual = new Map(fresh.actual ? [[feature, fresh.actual]] : []);
  return plan(one, actual, incidents, known.now)[0] ?? null;
}
async function applyOne(deps, change, by, decide) {
  try {
    return await deps.store.applyChange(change.feature, by, decide);
  } catch (error) {
    if (error instanceof RolloutError) throw error;
    const reason = refusedBecause(error);
    return { ...change, action: "refused", to: change.from, after: change.before, reason, write: null };
  }
}
function metadataOf({ impact }, { metadata }) {
  return { ...metadata, ...impact ? { entering: impact.entering, leaving: impact.leaving } : {} };
}
function refused(problems, tip) {
  return {
    changes: [],
    problems,
    revision: tip.revision,
    test_repositories: { added: [], removed: [] },
    global_stop: null,
    adopted: [],
    movements: []
  };
}

export {
  reconcile
};
