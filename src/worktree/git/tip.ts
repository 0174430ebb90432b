import type { Tip } from '../../app/ports/configuration-repository.ts';
import { RolloutError } from '../../errors.ts';
import { errorText } from '../../lib/error-text.ts';
import { harmless } from '../../lib/text.ts';
import {
  askOrigin,
  type DefaultBranch,
  defaultBranch,
  fetchIfMoved,
  refuseOtherDefault,
  tipOf,
} from './default-branch.ts';
import { contentAt, pathspecsOf } from './files.ts';
import { gitSays, gitText } from './git.ts';
import type { Surroundings } from './surroundings.ts';

/** Location of a file in its working tree. */
export interface TipPlace {
  /** Folder of the file. */
  folder: string;
  /** Path of the file relative to the top of the working tree, with slashes. */
  path: string;
  /** Path as shown to people. */
  shown: string;
}

/**
 * Reads the committed file at the tip of the default branch, as this clone knows it. The file in the folder must be
 * equal.
 *
 * `follow` is for runs beside somebody's clone: the remote is asked first, and the checked-out branch and local edits
 * are ignored. If the remote does not answer, this is logged and the last fetched state is used, because a tick must
 * continue to judge. If its default branch is another one, the file is refused, because merges go there. Without a
 * remote there is nothing to follow.
 */
export async function readTip(place: TipPlace, follow: boolean, log: Surroundings['log']): Promise<Tip> {
  const { folder, path, shown } = place;
  const branch = await defaultBranch(folder);
  const following = follow && branch.remote;
  if (following) await fetchOrSay(folder, branch, log);
  const revision = await tipOf(folder, branch);
  const content = await contentAt(folder, path, revision);
  if (content === null) {
    throw new RolloutError('file_missing', `${shown} is not in ${branch.shown} (${revision.slice(0, 10)})`, {
      hint: `commit it first: git add ${shown} && git commit`,
    });
  }
  if (!following) await refuseOtherFile(place, { name: branch.shown, revision });
  return { path: shown, content, revision };
}

async function fetchOrSay(folder: string, branch: DefaultBranch, log: Surroundings['log']): Promise<void> {
  const unanswered = (why: string) =>
    log?.(`origin does not answer, so what was fetched last counts: ${harmless(why, 300)}`);
  const says = await askOrigin(folder, branch.name);
  if ('exitCode' in says) {
    unanswered(says.message);
    return;
  }
  refuseOtherDefault(branch, says);
  try {
    await fetchIfMoved(folder, branch, says);
  } catch (error) {
    unanswered(errorText(error));
  }
}

interface NamedTip {
  name: string;
  revision: string;
}

/** The file in the folder must be the applied one, or somebody would believe that their edit was applied. */
async function refuseOtherFile({ folder, path, shown }: TipPlace, tip: NamedTip): Promise<void> {
  const files = await pathspecsOf(folder, path, tip.revision);
  if (await unchangedSince(folder, tip.revision, files)) return;
  if (!(await unchangedSince(folder, 'HEAD', files))) {
    throw new RolloutError('revision_refused', `${shown} has changes that are not committed`, {
      hint: `reconcile applies the committed file of ${tip.name}; commit the changes or undo them: git restore ${shown}`,
    });
  }
  const head = (await gitText(folder, 'rev-parse', '--abbrev-ref', 'HEAD')).trim();
  const detached = head === 'HEAD';
  const where = detached ? `in the commit that is checked out (detached HEAD)` : `on ${head}`;
  const pull = `bring the checkout up to date: git switch ${tip.name.replace(/^origin\//, '')} && git pull`;
  throw new RolloutError(
    'revision_refused',
    `${shown} ${where} is not the one of ${tip.name} (${tip.revision.slice(0, 10)})`,
    {
      hint: `reconcile applies only ${tip.name}; ${detached ? pull : `merge this branch, or ${pull}`}`,
    },
  );
}

async function unchangedSince(folder: string, revision: string, files: readonly string[]): Promise<boolean> {
  return gitSays(folder, 'diff', '--quiet', '--no-ext-diff', revision, '--', ...files);
}
