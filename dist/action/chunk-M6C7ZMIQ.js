import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/actions/runner/names.ts
function mayNameSubjects({ showNames }, { isPrivate }) {
  return showNames || isPrivate === true;
}
function withoutNames(plan, may) {
  return may ? plan : { ...plan, changes: plan.changes.map((change) => ({ ...change, largest: [] })) };
}

export {
  mayNameSubjects,
  withoutNames
};
