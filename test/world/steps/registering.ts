import { Readable } from 'node:stream';
import { categorize } from '../../../src/app/registry/categorize.ts';
import { importSubjects } from '../../../src/app/registry/import-subjects.ts';
import { nth } from '../dice.ts';
import type { Model } from '../model.ts';
import { attributesOf, nameOf, OWNERS, type Repository, repositoryOf, SIZE_NAMES } from '../registry.ts';
import { type Effect, type Kind, orRefused, type World } from '../step.ts';

// Who exists: imports, renames, transfers, and the application's own tables.

const HEAD = 'repository_id,full_name,star_count,contributor_count,pr_count';

/**
 * Imports rows as a file, and remembers them as the file says. A file without a column of attributes leaves those that
 * are known alone; one with it replaces them.
 */
export function importRows(
  world: World,
  rows: readonly Repository[],
  withAttributes = false,
): Promise<Effect> {
  return orRefused(async () => {
    const lines = rows.map(({ id, name, stars, contributors, prs, attributes }) =>
      [
        ...[id, name, stars, contributors, prs],
        ...(withAttributes ? [cell(JSON.stringify(attributes))] : []),
      ].join(),
    );
    const head = withAttributes ? `${HEAD},attributes` : HEAD;
    await importText(world, [head, ...lines].join('\n'), 'repository');
    for (const row of rows) remember(world.model, row, withAttributes);
    return { note: rows.map(({ id, name }) => `${id} ${name}`).join(', '), applied: 'no' };
  });
}

