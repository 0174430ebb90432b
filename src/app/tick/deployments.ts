import type { Undeployed } from '../../store/incidents/deployments.ts';
import type { Store } from '../../store/store.ts';
import { failsForAll, isOff, messageOf, type Told } from '../incidents/incident-issues.ts';
import type { Deployment, DeploymentLog } from '../ports/deployment-log.ts';
import type { Words } from '../ports/words.ts';
import { UNNAMED } from '../proposal-branch.ts';

/** Deployments written in one run, and those that may be refused in it; the next one goes on. */
const MOST_AT_ONCE = 20;

/**
 * Notes every feature whose exposure changed as a deployment to an environment of its own, so that the page of
 * deployments shows the rollout. One that is refused keeps no other waiting; what fails is returned, a sentence, and
 * tried again by the next run.
 */
export async function tellDeployments({
  store,
  deployments,
  words,
}: {
  store: Store;
  words: Pick<Words, 'deployment'>;
  /** Null or left out: deployments are noted nowhere. */
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
        // What was not noted while they were off is not made up for: a later change notes how it stands then.
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
