import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  messageOf
} from "./chunk-CUO5GGVU.js";
import {
  standingWord
} from "./chunk-HXCYHWXJ.js";

// src/app/deployments.ts
var MOST_AT_ONCE = 20;
async function tellDeployments({
  store,
  deployments
}) {
  if (!deployments) return [];
  const { changed, environment } = await store.reading(async (read) => ({
    changed: await read.undeployed(MOST_AT_ONCE),
    environment: (await read.state()).environment
  }));
  for (const one of changed) {
    try {
      await deployments.put(deploymentOf(one, environment ?? "default"));
      await store.markDeployed(one.feature, one.history);
    } catch (error) {
      return [`the deployment of ${one.feature} is not noted yet: ${messageOf(error)}`];
    }
  }
  return [];
}
function deploymentOf(one, environment) {
  const { feature, percentage, active, emergency_stop, strategy, history, digest, revision } = one;
  const was = one.previous_percentage === null ? "" : `, was ${one.previous_percentage} %`;
  return {
    feature,
    environment: environment === "default" ? `rollout/${feature}` : `rollout/${environment}/${feature}`,
    revision,
    description: `${standingWord({ percentage, active, emergency_stop })}${was}: ${one.reason.replace(/\s+/g, " ")}`,
    payload: {
      key: `${environment}/${history}`,
      ...{ feature, active, emergency_stop, percentage, strategy, revision, history: digest }
    }
  };
}

export {
  tellDeployments
};
