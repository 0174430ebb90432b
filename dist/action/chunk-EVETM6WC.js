import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/lib/package-root.ts
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
function packageRoot() {
  let folder = import.meta.dirname;
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}

export {
  packageRoot
};
