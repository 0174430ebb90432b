import { describe, expect, test } from 'vitest';
import { evaluate, type Subject } from '../../../src/domain/eligibility/eligibility.ts';
import type { Exposure } from '../../../src/domain/spec/spec.ts';
import { CATEGORIES } from '../../../src/domain/spec/vocabulary.ts';
import { readFeatures } from '../../../src/store/configuration/actual.ts';
import { audienceColumns } from '../../../src/store/db/audience.ts';
import { eligibilityCases } from '../../helpers/data/eligibility-cases.ts';
import { exposure } from '../../helpers/data/specs.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();

type Client = Pick<Awaited<ReturnType<typeof db.client>>, 'query'>;

async function insertFeature(client: Client, feature: string, said: Exposure, subject = 'repository') {
  const columns = audienceColumns(said);
  await client.query(
    `insert into rollout_configuration (feature_name, subject_type, is_active, emergency_stop, rollout_strategy,
       rollout_percentage, categories, target_repositories, excluded_repositories, salt, audience)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
    [
      feature,
      subject,
      said.active,
      said.emergency_stop,
      columns.strategy,
      said.percentage,
      said.categories,
      columns.whitelist,
      columns.blacklist,
      said.salt,
      columns.audience && JSON.stringify(columns.audience),
    ],
  );
}

/** What it is said to be, but for the owner, which the registry knows from the name. */
async function insertRepository(client: Client, { id, name, category, facts }: Subject) {
  const { owner: _owner, ...attributes } = facts ?? {};
  await client.query(
    `insert into repository_categories (repository_id, full_name, category, attributes) values ($1, $2, $3, $4)`,
    [id, name, category, attributes],
  );
}

describe('rollout_evaluate on a real row', async () => {
  const client = await db.client();

  test.each(eligibilityCases)(
    'rollout_evaluate decides a real row as the table of cases says: $name',
    async ({ spec, subject, global_stop, expected }) => {
      await client.query('begin');
      try {
        if (spec) await insertFeature(client, 'feature', spec);
        await insertRepository(client, subject);
        if (global_stop) await client.query('update rollout_state set global_stop = true');
        const { rows } = await client.query(
          `select eligible, reason, bucket, percentage::float8, category,
           is_repository_eligible_for_rollout($1, 'feature') as by_original
         from rollout_evaluate('feature', $1)`,
          [subject.id],
        );
        expect(rows).toEqual([
          {
            ...expected,
            percentage: spec?.percentage ?? null,
            category: spec ? subject.category : null,
            by_original: expected.eligible,
          },
        ]);
      } finally {
        await client.query('rollback');
      }
    },
  );
});

describe('with a registry of 3,000 repositories', async () => {
  const subjects: Subject[] = Array.from({ length: 3_000 }, (_, place) => ({
    id: `id-${place}`,
    name: place % 3 === 0 ? null : `Acme/Repo-${place}`,
    category: [...CATEGORIES, null][place % 6] ?? null,
  }));
  await db.pool.query(
    `insert into repository_categories (repository_id, full_name, category)
     select * from unnest($1::text[], $2::text[], $3::text[])`,
    [
      subjects.map(({ id }) => id),
      subjects.map(({ name }) => name),
      subjects.map(({ category }) => category),
    ],
  );
  const lists = { whitelist: ['id-1', 'id-2', 'id-3'], blacklist: ['Acme/Repo-4', 'id-5', 'id-3'] };
  const features: Record<string, Exposure> = {
    hybrid_progressive_capture: exposure({ percentage: 30, ...lists }),
    filtered: exposure({ percentage: 75, categories: ['test', 'large'], ...lists }),
    by_size: exposure({ strategy: 'repository_size', percentage: 50, ...lists }),
    listed: exposure({ strategy: 'whitelist', ...lists }),
    everybody: exposure({ percentage: 100 }),
    off: exposure({ active: false, percentage: 100, ...lists }),
    without_salt: exposure({ percentage: 30, salt: '' }),
  };
  for (const [feature, said] of Object.entries(features)) await insertFeature(db.pool, feature, said);
  const rows = await readFeatures(db.pool);

  test.each(Object.keys(features))(
    'the feature %s has the same counts and single decisions in PostgreSQL as in TypeScript',
    async (feature) => {
      const columns = rows.get(feature)?.columns;
      const here = subjects.map((one) => ({ id: one.id, ...evaluate(columns, one) }));
      const there = await db.rows(
        `select r.repository_id as id, e.eligible, e.reason, e.bucket, e.percentage::float8
       from repository_categories r cross join lateral rollout_evaluate($1, r.repository_id) e
       order by array_position($2::text[], r.repository_id)`,
        [feature, subjects.map(({ id }) => id)],
      );
      expect(there).toEqual(here);
      const counted = await db.rows(
        `select category, eligible::int, total::int from rollout_count_eligible($1) order by category nulls last`,
        [feature],
      );
      const expected = [...[...CATEGORIES].sort(), null].map((category) => ({
        category,
        eligible: here.filter((one, place) => one.eligible && subjects[place]?.category === category).length,
        total: 500,
      }));
      expect(counted).toEqual(expected);
    },
  );

  test('a name that manual SQL writes into the blacklist is matched in lower case', () => {
    expect(rows.get('everybody')?.columns.blacklist).toEqual([]);
    expect(rows.get('listed')?.columns.blacklist).toContain('acme/repo-4');
    expect(evaluate(rows.get('hybrid_progressive_capture')?.columns, subjects[4] as Subject).reason).toBe(
      'blacklist',
    );
  });

  test('a row without a salt uses the feature’s name as its salt', () => {
    expect(rows.get('without_salt')?.columns.salt).toBe('without_salt');
  });

  test('the original’s function evaluates the hybrid feature unless another one is given', async () => {
    const asked = await db.rows(
      `select is_repository_eligible_for_rollout('id-1') as listed,
         is_repository_eligible_for_rollout('id-5') as blocked,
         is_repository_eligible_for_rollout('id-5', 'everybody') as elsewhere,
         is_repository_eligible_for_rollout('id-5', 'no_such_feature') as unknown,
         is_repository_eligible_for_rollout(gen_random_uuid(), 'everybody') as not_registered`,
    );
    expect(asked).toEqual([
      { listed: true, blocked: false, elsewhere: true, unknown: false, not_registered: true },
    ]);
  });

  test('while everything is stopped no subject counts as eligible, and the reason says so', async () => {
    const client = await db.client();
    await client.query('begin; update rollout_state set global_stop = true');
    const { rows: counted } = await client.query(
      `select sum(eligible)::int as eligible, sum(total)::int as total from rollout_count_eligible('everybody')`,
    );
    const { rows: decided } = await client.query(`select reason from rollout_evaluate('everybody', 'id-1')`);
    await client.query('rollback');
    expect([counted, decided]).toEqual([[{ eligible: 0, total: 3_000 }], [{ reason: 'global_stop' }]]);
  });

  test('an unknown feature counts nobody', async () => {
    expect(await db.rows(`select * from rollout_count_eligible('nothing')`)).toEqual([]);
  });
});

test('customers are looked up in their own registry, have no category, and are blocked by id only', async () => {
  const said = exposure({ percentage: 100, blacklist: ['acme'], whitelist: ['42'] });
  await insertFeature(db.pool, 'for_customers', said, 'customer');
  await db.pool.query(
    `insert into rollout_customers (customer_id, name) values ('42', 'Acme'), ('acme', 'Other')`,
  );
  const decided = await db.rows(
    `select c.customer_id as id, e.eligible, e.reason, e.category
     from rollout_customers c cross join lateral rollout_evaluate('for_customers', c.customer_id) e order by 1`,
  );
  expect(decided).toEqual([
    { id: '42', eligible: true, reason: 'whitelist', category: null },
    { id: 'acme', eligible: false, reason: 'blacklist', category: null },
  ]);
  expect(evaluate(said, { id: '42', name: 'Acme' })).toMatchObject({ eligible: true });
  expect(
    await db.rows(`select eligible::int, total::int from rollout_count_eligible('for_customers')`),
  ).toEqual([{ eligible: 1, total: 2 }]);
});
