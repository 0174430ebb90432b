import type { Dice } from '../dice.ts';
import { repositoryOf } from '../registry.ts';
import { type Kind, type Step, WITHOUT } from '../step.ts';
import { BY_HAND } from './by-hand.ts';
import { COMMITS } from './commits.ts';
import { HTTP } from './http.ts';
import { OUTCOMES } from './outcomes.ts';
import { PEOPLE } from './people.ts';
import { RECONCILING } from './reconciling.ts';
import { importRows, importText, REGISTERING } from './registering.ts';
import { STAMPS } from './stamps.ts';

/** The first import: whom the world begins with. */
const begin: Kind = {
  weight: 0,
  make: () => ({}),
  async take(world) {
    const { repositories, customers } = world.model.registry;
    const lines = [...customers].map(([id, name]) => `${id},${name}`);
    await importText(world, ['id,name', ...lines].join('\n'), 'customer');
    return importRows(
      world,
      [...repositories.values()].map((one) => ({ ...repositoryOf(one.id, 'test'), ...one })),
    );
  },
};

/** Every kind of step by its name. */
export const KINDS: Readonly<Record<string, Kind>> = {
  ...{ begin },
  ...COMMITS,
  ...RECONCILING,
  ...PEOPLE,
  ...BY_HAND,
  ...REGISTERING,
  ...OUTCOMES,
  ...HTTP,
  ...STAMPS,
};

const WEIGHTS = new Map(
  Object.entries(KINDS).flatMap(([kind, { weight }]): [string, number][] =>
    WITHOUT.includes(kind) ? [] : [[kind, weight]],
  ),
);

export function nextStep(dice: Dice): Step {
  const kind = dice.weighted(WEIGHTS);
  return { kind, ...KINDS[kind]?.make(dice) };
}
