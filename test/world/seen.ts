import { parseConfig } from '../../src/config/read/parse.ts';
import type { RolloutConfig } from '../../src/domain/spec/spec.ts';
import type { Columns } from './admission.ts';
import { admitted, NOBODY, type Places } from './admission.ts';
import type { Facts } from './facts.ts';
import { columnsIn, readFile, type WorldFile } from './file.ts';
import { textAt } from './files.ts';
import { factsOf, type Registry } from './registry.ts';
import type { Effect, World } from './step.ts';
import { currentText } from './steps/commits.ts';
import { timed } from './times.ts';

/** What an invariant looks at: before and after a step, with everybody counted by the oracle. */
export interface Seen {
  world: World;
  effect: Effect;
  before: Facts;
  after: Facts;
  /** Features of before and after. */
  features: string[];
  /** Whom these columns admit, with the registry as it is now. */
  who(columns: Columns): Set<string>;
  /** These columns, a listed name that nobody had when they were applied meaning whoever had it since. */
  named(columns: Columns): Columns;
  /** Exposed before and after, without regard to the stop of everything. */
  was(feature: string): Set<string>;
  is(feature: string): Set<string>;
  /** What the applied commit allows, or the plain file where no commit governs; null: nothing was applied. */
  file: WorldFile | null;
  /** The text of that file. */
  text: string | null;
  /** The same as the product reads it. */
  config: RolloutConfig | null;
  allowed(feature: string): Columns;
  /** The applied commit, where it is one of the default branch. */
  commit: string | null;
  /** Commits of the default branch. */
  branch: ReadonlySet<string>;
}

/** Whom each feature admitted after the step before. */
export type Exposed = Map<string, Set<string>>;

export async function look(world: World, places: Places, exposed: Exposed, done: Effect): Promise<Seen> {
  const { ground, model } = world;
  const before = model.facts;
  const after = await timed('look facts', () => ground.facts());
  const effect = { ...done, judged: [...(done.judged ?? []), ...fused(before, after)] };
  const branch = await timed('look branch', () => commitsOf(world));
  const applied = effect.applied !== 'no';
  const commit = after.revision !== null && branch.has(after.revision) ? after.revision : null;
  const governed = after.revision !== null || ground.origin !== null;
  const text = !applied
    ? null
    : commit !== null && ground.origin
      ? await textAt(ground.origin, ground.path, commit)
      : governed
        ? null
        : await currentText(world);
  const file = readFile(text);
  const config = text === null ? null : parseConfig(text).config;
  const owners = (name: string) => [...(model.owners.get(name.toLowerCase()) ?? [])];
  const features = [...new Set([...before.features.keys(), ...after.features.keys()])];
  const allowed = (feature: string) => columnsIn(file, feature, owners);
  const asked = [
    ...[...before.features.values(), ...after.features.values()].map(({ columns }) => columns),
    ...features.map(allowed),
    ...model.holds.map(({ columns }) => columns),
    ...model.columns.values(),
  ];
  const { repositories, customers } = model.registry;
  await timed('look places', () =>
    places.prepare(
      asked.map(({ salt }) => salt),
      [...repositories.keys(), ...customers.keys(), ...groupsOf(model.registry)],
    ),
  );
  const named = (columns: Columns) => ({
    ...columns,
    whitelist: columns.whitelist.flatMap((entry) => [entry, ...owners(entry)]),
  });
  const who = (columns: Columns) => admitted(columns, model.registry, after.tests, places);
  const is = new Map(
    features.map((feature) => [feature, who(after.features.get(feature)?.columns ?? NOBODY)]),
  );
  return {
    ...{ world, effect, before, after, features, who, named, file, text, config, allowed, commit, branch },
    was: (feature) => exposed.get(feature) ?? new Set(),
    is: (feature) => is.get(feature) ?? new Set(),
  };
}

/** Every value that a group may have. */
function groupsOf({ repositories, customers }: Registry): Set<string> {
  return new Set(
    [...repositories.values(), ...customers.values()].flatMap((one) => Object.values(factsOf(one))),
  );
}

/** Features that the fuse rolled back meanwhile: whatever a step does, it may fold what was recorded before. */
function fused(before: Facts, after: Facts): string[] {
  const known = new Set(before.incidents.map(({ id }) => id));
  return after.incidents
    .filter(({ id, by }) => by === 'fuse' && !known.has(id))
    .map(({ feature }) => feature);
}

async function commitsOf({ ground }: World): Promise<ReadonlySet<string>> {
  const tip = await ground.origin?.tip(ground.shared.branch);
  return tip ? ((await ground.origin?.reach(tip)) ?? new Set()) : new Set();
}

export function minus(some: Iterable<string>, ...others: readonly ReadonlySet<string>[]): string[] {
  return [...some].filter((one) => !others.some((other) => other.has(one)));
}

export function few(some: readonly string[]): string {
  return some.length > 6 ? `${some.slice(0, 6).join(', ')} and ${some.length - 6} more` : some.join(', ');
}
