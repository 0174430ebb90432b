import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  failsForAll,
  messageOf
} from "./chunk-WMPIRC73.js";
import {
  UNNAMED
} from "./chunk-AMLPSWQB.js";

// src/app/incidents/merged-outcome.ts
import { createHash } from "node:crypto";
var MOST_AT_ONCE = 10;
var SINCE = "<!-- rollout: since -->";
function outcomeKey(environment) {
  return environment === null || environment === UNNAMED ? "outcome" : `outcome in ${environment}`;
}
function withOutcome(outcome) {
  return (before) => joined(outcome, partsOf(before).since);
}
function withSince(since) {
  return (before) => joined(partsOf(before).outcome, since);
}
function partsOf(text) {
  const [outcome = "", since = ""] = (text ?? "").split(SINCE);
  return { outcome: outcome.trim(), since: since.trim() };
}
function joined(outcome, since) {
  return since === "" ? outcome.trim() : `${outcome.trim()}

${SINCE}

${since.trim()}`.trim();
}
async function tellMerged({ store, words, comments }) {
  if (!comments) return { problems: [], warnings: [] };
  const { incidents, environment } = await store.reading(async (read) => ({
    incidents: await read.incidents.ofMerged(),
    environment: (await read.state()).environment
  }));
  const problems = [];
  for (const { pull_request, of, text, digest } of due(words, incidents).slice(0, MOST_AT_ONCE)) {
    try {
      await comments.put(pull_request, { key: outcomeKey(environment), body: withSince(text) });
      await store.incidents.markMerged(of, digest);
    } catch (error) {
      problems.push(`the merged pull request #${pull_request} is not told yet: ${messageOf(error)}`);
      if (failsForAll(error)) break;
    }
  }
  return { problems, warnings: [] };
}
function due(words, incidents) {
  const pulls = new Set(incidents.map(({ pull_request }) => pull_request));
  return [...pulls].flatMap((pull_request) => {
    const own = incidents.filter((one) => one.pull_request === pull_request);
    const text = words.sinceMerged(own);
    const digest = createHash("sha256").update(text).digest("hex");
    if (own.every((one) => one.merged_digest === digest)) return [];
    return [{ pull_request, of: own.map(({ incident }) => incident), text, digest }];
  });
}

export {
  outcomeKey,
  withOutcome,
  tellMerged
};
