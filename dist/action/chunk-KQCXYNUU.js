import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  MOST_COUNTED,
  NO_TESTS,
  applied,
  countForPolicy,
  countSubjects,
  freezeDifference,
  plan,
  proofsFor,
  refusalsAfter,
  refuseEmptyFile,
  refuseFile,
  refusedBy,
  refusedOf,
  refusedTests,
  standingOf,
  testDifference,
  testsChange,
  testsProblems,
  testsRefusalAfter,
  uncounted,
  withRefused,
  withRegistry,
  withoutBaseline
} from "./chunk-VR4I337A.js";
import {
  desiredOf,
  loadFile,
  readSnapshot,
  refuseOtherEnvironment,
  refusePlainFile,
  testEntries,
  withSettlements
} from "./chunk-V6CWIZKH.js";
import {
  audienceChange
} from "./chunk-BYGHVZ3S.js";
import {
  resolveLists
} from "./chunk-T5UFH23J.js";
import {
  compareText
} from "./chunk-XRYC3SR4.js";
import {
  retry
} from "./chunk-N4SPL67E.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/reconcile/baseline.ts
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
  return { code: "database_refused", error: errorText(error) };
}
function adoptOne(store, desired, feature, by) {
  return store.features.adoptBaseline(feature, by, ({ actual }) => {
    const wanted = desired.features.get(feature);
    if (!wanted || !actual || withoutBaseline(desired, /* @__PURE__ */ new Map([[feature, actual]])).length === 0)
      return null;
    return { ...applied(actual, wanted, "updated"), newEpoch: false, newStep: false };
  });
}
function refusal({ feature, columns, settings }, reason) {
  const standing = standingOf(columns);
  return {
    feature,
    action: "refused",
    from: standing,
    to: standing,
    file: standing,
    before: columns,
    after: columns,
    held: false,
    incident: null,
    reason,
    warnings: [],
    differences: [],
    write: null,
    subject: settings.subject,
    subject_before: settings.subject,
    impact: null,
    largest: []
  };
}

// src/app/reconcile/apply-changes.ts
var Overtaken = class extends RolloutError {
  constructor() {
    super("revision_refused", "another run began to apply another commit meanwhile", {
      hint: "run: rollout reconcile"
    });
  }
};
async function ownSteps({ store }, planned, movements) {
  const moved = new Set(movements.map(({ feature }) => feature));
  const again = planned.filter(({ feature, impact }) => impact && moved.has(feature));
  const counted = again.length === 0 ? [] : await store.reading((read) => countSubjects(read, again, null));
  return new Map(counted.flatMap(({ feature, impact }) => impact ? [[feature, impact]] : []));
}
async function metadataAt({ revision }, planned, { metadata = {}, adopted }) {
  const file = adopted ? { adopted_file: adopted.digest } : {};
  if (typeof metadata !== "function") return { ...metadata, ...file };
  return { ...planned.some(({ write }) => write !== null) ? await metadata(revision) : {}, ...file };
}
async function applyAll(deps, desired, planned, known, input) {
  const done = [];
  const isNew = ({ before }) => Number(before === null);
  for (const change of planned.toSorted((a, b) => isNew(a) - isNew(b))) {
    const by = {
      actor: input.actor,
      revision: desired.revision,
      reason: reasonFor(change, input),
      metadata: metadataOf(change, input),
      moved: input.steps.get(change.feature) ?? change.impact,
      words: deps.words
    };
    const applied2 = change.write ? await applyOne(deps, change, by, (fresh) => decideAgain(desired, change.feature, fresh, known)) : change;
    if (!applied2) continue;
    const moved = applied2.action === "refused" ? { impact: null, largest: [] } : {};
    done.push({ ...change, ...applied2, ...moved });
  }
  return done;
}
function reasonFor({ feature }, { adopted, asked }) {
  return adopted?.reason ?? (asked?.features.includes(feature) ? asked.reason : void 0);
}
function decideAgain(desired, feature, fresh, known) {
  if (fresh.revision !== known.claimed) throw new Overtaken();
  const incidents = fresh.incidents.map((incident) => ({
    ...incident,
    settlement: known.settlements.get(incident.id) ?? incident.settlement
  }));
  const read = desired.features.get(feature);
  const wanted = read && {
    ...read,
    ...resolveLists(read.spec, fresh.actual?.resolved ?? {}, known.names)
  };
  const broken = desired.broken.get(feature);
  const one = {
    ...desired,
    features: new Map(wanted ? [[feature, wanted]] : []),
    broken: new Map(broken === void 0 ? [] : [[feature, broken]])
  };
  const actual = new Map(fresh.actual ? [[feature, fresh.actual]] : []);
  return plan(one, actual, incidents, known.now)[0] ?? null;
}
async function applyOne(deps, change, by, decide2) {
  try {
    return await deps.store.features.applyChange(change.feature, by, decide2);
  } catch (error) {
    if (error instanceof RolloutError) throw error;
    const reason = refusedBecause(error);
    return { ...change, action: "refused", to: change.from, after: change.before, reason, write: null };
  }
}
function metadataOf({ feature, impact: whole }, { metadata, steps }) {
  const impact = steps.get(feature) ?? whole;
  return { ...metadata, ...impact ? { entering: impact.entering, leaving: impact.leaving } : {} };
}

// src/app/reconcile/file/revision-guards.ts
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

