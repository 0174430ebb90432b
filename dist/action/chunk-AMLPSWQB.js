import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/app/proposal-branch.ts
var UNNAMED = "default";
function proposalBranch(environment, { operation, name }) {
  const own = environment === null || environment === UNNAMED ? "" : `${environment}/`;
  return `rollout/${own}${operation}/${name}`;
}

export {
  UNNAMED,
  proposalBranch
};
