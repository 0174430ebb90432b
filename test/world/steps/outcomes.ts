import { randomUUID } from 'node:crypto';
import type { OutcomeSum } from '../../../src/domain/evidence/outcomes.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { pass } from '../../helpers/data/traffic.ts';
import { nth } from '../dice.ts';
import type { Model } from '../model.ts';
import { categoryOf } from '../registry.ts';
import type { Effect, Kind, Step, World } from '../step.ts';

// How jobs end: well, badly, badly for everybody, late, or not at all.

/** What needs a service that is down. */
const LARGE = ['large', 'enterprise'];

/** Percent of jobs that fail, by arm and size: in an outage that is shared the large ones suffer, whatever their arm. */
const PATTERNS = {
  good: () => 0,
  bad: (arm: string) => (arm === 'treatment' ? 60 : 0),
  shared: (_: string, category: string) => ([...LARGE, ''].includes(category) ? 40 : 2),
  outage: (_: string, category: string) => (LARGE.includes(category) ? 40 : 0),
} as const;

type Pattern = (arm: string, category: string) => number;

/** Minutes pass, and what ended in them arrives at their end. */
const day: Kind = {
  weight: 6,
  make: (dice) => ({
    place: dice.below(12),
    minutes: dice.pick([60, 240, 240, 480, 480]),
    pattern: dice.pick(['good', 'good', 'good', 'good', 'bad', 'shared']),
    /** Part of the time in which jobs end: `early` is silent afterwards. */
    when: dice.pick(['all', 'all', 'all', 'early', 'none']),
    twice: dice.chance(0.2),
  }),
  async take(world, step) {
    const live = [...world.model.facts.features]
      .filter(([, one]) => !one.archived && one.columns.active)
      .map(([key]) => key);
    return work(world, nth(live, Number(step.place)), step);
  },
};

/**
 * A service that large repositories need is down, for both arms. Treatment has many of them and control few, so that only
 * who compares each size with itself sees that control fails too.
 */
const outage: Kind = {
  weight: 8,
  make: (dice) => ({ place: dice.below(12), minutes: dice.pick([60, 120, 240]) }),
  async take(world, step) {
    const { facts } = world.model;
    const mixed = [...facts.features].filter(([key, { columns, archived }]) => {
      if (archived || !columns.active || columns.subject !== 'repository') return false;
      const sides = unlike(world.model, key, columns.subject);
      const has = (side: readonly Subject[], large: boolean) =>
        side.some(({ category }) => LARGE.includes(category) === large);
      return has(sides.treatment, true) && has(sides.control, true) && has(sides.control, false);
    });
    const [feature] = nth(mixed, Number(step.place)) ?? [];
    if (feature === undefined) return null;
    const { minutes } = step;
    return work(
      world,
      feature,
      { pattern: 'outage', when: 'all', twice: false, minutes: minutes ?? 60 },
      unlike,
    );
  },
};

/** Those in treatment are mostly large, of sizes that control has too; those in control mostly are not. */
function unlike(model: Model, feature: string, kind: string): Arms {
  const [inside, outside] = sidesOf(model, feature, kind);
  const isLarge = ({ category }: Subject) => LARGE.includes(category);
  const control = [
    ...outside.filter(isLarge).slice(0, 2),
    ...outside.filter((one) => !isLarge(one)).slice(0, 24),
  ];
  const sizes = new Set(control.map(({ category }) => category));
  const alike = inside.filter(({ category }) => sizes.has(category));
  const treatment = [
    ...alike.filter(isLarge).slice(0, 10),
    ...alike.filter((one) => !isLarge(one)).slice(0, 4),
  ];
  return { treatment, control };
}

