import type { Undeployed } from '../../store/incidents/deployments.ts';
import type { Store } from '../../store/store.ts';
import { failsForAll, isOff, messageOf, type Told } from '../incidents/incident-issues.ts';
import type { Deployment, DeploymentLog } from '../ports/deployment-log.ts';
import type { Words } from '../ports/words.ts';
import { UNNAMED } from '../proposal-branch.ts';

/** Limit of deployments written in one run, and of refused ones; the next run continues. */
const MOST_AT_ONCE = 20;

/**
 * Creates a deployment for every feature whose exposure changed, in the feature's own environment, so that the
 * deployments page shows the rollout. A refused one does not keep others waiting; failures are returned, one sentence
 * each, and retried by the next run.
 */
export async function tellDeployments({
  store,
  deployments,
  words,
}: {
  store: Store;
  words: Pick<Words, 'deployment'>;
  /** Creates the deployments; null or left out: none are created. */
  deployments?: DeploymentLog | null;
}): Promise<Told> {
  if (!deployments) return { problems: [], warnings: [] };
  const { changed, environment } = await store.reading(async (read) => ({
    changed: await read.incidents.undeployed(2 * MOST_AT_ONCE),
    environment: (await read.state()).environment,
  }));
  let noted = 0;
  const refused: { feature: string; why: string }[] = [];
  for (const one of changed) {
    if (Math.max(noted, refused.length) >= MOST_AT_ONCE) break;
    try {
      await deployments.put(deploymentOf(words, one, environment ?? UNNAMED));
      await store.incidents.markDeployed(one.feature, one.history);
      noted += 1;
    } catch (error) {
      if (isOff(error)) {
        // Changes made while deployments were off are not added later: the next change records the present state.
        for (const { feature, history } of changed) await store.incidents.markDeployed(feature, history);
        return { problems: [], warnings: [messageOf(error)] };
      }
      refused.push({ feature: one.feature, why: messageOf(error) });
      if (failsForAll(error)) break;
    }
  }
  const [first, ...others] = refused;
  if (!first) return { problems: [], warnings: [] };
  const more = others.length > 0 ? `; nor those of ${others.map(({ feature }) => feature).join(', ')}` : '';
  const problem = `the deployment of ${first.feature} is not noted yet: ${first.why}${more}`;
  return { problems: [problem], warnings: [] };
}

function deploymentOf(words: Pick<Words, 'deployment'>, one: Undeployed, environment: string): Deployment {
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
      history: digest,
    },
  };
}
