import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/domain/git/memo-by-revision.ts
function askOncePerTip() {
  let known = { tip: "", answers: /* @__PURE__ */ new Map() };
  return (tip, about, ask) => {
    if (known.tip !== tip) known = { tip, answers: /* @__PURE__ */ new Map() };
    const { answers } = known;
    const kept = answers.get(about);
    if (kept) return kept;
    const answer = ask();
    answers.set(about, answer);
    const forget = () => answers.delete(about);
    answer.then((found) => found === null && forget(), forget);
    return answer;
  };
}

// src/domain/git/commit-message.ts
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

// src/domain/git/reverts.ts
var NAMES_COMMIT = /^This reverts commit ([0-9a-f]{7,64})/gm;
var SAYS_SO = /^Revert "|^Reverts [\w.-]+\/[\w.-]+#\d+/m;
function revertsIn(commits) {
  return commits.filter(({ message }) => SAYS_SO.test(message) || namedBy(message).length > 0);
}
function namedBy(message) {
  return [...message.matchAll(NAMES_COMMIT)].map(([, commit = ""]) => commit);
}
async function standingRevert(reverts, agreesAt) {
  for (const one of reverts) {
    if (await agreesAt(one.parent) === false || await agreesAt(one.sha) === true) continue;
    if (!await isUndone(one, reverts, agreesAt)) return one;
  }
  return null;
}
async function isUndone({ sha }, reverts, agreesAt) {
  for (const other of reverts) {
    const names = namedBy(other.message).some((named) => sha.startsWith(named));
    if (names && await agreesAt(other.sha) === true) return true;
  }
  return false;
}

export {
  askOncePerTip,
  commitMessage,
  saysSo,
  isOurs,
  revertsIn,
  standingRevert
};
