import { type ActualFeature, settingsOf } from '../../domain/plan/actual.ts';
import { plan } from '../../domain/plan/decide/plan.ts';
import type { PlanResult } from '../../domain/plan/result.ts';
import { resolveLists } from '../../domain/spec/resolve.ts';
import type { Spec } from '../../domain/spec/spec.ts';
import { RolloutError } from '../../errors.ts';
import type { Words } from '../ports/words.ts';
import { uncounted } from './count-subjects.ts';
import { desiredOf, type FileText, loadFile, testEntries } from './file/desired.ts';
import { freezeDifference, testDifference } from './file/file-difference.ts';
import { nothingPlanned } from './file/unplanned.ts';
import { refusedOf, withRefused } from './plan.ts';
import { refusedBy } from './policy/policy.ts';
import { breachProblems } from './policy/policy-in-plan.ts';

/** Compares two files without a database: shows what a merge asks for, not what it would find. */
export function planAgainstFile(
  base: FileText,
  proposed: FileText,
  now: Date,
  words: Pick<Words, 'breach'>,
): PlanResult {
  const [before, after] = [loadFile(base), loadFile(proposed)];
  if (!after.ok) return nothingPlanned(after.problems, proposed.revision);
  if (!before.ok) {
    throw new RolloutError('file_invalid', `the base file ${base.path} has errors`, {
      hint: `see them with: rollout validate --file ${base.path}`,
    });
  }
  const actual = new Map(
    [...before.file.config.features].map(([key, spec]) => [key, asReconciled(key, spec)]),
  );
  const desired = desiredOf(after.file, { features: actual, names: new Map() });
  const changes = plan(desired, actual, [], now).map(uncounted);
  const { policy } = before.file.config;
  const refused = refusedBy(desired, changes, {
    ...{ policy, refusals: new Map(), features: actual, incidents: [], now: null },
  });
  const mended = refusedOf({ ...desired, refused }, actual, [], now).map(uncounted);
  return {
    ...nothingPlanned(
      [...after.file.problems, ...breachProblems(proposed, refused, words)],
      proposed.revision,
    ),
    environment: after.file.config.environment,
    changes: withRefused(changes, mended),
    test_repositories: testDifference(after.file, testEntries(before.file.config)),
    freezes: freezeDifference(after.file, before.file.config.freeze),
  };
}

function asReconciled(feature: string, spec: Spec): ActualFeature {
  const { exposure, resolved } = resolveLists(spec, {}, new Map());
  return {
    feature,
    spec,
    edited: null,
    unsealed: [],
    resolved,
    columns: exposure,
    settings: settingsOf(spec),
    archived: false,
    revision: null,
  };
}
