import type { Finding } from './problems.ts';
import type { FeatureView } from './rule.ts';
import { fieldRules } from './rules-fields.ts';
import { fileRules } from './rules-file.ts';
import { listRules } from './rules-lists.ts';
import { orderRules } from './rules-order.ts';
import type { RolloutFile } from './schema-types.ts';

/**
 * The rules a schema cannot say, over effective values, pointing at the value in the text that causes them.
 *
 * What is wrong in `defaults` by itself is found there once, and not again in each feature.
 */
export function* checkRules(
  file: RolloutFile,
  features: readonly FeatureView[],
  defaults: FeatureView,
): Generator<Finding> {
  yield* orderRules(defaults);
  for (const view of features) {
    yield* orderRules(view);
    yield* fieldRules(view);
    yield* listRules(view);
  }
  yield* fileRules(file, features);
}
