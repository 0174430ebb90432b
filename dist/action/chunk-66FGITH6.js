import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/actions/afterwards.ts
async function afterwards(opened) {
  const { tellIncidents } = await import("./incident-issues-ILM7HAYH.js");
  const waiting = (await tellIncidents(opened)).map(notTold);
  return [...waiting, ...await deployed(opened)];
}
async function deployed({ store, deployments }) {
  const { tellDeployments } = await import("./deployments-ANQIEKEQ.js");
  return (await tellDeployments({ store, deployments })).map(notTold);
}
function notTold(message) {
  return { severity: "warning", title: "Not told yet", message };
}

export {
  afterwards,
  deployed
};
