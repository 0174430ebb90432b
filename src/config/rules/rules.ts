import type { Policy } from '../../domain/spec/policy.ts';
import type { FeatureView } from '../base/finding.ts';
import type { Finding } from '../base/problems.ts';
import type { RolloutFile } from '../base/schema-types.ts';
import { audienceRules, ownersAsTests } from './audience.ts';
import { fieldRules } from './fields.ts';
import { fileRules } from './file.ts';
import { hoursRules } from './hours.ts';
import { listRules } from './lists.ts';
import { notifyRules } from './notify.ts';
import { orderRules } from './order.ts';
import { policyRules } from './policy.ts';

/**
 * Applies the rules that a schema cannot express, to effective values, and points at the causing value in the text.
 *
 * Errors of `defaults` alone are reported there once, and not again in each feature.
 */
export function* checkRules(
  file: RolloutFile,
  features: readonly FeatureView[],
  defaults: FeatureView,
  policy: Policy | null,
): Generator<Finding> {
  yield* orderRules(defaults);
  yield* hoursRules(defaults);
  for (const view of features) {
    yield* orderRules(view);
    yield* hoursRules(view);
    yield* fieldRules(view);
    yield* listRules(view);
    yield* audienceRules(view);
  }
  yield* ownersAsTests(file.test_repositories ?? []);
  yield* fileRules(file, features);
  yield* policyRules(file, policy, features);
  yield* notifyRules(file, features);
}
