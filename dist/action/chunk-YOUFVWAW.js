import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/actions/commands/afterwards.ts
async function afterwards(opened) {
  const { tellIncidents } = await import("./incident-issues-HXXILCDB.js");
  const { tellMerged } = await import("./merged-outcome-WXLWXRAG.js");
  const waiting = annotationsOf(await tellIncidents(opened));
  const merged = annotationsOf(await tellMerged(opened));
  return [...waiting, ...merged, ...await deployed(opened)];
}
async function deployed({ store, deployments, words }) {
  const { tellDeployments } = await import("./deployments-AEFOJYVY.js");
  return annotationsOf(await tellDeployments({ store, deployments, words }));
}
function annotationsOf({ problems, warnings }) {
  return [
    ...problems.map((message) => ({ severity: "warning", title: "Not told yet", message })),
    ...warnings.map((message) => ({ severity: "warning", title: "Switched off", message }))
  ];
}

export {
  afterwards,
  deployed
};
