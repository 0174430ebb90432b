import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  folderOf,
  isPattern,
  matches,
  readText,
  readYaml,
  require_dist
} from "./chunk-L5ADSYT5.js";
import {
  bundleBytes,
  looksBundled
} from "./chunk-ZTP2FEA4.js";
import "./chunk-XRYC3SR4.js";
import {
  RolloutError
} from "./chunk-VJG7DGAT.js";
import {
  __toESM
} from "./chunk-VOBUUCNC.js";

// src/config/read/includes.ts
var import_yaml = __toESM(require_dist(), 1);
var MOST_FILES = 500;
async function withIncluded(main, self, files) {
  if (looksBundled(main)) throw notText(self);
  const paths = /* @__PURE__ */ new Set();
  for (const pattern of patternsIn(main)) {
    for (const path of await matching(pattern, files)) if (path !== self) paths.add(path);
  }
  if (paths.size === 0) return main;
  if (paths.size > MOST_FILES) {
    throw new RolloutError(
      "file_invalid",
      `include matches ${paths.size} files; at most ${MOST_FILES} are read`,
      {
        hint: "name a folder that holds nothing but files of features"
      }
    );
  }
  if (main.includes(0)) throw notText(self);
  const included = [];
  for (const path of [...paths].sort()) {
    const content = await files.read(path);
    if (content.includes(0)) throw notText(path);
    included.push({ path, content });
  }
  return bundleBytes({ main, included });
}
function patternsIn(main) {
  const text = typeof main === "string" ? main : Buffer.from(main).toString("utf8");
  if (!text.includes("include")) return [];
  const read = readText(main);
  const root = read.ok ? readYaml(read.text).root : null;
  if (!(0, import_yaml.isMap)(root)) return [];
  const found = root.items.find(({ key }) => (0, import_yaml.isScalar)(key) && key.value === "include")?.value;
  if (!(0, import_yaml.isSeq)(found)) return [];
  const values = found.items.map((item) => (0, import_yaml.isScalar)(item) ? item.value : null);
  return values.filter((value) => typeof value === "string" && isPattern(value));
}
async function matching(pattern, files) {
  const folder = folderOf(pattern);
  await refuseLinkedFolders(folder, files);
  const found = [];
  for (const { name, link } of await files.list(folder)) {
    const path = folder === "" ? name : `${folder}/${name}`;
    if (!matches(pattern, path)) continue;
    if (link) throw isLink(path);
    found.push(path);
  }
  return found;
}
async function refuseLinkedFolders(folder, files) {
  const names = folder === "" ? [] : folder.split("/");
  for (const [at, name] of names.entries()) {
    const above = names.slice(0, at).join("/");
    const entry = (await files.list(above)).find((one) => one.name === name);
    if (entry?.link) throw isLink(names.slice(0, at + 1).join("/"));
  }
}
function isLink(path) {
  return new RolloutError("file_unreadable", `include names ${path}, which is a symbolic link`, {
    hint: "put the file itself there, so that what counts is what was merged"
  });
}
function notText(path) {
  return new RolloutError(
    "file_invalid",
    `${path} has a NUL character: it is not a text file, or not in UTF-8`,
    {
      hint: "save it as UTF-8 text"
    }
  );
}
export {
  patternsIn,
  withIncluded
};
