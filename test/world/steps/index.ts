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

/** What people often do next, and how often: a walk that never finishes anything finds little. */
const FOLLOWS: Readonly<Record<string, readonly [kind: string, chance: number]>> = {
  edit: ['tick', 0.15],
  'mid-soak': ['tick', 0.6],
  widened: ['tick', 0.6],
  day: ['tick', 0.5],
  sql: ['reconcile', 0.4],
  copy: ['tick', 0.4],
  dump: ['edit', 0.6],
  'default-branch': ['old-branch', 0.5],
};

/** In the second environment where `env` is 1; in a quarter of the steps, where there are two. */
export function nextStep(dice: Dice, environments: number, before: Step | undefined): Step {
  const widened = ['audience', 'categories'].includes(String(before?.what));
  const [next, chance] = FOLLOWS[widened ? 'widened' : (before?.kind ?? '')] ?? ['', 0];
  const follows = dice.chance(chance) && !WITHOUT.includes(next);
  const kind = follows ? next : dice.weighted(WEIGHTS);
  const second = follows ? before?.env === 1 : environments > 1 && dice.chance(0.25);
  return { kind, ...KINDS[kind]?.make(dice), ...(second ? { env: 1 } : {}) };
}
