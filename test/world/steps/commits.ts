import { type Dice, nth } from '../dice.ts';
import { readFile, type WorldFile } from '../file.ts';
import { filesOf, textAt, textIn, writeIn } from '../files.ts';
import type { Door } from '../ground.ts';
import { type Effect, type Kind, type Step, WITHOUT, type World } from '../step.ts';
import { EDITS, edited, FILE_EDITS } from './edits.ts';
import { reconcileBy } from './reconciling.ts';

// What people do in Git; each may be reconciled at once, as a merge that starts the workflow is.

const WEIGHTS = new Map(
  Object.entries({ ...EDITS, ...FILE_EDITS }).map(([name, { weight }]) => [name, weight]),
);
// A clone asks git a dozen times, each a process: GitHub is the cheaper door.
const DOORS = ['clone', ...Array.from({ length: 8 }, () => 'github' as const), 'none'] as const;

/** How an edit comes to the default branch. */
const HOW = new Map([
  ['commit', 9],
  ['squash', 1],
  ['merge', 1],
  ['later', 1],
]);

let branches = 0;

const edit: Kind = {
  weight: 130,
  make: (dice) => ({
    what: dice.weighted(WEIGHTS),
    n: dice.below(1_000),
    place: dice.below(12),
    how: dice.weighted(HOW),
    door: dice.pick(DOORS),
  }),
  async take(world, step) {
    const base = await currentFile(world);
    const text = base && edited(base, step, heldIn(world));
    if (!text) return null;
    await commitText(world, text, String(step.how), `${step.what} ${step.place}`);
    return reconciled(world, step);
  },
};

/** Features that an open incident or a stop of everything holds. */
export function heldIn({ model }: World): ReadonlySet<string> {
  const { incidents, features, stopped } = model.facts;
  if (stopped) return new Set(features.keys());
  return new Set(incidents.filter(({ state }) => state === 'open').map(({ feature }) => feature));
}

/** The files of the default branch, or of the folder where there is none. */
export async function currentText({ ground }: World): Promise<string | null> {
  if (ground.origin) return textAt(ground.origin, ground.path, ground.shared.branch);
  return textIn(ground.folders.file, ground.path);
}

/** The same as data; what people last had readable where it cannot be read. */
export async function currentFile(world: World): Promise<WorldFile | null> {
  return readFile(await currentText(world)) ?? readFile(world.model.lastText);
}

/** The text becomes that of the default branch, or of the folder where there is none. */
export async function commitText(world: World, text: string, how: string, message: string): Promise<void> {
  const { origin, path, folders } = world.ground;
  const { branch } = world.ground.shared;
  world.model.lastText = text;
  if (!origin) {
    await writeIn(folders.file, path, text);
    return;
  }
  const files = filesOf(path, text);
  if (how === 'commit') {
    await origin.commit(files, { message, branch });
    return;
  }
  branches += 1;
  const head = `person-${branches}`;
  const tip = await origin.tip(branch);
  await world.ground.onOrigin('update-ref', `refs/heads/${head}`, tip ?? '');
  await origin.commit(files, { message, branch: head });
  const pull = await origin.openPull({ head, title: message, base: branch });
  if (how !== 'later') await origin.mergePull(pull.number, how === 'squash' ? 'squash' : 'merge');
}

const merge: Kind = {
  weight: 7,
  make: (dice) => ({
    n: dice.below(8),
    how: dice.pick(['merge', 'squash'] as const),
    door: dice.pick(DOORS),
  }),
  async take(world, step) {
    const { ground } = world;
    const { origin } = ground;
    if (!origin) return null;
    await openOurs(world);
    const open = origin
      .pulls()
      .filter(({ state, base }) => state === 'open' && base === ground.shared.branch);
    const pull = nth(open, Number(step.n));
    if (!pull) return null;
    try {
      await origin.mergePull(pull.number, step.how === 'squash' ? 'squash' : 'merge');
    } catch {
      origin.closePull(pull.number); // it conflicts, and its author gives up
      return { note: `${pull.head} conflicts`, applied: 'no' };
    }
    const effect = await reconciled(world, step);
    return { ...effect, note: `${pull.head} ${effect.note}` };
  },
};

/** A person opens the pull request of each branch that the controller pushed from a clone. */
export async function openOurs({ ground }: World): Promise<void> {
  const { origin } = ground;
  if (!origin) return;
  const listed = await ground.onOrigin(
    'for-each-ref',
    '--format=%(refname:lstrip=2)',
    `--no-merged=${ground.shared.branch}`,
    'refs/heads/rollout',
  );
  for (const head of listed.split('\n').filter(Boolean)) {
    if (origin.pulls().some((pull) => pull.head === head && pull.state === 'open')) continue;
    await origin.openPull({ head, title: head, base: ground.shared.branch });
  }
}

