import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  parseConfig
} from "./chunk-EVL2CKBG.js";
import {
  foldName,
  namesIn,
  resolveLists,
  sortedSet
} from "./chunk-VIO3YKVB.js";
import {
  narrower
} from "./chunk-TCRJPBTA.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/desired.ts
function loadFile({ path, content, revision }) {
  const { config, problems, broken } = parseConfig(content);
  return config ? { ok: true, file: { path, revision, config, problems, broken } } : { ok: false, problems };
}
async function readSnapshot(read, specs) {
  const names = [...specs].flatMap(namesIn);
  return {
    state: await read.state(),
    features: await read.features(),
    incidents: await read.currentIncidents(),
    names: await read.namesOf(names)
  };
}
function desiredOf(file, snapshot) {
  const features = /* @__PURE__ */ new Map();
  for (const [feature, spec] of file.config.features) {
    const kept = snapshot.features.get(feature)?.resolved ?? {};
    features.set(feature, { spec, ...resolveLists(spec, kept, snapshot.names) });
  }
  return {
    revision: file.revision,
    features,
    broken: new Map([...file.broken].map(([feature, problems]) => [feature, summary(problems)])),
    freeze: file.config.freeze
  };
}
function summary(problems) {
  const [first] = problems;
  if (!first) return "its part of the file has errors";
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  return `line ${first.line}: ${first.message}${more}`;
}
async function withSettlements(snapshot, desired, repository) {
  const parsed = parsedOnce();
  return Promise.all(
    snapshot.incidents.map(async (incident) => {
      const wanted = desired.features.get(incident.feature);
      if (incident.state !== "settled" || !wanted || narrower(wanted.exposure, incident.held))
        return incident;
      const agreement = agreementWith(incident, snapshot, parsed);
      return {
        ...incident,
        settlement: await repository.settlement(desired.revision, incident.settled_by, agreement)
      };
    })
  );
}
function agreementWith({ feature, held }, { state, features, names }, parsed) {
  const kept = features.get(feature)?.resolved ?? {};
  return {
    agrees: (content) => {
      if (content === null) return true;
      const { config, broken } = parsed(content);
      if (!config || broken.has(feature)) return null;
      const spec = config.features.get(feature);
      return !spec || narrower(resolveLists(spec, kept, names).exposure, held);
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

export {
  loadFile,
  readSnapshot,
  desiredOf,
  withSettlements,
  refuseOtherEnvironment,
  testEntries
};
