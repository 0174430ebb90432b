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
var BASE = "Rollout-Base: ";
function proposalMessage(parts, base) {
  return commitMessage({ ...parts, trailers: [...parts.trailers, `${BASE}${base}`] });
}
function baseIn(message) {
  const said = parseCommitMessage(message).trailers.filter((trailer) => trailer.startsWith(BASE));
  return said.at(-1)?.slice(BASE.length) ?? null;
}
function lastingPart(message) {
  return message.replace(/^Rollout-(History|Base): .*\n?/gm, "").trim();
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

// src/domain/git/proposal-branch.ts
var MOST_COMMITS = 100;
async function whoseBranch(head, read) {
  const seen = /* @__PURE__ */ new Set();
  const waiting = [head];
  let dropped = false;
  for (let sha = waiting.pop(); sha !== void 0; sha = waiting.pop()) {
    if (seen.has(sha)) continue;
    seen.add(sha);
    const commit = await read(sha);
    if (commit === null) continue;
    if (seen.size > MOST_COMMITS || !isOurs(commit.message)) return { ours: false, dropped };
    const base = baseIn(commit.message);
    if (base === null || !commit.parents.includes(base)) {
      waiting.push(...commit.parents);
      continue;
    }
    waiting.push(...commit.parents.filter((parent) => parent !== base));
    dropped ||= await read(base) !== null;
  }
  return { ours: true, dropped };
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
  proposalMessage,
  lastingPart,
  saysSo,
  whoseBranch,
  revertsIn,
  standingRevert
};
