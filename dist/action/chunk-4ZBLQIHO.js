import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  desiredOf,
  loadFile,
  plan,
  readSnapshot,
  refuseFile,
  refuseOtherEnvironment,
  refusePlainFile,
  testEntries,
  withSettlements
} from "./chunk-RNNL4REM.js";
import {
  Locator,
  isPlainMap,
  judgePolicy,
  raises,
  toData
} from "./chunk-PFP2U37S.js";
import {
  openingFrom
} from "./chunk-GZWRNGBZ.js";
import {
  audienceChange,
  testsThatDecide
} from "./chunk-NWZVBTWW.js";
import {
  expectedExposure,
  idsIn,
  resolveLists,
  settingsOf
} from "./chunk-SKHTEI6E.js";
import {
  canonicalJson
} from "./chunk-6JL5Z4JY.js";
import {
  CATEGORIES,
  SUBJECT_TYPES,
  atMost
} from "./chunk-AD2CEPPX.js";
import {
  readText,
  readYaml
} from "./chunk-KQQ7LP54.js";
import {
  same,
  without
} from "./chunk-NXELXFFY.js";
import {
  partsOfBytes,
  partsOfText
} from "./chunk-ZTP2FEA4.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

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

// src/domain/policy/refusal.ts
function policyOver(entry, policy, refused) {
  if (!refused || !isSameEntry(entry, refused.entry)) return policy;
  return refused.allowed === null ? refused.policy : null;
}
function isSameEntry(one, other) {
  return canonicalJson(one) === canonicalJson(other);
}

