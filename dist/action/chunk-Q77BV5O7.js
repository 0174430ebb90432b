import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  standsAlone
} from "./chunk-ZTP2FEA4.js";
import {
  tryGit
} from "./chunk-5H625CMU.js";
import {
  errorCode
} from "./chunk-5VT6VSXC.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";

// src/worktree/working-tree.ts
import { existsSync as existsSync2, realpathSync as realpathSync3 } from "node:fs";
import { basename as basename2, dirname as dirname3, join as join3, relative as relative2, sep as sep2 } from "node:path";

// src/worktree/git/default-branch.ts
var QUIETLY = [
  "gc.auto=0",
  "maintenance.auto=false",
  "http.lowSpeedLimit=1",
  "http.lowSpeedTime=15"
].flatMap((setting) => ["-c", setting]);

// src/worktree/file/read-file.ts
import { createReadStream, realpathSync as realpathSync2 } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, dirname as dirname2, join as join2 } from "node:path";

// src/worktree/file/link.ts
import { existsSync, lstatSync, realpathSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
function refuseLinkOut(path) {
  const target = realOrNull(path);
  if (target === null) return;
  for (const link of linksIn(resolve(path))) {
    const root = repositoryOf(realpathSync(dirname(link)));
    if (root === null || isContent(relative(root, target))) continue;
    throw new RolloutError("file_unreadable", `${path} is a link that leads out of its repository`, {
      hint: "put the file itself there, or name the file that is meant with --file"
    });
  }
}
function linksIn(path) {
  const parts = path.split(sep).map((_, at, all) => all.slice(0, at + 1).join(sep) || sep);
  return parts.filter((part) => lstatSync(part, { throwIfNoEntry: false })?.isSymbolicLink());
}
function repositoryOf(folder) {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, ".git"))) return at;
    if (at === dirname(at)) return null;
  }
}
function isContent(path) {
  const [first] = path.split(sep);
  return first !== ".." && first !== ".git" && !isAbsolute(path);
}
function realOrNull(path) {
  try {
    return realpathSync(path);
  } catch {
    return null;
  }
}

// src/worktree/file/read-file.ts
var LARGEST_READ = 16 * 1024 * 1024;
async function readConfigurationFile(path) {
  const main = await readOne(path);
  if (standsAlone(main)) return main;
  const { withIncluded } = await import("./includes-J7MMVU6A.js");
  const target = realOf(path);
  const folder = dirname2(target);
  return withIncluded(main, basename(target), {
    list: (below) => entriesOf(join2(folder, below)),
    read: (below) => readOne(join2(folder, below))
  });
}
function realOf(path) {
  try {
    return realpathSync2(path);
  } catch {
    return path;
  }
}
async function entriesOf(folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile() || entry.isSymbolicLink() || entry.isDirectory()).map((entry) => ({ name: entry.name, link: entry.isSymbolicLink() }));
}
async function readOne(path) {
  refuseLinkOut(path);
  const chunks = [];
  try {
    for await (const chunk of createReadStream(path, { end: LARGEST_READ - 1 })) chunks.push(chunk);
  } catch (error) {
    throw explain(path, error);
  }
  return Buffer.concat(chunks);
}
function explain(path, error) {
  const code = errorCode(error);
  if (code === "ENOENT") {
    return new RolloutError("file_missing", `there is no file ${path}`, {
      hint: "name it with --file, or write a first one: rollout init"
    });
  }
  if (code === "EISDIR") {
    return new RolloutError("file_unreadable", `${path} is a directory`, {
      hint: "name the file with --file"
    });
  }
  if (code === "EACCES" || code === "EPERM") {
    return new RolloutError("file_unreadable", `${path} may not be read by this user`, {
      hint: `check its permissions: ls -l ${path}`
    });
  }
  if (!code) return error;
  return new RolloutError("file_unreadable", `${path} cannot be read: ${REASONS[code] ?? code}`, {
    hint: "name the file with --file"
  });
}
var REASONS = {
  ENOTDIR: "a part of its path is not a directory",
  ELOOP: "its links go in a circle",
  ENAMETOOLONG: "its name is too long"
};

// src/worktree/working-tree.ts
async function originOf(file) {
  const { folder } = placeOf(file);
  const url = folder && await tryGit(folder, "remote", "get-url", "origin");
  return url && Buffer.isBuffer(url) ? url.toString("utf8").trim() : null;
}
function placeOf(file) {
  for (const find of [() => realpathSync3(file), () => join3(realpathSync3(dirname3(file)), basename2(file))]) {
    try {
      const path = find();
      return { folder: dirname3(path), name: basename2(path) };
    } catch {
    }
  }
  return { folder: null, name: basename2(file) };
}

export {
  readConfigurationFile,
  originOf
};
