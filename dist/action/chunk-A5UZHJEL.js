import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  reconcile
} from "./chunk-LOYTEIV2.js";
import {
  refusePlainWrites
} from "./chunk-ZMJYFEOS.js";
import {
  parseConfig
} from "./chunk-IHJ5OOSS.js";
import {
  proposalBranch
} from "./chunk-AMLPSWQB.js";
import {
  harmless
} from "./chunk-WKAZRE6W.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/change-file.ts
var LONGEST_REASON = 500;
async function changeFile(deps, request) {
  await refusePlainWrites(deps);
  const { head, environment } = await deps.store.reading(async (read) => ({
    head: await read.historyHead(),
    environment: (await read.state()).environment
  }));
  const why = request.reason === void 0 ? [] : [`Reason: ${harmless(request.reason, LONGEST_REASON)}`];
  const file = await deps.repository.change({
    // Again on the text that is changed in the end: somebody may have asked for reviews meanwhile.
    edit: (text) => {
      if (request.raises && request.via === "commit") refuseIn(text, request.features);
      return request.edit(text);
    },
    via: request.via,
    branch: proposalBranch(environment, request.proposal),
    title: request.title,
    body: [
      ...request.facts,
      ...why,
      `Asked for by ${harmless(deps.actor)} with: ${request.asked ?? `rollout ${request.command}`}`
    ].join("\n"),
    trailers: [
      ...request.trailers,
      ...request.features.map((feature) => `Rollout-Feature: ${feature}`),
      ...head === "" ? [] : [`Rollout-History: ${head}`]
    ]
  });
  return { ...outcomeOf(request), file, ...await bringLive(deps, request, file) };
}
function declined(request) {
  return { ...outcomeOf(request), file: null, reconciled: null, not_live: "nothing was changed" };
}
function viaOf(feature, given, { rollback, advance }, raising) {
  if (given === "commit" && raising) refuseUnreviewed(feature, advance);
  if (given) return given;
  return rollback.via === "pull_request" || raising && advance === "pull_request" ? "pull_request" : "commit";
}
function refuseUnreviewed(feature, advance) {
  if (advance !== "pull_request") return;
  throw new RolloutError(
    "usage",
    `${feature} is raised by pull requests only: the file says advance: pull_request`,
    { hint: "use --via pull_request" }
  );
}
function refuseIn(text, features) {
  const { config } = parseConfig(text);
  for (const feature of features) {
    refuseUnreviewed(feature, config?.features.get(feature)?.advance ?? "manual");
  }
}
function outcomeOf({ title, via, raises }) {
  return { title, via, raises };
}
async function bringLive(deps, request, file) {
  if (file.state === "proposed") {
    return { reconciled: null, not_live: `waits until a person merges ${file.branch}` };
  }
  if (file.state === "needs_person") {
    const what = `waits until a person opens and merges the pull request, which we may not open (${file.why})`;
    return { reconciled: null, not_live: `${what}: ${file.compare}` };
  }
  if (file.state === "unchanged" && request.via === "pull_request")
    return { reconciled: null, not_live: null };
  try {
    const { command, features, reason } = request;
    const reconciled = await reconcile(deps, {
      actor: deps.actor,
      allowRewind: false,
      revision: null,
      asked: { features, reason },
      metadata: { request: { command, features, ...reason === void 0 ? {} : { reason } } }
    });
    return { reconciled, not_live: await obstacle(deps, request, reconciled) };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    const hint = error.hint ? `; ${error.hint}` : "";
    return { reconciled: null, not_live: `not reconciled: ${error.message}${hint}` };
  }
}
async function obstacle(deps, { features, raises, liftsStop }, { changes, problems }) {
  const kept = changes.find(
    ({ feature, action }) => features.includes(feature) && (action === "held" || action === "refused")
  );
  if (kept) return kept.reason;
  const error = problems.find(({ severity }) => severity === "error");
  if (error && changes.length === 0) return `line ${error.line}: ${error.message}`;
  const { global_stop } = await deps.store.reading((read) => read.state());
  if (!raises || liftsStop || !global_stop) return null;
  return `everything is stopped (${global_stop.reason}); to lift that, run: rollout resume --all --reason ...`;
}

export {
  changeFile,
  declined,
  viaOf,
  refuseUnreviewed,
  bringLive
};