// src/app/reconcile/policy.ts
function refusedBy(desired, changes, judging, counted = /* @__PURE__ */ new Map()) {
  const refused = /* @__PURE__ */ new Map();
  for (const planned of changes) {
    const { feature, subject_before } = planned;
    const wanted = desired.features.get(feature);
    const change = wanted ? asJudged(planned, wanted) : planned;
    const policy = wanted && governing(change, entryOf(wanted), judging);
    if (!wanted || !policy) continue;
    const { spec, exposure: after } = wanted;
    const spec_before = judging.features.get(feature)?.spec ?? null;
    const facts = {
      before: beforeOf(change, judging),
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
async function countForPolicy(read, desired, changes, judging, tests) {
  const counted = /* @__PURE__ */ new Map();
  for (const planned of changes) {
    const wanted = desired.features.get(planned.feature);
    const change = wanted ? asJudged(planned, wanted) : planned;
    const policy = wanted && governing(change, entryOf(wanted), judging);
    if (!policy) continue;
    const before = beforeOf(change, judging);
    if (!lifts({ ...change, before })) continue;
    const audience = audienceChange({ ...change, before }, tests);
    const known = change === planned && before === change.before ? change.impact : null;
    counted.set(change.feature, await countOne(read, change.feature, audience, policy, known));
  }
  return counted;
}
async function againstStep(read, feature, reconciled, percentage) {
  const { policy } = await read.state();
  const before = (await read.features.actual(feature)).get(feature)?.columns;
  if (policy === null || !before) return [];
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
  return judgePolicy(policy, { ...facts, ...counted }, null);
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
    job_share: jobs && (jobs.jobs === 0 ? 0 : 100 * jobs.moving / jobs.jobs)
  };
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
function governing({ feature, action, after, write, reason }, entry, judging) {
  const isMade = write !== null && (action === "create" || action === "update");
  if (after === null || !(isMade || reason.code === "salt_held")) return null;
  return policyOver(entry, judging.policy, judging.refusals.get(feature));
}
function asJudged(change, { spec, exposure }) {
  return change.reason.code === "salt_held" ? { ...change, after: exposure, subject: spec.subject } : change;
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
function refusalsAfter(desired, changes, refused, known) {
  const changing = new Set(changes.map(({ feature }) => feature));
  const kept = [...refused].flatMap(([feature, { policy }]) => {
    const wanted = desired.features.get(feature);
    return wanted ? [{ feature, entry: entryOf(wanted), policy }] : [];
  });
  const gone = [...known.values()].filter(({ feature, entry }) => {
    if (refused.has(feature) || desired.broken.has(feature)) return false;
    const wanted = desired.features.get(feature);
    return !wanted || !isSameEntry(entryOf(wanted), entry) || !changing.has(feature);
  });
  return { kept, gone: gone.map(({ feature }) => feature) };
}
function withPolicyHours(changes, desired, judging, now) {
  return changes.map((change) => {
    const wanted = desired.features.get(change.feature);
    const hours = wanted && governing(change, entryOf(wanted), judging)?.hours;
    const opens = hours ? openingFrom(hours, now) : now;
    if (!hours || opens <= now || !lifts(change)) return change;
    const warning = { code: "policy_hours", opens, zone: hours.zone };
    return { ...change, warnings: [...change.warnings, warning] };
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
function entryOf({ spec, skips_steps }) {
  return { spec, skip_steps: skips_steps ?? false };
}

// src/app/reconcile/stale-resumes.ts
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
  return changes.map((change) => {
    const feature = desired.features.get(change.feature);
    if (!feature) return change;
    const warnings = unmatchedWarnings(feature, unknown.get(feature.spec.subject) ?? /* @__PURE__ */ new Set());
    return warnings.length === 0 ? change : { ...change, warnings: [...change.warnings, ...warnings] };
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
  const { policy, now } = snapshot.state;
  const { refusals, features } = snapshot;
  const judging = { policy, refusals, features, incidents, now: null };
  const {
    counted,
    movements,
    problems,
    refused: against
  } = await deps.store.reading(async (read) => {
    const warned = await withUnmatched(read, changes, desired);
    const asked = await countSubjects(read, warned, tests);
    const sums = await countForPolicy(read, desired, asked, judging, tests);
    const refused2 = refusedBy(desired, asked, judging, sums);
    const again = () => plan({ ...desired, refused: refused2 }, snapshot.features, incidents, now);
    const counted2 = withPolicyHours(withRefused(asked, refused2, again), desired, judging, now);
    const others = withoutCount(snapshot.features, counted2);
    const problems2 = await withRegistry(read, file.problems);
    return { counted: counted2, refused: refused2, problems: problems2, movements: await movementsByTests(read, others, tests) };
  });
  return {
    changes: counted,
    movements,
    problems: [
      ...problems,
      ...staleResumes(text, file, snapshot.incidents),
      ...breachProblems(text, against, deps.words)
    ],
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
function planAgainstFile(base, proposed, now, words) {
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
  const changes = plan(desired, actual, [], now).map(uncounted);
  const { policy } = before.file.config;
  const refused = refusedBy(desired, changes, {
    ...{ policy, refusals: /* @__PURE__ */ new Map(), features: actual, incidents: [], now: null }
  });
  const again = () => plan({ ...desired, refused }, actual, [], now);
  return {
    ...nothingPlanned(
      [...after.file.problems, ...breachProblems(proposed, refused, words)],
      proposed.revision
    ),
    environment: after.file.config.environment,
    changes: withRefused(changes, refused, again),
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
function withRefused(counted, refused, again) {
  if (refused.size === 0) return [...counted];
  const others = counted.filter(({ feature }) => !refused.has(feature));
  const those = again().filter(({ feature }) => refused.has(feature));
  return [...others, ...those.map(uncounted)].sort((a, b) => a.feature < b.feature ? -1 : 1);
}
async function countSubjects(read, changes, tests) {
  const planned = [];
  for (const change of changes) {
    if (changes.length > MOST_COUNTED || change.action === "refused") {
      planned.push(uncounted(change));
      continue;
    }
    const audience = audienceChange(change, tests);
    const impact = await read.features.impact(audience);
    const moves = impact.entering + impact.leaving > 0;
    const largest = moves ? await read.features.largestMoved(audience, LARGEST_SHOWN) : [];
    const categories = [...impact.categories].sort(bySize);
    planned.push({ ...change, impact: { ...impact, categories }, largest });
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
    const change = { before: audience, after: audience, tests };
    if (!testsThatDecide(change)) continue;
    const { entering, leaving } = await read.features.impact(change);
    if (entering + leaving > 0) movements.push({ feature, entering, leaving });
  }
  return movements;
}
function bySize(a, b) {
  const place = ({ category }) => CATEGORIES.indexOf(category);
  return (place(a) + 1 || CATEGORIES.length + 1) - (place(b) + 1 || CATEGORIES.length + 1);
}
function uncounted(change) {
  return { ...change, impact: null, largest: [] };
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
  refusedBy,
  countForPolicy,
  againstStep,
  refusalsAfter,
  withRegistry,
  planFile,
  planAgainstFile,
  validated,
  refuseEmptyFile,
  withRefused,
  countSubjects,
  withoutCount,
  testDifference,
  freezeDifference,
  testsChange,
  nothingPlanned
};
