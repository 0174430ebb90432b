import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// scripts/stubs/unused.ts
function unused() {
  throw new Error("this part of a library is not in the bundle");
}
var glob = unused;
function createJiti() {
  return { import: unused };
}

export {
  glob,
  createJiti
};
