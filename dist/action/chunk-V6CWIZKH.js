import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  parseConfig
} from "./chunk-6HZFIDOY.js";
import {
  settingsOf
} from "./chunk-BMBMLGWI.js";
import {
  CATEGORIES,
  foldName,
  isWithin,
  looksLikeName,
  namesIn,
  resolveLists,
  sortedSet
} from "./chunk-T5UFH23J.js";
import {
  same,
  without
} from "./chunk-YHZEJLZZ.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/domain/plan/decide/agreement.ts
function exceeds({ spec, exposure }, { subject, held }) {
  return !isWithin({ subject: spec.subject, exposure }, { subject, exposure: held });
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

// src/app/reconcile/file/desired.ts
function loadFile({ path, content, revision }) {
  const { config, problems, broken } = parseConfig(content);
  return config ? { ok: true, file: { path, revision, config, problems, broken } } : { ok: false, problems };
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
      if (incident.state !== "settled" || !wanted || !exceeds(wanted, incident)) return incident;
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
function agreementWith(incident, { state, features, names }, parsed) {
  const { feature } = incident;
  const kept = features.get(feature)?.resolved ?? {};
  return {
    agrees: (content) => {
      if (content === null) return true;
      const { config, broken } = parsed(content);
      if (!config || broken.has(feature)) return null;
      const spec = config.features.get(feature);
      return !spec || !exceeds({ spec, ...resolveLists(spec, kept, names) }, incident);
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

// src/app/reconcile/file/plain-file-guard.ts
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
    `this database is governed by commits (${governor.slice(0, 10)} was applied last), and ${path} is not in a commit`,
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
  exceeds,
  rowAgrees,
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
