import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/package-root.ts
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
function packageRoot() {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
function packageVersion() {
  const text = readFileSync(join(packageRoot(), "package.json"), "utf8");
  return JSON.parse(text).version;
}

export {
  packageRoot,
  packageVersion
};
