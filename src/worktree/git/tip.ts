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

/** Where a file lies in its working tree. */
export interface TipPlace {
  /** Folder of the file. */
  folder: string;
  /** Path of the file below the top of the working tree, with slashes. */
  path: string;
  /** Path as it is shown to people. */
  shown: string;
}

/**
 * The committed file at the tip of the default branch, as this clone knows it. What lies in the folder must be the
 * same.
 *
 * To `follow` is for who runs beside somebody's clone: the remote is asked first, and what is checked out or being
 * edited here does not matter. Where the remote does not answer, the log says so, and what was fetched last counts:
 * a tick must go on judging. Where it answers that another branch is its default, the file is refused: what people
 * merge goes there. Without a remote there is nothing to follow.
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

/** What lies in the folder must be what is applied, or somebody would believe another file was. */
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
