import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  outcomeKey,
  withOutcome
} from "./chunk-L7WPCUUB.js";
import {
  checkedEnvironment,
  commentKey,
  environmentIn,
  planCheck,
  planComment,
  planEngineOf,
  planProposal
} from "./chunk-NE5WPITM.js";
import {
  mayNameSubjects,
  withoutNames
} from "./chunk-M6C7ZMIQ.js";
import {
  notReconciledMarkdown,
  outcomeMarkdown,
  words
} from "./chunk-V5YLTNUN.js";
import {
  UNNAMED
} from "./chunk-AMLPSWQB.js";
import {
  errorText
} from "./chunk-5VT6VSXC.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/actions/proposals/merged.ts
async function beforeReconcile({ store }) {
  const { revision, reconciled_at, environment } = await store.reading((read) => read.state());
  return {
    revision: reconciled_at === null ? null : revision,
    environment: environment === UNNAMED ? null : environment
  };
}
async function tellOutcome(session, opened, before, done) {
  const { revision } = done;
  const isNew = revision !== null && revision !== before.revision;
  if (!isNew || session.inputs.comment === "never") return [];
  try {
    const { environment } = before;
    const text = "changes" in done ? outcomeMarkdown(done, environment) : notReconciledMarkdown(done.refused, environment);
    for (const pull of await opened.github.mergedBetween(before.revision, revision)) {
      const only_edit = !await changesFile(opened, pull, before);
      await opened.comments.put(pull.number, {
        ...{ key: outcomeKey(environment), body: withOutcome(text), only_edit }
      });
    }
    return [];
  } catch (error) {
    const message = `the outcome was not posted on the merged pull request: ${errorText(error)}`;
    return [{ severity: "warning", title: "No comment", message }];
  }
}
async function changesFile({ github }, { commit, parent }, before) {
  const from = parent ?? before.revision;
  const [was, is] = [from === null ? null : await github.fileAt(from), await github.fileAt(commit)];
  return was === null || is === null ? was !== is : Buffer.compare(was, is) !== 0;
}

// src/actions/proposals/refresh.ts
import { createHash } from "node:crypto";
var MOST_REFRESHED = 20;
async function refreshPlans(session, opened) {
  if (!session.inputs.check) return [];
  try {
    return await refreshed(session, opened);
  } catch (error) {
    return [warning(`the plans of open pull requests are not refreshed: ${withHint(error)}`)];
  }
}
async function refreshed(session, opened) {
  const { github, store } = opened;
  const tip = await github.configuration.readTip();
  const open = (await github.openProposals()).sort((a, b) => b.number - a.number);
  const { head, known } = await store.reading(async (read) => ({
    head: await read.history.head(),
    known: await read.incidents.plansSeen()
  }));
  const seen = digestOf([tip.revision, head, open.map((one) => [one.number, one.head])]);
  if (seen === known) return [];
  const from = doneOf(seen, known);
  const engine = planEngineOf(session.environment);
  const problems = [];
  let settled = true;
  for (const one of open.slice(from, from + MOST_REFRESHED)) {
    if (one.conflicts) continue;
    if (one.merge?.onto !== tip.revision) {
      settled = false;
      continue;
    }
    try {
      const unchecked = await refresh(session, { ...opened, engine }, tip, { ...one, merge: one.merge });
      if (unchecked !== null && problems.length === 0) problems.push(warning(unchecked));
    } catch (error) {
      settled = false;
      problems.push(warning(`the plan of #${one.number} is not refreshed: ${withHint(error)}`));
      if (isAway(error)) break;
    }
  }
  const done = from + MOST_REFRESHED;
  if (settled) await store.incidents.notePlansSeen(done < open.length ? `${seen}:${done}` : seen);
  return problems;
}
function doneOf(seen, known) {
  const done = known?.startsWith(`${seen}:`) ? Number(known.slice(seen.length + 1)) : 0;
  return Number.isSafeInteger(done) && done > 0 ? done : 0;
}
async function refresh(session, { github, store, engine }, tip, { number, head, fork, merge }) {
  const { inputs, context } = session;
  const content = await github.fileAt(merge.commit);
  const file = content === null ? new RolloutError("file_missing", `${inputs.file} would be removed`) : { path: tip.path, content, revision: merge.commit };
  const proposal = { file, tip, base: tip.content };
  const asked = fork ? "fork" : engine;
  const deps = { store, repository: github.configuration, words, engine: asked };
  const planned = await planProposal(deps, proposal);
  if (!planned.changed && !fork) return null;
  const plan = withoutNames(planned.plan, mayNameSubjects(inputs, context));
  const environment = plan.environment ?? environmentIn(tip);
  const named = checkedEnvironment(plan, tip);
  const about = { head, file: inputs.file, environment: named, url: context.run, notes: planned.notes };
  const { state, why } = await put(github, planCheck({ ...planned, plan }, about));
  if (state === "unchanged" || !planned.changed || inputs.comment === "never") return why;
  const body = planComment({
    ...{ plan, outlooks: planned.outlooks, notes: planned.notes },
    environment: environment === UNNAMED ? null : environment,
    from: { head, branch: context.defaultBranch, tip: tip.revision, generation: plan.generation }
  });
  await github.comments.put(number, { key: commentKey(inputs), body });
  return why;
}
async function put({ checks }, check) {
  try {
    return { state: await checks.put(check), why: null };
  } catch (error) {
    if (!(error instanceof RolloutError) || error.code !== "github_off") throw error;
    return { state: "refused", why: `the check ${check.name} is not written: ${withHint(error)}` };
  }
}
function isAway(error) {
  return error instanceof RolloutError && /^github_(limited|unreachable)$/.test(error.code);
}
function withHint(error) {
  return errorText(error) + (error instanceof RolloutError && error.hint ? `; ${error.hint}` : "");
}
function warning(message) {
  return { severity: "warning", title: "Open plans", message };
}
function digestOf(facts) {
  return createHash("sha256").update(JSON.stringify(facts)).digest("hex");
}

// src/actions/commands/merged-by.ts
function mergedBy(github, { run, event }) {
  return async (tip) => {
    const pullRequest = tip === null ? null : await pullRequestOf(github, tip);
    return { ...pullRequest === null ? {} : { pull_request: pullRequest }, run, event };
  };
}
async function pullRequestOf(github, tip) {
  const found = await github.pullRequestOf(tip).catch(() => null);
  return found?.number ?? null;
}

export {
  beforeReconcile,
  tellOutcome,
  refreshPlans,
  mergedBy
};
