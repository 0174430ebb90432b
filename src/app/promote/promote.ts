import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { nextStep } from '../../domain/gate/advance.ts';
import { unproved } from '../../domain/policy/proof.ts';
import { RolloutError } from '../../errors.ts';
import type { ChangeDependencies, ChangeOptions } from '../operate/change-file.ts';
import { specIn, textToChange } from '../operate/file-text.ts';
import { setPercentage } from '../operate/set.ts';

export interface PromoteInput extends ChangeOptions {
  feature: string;
  /** Percentage to raise to; left out: the next step of the feature in this environment. */
  percentage?: number | undefined;
}

/**
 * Raises a feature that was proved in the environment named by `promotes`, by a pull request unless `via` says
 * otherwise. Throws `held` with the missing proof. The policy demands the same proof again at reconcile.
 */
export async function promote(deps: ChangeDependencies, input: PromoteInput): Promise<ChangeOutcome> {
  const { feature } = input;
  const { policy } = await deps.store.reading((read) => read.state());
  const promotes = policy?.promotes;
  if (promotes === undefined) {
    throw new RolloutError('usage', 'the file that was reconciled last has no promotes', {
      hint: 'write promotes: { from: staging, soak: 48h } into the file, merge and reconcile it',
    });
  }
  const spec = specIn(await textToChange(deps.repository, input.via), feature);
  const known = deps.other
    ? await deps.other(promotes.from, [feature])
    : 'its database cannot be read from here';
  const elsewhere =
    typeof known === 'string'
      ? ({ state: 'unknown', why: known } as const)
      : (known.get(feature) ?? ({ state: 'absent' } as const));
  const because = unproved(promotes, spec, elsewhere);
  if (because !== null) {
    const why = deps.words.breach({ code: 'not_proved', from: promotes.from, because });
    throw new RolloutError('held', `${feature} is not raised: ${why}`, {
      hint: `see it there with: rollout stats ${feature}`,
    });
  }
  const percentage = input.percentage ?? nextStep(spec)?.percentage;
  if (percentage === undefined) {
    throw new RolloutError('usage', `${feature} has no further step here`, {
      hint: `add the percentage: rollout promote ${feature} --to 50`,
    });
  }
  return setPercentage(deps, { ...input, percentage, via: input.via ?? 'pull_request' });
}
