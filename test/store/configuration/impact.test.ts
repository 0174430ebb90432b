import { beforeAll, describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/domain/eligibility/eligibility.ts';
import type { AudienceChange, Impact, MovedSubject } from '../../../src/domain/plan/impact.ts';
import type { ResolvedExposure } from '../../../src/domain/spec/spec.ts';
import type { Category } from '../../../src/domain/spec/vocabulary.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { keepCounts } from '../../../src/store/configuration/feature-rows.ts';
import { countImpact, countImpacts } from '../../../src/store/configuration/impact.ts';
import { largestMoved } from '../../../src/store/configuration/largest-moved.ts';
import { importRows, repository } from '../../helpers/data/features.ts';
import { audience, exposure } from '../../helpers/data/specs.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

interface Row {
  id: string;
  name: string | null;
  category: Category | null;
  stars: number | null;
}

let db: TestDatabase;
let population: Row[];

beforeAll(async () => {
  db = await testDatabase();
  const random = seededRandom(11);
  const rows = Array.from({ length: 600 }, (_, n) =>
    repository(`r${n}`, {
      name: n % 7 === 0 ? null : `Acme/Repo-${n}`,
      star_count: n % 11 === 0 ? null : Math.floor(Math.exp(random() * 9)),
    }),
  );
  await importRows(db.pool, rows);
  await db.rows(
    `insert into repository_categories (repository_id) select 'new' || n from generate_series(1, 40) n`,
  );
  await db.rows(`insert into rollout_customers (customer_id) select 'c' || n from generate_series(1, 50) n`);
  population = await db.rows<Row>(
    `select repository_id as id, full_name as name, category, star_count as stars from repository_categories`,
  );
});

const off = exposure({ active: false });
const long = Array.from({ length: 40 }, (_, n) => `r${n * 3}`);

const changes: [what: string, before: ResolvedExposure | null, after: ResolvedExposure | null][] = [
  ['a first 10%', null, exposure({ percentage: 10 })],
  ['10% to 25%', exposure({ percentage: 10 }), exposure({ percentage: 25 })],
  ['25% to 10%', exposure({ percentage: 25 }), exposure({ percentage: 10 })],
  ['0% to 100%', exposure(), exposure({ percentage: 100 })],
  ['another salt', exposure({ percentage: 30 }), exposure({ percentage: 30, salt: 'other' })],
  [
    'a filter by category',
    exposure({ percentage: 60 }),
    exposure({ percentage: 60, categories: ['small', 'large'] }),
  ],
  [
    'by size',
    exposure({ strategy: 'repository_size', percentage: 10 }),
    exposure({ strategy: 'repository_size', percentage: 60 }),
  ],
  [
    'size 100%, with those that have no category',
    exposure({ strategy: 'repository_size', percentage: 75 }),
    exposure({ strategy: 'repository_size', percentage: 100 }),
  ],
  [
    'long lists',
    exposure({ percentage: 20, whitelist: long }),
    exposure({ percentage: 20, blacklist: long }),
  ],
  [
    'a name in the blacklist',
    exposure({ percentage: 100 }),
    exposure({ percentage: 100, blacklist: ['acme/repo-1'] }),
  ],
  ['a stop', exposure({ percentage: 50 }), exposure({ percentage: 50, emergency_stop: true })],
  ['archiving', exposure({ percentage: 50 }), null],
  ['nothing', off, off],
];

function bruteForce(
  before: ResolvedExposure | null,
  after: ResolvedExposure | null,
): Omit<Impact, 'categories'> & { byCategory: object } {
  const sums = { total: 0, before: 0, after: 0, entering: 0, leaving: 0 };
  const byCategory: Record<string, typeof sums> = {};
  for (const subject of population) {
    const was = evaluate(before, subject).eligible;
    const is = evaluate(after, subject).eligible;
    const part = byCategory[`${subject.category}`] ?? {
      total: 0,
      before: 0,
      after: 0,
      entering: 0,
      leaving: 0,
    };
    byCategory[`${subject.category}`] = part;
    for (const sum of [sums, part]) {
      sum.total += 1;
      if (was) sum.before += 1;
      if (is) sum.after += 1;
      if (is && !was) sum.entering += 1;
      if (was && !is) sum.leaving += 1;
    }
  }
  return { ...sums, byCategory };
}

function largestByHand(
  before: ResolvedExposure | null,
  after: ResolvedExposure | null,
  limit: number,
): MovedSubject[] {
  return population
    .map((subject) => ({
      ...subject,
      was: evaluate(before, subject).eligible,
      enters: evaluate(after, subject).eligible,
    }))
    .filter(({ was, enters }) => was !== enters)
    .sort((a, b) => (b.stars ?? -1) - (a.stars ?? -1) || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ id, name, category, enters }) => ({ id, name, category, enters }));
}

