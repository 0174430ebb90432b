import type {
  ChangeRefused,
  FileChange,
  FileChangeResult,
  Refusal,
} from '../../app/ports/configuration-repository.ts';
import { RolloutError } from '../../errors.ts';
import { untilSettled } from '../api/repeat.ts';
import { commitOn, unchanged } from './commit.ts';
import { proposeChange } from './propose.ts';
import { changedFiles, defaultTip, filesAt, type Place, textOf } from './read.ts';

/**
 * Commits to the default branch, and decides again whenever somebody else was quicker; proposes if a rule forbids
 * commits.
 */
export async function commitChange<R extends Refusal>(
  place: Place,
  change: FileChange<R>,
): Promise<FileChangeResult | ChangeRefused<R>> {
  const branch = await place.defaultBranch();
  let tried = false;
  const result = await untilSettled(place.client, branch, async () => {
    const tip = await defaultTip(place);
    const files = await filesAt(place, tip);
    const text = textOf(place, files);
    const edited = change.edit(text);
    if ('refused' in edited) return { state: 'refused' as const, refused: edited.refused };
    if (edited.text === text) {
      const found = await unchanged(place, files, tip, change.trailers);
      if (!tried || found.commit === null) return found;
      // The controller's own commit, whose answer was lost.
      return { state: 'committed' as const, commit: found.commit };
    }
    tried = true;
    return commitOn(place, branch, tip, changedFiles(place, files, text, edited.text), change);
  });
  if (!('forbidden' in result)) return result;
  if (change.only_commit) {
    throw new RolloutError('branch_protected', `${branch} rejected our commit: ${result.forbidden}`, {
      hint: 'this branch only accepts pull requests; use --via pull_request',
    });
  }
  return proposeChange(place, change);
}
