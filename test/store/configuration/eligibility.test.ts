import { describe, expect, test } from 'vitest';
import { evaluate, type Subject } from '../../../src/domain/eligibility/eligibility.ts';
import { foldName } from '../../../src/domain/spec/resolve.ts';
import type { Exposure } from '../../../src/domain/spec/spec.ts';
import { CATEGORIES, STRATEGIES } from '../../../src/domain/spec/vocabulary.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { audienceColumns } from '../../../src/store/db/audience.ts';
import { eligibilityCases } from '../../helpers/data/eligibility-cases.ts';
import { exposure } from '../../helpers/data/specs.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const PERCENTAGES = [0, 0.01, 5, 10, 25, 30, 50, 75, 99.99, 100];

const db = await testDatabase();

/** For each spec, the decision on every subject as `reason+` or `reason-`, in the order of the subjects. */
async function decideInDatabase(specs: readonly Exposure[], subjects: readonly Subject[]) {
  const rows = await db.rows<{ decisions: string }>(
    `select string_agg(rollout_reason(${SPEC}, ${SUBJECT})
       || case when rollout_admits(${SPEC}, ${SUBJECT}) then '+' else '-' end, ' ' order by u.place) as decisions
     from jsonb_to_recordset($1) as s(place int, active boolean, emergency_stop boolean, strategy text,
       percentage numeric, categories text[], whitelist text[], blacklist text[], salt text, audience jsonb)
     cross join unnest($2::text[], $3::text[], $4::text[], $5::jsonb[]) with ordinality u(id, name, category, facts, place)
     group by s.place order by s.place`,
    [
      JSON.stringify(specs.map((spec, place) => ({ ...spec, ...audienceColumns(spec), place }))),
      subjects.map(({ id }) => id),
      subjects.map(({ name }) => name ?? null),
      subjects.map(({ category }) => category ?? null),
      subjects.map(({ facts }) => facts && JSON.stringify(facts)),
    ],
  );
  return rows.map(({ decisions }) => decisions.split(' '));
}

const SPEC = `s.active, s.emergency_stop, s.strategy, s.percentage, s.categories, s.whitelist, s.blacklist, s.salt, s.audience`;
const SUBJECT = `u.id, u.name, u.category, u.facts`;

function decideHere(specs: readonly Exposure[], subjects: readonly Subject[]): string[][] {
  return specs.map((spec) =>
    subjects.map((subject) => {
      const { eligible, reason } = evaluate(spec, subject);
      return `${reason}${eligible ? '+' : '-'}`;
    }),
  );
}

describe('the table of cases', () => {
  // The database has no environment; the global latch stands in the table, not in the function.
  const pure = eligibilityCases.flatMap(({ spec, subject, global_stop, expected, name }) =>
    spec && !global_stop ? [{ spec, subject, expected, name }] : [],
  );

  test.each(pure)(
    'PostgreSQL and TypeScript decide as the table of cases says: $name',
    async ({ spec, subject, expected }) => {
      const [decisions] = await decideInDatabase([spec], [subject]);
      expect(decisions).toEqual([`${expected.reason}${expected.eligible ? '+' : '-'}`]);
    },
  );
});

test('PostgreSQL evaluates as many attribute values as a file may have', async () => {
  const attributes = Array.from({ length: 20 }, (_, nth) => `attribute ${nth}`);
  const values = Array.from({ length: 1_000 }, (_, nth) => `value ${nth}`);
  const long = Object.fromEntries(attributes.map((attribute) => [attribute, values]));
  const facts = (value: string) => Object.fromEntries(attributes.map((attribute) => [attribute, value]));
  const specs = [
    exposure({ percentage: 100, where: long }),
    exposure({ percentage: 100, not: long }),
    exposure({ percentage: 100, where: long, not: { 'attribute 0': ['other'] } }),
  ];
  const subjects = ['value 999', 'other'].map((value) => ({ id: value, facts: facts(value) }));
  const decided = await decideInDatabase(specs, subjects);
  expect(decided).toEqual(decideHere(specs, subjects));
  expect(decided).toEqual([
    ['percentage+', 'attribute-'],
    ['attribute-', 'percentage+'],
    ['percentage+', 'attribute-'],
  ]);
});

