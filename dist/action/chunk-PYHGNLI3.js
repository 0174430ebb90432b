import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  editFeature
} from "./chunk-7N3I4NOP.js";
import {
  refuseOtherEnvironment
} from "./chunk-VQDQBZL4.js";
import {
  parseConfig
} from "./chunk-EVL2CKBG.js";
import {
  same
} from "./chunk-7XJAIWBU.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/app/advance-step.ts
function advanceBranch(feature) {
  return `rollout/advance/${feature}`;
}
async function advanceReady(deps, judged, proposals) {
  const done = [];
  const open = judged.filter(({ result }) => result.action === "would_advance");
  for (const { live, result } of open) done.push(await propose(deps, live, result));
  const proposed = new Set(done.filter(({ action }) => action === "proposed").map(({ feature }) => feature));
  for (const feature of proposals) {
    if (proposed.has(feature)) continue;
    const advance = judged.find(({ result }) => result.feature === feature)?.result.advance;
    const problem = await withdraw(deps, feature, advance?.reason ?? "nobody is exposed to it any more");
    if (problem) done.push({ feature, action: "proposed", note: problem });
  }
  for (const { feature, action } of done) await deps.store.noteAction(feature, action);
  return done;
}
async function mayHaveProposals(read, only) {
  const rows = [...(await read.features()).values()];
  const proposing = rows.filter(({ spec }) => spec?.advance === "pull_request");
  const features = [...proposing.map(({ feature }) => feature), ...await read.proposedFeatures()];
  return [...new Set(features)].filter((feature) => only === void 0 || feature === only);
}
async function propose({ repository, store }, { spec, reconciled }, { feature, advance }) {
  const to = advance.next?.percentage;
  if (to === void 0 || reconciled === null) return { feature, action: "none", note: null };
  try {
    const { head, environment } = await store.reading(async (read) => ({
      head: await read.historyHead(),
      environment: (await read.state()).environment
    }));
    const outcome = await repository.change({
      edit: (text) => nextText(text, { feature, reconciled, to, environment }),
      via: spec.advance === "pull_request" ? "pull_request" : "commit",
      branch: advanceBranch(feature),
      title: `Advance ${feature} to ${to} %`,
      body: `From ${spec.percentage} % to ${to} %: ${advance.reason}.`,
      trailers: [`Rollout-Feature: ${feature}`, `Rollout-History: ${head}`]
    });
    if (outcome.state === "needs_person") {
      const note = `to ${to} %, when a person has opened the pull request: ${outcome.compare}`;
      return { feature, action: "proposed", note };
    }
    const proposed = outcome.state === "proposed" || outcome.state === "edited";
    return { feature, action: proposed ? "proposed" : "advanced", ...whereIs(outcome, to) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { feature, action: "none", note: `the file could not be changed: ${message}` };
  }
}
function whereIs(outcome, to) {
  const commit = "commit" in outcome ? outcome.commit : null;
  const pull_request = "pull_request" in outcome ? outcome.pull_request : null;
  return {
    note: `to ${to} %${pull_request === null ? "" : ` in #${pull_request}`}`,
    ...commit === null ? {} : { commit },
    ...pull_request === null ? {} : { pull_request }
  };
}
function nextText(text, { feature, reconciled, to, environment }) {
  const { config } = parseConfig(text);
  const spec = config?.features.get(feature);
  if (config) refuseOtherEnvironment(config, environment);
  if (spec && same(spec, { ...reconciled, percentage: to })) return text;
  if (spec && same(spec, reconciled)) {
    return editFeature(text, feature, [{ kind: "set", path: ["percentage"], value: to }]);
  }
  throw new RolloutError(
    "edit_refused",
    `it says something else of ${feature} than what was judged; it has to be reconciled first`
  );
}
async function withdraw({ repository }, feature, why) {
  try {
    await repository.withdraw(advanceBranch(feature), why);
    return null;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return `the proposal of the next step could not be withdrawn: ${message}`;
  }
}

export {
  advanceBranch,
  advanceReady,
  mayHaveProposals
};
