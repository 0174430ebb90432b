import { allowFeature } from '../../../src/app/reconcile/allow.ts';
import { nth } from '../dice.ts';
import type { Door } from '../ground.ts';
import { type Effect, type Kind, orRefused, type World } from '../step.ts';
import { doorOf } from './commits.ts';

/** A person lets through what the policy refused, as far as the walk knows of it. */
const allow: Kind = {
  weight: 3,
  make: (dice) => ({ place: dice.below(8), door: dice.pick(['clone', 'github'] as const) }),
  async take(world, step) {
    const feature = nth([...world.model.denied.keys()], Number(step.place));
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

/** Everything that is refused, one after the other; the last one is what is told. */
export async function allowRefused(world: World, door: Door): Promise<Effect> {
  let last: Effect = { note: 'nothing was refused', applied: 'no' };
  const told: string[] = [];
  for (const feature of [...world.model.denied.keys()]) {
    const effect = await allowOne(world, door, feature);
    if (effect.applied === 'yes') last = effect;
    told.push(effect.failed ? `${feature} (${effect.failed})` : feature);
  }
  return { ...last, note: `let through ${told.join(', ')}`, ...(last.let ? { let: told } : {}) };
}

export const POLICY: Readonly<Record<string, Kind>> = { allow };
