import type { Edit } from '../../config/edit/edit.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { type ChangeDependencies, type ChangeOptions, changeFile, viaOf } from './change-file.ts';
import { editedFeature, textToChange } from './file-text.ts';

export interface AutoRollbackInput extends Omit<ChangeOptions, 'agree'> {
  feature: string;
  enabled: boolean;
}

/** Switches automatic rollback of a feature on or off. Exposure does not change. */
export async function setAutoRollback(
  deps: ChangeDependencies,
  input: AutoRollbackInput,
): Promise<ChangeOutcome> {
  const { feature, enabled } = input;
  const decide = ({ rollback }: Spec): Edit[] =>
    rollback.enabled === enabled ? [] : [{ kind: 'set', path: ['rollback', 'enabled'], value: enabled }];
  const { before } = editedFeature(await textToChange(deps.repository, input.via), feature, decide);
  const word = enabled ? 'on' : 'off';
  return changeFile(deps, {
    command: `auto-rollback ${word} ${feature}`,
    features: [feature],
    requested: { code: 'auto_rollback', feature, enabled },
    trailers: [],
    proposal: { operation: 'auto-rollback', name: feature },
    via: viaOf(feature, input.via, before, false),
    reason: input.reason,
    raises: false,
    edit: (text) => editedFeature(text, feature, decide).text,
  });
}