describe.each(changes)('the impact of %s', (_what, before, after) => {
  it('the impact of a change equals deciding each subject alone, in total and by category', async () => {
    expect(byCategory(await countImpact(db.pool, audience(before, after)))).toEqual(
      bruteForce(before, after),
    );
  });

  it('the largest subjects that a change moves are listed by stars and then by id', async () => {
    expect(await largestMoved(db.pool, [audience(before, after)], 7)).toEqual([
      largestByHand(before, after, 7),
    ]);
  });
});

function byCategory({ categories, ...sums }: Impact) {
  return {
    ...sums,
    byCategory: Object.fromEntries(
      categories.map(({ subject: _subject, category, ...part }) => [`${category}`, part]),
    ),
  };
}

it('the impacts of many changes at once equal those of each alone, with and without kept counts', async () => {
  const audiences = changes.map(([, before, after]) => audience(before, after));
  const byHand = changes.map(([, before, after]) => bruteForce(before, after));
  expect((await countImpacts(db.pool, audiences)).map(byCategory)).toEqual(byHand);
  await keepCounts(
    db.pool,
    audiences.flatMap(({ before, after }) => [before, after]),
  );
  expect((await countImpacts(db.pool, audiences)).map(byCategory)).toEqual(byHand);
});

it('the largest subjects of many changes at once equal those of each alone', async () => {
  const audiences = changes.map(([, before, after]) => audience(before, after));
  expect(await largestMoved(db.pool, audiences, 7)).toEqual(
    changes.map(([, before, after]) => largestByHand(before, after, 7)),
  );
});

it('the impact on customers is counted in their own registry', async () => {
  const after = exposure({ percentage: 100, blacklist: ['c1'] });
  const impact = await countImpact(db.pool, audience(null, after, 'customer'));
  expect(impact).toEqual({
    total: 50,
    before: 0,
    after: 49,
    entering: 49,
    leaving: 0,
    categories: [
      { subject: 'customer', category: null, total: 50, before: 0, after: 49, entering: 49, leaving: 0 },
    ],
  });
});

it('the impact on an empty registry is zero', async () => {
  const empty = await testDatabase();
  expect(await countImpact(empty.pool, audience(null, exposure({ percentage: 100 })))).toEqual({
    total: 0,
    before: 0,
    after: 0,
    entering: 0,
    leaving: 0,
    categories: [],
  });
});

describe('the impact of a change of more than the exposure', () => {
  const half = exposure({ percentage: 50 });
  const inIt = (
    subjects: readonly { id: string; name?: string | null; category?: Category | null }[],
    said: ResolvedExposure,
  ) => subjects.filter((subject) => evaluate(said, subject).eligible);
  const customers = Array.from({ length: 50 }, (_, n) => ({ id: `c${n + 1}` }));

  it('the impact of another subject type is that all of the old type leave and all of the new type enter', async () => {
    const change: AudienceChange = {
      before: { subject: 'customer', exposure: half },
      after: { subject: 'repository', exposure: half },
      tests: null,
    };
    const [left, entered] = [inIt(customers, half), inIt(population, half)];
    const { categories, ...sums } = await countImpact(db.pool, change);
    expect(sums).toEqual({
      ...{ total: population.length, before: left.length, after: entered.length },
      ...{ entering: entered.length, leaving: left.length },
    });
    expect(categories.filter(({ subject }) => subject === 'customer')).toMatchObject([
      { category: null, total: 0, before: left.length, after: 0, entering: 0, leaving: left.length },
    ]);
    const [largest = []] = await largestMoved(db.pool, [change], 10_000);
    expect(largest.filter(({ enters }) => enters)).toHaveLength(entered.length);
    expect(largest.slice(entered.length).every(({ enters }) => !enters)).toBe(true);
    expect(largest).toHaveLength(entered.length + left.length);
  });

  it('the impact of other test repositories is counted by the resulting categories', async () => {
    const said = exposure({ strategy: 'repository_size', percentage: 10 });
    const huge = population
      .filter(({ stars, category }) => (stars ?? 0) > 500 && category !== 'test')
      .slice(0, 3);
    const moved = huge.map(({ id }) => id);
    const impact = await countImpact(db.pool, { ...audience(said, said), tests: { moved, after: moved } });
    expect(impact).toMatchObject({ entering: 3, leaving: 0, after: impact.before + 3 });
    expect(impact.categories.find(({ category }) => category === 'test')).toMatchObject({ entering: 3 });
    const [names = []] = await largestMoved(
      db.pool,
      [{ ...audience(said, said), tests: { moved, after: moved } }],
      5,
    );
    expect(names.map(({ id }) => id).sort()).toEqual([...moved].sort());
  });

  it('the impact of other test repositories is zero where no category decides', async () => {
    const everywhere = exposure({ percentage: 30 });
    const tests = { moved: ['r1', 'r2'], after: ['r1'] };
    const impact = await countImpact(db.pool, { ...audience(everywhere, everywhere), tests });
    expect(impact).toMatchObject({ entering: 0, leaving: 0 });
  });
});
