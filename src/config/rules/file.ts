import { quoted } from '../../lib/text.ts';
import { entrySet } from '../base/entries.ts';
import { type FeatureView, warning } from '../base/finding.ts';
import type { Finding } from '../base/problems.ts';
import { keyText } from '../base/problems.ts';
import type { RolloutFile } from '../base/schema-types.ts';
import { repeated } from './lists.ts';

/** Fewer test repositories make a poor first band. */
const ENOUGH_TEST_REPOSITORIES = 5;

/** Checks the file as a whole. */
export function* fileRules(file: RolloutFile, features: readonly FeatureView[]): Generator<Finding> {
  yield* repeated(['test_repositories'], 'test_repositories', file.test_repositories ?? []);
  yield* fewTestRepositories(file.test_repositories, features);
  yield* sharedSalts(features);
}

/** Reported once per file: at the list, or at a feature that needs category test if there is no list. */
function fewTestRepositories(
  listed: readonly string[] | undefined,
  features: readonly FeatureView[],
): Finding[] {
  const count = entrySet(listed ?? []).length;
  if (count >= ENOUGH_TEST_REPOSITORIES) return [];
  const advice = `at least ${ENOUGH_TEST_REPOSITORIES} make a first step that can be judged`;
  const code = 'few_test_repositories';
  if (listed) {
    return [{ ...warning(['test_repositories'], `test_repositories names ${count}; ${advice}`), code }];
  }
  const needy = features.find(needsTestRepositories);
  if (!needy) return [];
  const field = needy.spec.strategy === 'repository_size' ? 'strategy' : 'categories';
  const message = `${field} admits test repositories, but no test_repositories are named; ${advice}`;
  return [{ ...warning([...needy.path, field], message), code }];
}

function needsTestRepositories({ spec }: FeatureView): boolean {
  if (spec.subject !== 'repository' || spec.strategy === 'whitelist') return false;
  return spec.strategy === 'repository_size' || (spec.categories?.includes('test') ?? false);
}

/** Features with the same salt choose the same subjects, which is seldom intended except after a rename. */
function sharedSalts(features: readonly FeatureView[]): Finding[] {
  const firsts = new Map<string, FeatureView>();
  return features.flatMap((view) => {
    const first = firsts.get(view.spec.salt);
    if (!first) {
      firsts.set(view.spec.salt, view);
      return [];
    }
    // Point at the feature that names the salt; the other one only has it as its key.
    const [at, other] =
      view.written.salt === undefined && first.written.salt !== undefined ? [first, view] : [view, first];
    const same = `salt ${quoted(view.spec.salt)} is also that of feature ${keyText(other.key)}`;
    return [warning([...at.path, 'salt'], `${same}; the same subjects are chosen for both`)];
  });
}
