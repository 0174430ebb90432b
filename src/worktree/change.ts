import type {
  ChangeRefused,
  FileChange,
  FileChangeResult,
  Refusal,
} from '../app/ports/configuration-repository.ts';
import { commitMessage } from '../domain/git/commit-message.ts';
import { RolloutError } from '../errors.ts';
import { errorText } from '../lib/error-text.ts';
import { isCheckedOutAt, type Move, moveCheckout } from './git/checkout.ts';
import { commitFiles } from './git/commit-file.ts';
import { commitAt, type DefaultBranch, defaultBranch, freshTip } from './git/default-branch.ts';
import { changedEntries, filesAt } from './git/files.ts';
import { findOurs } from './git/message.ts';
import { type Published, push } from './git/push.ts';
import type { Place } from './git/surroundings.ts';

/** Number of attempts while the branch keeps moving between reading and writing; then the next run continues. */
const ATTEMPTS = 5;
const PAUSE_MS = 200;

/** Repeats `work` until the branch does not move meanwhile, with a random pause. */
export async function whileMoving<T>(place: Place, work: () => Promise<T | 'moved'>): Promise<T> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await place.sleep(PAUSE_MS * 2 ** (attempt - 2) * (0.5 + place.random()));
    const result = await work();
    if (result !== 'moved') return result;
  }
  throw new RolloutError(
    'git_failed',
    `the branch moved ${ATTEMPTS} times while ${place.shown} was changed`,
    {
      hint: 'run the command again',
    },
  );
}

/** Commits to the default branch, and decides again whenever somebody else was quicker. */
export async function commitChange<R extends Refusal>(
  place: Place,
  change: FileChange<R>,
): Promise<FileChangeResult | ChangeRefused<R>> {
  const branch = await defaultBranch(place.root);
  return whileMoving(place, () => commitOnce(place, branch, change));
}

async function commitOnce<R extends Refusal>(
  place: Place,
  branch: DefaultBranch,
  change: FileChange<R>,
): Promise<FileChangeResult | ChangeRefused<R> | 'moved'> {
  const { root } = place;
  const tip = await freshTip(root, branch);
  const files = await filesAt(place, tip);
  const edited = change.edit(files.text);
  if ('refused' in edited) return { state: 'refused', refused: edited.refused };
  if (edited.text === files.text) {
    const ours = await findOurs(root, tip, [...files.entries.keys()], change.trailers);
    if (ours === tip) await catchUp(place, branch, tip, change.edit);
    return { state: 'unchanged', commit: ours };
  }
  const changed = await changedEntries(place, files, edited.text);
  const commit = await commitFiles(place, tip, changed, commitMessage(change));
  const move: Move = { branch: branch.name, from: tip, to: commit, edit: change.edit };
  if ((await publish(place, branch, move)) === 'moved') return 'moved';
  return { state: 'committed', commit };
}

async function publish(place: Place, branch: DefaultBranch, move: Move): Promise<Published> {
  if (!branch.remote) return (await moveCheckout(place, move)) ? 'done' : 'moved';
  const pushed = await push(place.root, branch.name, move.from, move.to, { force: false });
  if (pushed === 'done') await follow(place, move);
  return pushed;
}

/** A run that ended between its push and its checkout left the checkout one commit behind. */
async function catchUp(place: Place, branch: DefaultBranch, tip: string, edit: Move['edit']): Promise<void> {
  const parent = await commitAt(place.root, `${tip}^`);
  if (parent) await follow(place, { branch: branch.name, from: parent, to: tip, edit });
}

/** Updates the checkout if the default branch is checked out. The commit stands, even if this fails. */
async function follow(place: Place, move: Move): Promise<void> {
  if (!(await isCheckedOutAt(place.root, move.branch, move.from))) return;
  try {
    await moveCheckout(place, move);
  } catch (error) {
    const why = errorText(error);
    place.log?.(`the checkout was left behind (git pull brings it along): ${why}`);
  }
}
