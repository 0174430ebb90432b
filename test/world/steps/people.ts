import { advanceFeature } from '../../../src/app/operate/advance.ts';
import { resumeAll, resumeFeature } from '../../../src/app/operate/resume.ts';
import { rollBack } from '../../../src/app/operate/rollback.ts';
import { setPercentage } from '../../../src/app/operate/set.ts';
import type { ChangeOutcome, ResumeOutcome } from '../../../src/domain/change/outcome.ts';
import { cliHere } from '../../helpers/processes/cli.ts';
import { type Dice, nth } from '../dice.ts';
import type { Entrance } from '../ground.ts';
import { type Effect, type Kind, orRefused, type World } from '../step.ts';
import { doorOf } from './commits.ts';

// What people do through the product's own front doors.

const WAYS = ['usual', 'usual', 'commit', 'pull_request', 'file'] as const;
const agree = async () => true;

/** A feature that the database has. */
function feature({ model }: World, place: unknown): string | undefined {
  const live = [...model.facts.features].filter(([, one]) => !one.archived).map(([key]) => key);
  return nth(live, Number(place));
}

async function entranceOf(world: World, door: unknown): Promise<Entrance> {
  return world.ground.entrance(doorOf(world, String(door)) ?? 'clone');
}

const doorAndPlace = (dice: Dice) => ({
  door: dice.pick(['clone', 'clone', 'github']),
  place: dice.below(12),
});

/** `file` edits the folder, which only makes sense where the folder is what counts. */
function wayOf({ ground }: World, via: unknown): 'commit' | 'pull_request' | 'file' | undefined {
  if (!ground.origin) return 'file';
  return via === 'commit' || via === 'pull_request' ? via : undefined;
}

const stop: Kind = {
  weight: 3,
  make: (dice) => ({ ...doorAndPlace(dice), by: dice.pick(['sql', 'store', 'cli']), all: dice.chance(0.15) }),
  async take(world, step) {
    const { ground, model } = world;
    const key = step.all === true ? null : feature(world, step.place);
    if (key === undefined) return null;
    return orRefused(async () => {
      if (step.by === 'sql')
        await ground.db.rows('select from rollout_emergency_stop($1, $2)', [key, 'fire']);
      else if (step.by === 'store') await ground.controller.store.incidents.stop(key, 'fire', 'walker');
      else await stopByCommand(world, key);
      const all = [...model.facts.features].filter(([, one]) => !one.archived).map(([one]) => one);
      const stopped = key === null ? all : [key];
      return {
        note: `${step.by} ${key ?? 'everything'}`,
        applied: 'no',
        held: stopped.map((one) => ({ feature: one, why: 'stopped' })),
        ...(key === null ? { latched: true } : {}),
      };
    });
  },
};

async function stopByCommand({ ground }: World, key: string | null): Promise<void> {
  const env = { DATABASE_URL: ground.db.connectionString, ROLLOUT_ACTOR: 'walker' };
  const cwd = ground.folders[ground.origin ? 'clone' : 'file'];
  const { code, stderr } = await cliHere(
    ['stop', key ?? '--all', '--reason', 'fire', '--file', ground.path],
    {
      cwd,
      env,
    },
  );
  if (code !== 0) throw new Error(`stop ended with ${code}: ${stderr}`);
}

const rollback: Kind = {
  weight: 5,
  make: (dice) => ({ ...doorAndPlace(dice), to: dice.pick([0, 0, 5, 10, 25]), via: dice.pick(WAYS) }),
  async take(world, step) {
    const key = feature(world, step.place);
    if (key === undefined) return null;
    return orRefused(async () => {
      const entrance = await entranceOf(world, step.door);
      const to = step.to === 0 ? null : Number(step.to);
      const done = await rollBack(entrance, {
        feature: key,
        to,
        reason: 'it fails',
        via: wayOf(world, step.via),
      });
      const held = done.incident === null ? [] : [{ feature: key, why: `rolled back to ${to ?? 'nobody'}` }];
      const note = `${key} to ${to ?? 'nobody'}${done.nothing ? ` not done: ${done.nothing.code}` : ''}`;
      return { note, applied: done.reconciled ? 'yes' : 'no', held, ...reconciledIn(done) };
    });
  },
};

