import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);
import {
  failsForAll,
  isOff,
  messageOf
} from "./chunk-WMPIRC73.js";
import {
  UNNAMED
} from "./chunk-AMLPSWQB.js";

// src/app/tick/deployments.ts
var MOST_AT_ONCE = 20;
async function tellDeployments({
  store,
  deployments,
  words
}) {
  if (!deployments) return { problems: [], warnings: [] };
  const { changed, environment } = await store.reading(async (read) => ({
    changed: await read.incidents.undeployed(2 * MOST_AT_ONCE),
    environment: (await read.state()).environment
  }));
  let noted = 0;
  const refused = [];
  for (const one of changed) {
    if (Math.max(noted, refused.length) >= MOST_AT_ONCE) break;
    try {
      await deployments.put(deploymentOf(words, one, environment ?? UNNAMED));
      await store.incidents.markDeployed(one.feature, one.history);
      noted += 1;
    } catch (error) {
      if (isOff(error)) {
        for (const { feature, history } of changed) await store.incidents.markDeployed(feature, history);
        return { problems: [], warnings: [messageOf(error)] };
      }
      refused.push({ feature: one.feature, why: messageOf(error) });
      if (failsForAll(error)) break;
    }
  }
  const [first, ...others] = refused;
  if (!first) return { problems: [], warnings: [] };
  const more = others.length > 0 ? `; nor those of ${others.map(({ feature }) => feature).join(", ")}` : "";
  const problem = `the deployment of ${first.feature} is not noted yet: ${first.why}${more}`;
  return { problems: [problem], warnings: [] };
}
function deploymentOf(words, one, environment) {
  const { feature, percentage, active, emergency_stop, strategy, history, digest, revision } = one;
  return {
    feature,
    environment: environment === UNNAMED ? `rollout/${feature}` : `rollout/${environment}/${feature}`,
    revision,
    description: words.deployment(one, one.previous_percentage, one.reason),
    payload: {
      key: `${environment}/${history}`,
      feature,
      active,
      emergency_stop,
      percentage,
      strategy,
      revision,
      history: digest
    }
  };
}

export {
  tellDeployments
};
