import { standingWord } from '../report/plan-model.ts';
import type { Undeployed } from '../store/deployments.ts';
import type { Store } from '../store/store.ts';
import { messageOf } from './incident-issues.ts';
import type { Deployment, DeploymentLog } from './ports.ts';

/** Deployments written in one run; the next one goes on. */
const MOST_AT_ONCE = 20;

/**
 * Notes every feature whose exposure changed as a deployment to an environment of its own, so that the page of
 * deployments shows the rollout. What fails is returned, a sentence, and tried again by the next run.
 */
export async function tellDeployments({
  store,
  deployments,
}: {
  store: Store;
  /** Null or left out: deployments are noted nowhere. */
  deployments?: DeploymentLog | null;
}): Promise<string[]> {
  if (!deployments) return [];
  const { changed, environment } = await store.reading(async (read) => ({
    changed: await read.undeployed(MOST_AT_ONCE),
    environment: (await read.state()).environment,
  }));
  for (const one of changed) {
    try {
      await deployments.put(deploymentOf(one, environment ?? 'default'));
      await store.markDeployed(one.feature, one.history);
    } catch (error) {
      return [`the deployment of ${one.feature} is not noted yet: ${messageOf(error)}`];
    }
  }
  return [];
}

function deploymentOf(one: Undeployed, environment: string): Deployment {
  const { feature, percentage, active, emergency_stop, strategy, history, digest, revision } = one;
  const was = one.previous_percentage === null ? '' : `, was ${one.previous_percentage} %`;
  return {
    feature,
    environment: environment === 'default' ? `rollout/${feature}` : `rollout/${environment}/${feature}`,
    revision,
    description: `${standingWord({ percentage, active, emergency_stop })}${was}: ${one.reason.replace(/\s+/g, ' ')}`,
    payload: {
      key: `${environment}/${history}`,
      ...{ feature, active, emergency_stop, percentage, strategy, revision, history: digest },
    },
  };
}
