import { pass } from '../../helpers/data/traffic.ts';
import { runGit } from '../../helpers/projects/git.ts';
import { readFile, textOf } from '../file.ts';
import { filesOf } from '../files.ts';
import type { Door } from '../ground.ts';
import type { Effect, World } from '../step.ts';
import { currentText, openOurs } from './commits.ts';
import { allowNext } from './policy.ts';
import { reconcileBy, tickBy } from './reconciling.ts';

/** A tick may write a commit, which waits for a merge, which the next one reads. */
const TICKS = 4;

/** At most so many features have an entry that is refused. */
const ALLOWED = 7;

/** Longer than a permit is good. */
const LAPSED_MINUTES = 8 * 24 * 60;

/**
 * What brings everything to rest: people mend a broken file, point the clone at the default branch, accept a rewritten
 * history, let through what the policy refused and merge what waits; permits that nobody used lapse; then ticks. The note of the last one that may change something begins with `last`,
 * that of the one that must not with `idle`.
 */
export function toRest(world: World): (() => Promise<Effect>)[] {
  const { ground, model } = world;
  const door: Door = ground.origin ? 'clone' : 'file';
  const mend = async (): Promise<Effect> => {
    const text = await currentText(world);
    if (ground.origin && readFile(text) === null) {
      const branch = ground.shared.branch;
      await ground.origin.commit(filesOf(ground.path, model.lastText), { message: 'mended', branch });
    } else if (ground.origin && text?.includes('nonsense')) {
      const file = readFile(text);
      const mended = file ? textOf(file) : model.lastText;
      const branch = ground.shared.branch;
      await ground.origin.commit(filesOf(ground.path, mended), { message: 'mended', branch });
    }
    if (ground.origin) {
      await runGit(ground.folders.clone, ['fetch', '--quiet', 'origin']);
      await runGit(ground.folders.clone, ['remote', 'set-head', 'origin', '--auto']);
    }
    return { note: 'mended', applied: 'no' };
  };
  // While a permit is good a person is expected to act, and the file is left to them.
  const lapse = async (): Promise<Effect> => {
    await pass(ground.db, LAPSED_MINUTES);
    model.clock += LAPSED_MINUTES;
    return { note: 'permits lapse', applied: 'no' };
  };
  const merge = async (): Promise<Effect> => {
    const { origin } = ground;
    await openOurs(world);
    const told: string[] = [];
    for (const pull of origin?.pulls() ?? []) {
      // With the environment in its name: rollout/production/hold/alpha.
      if (pull.state !== 'open' || !/^rollout\/(.*\/)?hold\//.test(pull.head)) continue;
      const merged =
        pull.base === ground.shared.branch &&
        (await origin?.mergePull(pull.number).then(
          () => true,
          () => false,
        ));
      if (!merged) origin?.closePull(pull.number);
      told.push(`${merged ? 'merged' : 'closed'} ${pull.head}`);
    }
    return { note: told.join(', '), applied: 'no' };
  };
  const ticking = Array.from({ length: TICKS }, () => [merge, () => tickBy(world, door)]).flat();
  const named = (name: string, work: () => Promise<Effect>) => async () => {
    const effect = await work();
    return { ...effect, note: `${name} ${effect.note}` };
  };
  return [
    mend,
    lapse,
    () => reconcileBy(world, door, true),
    ...Array.from({ length: ALLOWED }, () => () => allowNext(world, door)),
    ...ticking,
    named('last', () => tickBy(world, door)),
    named('idle', () => tickBy(world, door)),
  ];
}
