import type { Edit } from '../../config/edit/edit.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import type { ChangeVia } from '../ports/configuration-repository.ts';
import {
  type ChangeDependencies,
  type ChangeOptions,
  type ChangeRequest,
  changeFile,
  notDone,
  viaOf,
} from './change-file.ts';
import { editedFeature, raises, textToChange } from './file-text.ts';
import { refuseHeld, refuseOff, refuseUnshown } from './preconditions.ts';

export interface SetInput extends ChangeOptions {
  feature: string;
  percentage: number;
  /** Route of the change if it raises, unless `via` sets one for all changes. */
  raiseVia?: ChangeVia;
}

/** Writes a percentage into the file. 0 keeps the whitelist; roll back or stop a feature to switch it off. */
export async function setPercentage(deps: ChangeDependencies, input: SetInput): Promise<ChangeOutcome> {
  const { feature, percentage, reason } = input;
  const decide = (spec: Spec): Edit[] => {
    refuseOff(feature, spec);
    refuseWhitelistStrategy(feature, spec);
    return spec.percentage === percentage ? [] : [{ kind: 'set', path: ['percentage'], value: percentage }];
  };
  await refuseHeld(deps.store, feature);
  const edited = editedFeature(await textToChange(deps.repository, input.via), feature, decide);
  const from = edited.before.percentage;
  const requested = { code: 'set', feature, from, to: percentage } as const;
  const request: ChangeRequest = {
    command: `set ${feature} ${percentage}`,
    features: [feature],
    requested,
    trailers: [],
    proposal: { operation: 'set', name: feature },
    via: viaOf(
      feature,
      input.via ?? (raises(edited) ? input.raiseVia : undefined),
      edited.before,
      raises(edited),
      percentage,
    ),
    reason,
    raises: raises(edited),
    edit: (text: string) => editedFeature(text, feature, decide).text,
  };
  await refuseUnshown(deps, request);
  if (request.raises && !(await input.agree(requested))) return notDone(request);
  return changeFile(deps, request);
}

function refuseWhitelistStrategy(feature: string, { strategy }: Spec): void {
  if (strategy !== 'whitelist') return;
  throw new RolloutError(
    'usage',
    `${feature} has the strategy whitelist, and the whitelist strategy has no percentage`,
    {
      hint: `change who is in with: rollout whitelist add ${feature} ..., or the strategy in the file`,
    },
  );
}