const revert: Kind = {
  weight: 5,
  make: (dice) => ({ back: dice.below(4), door: dice.pick(DOORS) }),
  async take(world, step) {
    const { ground } = world;
    const { origin } = ground;
    if (!origin) return null;
    const log = await ground.onOrigin('rev-list', '--first-parent', '--max-count=6', ground.shared.branch);
    const commit = nth(log.split('\n'), Number(step.back));
    if (!commit) return null;
    const [after, before, now] = await Promise.all(
      [commit, `${commit}^`, ground.shared.branch].map((ref) =>
        textAt(origin, ground.path, ref).catch(() => null),
      ),
    );
    // Only the newest change can be rolled back by putting back what was before; the others would need a merge.
    if (!before || !now || after !== now || before === now) return null;
    const message = `Revert "a change"\n\nThis reverts commit ${commit}.`;
    const sha = await origin.commit(filesOf(ground.path, before), {
      message,
      branch: ground.shared.branch,
    });
    ground.shared.reverts.add(sha);
    return reconciled(world, step);
  },
};

const forcePush: Kind = {
  weight: 2,
  make: (dice) => ({ back: 1 + dice.below(3), rewind: dice.chance(0.6), door: dice.pick(DOORS) }),
  async take(world, step) {
    const { ground } = world;
    if (!ground.origin) return null;
    const target = `${ground.shared.branch}~${step.back}`;
    const sha = await ground.onOrigin('rev-parse', '--verify', '--quiet', target).catch(() => null);
    if (!sha) return null;
    await ground.onOrigin('update-ref', `refs/heads/${ground.shared.branch}`, sha);
    return reconciled(world, step, step.rewind === true);
  },
};

/** Another branch becomes the default one, and people go on there. The clone is told by a person, sooner or later. */
const defaultBranch: Kind = {
  weight: 2.5,
  make: () => ({}),
  async take({ ground }) {
    if (!ground.origin) return null;
    const next = ground.shared.branch === 'main' ? 'trunk' : 'main';
    const tip = await ground.origin.tip(ground.shared.branch);
    await ground.onOrigin('update-ref', `refs/heads/${next}`, tip ?? '');
    await ground.origin.setDefaultBranch(next);
    ground.shared.branch = next;
    return { note: next, applied: 'no' };
  },
};

/** Somebody who did not hear of it commits to the branch that was the default one. */
const oldBranch: Kind = {
  weight: 2,
  make: (dice) => ({
    what: dice.weighted(WEIGHTS),
    n: dice.below(1_000),
    place: dice.below(12),
    door: dice.chance(0.5) ? 'clone' : dice.pick(DOORS),
  }),
  async take(world, step) {
    const { ground } = world;
    const old = ground.shared.branch === 'main' ? 'trunk' : 'main';
    const base = ground.origin && readFile(await textAt(ground.origin, ground.path, old).catch(() => null));
    const text = base && edited(base, step, heldIn(world));
    if (!ground.origin || !text) return null;
    await ground.origin.commit(filesOf(ground.path, text), { message: 'by habit', branch: old });
    return reconciled(world, step);
  },
};

const pull: Kind = {
  weight: 2,
  make: (dice) => ({ place: dice.pick(['stale', 'clone'] as const) }),
  async take({ ground }, step) {
    if (!ground.origin) return null;
    const folder = ground.folders[step.place === 'stale' ? 'stale' : 'clone'];
    const { runGit } = await import('../../helpers/projects/git.ts');
    await runGit(folder, ['fetch', '--quiet', 'origin']);
    await runGit(folder, ['remote', 'set-head', 'origin', '--auto']);
    await runGit(folder, [
      'checkout',
      '--quiet',
      '--force',
      '-B',
      ground.shared.branch,
      `origin/${ground.shared.branch}`,
    ]);
    return { note: '', applied: 'no' };
  },
};

const broken: Kind = {
  weight: 1,
  make: (dice) => ({ door: dice.pick(DOORS) }),
  async take(world, step) {
    const { origin, path, shared } = world.ground;
    const text = origin && (await origin.file(path, shared.branch));
    if (!origin || text === null) return null;
    await origin.commit({ [path]: `${text}nonsense: true\n` }, { message: 'oops', branch: shared.branch });
    return reconciled(world, step);
  },
};

export async function reconciled(
  world: World,
  step: Omit<Step, 'kind'>,
  allowRewind = false,
): Promise<Effect> {
  const door = doorOf(world, String(step.door));
  if (door === null) return { note: 'committed', applied: 'no' };
  return reconcileBy(world, door, allowRewind);
}

/** In a world without a repository there is one door; null: nobody reconciles. */
export function doorOf({ ground }: World, door: string): Door | null {
  if (door === 'none' || WITHOUT.includes(`door-${door}`)) return null;
  if (!ground.origin) return 'file';
  return door === 'file' ? 'clone' : (door as Door);
}

export function anyDoor(dice: Dice): string {
  return dice.pick(['clone', 'clone', 'clone', 'github', 'stale', 'copy']);
}

export const COMMITS: Readonly<Record<string, Kind>> = {
  edit,
  merge,
  revert,
  'force-push': forcePush,
  'default-branch': defaultBranch,
  'old-branch': oldBranch,
  pull,
  broken,
};
