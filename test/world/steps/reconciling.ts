import { planFile } from '../../../src/app/reconcile/plan.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import { tick } from '../../../src/app/tick/tick.ts';
import { receiversOf } from '../../../src/compose/environment/receivers.ts';
import type { TickResult } from '../../../src/domain/change/round.ts';
import { nth } from '../dice.ts';
import { textOf } from '../file.ts';
import { textIn, writeIn } from '../files.ts';
import type { Door } from '../ground.ts';
import { hoursAround } from '../hours.ts';
import { killedAfter } from '../killed.ts';
import { type Effect, type Kind, orRefused, type World } from '../step.ts';
import { anyDoor, commitText, currentFile, doorOf } from './commits.ts';
import { work } from './outcomes.ts';

/** Asks for the plan, and reconciles right after. */
export function reconcileBy({ ground }: World, door: Door, allowRewind = false): Promise<Effect> {
  return orRefused(async () => {
    const entrance = await ground.entrance(door);
    const tip = await entrance.repository.readTip();
    const planned = await planFile(entrance, tip);
    const done = await reconcile(entrance, { actor: 'walker', allowRewind, revision: null });
    const unreadable =
      done.changes.length === 0 && done.problems.some(({ severity }) => severity === 'error');
    return {
      note: `${door} ${done.changes.map(({ action, feature }) => `${action} ${feature}`).join(', ')}`,
      applied: unreadable ? 'no' : 'yes',
      planned,
      reconciled: done,
    };
  });
}

const reconcileStep: Kind = {
  weight: 4,
  make: (dice) => ({ door: anyDoor(dice), rewind: dice.chance(0.15) }),
  async take(world, step) {
    const door = doorOf(world, String(step.door));
    return door && reconcileBy(world, door, step.rewind === true);
  },
};

/** A folder is copied into an image, without its `.git`; what is in it gets old. */
const copy: Kind = {
  weight: 2.5,
  make: () => ({}),
  async take({ ground }) {
    if (!ground.origin) return null;
    const text = await textIn(ground.folders.clone, ground.path);
    if (text === null) return null;
    await writeIn(ground.folders.copy, ground.path, text);
    return { note: '', applied: 'no' };
  },
};

let holders = 0;

const tickStep: Kind = {
  weight: 8,
  make: (dice) => ({
    door: dice.pick(['clone', 'clone', 'clone', 'github', 'github', 'github', 'copy', 'stale']),
    trouble: dice.pick(['', '', '', '', '', '503', 'lost', 'reset']),
  }),
  take: (world, step) => {
    const door = doorOf(world, String(step.door));
    return door === null ? Promise.resolve(null) : tickBy(world, door, String(step.trouble));
  },
};

/** One run of the scheduled controller; on GitHub perhaps with trouble for a few requests. */
export function tickBy({ ground }: World, door: Door, trouble = ''): Promise<Effect> {
  return orRefused(async () => {
    const { github } = ground;
    if (door === 'github' && trouble !== '') {
      const fault =
        trouble === '503'
          ? { status: 503 }
          : trouble === 'lost'
            ? { lost: true as const }
            : { reset: true as const };
      github.fault({ on: '*', times: 4, after: holders % 7, ...fault });
    }
    holders += 1;
    try {
      const entrance = await ground.entrance(door);
      const result = await tick(
        { ...entrance, receivers: receiversOf({}), print: () => {} },
        { actor: 'ticker', environment: {}, holder: `walk ${holders}` },
      );
      return effectOf(door, result);
    } finally {
      github.clearFaults();
    }
  });
}

function effectOf(door: Door, result: TickResult): Effect {
  const { reconciled, reconcile_error: error, results, advanced, skipped, problems } = result;
  const judged = results.filter(({ action }) => action === 'rolled_back').map(({ feature }) => feature);
  const raised = advanced.filter(({ action }) => action === 'advanced').map(({ feature }) => feature);
  const proposed = advanced.filter(({ action }) => action === 'proposed').map(({ feature }) => feature);
  const done = [
    ...judged.map((feature) => `rolled back ${feature}`),
    ...raised.map((feature) => `advanced ${feature}`),
    ...problems,
  ];
  const unreadable =
    reconciled !== null &&
    reconciled.changes.length === 0 &&
    reconciled.problems.some(({ severity }) => severity === 'error');
  return {
    note: `${door} ${skipped ? 'skipped' : done.join(', ')}${error ? ` (${error.message})` : ''}`,
    applied: reconciled && !unreadable ? 'yes' : 'no',
    ...(reconciled ? { reconciled } : {}),
    ...(error ? { failed: error.message } : {}),
    judged,
    advanced: raised,
    ...(door === 'file' ? { written: proposed } : {}),
    ticked: !skipped && error === null,
  };
}

/** A tick in a process of its own, which is killed in the middle. */
const killed: Kind = {
  weight: 0.4,
  make: (dice) => ({ after: 200 + dice.below(600) }),
  async take({ ground }, step) {
    if (!ground.origin) return null;
    const ended = await killedAfter(
      ground.db,
      ground.folders.clone,
      ['tick', '--follow', '--file', ground.path],
      Number(step.after),
    );
    return { note: ended, applied: 'perhaps' };
  },
};

/**
 * A feature soaks with jobs that succeed; then they go on, or nothing is heard any more; then a tick looks at it. `hours`:
 * first a person writes when its steps may be taken; less than 0: nobody does.
 */
const soakThrough: Kind = {
  weight: 8,
  make: (dice) => ({
    place: dice.below(12),
    silent: dice.chance(0.5),
    door: dice.pick(['clone', 'github'] as const),
    hours: dice.chance(0.25) ? dice.below(28) : -1,
  }),
  async take(world, step) {
    const door = doorOf(world, String(step.door));
    const ramping = [...world.model.facts.features].filter(
      ([, { columns, spec }]) => columns.active && Array.isArray(spec?.steps) && spec.steps.length > 0,
    );
    const [feature] = nth(ramping, Number(step.place)) ?? [];
    if (door === null || feature === undefined) return null;
    if (Number(step.hours ?? -1) >= 0) await openFor(world, feature, Number(step.hours));
    const good = { pattern: 'good', when: 'all', twice: false };
    const heard = await work(world, feature, { ...good, minutes: 480 });
    if (step.silent === true) await work(world, undefined, { ...good, minutes: 240 });
    const effect = await tickBy(world, door);
    return { ...effect, note: `${heard.note} soaks${step.silent ? ', then silence' : ''}: ${effect.note}` };
  },
};

/** The tick that comes later brings it to the database. */
async function openFor(world: World, feature: string, n: number): Promise<void> {
  const file = await currentFile(world);
  const written = file?.features[feature];
  if (!file || !written) return;
  written.hours = hoursAround(n, Date.now());
  await commitText(world, textOf(file), 'commit', `hours of ${feature}`);
}

export const RECONCILING: Readonly<Record<string, Kind>> = {
  reconcile: reconcileStep,
  copy,
  tick: tickStep,
  'killed-tick': killed,
  'soak-through': soakThrough,
};
