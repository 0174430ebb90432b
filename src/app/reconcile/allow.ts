import type { Agree } from '../../domain/change/requested.ts';
import type { ReconcileResult } from '../../domain/plan/result.ts';
import { RolloutError } from '../../errors.ts';
import { type PlanDependencies, planFile } from './plan.ts';
import { reconcile } from './reconcile.ts';

export interface AllowInput {
  feature: string;
  reason: string;
}

type AllowDependencies = PlanDependencies & { actor: string };

/** Shows a person the breaches and asks for a confirmation, then calls `allowRefused`. Null: declined. */
export async function allowFeature(
  deps: AllowDependencies,
  { feature, reason, agree }: AllowInput & { agree: Agree },
): Promise<ReconcileResult | null> {
  const { path, content, revision } = await deps.repository.readTip();
  const { changes } = await planFile(deps, { path, content, revision });
  const found = changes.find((change) => change.feature === feature)?.reason;
  const { refused } = await deps.store.reading(async (read) => ({
    refused: (await read.features.refusals(feature)).has(feature),
  }));
  if (!refused) throw nothingRefused(feature);
  const breaches = found?.code === 'policy' ? found.breaches : [];
  if (!(await agree({ code: 'allow', feature, breaches }))) return null;
  return allowRefused(deps, { feature, reason });
}

/**
 * Allows one entry of the file that the policy refused, and reconciles. Applies to that entry only: once the file
 * changes the feature again, the policy judges it again. Throws `usage` if nothing was refused.
 */
export async function allowRefused(
  deps: AllowDependencies,
  { feature, reason }: AllowInput,
): Promise<ReconcileResult> {
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
