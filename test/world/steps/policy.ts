import { allowFeature } from '../../../src/app/reconcile/allow.ts';
import { nth } from '../dice.ts';
import type { Door } from '../ground.ts';
import { type Effect, type Kind, orRefused, type World } from '../step.ts';
import { doorOf } from './commits.ts';

/** A person lets through what the policy refused. */
const allow: Kind = {
  weight: 3,
  make: (dice) => ({ place: dice.below(8), door: dice.pick(['clone', 'github'] as const) }),
  async take(world, step) {
    const feature = nth(world.model.facts.refused, Number(step.place));
    const door = doorOf(world, String(step.door));
    return feature === undefined || door === null ? null : allowOne(world, door, feature);
  },
};

function allowOne({ ground }: World, door: Door, feature: string): Promise<Effect> {
  return orRefused(async () => {
    const entrance = await ground.entrance(door);
    const done = await allowFeature(entrance, { feature, reason: 'we know', agree: async () => true });
    if (done === null) throw new Error('a person who agrees was taken for one who does not');
    const unreadable =
      done.changes.length === 0 && done.problems.some(({ severity }) => severity === 'error');
    return { note: feature, applied: unreadable ? 'no' : 'yes', reconciled: done, let: [feature] };
  });
}

/** The first one that is refused. */
export async function allowNext(world: World, door: Door): Promise<Effect> {
  const [feature] = world.model.facts.refused;
  return feature === undefined
    ? { note: 'nothing is refused', applied: 'no' }
    : allowOne(world, door, feature);
}

export const POLICY: Readonly<Record<string, Kind>> = { allow };
