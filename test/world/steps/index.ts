import type { Dice } from '../dice.ts';
import type { Model } from '../model.ts';
import { type Effect, type Kind, type Step, WITHOUT } from '../step.ts';
import { ATTRIBUTES, importCustomers } from './attributes.ts';
import { BY_HAND } from './by-hand.ts';
import { COMMITS } from './commits.ts';
import { HTTP } from './http.ts';
import { NEWCOMERS } from './newcomers.ts';
import { OUTCOMES } from './outcomes.ts';
import { PEOPLE } from './people.ts';
import { POLICY } from './policy.ts';
import { RECONCILING } from './reconciling.ts';
import { importRows, REGISTERING } from './registering.ts';
import { STAMPS } from './stamps.ts';

/** The first import: whom the world begins with. */
const begin: Kind = {
  weight: 0,
  make: () => ({}),
  async take(world) {
    const { repositories, customers } = world.model.registry;
    await importCustomers(world, [...customers], ['region', 'team']);
    return importRows(world, [...repositories.values()], true);
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
  ...ATTRIBUTES,
  ...OUTCOMES,
  ...NEWCOMERS,
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

interface Follows {
  kind: string;
  chance: number;
  /** What the dice do not decide. */
  with?: Omit<Step, 'kind'>;
}

/** What people often do next, and how often: a walk that never finishes anything finds little. */
const FOLLOWS: Readonly<Record<string, Follows>> = {
  edit: { kind: 'tick', chance: 0.1 },
  unapplied: { kind: 'reconcile', chance: 0.5, with: { door: 'github' } },
  rewritten: { kind: 'reconcile', chance: 0.5, with: { door: 'github', rewind: true } },
  elsewhere: { kind: 'pull', chance: 0.6, with: { place: 'clone' } },
  waiting: { kind: 'merge', chance: 0.6, with: { door: 'github' } },
  denied: { kind: 'allow', chance: 0.4 },
  unsaid: { kind: 'unheard', chance: 0.4 },
  held: { kind: 'resume', chance: 0.15, with: { door: 'github', via: 'commit' } },
  'mid-soak': { kind: 'tick', chance: 0.8, with: { door: 'github', trouble: '' } },
  outage: { kind: 'tick', chance: 0.9, with: { door: 'github', trouble: '' } },
  widened: { kind: 'tick', chance: 0.4 },
  day: { kind: 'tick', chance: 0.3 },
  sql: { kind: 'reconcile', chance: 0.7, with: { door: 'github' } },
  copy: { kind: 'tick', chance: 0.4 },
  dump: { kind: 'edit', chance: 0.6 },
  'default-branch': { kind: 'old-branch', chance: 0.4 },
};

/** Edits by which many come in at once. */
const WIDENING = ['audience', 'categories', 'where', 'not', 'group_by'];

/** What follows a step depends on how it ended. */
function follows({ step, effect, model }: Taken): Follows | undefined {
  const failed = effect.failed ?? '';
  if (failed.includes('does not descend')) return FOLLOWS.rewritten;
  if (failed.includes('this clone follows')) return FOLLOWS.elsewhere;
  if (step.how === 'later') return FOLLOWS.waiting;
  if (WIDENING.includes(String(step.what))) return FOLLOWS.widened;
  if (step.kind !== 'edit' && FOLLOWS[step.kind]) return FOLLOWS[step.kind];
  if (step.kind === 'edit' && effect.applied === 'no') return FOLLOWS.unapplied;
  if (model.facts.refused.length > 0 && step.kind !== 'allow')
    return Number(step.place) % 4 === 0 ? FOLLOWS.unsaid : FOLLOWS.denied;
  if (model.holds.length > 1 && step.kind !== 'resume') return FOLLOWS.held;
  return FOLLOWS[step.kind];
}

/** A step with what came of it. */
export interface Taken {
  step: Step;
  effect: Effect;
  model: Model;
}

/** In the second environment where `env` is 1; in a quarter of the steps, where there are two. */
export function nextStep(dice: Dice, environments: number, before: Taken | undefined): Step {
  const next = before && follows(before);
  const chosen = next && dice.chance(next.chance) && !WITHOUT.includes(next.kind) ? next : null;
  const kind = chosen?.kind ?? dice.weighted(WEIGHTS);
  const second = chosen ? before?.step.env === 1 : environments > 1 && dice.chance(0.25);
  return { kind, ...KINDS[kind]?.make(dice), ...chosen?.with, ...(second ? { env: 1 } : {}) };
}
