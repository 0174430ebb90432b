import { hasKey } from '../../domain/policy/judge.ts';
import type { Policy } from '../../domain/spec/policy.ts';
import { error, type FeatureView, warning } from '../base/finding.ts';
import type { Finding } from '../base/problems.ts';
import type { RolloutFile } from '../base/schema-types.ts';
import { endsFirst } from './hours.ts';

/** Warns about raises in the file that its own policy will refuse, before they are due. */
export function policyRules(
  file: RolloutFile,
  policy: Policy | null,
  features: readonly FeatureView[],
): Finding[] {
  if (policy === null) return [];
  const hours = file.policy?.hours;
  return [
    ...(hours && policy.hours ? endsFirst(['policy', 'hours'], hours, policy.hours) : []),
    ...uncounted(file, policy),
    ...features.flatMap((view) => [...missingKeys(policy, view), ...largeSteps(policy, view)]),
  ];
}

/** Moving jobs are counted by subject. */
function uncounted({ outcomes }: RolloutFile, { largest_raise: { job_share } }: Policy): Finding[] {
  const { by_subject } = outcomes ?? {};
  if (job_share === null || by_subject === undefined || by_subject === 'full') return [];
  return [
    error(
      ['outcomes', 'by_subject'],
      `policy.largest_raise.job_share counts the jobs of subjects, which by_subject: ${by_subject} does not keep; use full, or remove job_share`,
    ),
  ];
}

const WHAT_IS_MISSING = {
  owner: 'owner is missing',
  steps: 'steps are missing',
  rollback: 'rollback.enabled is false',
} as const;

function missingKeys({ require }: Policy, { path, written, spec }: FeatureView): Finding[] {
  return require
    .filter((key) => !hasKey(spec, key))
    .map((key) => ({
      ...warning(
        Object.hasOwn(written, key) ? [...path, key] : path,
        `${WHAT_IS_MISSING[key]}; policy.require names ${key}, so no change may raise this feature`,
      ),
      ...(Object.hasOwn(written, key) ? {} : { at: 'key' as const }),
    }));
}

/** Reports steps that the policy will refuse, the first of each feature. */
function largeSteps({ largest_raise: { points } }: Policy, { path, written, spec }: FeatureView): Finding[] {
  if (points === null) return [];
  const at = spec.steps.findIndex(
    ({ percentage }, i) => percentage - (spec.steps[i - 1]?.percentage ?? 0) > points,
  );
  const step = spec.steps[at];
  if (!step) return [];
  const from = spec.steps[at - 1]?.percentage ?? 0;
  const place = Array.isArray(written.steps) ? [...path, 'steps', at, 'percentage'] : [...path, 'steps'];
  const message = `the step from ${from}% to ${step.percentage}% is refused: policy.largest_raise.points is ${points}`;
  return [warning(place, message)];
}
