import { addFeature as addToText } from '../../config/edit/edit.ts';
import type { EditValue } from '../../config/edit/value.ts';
import { parseConfig } from '../../config/read/parse.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { admitsNobody } from '../../domain/spec/at-most.ts';
import { same } from '../../domain/spec/difference.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import type { Store } from '../../store/store.ts';
import { type ChangeDependencies, type ChangeOptions, changeFile, viaOf } from './change-file.ts';
import { specIn, textToChange } from './file-text.ts';

export interface AddFeatureInput extends Omit<ChangeOptions, 'agree'> {
  feature: string;
  /** The feature's entry as written in the file. It admits nobody outside its whitelist. */
  fields: Readonly<Record<string, EditValue>>;
  /** The person or program that asked for it, for the commit. */
  asked: string;
}

/**
 * Adds a new feature to the file, off or with only its whitelist. Throws `usage` if it already exists, and `held` for a
 * whitelist under a name that was live before: raising that again is a person's decision.
 */
export async function addFeature(deps: ChangeDependencies, input: AddFeatureInput): Promise<ChangeOutcome> {
  const { feature, fields, asked, reason } = input;
  const before = await textToChange(deps.repository, input.via);
  const after = addToText(before, feature, fields);
  const spec = specIn(after, feature);
  const raises = !admitsNobody(spec);
  if (raises) await refuseMore(deps.store, feature, spec);
  return changeFile(deps, {
    command: `add ${feature}`,
    asked,
    features: [feature],
    requested: { code: 'add', feature, whitelist: raises ? spec.whitelist.length : 0 },
    trailers: [],
    proposal: { operation: 'add', name: feature },
    via: viaOf(feature, input.via, spec, raises),
    reason,
    raises,
    // Repeated after a lost answer, the file already has it: nothing is left to do.
    edit: (text) => (says(text, feature, spec) ? text : addToText(text, feature, fields)),
  });
}

function says(text: string, feature: string, spec: Spec): boolean {
  return same(parseConfig(text).config?.features.get(feature), spec);
}

async function refuseMore(store: Store, feature: string, spec: Spec): Promise<void> {
  if (spec.percentage > 0) {
    throw new RolloutError('usage', `${feature} would be on at ${spec.percentage}% as soon as it is added`, {
      hint: 'add it at 0%, then start it',
    });
  }
  const known = await store.reading((read) => read.features.actual(feature));
  if (!known.has(feature)) return;
  throw new RolloutError('held', `the database knows a feature ${feature} that was in the file before`, {
    hint: `add it without a whitelist, then run: rollout resume ${feature} --percentage N --reason "..."`,
  });
}
