import { addFeature as addToText } from '../config/edit.ts';
import type { EditValue } from '../config/edit-value.ts';
import { parseConfig } from '../config/parse.ts';
import { same } from '../domain/difference.ts';
import { isOff } from '../domain/narrower.ts';
import type { Spec } from '../domain/spec.ts';
import { RolloutError } from '../errors.ts';
import {
  type ChangeDependencies,
  type ChangeOptions,
  type ChangeOutcome,
  changeFile,
  viaOf,
} from './change-file.ts';
import { specIn, textToChange } from './file-text.ts';

export interface AddFeatureInput extends Omit<ChangeOptions, 'agree'> {
  feature: string;
  /** What the file says of it, as it is written there. It must be off: nobody is exposed by adding it. */
  fields: Readonly<Record<string, EditValue>>;
  /** Who or what asked for it, for the commit. */
  asked: string;
}

/** Puts a new feature into the file, switched off. Throws `usage` where it is there already. */
export async function addFeature(deps: ChangeDependencies, input: AddFeatureInput): Promise<ChangeOutcome> {
  const { feature, fields, asked, reason } = input;
  const before = await textToChange(deps.repository, input.via);
  const after = addToText(before, feature, fields);
  const spec = specIn(after, feature);
  if (!isOff(spec)) {
    throw new RolloutError('usage', `${feature} would be on as soon as it is added`, {
      hint: 'add it with active: false, then start it',
    });
  }
  return changeFile(deps, {
    command: `add ${feature}`,
    asked,
    features: [feature],
    title: `Add ${feature}, switched off`,
    facts: ['Nobody is exposed to it before it is started.'],
    trailers: [],
    branch: `rollout/add/${feature}`,
    via: viaOf(input.via, spec, false),
    reason,
    raises: false,
    // Asked again after an answer that was lost, the file has it: nothing is left to do.
    edit: (text) => (says(text, feature, spec) ? text : addToText(text, feature, fields)),
  });
}

function says(text: string, feature: string, spec: Spec): boolean {
  return same(parseConfig(text).config?.features.get(feature), spec);
}
