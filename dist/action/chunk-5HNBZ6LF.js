import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  failsForAll,
  messageOf
} from "./chunk-MIZ2V3AK.js";
import {
  standingWord
} from "./chunk-4KCFGPCE.js";

// src/app/deployments.ts
var MOST_AT_ONCE = 20;
async function tellDeployments({
  store,
  deployments
}) {
  if (!deployments) return [];
  const { changed, environment } = await store.reading(async (read) => ({
    changed: await read.undeployed(2 * MOST_AT_ONCE),
    environment: (await read.state()).environment
  }));
  let noted = 0;
  const refused = [];
  for (const one of changed) {
    if (Math.max(noted, refused.length) >= MOST_AT_ONCE) break;
    try {
      await deployments.put(deploymentOf(one, environment ?? "default"));
      await store.markDeployed(one.feature, one.history);
      noted += 1;
    } catch (error) {
      refused.push({ feature: one.feature, why: messageOf(error) });
      if (failsForAll(error)) break;
    }
  }
  const [first, ...others] = refused;
  if (!first) return [];
  const more = others.length > 0 ? `; nor those of ${others.map(({ feature }) => feature).join(", ")}` : "";
  return [`the deployment of ${first.feature} is not noted yet: ${first.why}${more}`];
}
function deploymentOf(one, environment) {
  const { feature, percentage, active, emergency_stop, strategy, history, digest, revision } = one;
  const was = one.previous_percentage === null ? "" : `, was ${one.previous_percentage} %`;
  return {
    feature,
    environment: environment === "default" ? `rollout/${feature}` : `rollout/${environment}/${feature}`,
    revision,
    description: `${standingWord(one)}${was}: ${one.reason.replace(/\s+/g, " ")}`,
    payload: {
      key: `${environment}/${history}`,
      ...{ feature, active, emergency_stop, percentage, strategy, revision, history: digest }
    }
  };
}

export {
  tellDeployments
};
