import type { Agree } from '../../domain/change/requested.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import { RolloutError } from '../../errors.ts';
import { type PlanDependencies, planFile } from './plan.ts';
import { reconcile } from './reconcile.ts';

export interface AllowInput {
  feature: string;
  reason: string;
  agree: Agree;
}

/**
 * Lets one entry of the file through that the policy refused, and reconciles. It holds for that entry alone: once the
 * file says anything else of the feature, the policy judges it again. Null: a person said no, and nothing was done.
 */
export async function allowFeature(
  deps: PlanDependencies & { actor: string },
  input: AllowInput,
): Promise<ReconcileResult | null> {
  const { feature, reason } = input;
  const { path, content, revision } = await deps.repository.readTip();
  const { changes } = await planFile(deps, { path, content, revision });
  const found = changes.find((change) => change.feature === feature)?.reason;
  const { refused } = await deps.store.reading(async (read) => ({
    refused: (await read.features.refusals(feature)).has(feature),
  }));
  if (!refused) throw nothingRefused(feature);
  const breaches = found?.code === 'policy' ? found.breaches : [];
  if (!(await input.agree({ code: 'allow', feature, breaches }))) return null;
  if (!(await deps.store.features.allowRefused({ feature, actor: deps.actor, reason }))) {
    throw nothingRefused(feature);
  }
  return reconcile(deps, {
    actor: deps.actor,
    allowRewind: false,
    revision: null,
    asked: { features: [feature], reason },
  });
}

function nothingRefused(feature: string): RolloutError {
  return new RolloutError('usage', `the policy has refused nothing of ${feature.slice(0, 100)}`, {
    hint: 'what it refuses is known after a reconcile; see it with: rollout reconcile',
  });
}