/** Minutes pass in which jobs of one feature end, as the step says; undefined: nobody's. */
export async function work(
  { ground, model }: World,
  feature: string | undefined,
  step: Omit<Step, 'kind'>,
  arms: typeof armsOf = armsOf,
): Promise<Effect> {
  const minutes = Number(step.minutes);
  await pass(ground.db, minutes);
  model.clock += minutes;
  if (feature === undefined || step.when === 'none') return { note: 'silence', applied: 'no' };
  const pattern = PATTERNS[step.pattern as keyof typeof PATTERNS];
  const quarter = step.when === 'early' ? minutes / 4 : minutes;
  const sums = sumsOf(model, feature, { pattern, minutes, part: quarter, arms });
  if (sums.length === 0) return { note: 'nobody', applied: 'no' };
  const batch = randomUUID();
  await recordOutcomes(ground.db.pool, batch, { sums, errors: [] });
  if (step.twice === true) await recordOutcomes(ground.db.pool, batch, { sums, errors: [] });
  for (const { arm, jobs, errors, window } of sums) {
    const at = model.clock - Math.round((Date.now() - window) / 60_000);
    model.outcomes.push({ feature, arm, jobs, errors, at });
    if (arm === 'treatment') model.lastJob.set(feature, Math.max(at, model.lastJob.get(feature) ?? 0));
  }
  const alone = new Set(sums.filter(({ arm }) => arm === 'treatment').map(({ category }) => category));
  for (const { arm, category } of sums) if (arm === 'control') alone.delete(category);
  // Where nobody of a size is without the feature, nobody can tell whether an outage is shared.
  if (step.pattern === 'bad' || (step.pattern === 'shared' && alone.size > 0)) model.harmed.add(feature);
  return { note: feature, applied: 'no' };
}

/** What jobs there are: how they end, in which part of how many minutes, and whose they are. */
interface Jobs {
  pattern: Pattern;
  minutes: number;
  part: number;
  arms: typeof armsOf;
}

/** Ten jobs of each subject in every half hour. */
function sumsOf(model: Model, feature: string, { pattern, minutes, part, arms }: Jobs): OutcomeSum[] {
  const { facts } = model;
  const row = facts.features.get(feature);
  if (!row) return [];
  const { treatment, control } = arms(model, feature, row.columns.subject);
  const sums: OutcomeSum[] = [];
  for (let ago = minutes; ago > minutes - part; ago -= 30) {
    const add = (arm: 'treatment' | 'control') => (subject: Subject, n: number) => {
      const { id, category } = subject;
      const jobs = 10;
      // Spread as evenly as it can be: no clump, no chance.
      const errors = Math.floor((jobs * pattern(arm, category)) / 100 + ((n * 7 + (ago / 30) * 3) % 10) / 10);
      const window = Date.now() - (ago - 15) * 60_000;
      sums.push({
        ...{
          feature,
          subject: id,
          processor: 'inngest',
          arm,
          epoch: row.epoch,
          job_class: '',
          category,
          window,
        },
        ...{ jobs, errors: Math.min(jobs, errors), timed_jobs: 0, processing_ms: 0 },
        ...{ last_error: errors > 0 ? 'boom' : null, last_error_at: window },
      });
    };
    treatment.forEach(add('treatment'));
    control.forEach(add('control'));
  }
  return sums;
}

interface Subject {
  id: string;
  category: string;
}

type Arms = Record<'treatment' | 'control', Subject[]>;

/** Up to 16 subjects in treatment, and some of the same sizes in control. */
export function armsOf(model: Model, feature: string, kind: string): Arms {
  const [inside, outside] = sidesOf(model, feature, kind);
  const treatment = inside.slice(0, 16);
  const sizes = [...new Set(treatment.map(({ category }) => category))];
  const control = sizes.flatMap((size) => outside.filter(({ category }) => category === size).slice(0, 5));
  return { treatment, control };
}

/** Everybody who has the feature, and everybody who has not. */
function sidesOf({ registry, facts }: Model, feature: string, kind: string): [Subject[], Subject[]] {
  const eligible = facts.eligible.get(feature) ?? new Set();
  const all =
    kind === 'customer'
      ? [...registry.customers.keys()].map((id) => ({ id, category: '' }))
      : [...registry.repositories.values()].map((one) => ({
          id: one.id,
          category: categoryOf(one, facts.tests) ?? '',
        }));
  const isIn = ({ id }: Subject) => eligible.has(`${kind} ${id}`);
  return [all.filter(isIn), all.filter((one) => !isIn(one))];
}

export const OUTCOMES: Readonly<Record<string, Kind>> = { day, outage };
