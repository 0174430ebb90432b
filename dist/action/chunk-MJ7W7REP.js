import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);

// src/actions/afterwards.ts
async function afterwards(opened) {
<<<<<<<< HEAD:dist/action/chunk-MJ7W7REP.js
  const { tellIncidents } = await import("./incident-issues-LHNJB5GE.js");
========
  const { tellIncidents } = await import("./incident-issues-JFWPV3ID.js");
>>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/chunk-HTAVCGXC.js
  const waiting = (await tellIncidents(opened)).map(notTold);
  return [...waiting, ...await deployed(opened)];
}
async function deployed({ store, deployments }) {
<<<<<<<< HEAD:dist/action/chunk-MJ7W7REP.js
  const { tellDeployments } = await import("./deployments-XPTE4PLH.js");
========
  const { tellDeployments } = await import("./deployments-OGOH5SAH.js");
>>>>>>>> a048f1d (One entry more or less in a long list is planned in one pass: looking each up in the other list took eight minutes for 100,000, under the history lock):dist/action/chunk-HTAVCGXC.js
  return (await tellDeployments({ store, deployments })).map(notTold);
}
function notTold(message) {
  return { severity: "warning", title: "Not told yet", message };
}

export {
  afterwards,
  deployed
};
