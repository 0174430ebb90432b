import type { Dice } from '../dice.ts';
import { repositoryOf } from '../registry.ts';
import { type Kind, type Step, WITHOUT } from '../step.ts';
import { BY_HAND } from './by-hand.ts';
import { COMMITS } from './commits.ts';
import { HTTP } from './http.ts';
import { OUTCOMES } from './outcomes.ts';
import { PEOPLE } from './people.ts';
import { POLICY } from './policy.ts';
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
  ...POLICY,
};

/** Steps that people take in Git, and so also with what the other environment proposes there. */
export const BY_PEOPLE: ReadonlySet<string> = new Set(Object.keys(COMMITS));

const WEIGHTS = new Map(
  Object.entries(KINDS).flatMap(([kind, { weight }]): [string, number][] =>
    WITHOUT.includes(kind) ? [] : [[kind, weight]],
  ),
);

/** In the second environment where `env` is 1; in a quarter of the steps, where there are two. */
export function nextStep(dice: Dice, environments: number): Step {
  const kind = dice.weighted(WEIGHTS);
  const env = environments > 1 && dice.chance(0.25) ? { env: 1 } : {};
  return { kind, ...KINDS[kind]?.make(dice), ...env };
}