/** As a cell of a file. */
export function cell(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export async function importText(
  { ground }: World,
  text: string,
  subject: 'repository' | 'customer',
  allowMissing = false,
): Promise<void> {
  await importSubjects(ground.controller.store, {
    stream: Readable.from([Buffer.from(`${text}\n`)]),
    ...{ name: 'walk.csv', format: 'csv', subject, actor: 'walker', skipInvalid: false, allowMissing },
  });
}

/** A name has one owner: who had it before has none. */
function remember({ registry, owners }: Model, row: Repository, withAttributes: boolean): void {
  const name = row.name?.toLowerCase();
  if (name !== undefined) {
    for (const other of registry.repositories.values()) {
      if (other.id !== row.id && other.name?.toLowerCase() === name) other.name = null;
    }
    owners.set(name, (owners.get(name) ?? new Set()).add(row.id));
  }
  const attributes = withAttributes ? row.attributes : (registry.repositories.get(row.id)?.attributes ?? {});
  registry.repositories.set(row.id, { ...row, attributes });
}

/** Ids that nobody has yet, after those of the beginning. */
export function unused({ registry }: Model, amount: number): string[] {
  const next = registry.repositories.size;
  return Array.from({ length: amount }, (_, n) => `r${next + n}`).filter(
    (id) => !registry.repositories.has(id),
  );
}

const grow: Kind = {
  weight: 4,
  make: (dice) => ({
    amount: dice.pick([1, 1, 3, 12]),
    size: dice.pick(SIZE_NAMES),
    attributes: dice.chance(0.5),
  }),
  take(world, step) {
    if (world.model.registry.repositories.size > 110) return Promise.resolve(null);
    const size = SIZE_NAMES.find((one) => one === step.size) ?? 'small';
    return importRows(
      world,
      unused(world.model, Number(step.amount)).map((id, n) =>
        repositoryOf(id, size, nameOf(id), attributesOf(n)),
      ),
      step.attributes === true,
    );
  },
};

const resize: Kind = {
  weight: 3,
  make: (dice) => ({ place: dice.below(60), amount: dice.pick([1, 2, 10]), size: dice.pick(SIZE_NAMES) }),
  take(world, step) {
    const all = [...world.model.registry.repositories.values()];
    const size = SIZE_NAMES.find((one) => one === step.size) ?? 'small';
    const some = all.slice(Number(step.place), Number(step.place) + Number(step.amount));
    if (some.length === 0) return Promise.resolve(null);
    return importRows(
      world,
      some.map(({ id, name }) => repositoryOf(id, size, name)),
    );
  },
};

const rename: Kind = {
  weight: 2,
  make: (dice) => ({ place: dice.below(60), n: dice.below(8) }),
  take(world, step) {
    const row = nth([...world.model.registry.repositories.values()], Number(step.place));
    if (!row) return Promise.resolve(null);
    return importRows(world, [{ ...row, name: `${nth(OWNERS, Number(step.n))}/renamed${step.n}` }]);
  },
};

/** The name of one goes to another, new or not. */
const transfer: Kind = {
  weight: 2,
  make: (dice) => ({ from: dice.below(60), to: dice.below(64) }),
  take(world, step) {
    const { repositories } = world.model.registry;
    const from = nth([...repositories.values()], Number(step.from));
    const id = `r${step.to}`;
    if (!from?.name || from.id === id) return Promise.resolve(null);
    const to = repositories.get(id) ?? repositoryOf(id, 'small');
    return importRows(world, [{ ...to, name: from.name }]);
  },
};

/** A file that does not say how large anybody is. */
const withoutSizes: Kind = {
  weight: 3,
  make: (dice) => ({ amount: dice.pick([2, 10]), allow: dice.chance(0.5) }),
  take: (world, step) =>
    orRefused(async () => {
      const ids = unused(world.model, Number(step.amount));
      await importText(
        world,
        ['repository_id,full_name', ...ids.map((id) => `${id},${nameOf(id)}`)].join('\n'),
        'repository',
        step.allow === true,
      );
      for (const id of ids) {
        const unknown = { stars: null, contributors: null, prs: null };
        remember(world.model, { id, name: nameOf(id), ...unknown, attributes: {} }, false);
      }
      return { note: ids.join(), applied: 'no' };
    }),
};

/** The application's own tables, by a view; with a mistake in it, in which everybody stands twice. */
const source: Kind = {
  weight: 4,
  make: (dice) => ({
    twice: dice.chance(0.5),
    place: dice.below(50),
    size: dice.pick(SIZE_NAMES),
    attributes: dice.chance(0.4),
  }),
  take: async (world, step) => {
    const { db, controller } = world.ground;
    const some = [...world.model.registry.repositories.values()].slice(
      Number(step.place),
      Number(step.place) + 10,
    );
    const size = SIZE_NAMES.find((one) => one === step.size) ?? 'small';
    const withAttributes = step.attributes === true;
    const rows = some.map(({ id, name }, n) =>
      repositoryOf(id, size, name, attributesOf(Number(step.place) + n)),
    );
    const values = rows
      .flatMap(({ id, name, stars, contributors, prs, attributes }) => {
        const first = `'${id}', ${name ? `'${name}'` : 'null'}`;
        const last = withAttributes ? `, '${JSON.stringify(attributes).replaceAll("'", "''")}'::jsonb` : '';
        return [
          ...(step.twice === true ? [`(${first}, 0, 0, 0${last})`] : []),
          `(${first}, ${stars}, ${contributors}, ${prs}${last})`,
        ];
      })
      .join();
    const columns = `${HEAD}${withAttributes ? ',attributes' : ''}`;
    await db.rows(`create view rollout_repository_source as select * from (values ${values}) v (${columns})`);
    try {
      return await orRefused(async () => {
        await categorize(controller.store, 'walker');
        // Twice with two sizes is no answer: whoever takes one of them guesses.
        if (step.twice !== true) for (const row of rows) remember(world.model, row, withAttributes);
        return { note: `${step.twice ? 'twice ' : ''}${rows.map(({ id }) => id).join()}`, applied: 'no' };
      });
    } finally {
      await db.rows('drop view rollout_repository_source');
    }
  },
};

export const REGISTERING: Readonly<Record<string, Kind>> = {
  ...{ grow, resize, rename, transfer, source },
  'without-sizes': withoutSizes,
};
