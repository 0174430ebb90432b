import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  redact
} from "./chunk-6VI3GJB7.js";

// src/worktree/git/git.ts
import { execFile } from "node:child_process";
import { devNull } from "node:os";
import { promisify } from "node:util";
var run = promisify(execFile);
var LARGEST_OUTPUT = 64 * 1024 * 1024;
var TIMEOUT_MS = 6e4;
var SETTINGS = ["core.quotePath=off", "log.showSignature=false", `core.hooksPath=${devNull}`].flatMap(
  (setting) => ["-c", setting]
);
var NO_GIT = 127;
function tryGit(folder, ...args) {
  return execute(folder, {}, args);
}
async function execute(folder, given, args) {
  try {
    const running = run("git", [...SETTINGS, "-C", folder, ...args], {
      encoding: "buffer",
      maxBuffer: LARGEST_OUTPUT,
      timeout: TIMEOUT_MS,
      // No prompt may block a scheduled run, and reading must not lock a person's git.
      env: {
        ...ownEnvironment(),
        ...given.env,
        GIT_TERMINAL_PROMPT: "0",
        GIT_OPTIONAL_LOCKS: "0",
        LC_ALL: "C"
      }
    });
    running.child.stdin?.on("error", () => {
    });
    running.child.stdin?.end(given.input ?? "");
    return (await running).stdout;
  } catch (error) {
    return failureOf(error);
  }
}
function ownEnvironment() {
  const { GIT_DIR, GIT_WORK_TREE, GIT_INDEX_FILE, GIT_COMMON_DIR, GIT_PREFIX, ...rest } = process.env;
  return rest;
}
function oneLine(text) {
  const lines = (text ?? "").split("\n").map((line) => line.trim());
  return lines.filter((line) => line !== "").join("; ");
}
function failureOf(error) {
  const failure = error;
  if (failure.code === "ENOENT") return { exitCode: NO_GIT, message: "git is not installed" };
  return {
    exitCode: typeof failure.code === "number" ? failure.code : 1,
    // A remote's address may contain a token.
    message: redact(oneLine(failure.stderr?.toString("utf8")) || (failure.message ?? "unknown failure"))
  };
}

export {
  tryGit
};