const resume: Kind = {
  weight: 6,
  make: (dice) => ({
    ...doorAndPlace(dice),
    percentage: dice.pick([0, 5, 10, 25, 50]),
    via: dice.pick(WAYS),
  }),
  async take(world, step) {
    const held = world.model.holds.map((hold) => hold.feature);
    const key = nth([...new Set(held)], Number(step.place)) ?? feature(world, step.place);
    if (key === undefined) return null;
    return orRefused(async () => {
      const entrance = await entranceOf(world, step.door);
      const percentage = step.percentage === 0 ? undefined : Number(step.percentage);
      const input = { reason: 'mended', agree, via: wayOf(world, step.via) };
      const done = await resumeFeature(entrance, { ...input, feature: key, percentage });
      return { ...changed(done, `${key}`), permits: permitsIn(done.features), ...unreviewed(done) };
    });
  },
};

const resumeEverything: Kind = {
  weight: 2,
  make: (dice) => ({ door: dice.pick(['clone', 'clone', 'github']), via: dice.pick(WAYS) }),
  async take(world, step) {
    if (!world.model.latched && world.model.holds.length === 0) return null;
    return orRefused(async () => {
      const entrance = await entranceOf(world, step.door);
      const done = await resumeAll(entrance, { reason: 'over', agree, via: wayOf(world, step.via) });
      const latched = done.unlatched ? { latched: false } : {};
      return {
        ...changed(done, done.features.map((one) => one.feature).join()),
        permits: permitsIn(done.features),
        ...latched,
        ...unreviewed(done),
      };
    });
  },
};

/** Whom a change moves that waits for the merge of its pull request: nobody, yet. */
function unreviewed({ via, features }: ResumeOutcome): Pick<Effect, 'unreviewed'> {
  return via === 'pull_request' ? { unreviewed: features.map(({ feature }) => feature) } : {};
}

function permitsIn(features: readonly { feature: string; percentage: number | null }[]) {
  return features.map(({ feature, percentage }) => ({ feature, percentage: percentage ?? 100 }));
}

const set: Kind = {
  weight: 6,
  make: (dice) => ({
    ...doorAndPlace(dice),
    percentage: dice.pick([0, 5, 10, 25, 50, 100]),
    via: dice.pick(WAYS),
  }),
  async take(world, step) {
    const key = feature(world, step.place);
    if (key === undefined) return null;
    return orRefused(async () => {
      const entrance = await entranceOf(world, step.door);
      const input = { feature: key, percentage: Number(step.percentage), agree, via: wayOf(world, step.via) };
      return changed(await setPercentage(entrance, input), `${key} ${step.percentage}`);
    });
  },
};

const advance: Kind = {
  weight: 2,
  make: (dice) => ({ ...doorAndPlace(dice), force: dice.chance(0.4), via: dice.pick(WAYS) }),
  async take(world, step) {
    const key = feature(world, step.place);
    if (key === undefined) return null;
    return orRefused(async () => {
      const entrance = await entranceOf(world, step.door);
      const input = { feature: key, force: step.force === true, reason: 'we know', agree, environment: {} };
      const done = await advanceFeature(entrance, { ...input, via: wayOf(world, step.via) });
      const byGate = step.force !== true && done.file !== null && done.reconciled !== null;
      return { ...changed(done, key), ...(byGate ? { asked: [key] } : {}) };
    });
  },
};

function changed(done: ChangeOutcome, note: string): Effect {
  const state = done.file?.state ?? 'nothing';
  return {
    note: `${note}: ${state}${done.obstacle ? ` (${done.obstacle.code})` : ''}`,
    applied: done.reconciled ? 'yes' : 'no',
    ...reconciledIn(done),
  };
}

function reconciledIn({ reconciled }: Pick<ChangeOutcome, 'reconciled'>): Pick<Effect, 'reconciled'> {
  return reconciled ? { reconciled } : {};
}

export const PEOPLE: Readonly<Record<string, Kind>> = {
  ...{ stop, rollback, resume, set, advance },
  'resume-all': resumeEverything,
};