describe('at each percentage of each strategy', () => {
  const subjects: Subject[] = Array.from({ length: 4_000 }, (_, place) => ({
    id: `repository-${place}`,
    category: [...CATEGORIES, null][place % 6] ?? null,
  }));
  const specs = STRATEGIES.flatMap((strategy) =>
    PERCENTAGES.map((percentage) => exposure({ strategy, percentage, salt: 'checkout' })),
  );

  test('PostgreSQL and TypeScript admit the same and the expected number of subjects at each percentage', async () => {
    const there = await decideInDatabase(specs, subjects);
    expect(there).toEqual(decideHere(specs, subjects));
    const shares = there.map((decisions) => decisions.filter((one) => one.endsWith('+')).length / 4_000);

    for (const [place, share] of shares.slice(0, PERCENTAGES.length).entries()) {
      const p = (PERCENTAGES[place] ?? 0) / 100;
      // Off by more than 5 standard deviations with probability 5.7e-7; exact at 0 and 100%.
      expect(Math.abs(share - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / 4_000));
    }
    const [whitelist, size] = [shares.slice(10, 20), shares.slice(20).map((share) => share.toFixed(2))];
    expect(whitelist).toEqual(PERCENTAGES.map(() => 0));
    // Sixths of the subjects: the bands, and at 100% also those without a category.
    expect(size).toEqual(['0.00', '0.17', '0.17', '0.17', '0.33', '0.50', '0.50', '0.67', '0.83', '1.00']);
  });
});

describe('over generated specs and subjects', () => {
  const random = seededRandom(7);
  const oneOf = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
  const someOf = <T>(some: readonly T[], share: number): T[] => some.filter(() => random() < share);

  const ids = Array.from({ length: 320 }, (_, place) =>
    oneOf([`${place}`, `id-${place}`, `ID-${place}`, `größe-${place}`, `acme/Repo-${place}`, `🦑${place}`]),
  );
  const names = Array.from({ length: 60 }, (_, place) =>
    oneOf([
      `acme/web-${place}`,
      `Acme/Web-${place}`,
      `ACME/GRÖSSE-${place}`,
      `plain-${place}`,
      `ID-${place}`,
    ]),
  );
  const subjects: Subject[] = ids.map((id) => ({
    id,
    name: random() < 0.7 ? oneOf(names) : null,
    category: oneOf([...CATEGORIES, null]),
  }));
  const specs: Exposure[] = Array.from({ length: 400 }, () => ({
    active: random() > 0.05,
    emergency_stop: random() < 0.05,
    strategy: oneOf(STRATEGIES),
    percentage: random() < 0.6 ? oneOf(PERCENTAGES) : Math.floor(random() * 10_001) / 100,
    categories: random() < 0.5 ? null : someOf(CATEGORIES, 0.5),
    whitelist: random() < 0.5 ? [] : someOf(ids, 0.05),
    blacklist: random() < 0.5 ? [] : [...someOf(ids, 0.05), ...someOf(names, 0.1).map(foldName)],
    salt: oneOf(['', 'checkout', 'search', 'größe']),
  }));

  test('PostgreSQL and TypeScript agree on decision and reason for at least 100,000 generated pairs', async () => {
    const there = await decideInDatabase(specs, subjects);
    const here = decideHere(specs, subjects);
    const pairs = here.flat();
    expect(pairs.length).toBeGreaterThanOrEqual(100_000);
    const differing = specs.findIndex((_, place) => String(here[place]) !== String(there[place]));
    expect({ spec: specs[differing], there: there[differing] }).toEqual({
      spec: undefined,
      there: undefined,
    });

    const seen = [...new Set(pairs)].sort();
    expect(seen).toMatchInlineSnapshot(`
      [
        "blacklist-",
        "category-",
        "emergency_stop-",
        "inactive-",
        "not_whitelisted-",
        "percentage+",
        "percentage-",
        "repository_size+",
        "repository_size-",
        "uncategorized-",
        "whitelist+",
      ]
    `);
  });
});
