import { editTestRepositories, type ListEdit } from '../../config/edit/edit.ts';
import type { ListOutcome } from '../../domain/change/outcome.ts';
import { goesByCategory } from '../../domain/spec/at-most.ts';
import type { RolloutConfig } from '../../domain/spec/spec.ts';
import type { ChangeVia } from '../ports/configuration-repository.ts';
import {
  type ChangeDependencies,
  type ChangeOptions,
  type ChangeRequest,
  changeFile,
  notDone,
  refuseUnreviewed,
} from './change-file.ts';
import { configIn, textToChange, withThat } from './file-text.ts';
import { cleanEntries, unmatchedIn } from './lists.ts';

export interface TestRepositoriesInput extends ChangeOptions {
  action: 'mark' | 'unmark';
  repositories: readonly string[];
}

/** Adds repositories to `test_repositories` of the file, or removes them. */
export async function changeTestRepositories(
  deps: ChangeDependencies,
  input: TestRepositoriesInput,
): Promise<ListOutcome> {
  const mark = input.action === 'mark';
  const entries = cleanEntries(input.repositories, `rollout ${input.action}-test octocat/hello-world`);
  const edits: ListEdit<'test_repositories'>[] = [
    { kind: mark ? 'add_entries' : 'remove_entries', list: 'test_repositories', entries },
  ];
  const edit = (text: string) => {
    const edited = editTestRepositories(text, edits);
    withThat(() => configIn(edited));
    return edited;
  };
  const text = await textToChange(deps.repository, input.via);
  const config = configIn(text);
  if (input.via === 'commit' && edit(text) !== text) refuseWithoutReview(config);
  const unmatched = mark ? await unmatchedIn(deps.store, entries) : [];
  const requested = { code: 'test_repositories', action: input.action, repositories: entries } as const;
  const request: ChangeRequest = {
    command: `${input.action}-test`,
    features: [],
    requested,
    trailers: [],
    proposal: { operation: 'test-repositories', name: input.action },
    via: input.via ?? viaOfFile(config),
    reason: input.reason,
    // A repository changes category, which may admit it to a feature that goes by categories.
    raises: edit(text) !== text && [...config.features.values()].some(goesByCategory),
    edit,
  };
  if (request.raises && !(await input.agree(requested))) return { ...notDone(request), unmatched };
  return { ...(await changeFile(deps, request)), unmatched };
}

function refuseWithoutReview({ features }: RolloutConfig): void {
  for (const [feature, spec] of features)
    if (goesByCategory(spec)) refuseUnreviewed(feature, spec, spec.percentage);
}

/** The list belongs to no feature: a pull request is used only if every feature demands one. */
function viaOfFile({ features }: RolloutConfig): ChangeVia {
  const specs = [...features.values()];
  return specs.length > 0 && specs.every(({ rollback }) => rollback.via === 'pull_request')
    ? 'pull_request'
    : 'commit';
}
