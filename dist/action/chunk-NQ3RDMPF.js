import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/domain/reverts.ts
var NAMES_COMMIT = /^This reverts commit ([0-9a-f]{7,64})/gm;
var SAYS_SO = /^Revert "|^Reverts [\w.-]+\/[\w.-]+#\d+/m;
function standingReverts(commits) {
  const all = [...commits];
  const reverts = revertsIn(all);
  const says = ({ message }) => SAYS_SO.test(message) || [...message.matchAll(NAMES_COMMIT)].length > 0;
  return all.filter((one) => says(one) && !isUndone(one.sha, reverts));
}
function revertsIn(commits) {
  const reverts = /* @__PURE__ */ new Map();
  for (const { sha, message } of commits) {
    for (const [, target = ""] of message.matchAll(NAMES_COMMIT)) {
      reverts.set(target, [...reverts.get(target) ?? [], sha]);
    }
  }
  return reverts;
}
function isUndone(commit, reverts) {
  for (const [target, by] of reverts) {
    if (!commit.startsWith(target)) continue;
    const others = new Map([...reverts].filter(([other]) => other !== target));
    if (by.some((revert) => !isUndone(revert, others))) return true;
  }
  return false;
}

// src/domain/utf8.ts
function utf8(content, shown) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(content);
  } catch (cause) {
    throw new RolloutError("edit_refused", `${shown} was left as it is: it is not valid UTF-8`, {
      hint: `see where: rollout validate --file ${shown}`,
      cause
    });
  }
}

// src/domain/commit-message.ts
function commitMessage({ title, body, trailers }) {
  const harmless = body.trim().replace(/^(?=Rollout-[\w-]+:)/gim, "  ");
  return `${[title, harmless, trailers.join("\n")].filter(Boolean).join("\n\n")}
`;
}
function parseCommitMessage(message) {
  const [title = "", ...rest] = message.trim().split("\n\n");
  const last = rest.at(-1)?.split("\n") ?? [];
  const trailers = last.every((line) => /^Rollout-[\w-]+: \S/.test(line)) ? last : [];
  return { title, body: (trailers.length > 0 ? rest.slice(0, -1) : rest).join("\n\n"), trailers };
}
function saysSo(message, wanted) {
  const lines = new Set(message.split("\n"));
  const incidents = wanted.filter((trailer) => trailer.startsWith("Rollout-Incident:"));
  if (incidents.length > 0) return incidents.some((trailer) => lines.has(trailer));
  return wanted.length > 0 && wanted.every((trailer) => lines.has(trailer));
}
function isOurs(message) {
  return parseCommitMessage(message).trailers.length > 0;
}

export {
  standingReverts,
  utf8,
  commitMessage,
  saysSo,
  isOurs
};