// src/app/reconcile/reconcile.ts
async function reconcile(deps, input) {
  const mayPass = (error) => error instanceof Overtaken;
  return retry(() => reconcileOnce(deps, input), { attempts: ATTEMPTS, mayPass });
}
var ATTEMPTS = 3;
async function reconcileOnce(deps, input) {
  const tip = await deps.repository.readTip();
  refuseOtherRevision(tip.revision, input.revision);
  const loaded = loadFile(tip);
  if (!loaded.ok) return unreadable(loaded.problems, tip);
  const { file } = loaded;
  const snapshot = await snapshotFor(deps, tip, file, input);
  const claimed = tip.revision ?? snapshot.state.revision;
  const decided = await decide(deps, file, snapshot, input.adopted !== void 0);
  await begin(deps, snapshot, claimed);
  await deps.store.features.keepRefusals(input.actor, decided.refusals);
  const movements = decided.testsRefused ? [] : await takeTestRepositories(deps, file, input, claimed);
  const { desired, planned, incidents } = decided;
  const by = {
    actor: input.actor,
    asked: input.asked,
    adopted: input.adopted ?? null,
    metadata: await metadataAt(tip, planned, input),
    steps: await ownSteps(deps, planned, movements)
  };
  const known = {
    settlements: new Map(incidents.map(({ id, settlement }) => [id, settlement])),
    names: snapshot.names,
    now: snapshot.state.now,
    claimed
  };
  const done = await applyAll(deps, desired, planned, known, by);
  const { adopted, refusals: denied } = await adoptBaselines(deps.store, desired, snapshot.features, by);
  await finish(deps, file, claimed, input.actor);
  return {
    changes: [...done, ...denied].sort((a, b) => compareText(a.feature, b.feature)),
    problems: [
      ...await deps.store.reading((read) => withRegistry(read, file.problems)),
      ...testsProblems(tip, decided.testsRefused, deps.words)
    ],
    revision: tip.revision,
    test_repositories: decided.testsRefused ? NO_TESTS : testDifference(file, snapshot.state.test_repositories),
    freezes: freezeDifference(file, snapshot.state.freezes),
    global_stop: snapshot.state.global_stop?.reason ?? null,
    adopted,
    movements: movements.filter(({ feature }) => !done.some((one) => one.feature === feature && one.impact))
  };
}
async function snapshotFor({ store, repository }, tip, file, { adopted, allowRewind }) {
  const { snapshot, governor } = await store.reading(async (read) => {
    await refusePlainFile(read, tip, adopted ?? null);
    return {
      snapshot: await readSnapshot(read, file.config.features.values()),
      governor: await read.governingRevision()
    };
  });
  refuseOtherEnvironment(file.config, snapshot.state.environment);
  if (!allowRewind) await refuseRewind(repository, tip.revision, governor);
  return snapshot;
}
async function decide({ store, repository, words, other }, file, snapshot, answered) {
  const asked = desiredOf(file, snapshot, answered);
  const { features, refusals: before } = snapshot;
  const { policy, now, test_repositories } = snapshot.state;
  refuseEmptyFile(words, refuseFile(asked, features));
  const incidents = await withSettlements(snapshot, asked, repository);
  const changes = plan(asked, features, incidents, now);
  await keepAudiences(store, changes);
  const judging = { policy, refusals: before, features, incidents, now };
  const asksTests = testsChange(file, test_repositories);
  const testsRefused = await store.reading((read) => refusedTests(read, asksTests, judging));
  const tests = testsRefused ? null : asksTests;
  const proofs = await proofsFor(other, asked, changes.map(uncounted), judging);
  const { counted, refused, mended } = await store.reading(async (read) => {
    const counted2 = await countSubjects(read, changes, tests);
    const sums = await countForPolicy(read, asked, counted2, judging, tests, proofs);
    const refused2 = refusedBy(asked, counted2, judging, sums);
    const again = refusedOf({ ...asked, refused: refused2 }, features, incidents, now);
    return { counted: counted2, refused: refused2, mended: await countSubjects(read, again, tests) };
  });
  const desired = { ...asked, refused };
  const planned = withRefused(counted, mended);
  const [ofFeatures, ofTests] = [
    refusalsAfter(asked, counted, refused, before),
    testsRefusalAfter(testsRefused, asksTests, before)
  ];
  const refusals = {
    kept: [...ofFeatures.kept, ...ofTests.kept],
    gone: [...ofFeatures.gone, ...ofTests.gone]
  };
  return { desired, planned, incidents, testsRefused, refusals };
}
async function keepAudiences(store, changes) {
  if (changes.length === 0 || changes.length > MOST_COUNTED) return;
  const quarantined = await store.reading((read) => read.incidents.quarantinedIds());
  const audiences = changes.map(
    (change) => audienceChange(change, null, quarantined.get(change.feature) ?? []).after
  );
  await store.features.keepCounts(audiences).catch(() => void 0);
}
async function begin({ store }, { state }, claimed) {
  if (claimed === null || state.revision === claimed) return;
  const generation = await store.features.beginReconcile(state.revision, claimed);
  if (generation !== state.generation) throw new Overtaken();
}
async function finish({ store }, { config }, revision, actor) {
  const { environment, freeze: freezes, policy, outcomes, notify } = config;
  await store.features.finishReconcile({ environment, revision, freezes, policy, outcomes, notify });
  await store.registry.resolveNames(actor);
}
async function takeTestRepositories(deps, file, { actor, adopted }, claimed) {
  const why = "test_repositories of the file changed";
  const reason = adopted ? `${adopted.reason} (${why})` : why;
  const claim = { actor, revision: file.revision, reason };
  const taken = await deps.store.registry.setTestRepositories(claim, testEntries(file.config), claimed);
  if (!taken) throw new Overtaken();
  return taken.movements;
}
function unreadable(problems, tip) {
  return {
    changes: [],
    problems,
    revision: tip.revision,
    test_repositories: { added: [], removed: [] },
    freezes: { added: [], removed: [] },
    global_stop: null,
    adopted: [],
    movements: []
  };
}

export {
  reconcile,
  unreadable
};
