import { BUCKET_VECTORS } from '../../src/domain/eligibility/bucket-vectors.ts';
import type { TestDatabase } from '../helpers/database/database.ts';
import { type Attributes, categoryOf, factsOf, type Registry } from './registry.ts';

/** By attribute, the values that count. */
export type Values = Readonly<Record<string, readonly string[]>>;

/** What decides who is in, in the words of the database's columns. */
export interface Columns {
  subject: string;
  active: boolean;
  stopped: boolean;
  strategy: string;
  percentage: number;
  categories: readonly string[] | null;
  whitelist: readonly string[];
  blacklist: readonly string[];
  salt: string;
  /** One of the values of each of these attributes, and of each of those an other one. */
  where: Values;
  not: Values;
  /** The attribute whose value has the place; null: each has its own. */
  groupBy: string | null;
  /** Owners all of whose repositories are in, or out; in lower case. */
  ownersIn: readonly string[];
  ownersOut: readonly string[];
}

export const NOBODY: Columns = {
  subject: 'repository',
  ...{ active: false, stopped: false, strategy: 'percentage', percentage: 0, categories: null },
  ...{ whitelist: [], blacklist: [], salt: '' },
  ...{ where: {}, not: {}, groupBy: null, ownersIn: [], ownersOut: [] },
};

/**
 * Places of ids for a salt, by PostgreSQL's own hash functions and the documented formula: none of our functions, in
 * either language, is asked.
 */
export class Places {
  readonly #known = new Map<string, Map<string, number>>();
  readonly #db: TestDatabase;

  constructor(db: TestDatabase) {
    this.#db = db;
  }

  async check(): Promise<void> {
    await this.prepare(
      BUCKET_VECTORS.map(([salt]) => salt),
      BUCKET_VECTORS.map(([, id]) => id),
    );
    const wrong = BUCKET_VECTORS.filter(([salt, id, place]) => this.of(salt, id) !== place);
    if (wrong.length > 0) throw new Error(`the oracle is wrong about ${JSON.stringify(wrong)}`);
  }

  /** Looks up what `of` will be asked. */
  async prepare(salts: Iterable<string>, ids: readonly string[]): Promise<void> {
    const missing = [...new Set(salts)].flatMap((salt) => {
      const known = this.#known.get(salt);
      return ids.filter((id) => !known?.has(id)).map((id) => [salt, id] as const);
    });
    if (missing.length === 0) return;
    const rows = await this.#db.rows<{ salt: string; id: string; place: number }>(
      `select salt, id, (((hashtextextended(id, hashtextextended(salt, 0)) & 4294967295) * 10000) >> 32)::integer as place
       from unnest($1::text[], $2::text[]) asked(salt, id)`,
      [missing.map(([salt]) => salt), missing.map(([, id]) => id)],
    );
    for (const { salt, id, place } of rows) {
      const known = this.#known.get(salt) ?? new Map<string, number>();
      this.#known.set(salt, known.set(id, place));
    }
  }

  of(salt: string, id: string): number {
    const place = this.#known.get(salt)?.get(id);
    if (place === undefined) throw new Error(`nobody asked for the place of ${id} under ${salt}`);
    return place;
  }
}

/** Sizes that `repository_size` admits up to a percentage. */
const BANDS: readonly (readonly [number, readonly string[]])[] = [
  [0, []],
  [10, ['test']],
  [25, ['test', 'small']],
  [50, ['test', 'small', 'medium']],
  [75, ['test', 'small', 'medium', 'large']],
];

/** Everybody of one kind that these columns admit, as `repository r1`. */
export function admitted(
  columns: Columns,
  registry: Registry,
  tests: readonly string[],
  places: Places,
): Set<string> {
  if (!columns.active || columns.stopped) return new Set();
  const { subject } = columns;
  const people =
    subject === 'customer'
      ? [...registry.customers].map(([id, { name, attributes }]) => {
          return { id, name, category: null, facts: attributes };
        })
      : [...registry.repositories.values()].map((one) => {
          return { ...one, category: categoryOf(one, tests), facts: factsOf(one) };
        });
  const inside = people.filter(({ name, ...one }) => {
    const owner = subject === 'repository' ? one.facts.owner : undefined;
    const blocked = columns.blacklist;
    if (blocked.includes(one.id)) return false;
    if (name?.includes('/') && blocked.includes(name.toLowerCase())) return false;
    if (owner !== undefined && columns.ownersOut.includes(owner)) return false;
    if (owner !== undefined && columns.ownersIn.includes(owner)) return true;
    return columns.whitelist.includes(one.id) || byStrategy(columns, one, places);
  });
  return new Set(inside.map(({ id }) => `${subject} ${id}`));
}

function byStrategy(
  { strategy, percentage, categories, salt, where, not, groupBy }: Columns,
  { id, category, facts }: { id: string; category: string | null; facts: Attributes },
  places: Places,
): boolean {
  if (strategy === 'whitelist') return false;
  // Whoever lacks what is asked for is out, also of `not`.
  for (const [attribute, values] of Object.entries(where))
    if (!values.includes(facts[attribute] ?? '')) return false;
  for (const [attribute, values] of Object.entries(not))
    if (values.includes(facts[attribute] ?? values[0] ?? '')) return false;
  const group = groupBy === null ? id : facts[groupBy];
  if (group === undefined) return false;
  if (strategy === 'repository_size') {
    if (percentage >= 100) return true;
    const band = BANDS.find(([most]) => percentage <= most)?.[1];
    return category !== null && (band === undefined || band.includes(category));
  }
  if (categories !== null && (category === null || !categories.includes(category))) return false;
  return places.of(salt, group) < Math.round(percentage * 100);
}
