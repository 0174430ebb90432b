import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { describe, expect, it, test } from 'vitest';
import { evaluate, type Subject } from '../../src/domain/eligibility/eligibility.ts';
import { type Filter, type Narrowing, narrowingOf } from '../../src/domain/spec/audience/audience.ts';
import { foldName } from '../../src/domain/spec/resolve.ts';
import type { Exposure } from '../../src/domain/spec/spec.ts';
import { CATEGORIES, STRATEGIES } from '../../src/domain/spec/vocabulary.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { countImpact } from '../../src/store/configuration/impact.ts';
import { audienceColumns } from '../../src/store/db/audience.ts';
import { categorizeAll } from '../../src/store/registry/categories.ts';
import { eligibilityCases } from '../helpers/data/eligibility-cases.ts';
import { audience, exposure } from '../helpers/data/specs.ts';
import { testDatabase } from '../helpers/database/database.ts';
import { CLIENTS } from '../helpers/http/relays.ts';
import { openRollout } from '../helpers/http/rollouts.ts';

type Database = Awaited<ReturnType<typeof testDatabase>>;

/** The rows as they would stand after a reconcile, in one statement. */
async function insertFeatures(
  db: Database,
  features: readonly (Exposure & { feature: string })[],
): Promise<void> {
  await db.pool.query(
    `insert into rollout_configuration (feature_name, is_active, emergency_stop, rollout_strategy, rollout_percentage,
       categories, target_repositories, excluded_repositories, salt, audience)
     select feature, active, emergency_stop, strategy, percentage, categories, whitelist, blacklist, salt, audience
     from jsonb_to_recordset($1) as s(feature text, active boolean, emergency_stop boolean, strategy text,
       percentage numeric, categories text[], whitelist text[], blacklist text[], salt text, audience jsonb)`,
    [JSON.stringify(features.map((feature) => ({ ...feature, ...audienceColumns(feature) })))],
  );
}

async function insertSubjects(db: Database, subjects: readonly Subject[]): Promise<void> {
  await db.pool.query(
    `insert into repository_categories (repository_id, full_name, category, attributes)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])`,
    [
      subjects.map(({ id }) => id),
      subjects.map(({ name }) => name ?? null),
      subjects.map(({ category }) => category ?? null),
      subjects.map(({ facts }) => {
        const { owner: _owner, ...attributes } = facts ?? {};
        return JSON.stringify(attributes);
      }),
    ],
  );
}

describe('over generated specs and subjects', async () => {
  const db = await testDatabase();
  const random = seededRandom(11);
  const oneOf = <T>(some: readonly T[]): T => some[Math.floor(random() * some.length)] as T;
  const someOf = <T>(some: readonly T[], share: number): T[] => some.filter(() => random() < share);
  const factsOf = (name: string | null) => ({
    ...(random() < 0.8 ? { plan: oneOf(['free', 'pro', 'größe "plus"']) } : {}),
    ...(random() < 0.8 ? { region: oneOf(['eu', 'us']) } : {}),
    ...(name?.includes('/') ? { owner: foldName(name.slice(0, name.indexOf('/'))) } : {}),
  });
  const subjects: Subject[] = Array.from({ length: 250 }, (_, place) => ({
    id: oneOf([
      `${place}`,
      `id-${place}`,
      `ID-${place}`,
      `größe-${place}`,
      `acme/Repo-${place}`,
      `🦑${place}`,
    ]),
    name:
      random() < 0.7
        ? oneOf([`acme/web-${place}`, `Acme/Web-${place}`, `ACME/GRÖSSE-${place}`, `plain-${place}`])
        : null,
    category: oneOf([...CATEGORIES, null]),
  })).map((subject) => ({ ...subject, facts: factsOf(subject.name) }));
  const names = subjects.flatMap(({ name }) => name ?? []);
  const strangers = ['__proto__', 'constructor', 'nobody knows me', 'ünknown'].map((id) => ({ id }));
  const ids = [...subjects, ...strangers].map(({ id }) => id);
  const narrowing = (): Narrowing => {
    if (random() < 0.5) return {};
    return narrowingOf({
      ...(random() < 0.5 ? { where: { plan: oneOf([['free'], ['free', 'größe "plus"']]) } } : {}),
      ...(random() < 0.4
        ? { not: oneOf<Filter>([{ region: ['us'] }, { region: ['eu'], plan: ['pro'] }]) }
        : {}),
      ...(random() < 0.4 ? { group_by: oneOf(['plan', 'owner', 'region', 'nobody has it']) } : {}),
    });
  };
  const owners = ['acme/*', 'nobody/*'];
  const features = Array.from({ length: 200 }, (_, place) => ({
    feature: `feature_${place}`,
    ...exposure({
      active: random() > 0.05,
      emergency_stop: random() < 0.05,
      strategy: oneOf(STRATEGIES),
      percentage: oneOf([0, 0.01, 5, 10, 25, 30, 50, 75, 99.99, 100]),
      categories: random() < 0.5 ? null : someOf(CATEGORIES, 0.5),
      whitelist: random() < 0.5 ? [] : [...someOf(ids, 0.05), ...someOf(owners, 0.2)],
      blacklist:
        random() < 0.5
          ? []
          : [...someOf(ids, 0.05), ...someOf(names, 0.05).map(foldName), ...someOf(owners, 0.2)],
      ...narrowing(),
      salt: oneOf(['a', 'checkout', 'größe', `feature_${place}`]),
    }),
  }));
  await insertSubjects(db, subjects);
  await insertFeatures(db, features);

  it.each(CLIENTS)(
    'the library %s, the domain and PostgreSQL agree on every pair, with the same reason and bucket',
    async (_, openOver) => {
      const rollout = await openOver(db.connectionString);
      const rows = await db.rows<{ decisions: string }>(
        `select string_agg(concat_ws(' ', e.eligible, e.reason, coalesce(e.bucket::text, 'null')), ',' order by u.place) as decisions
       from unnest($1::text[]) with ordinality f(feature, place)
       cross join unnest($2::text[]) with ordinality u(id, place)
       cross join lateral rollout_evaluate(f.feature, u.id) e
       group by f.place order by f.place`,
        [features.map(({ feature }) => feature), ids],
      );
      let pairs = 0;
      for (const [place, { feature, ...said }] of features.entries()) {
        const said_ = (decision: { eligible: boolean; reason: string; bucket: number | null }) =>
          `${decision.eligible ? 't' : 'f'} ${decision.reason} ${decision.bucket}`;
        const here = ids.map((id) => said_(rollout.evaluate(feature, id)));
        const pure = [...subjects, ...strangers].map((subject) => said_(evaluate(said, subject)));
        const there = rows[place]?.decisions.split(',');
        expect({ feature, here }).toEqual({ feature, here: pure });
        expect({ feature, here }).toEqual({ feature, here: there });
        expect(ids.map((id) => rollout.isEligible(feature, id))).toEqual(
          here.map((one) => one.startsWith('t')),
        );
        pairs += ids.length;
      }
      expect(pairs).toBeGreaterThan(50_000);
    },
  );

  const variables = [
    { ROLLOUT_PERCENTAGE: '30' },
    { ROLLOUT_STRATEGY: 'repository_size', ROLLOUT_PERCENTAGE: '50' },
    { ROLLOUT_STRATEGY: 'whitelist' },
    { ROLLOUT_EMERGENCY_STOP: 'yes' },
  ];

  it.each(
    CLIENTS.flatMap(([how, openOver]) =>
      variables.map((env) => [how, JSON.stringify(env), env, openOver] as const),
    ),
  )('the library %s agrees with the domain under the environment %s', async (_, __, env, openOver) => {
    const rollout = await openOver(db.connectionString, { env });
    const overrides = {
      ...('ROLLOUT_PERCENTAGE' in env ? { percentage: Number(env.ROLLOUT_PERCENTAGE) } : {}),
      ...('ROLLOUT_STRATEGY' in env ? { strategy: env.ROLLOUT_STRATEGY as Exposure['strategy'] } : {}),
      env_stop: 'ROLLOUT_EMERGENCY_STOP' in env,
    };
    for (const { feature, ...said } of features) {
      expect(ids.map((id) => rollout.evaluate(feature, id).reason)).toEqual(
        [...subjects, ...strangers].map((subject) => evaluate(said, subject, overrides).reason),
      );
    }
    expect(rollout.evaluate('nobody_knows', 'x').reason).toBe(evaluate(null, { id: 'x' }, overrides).reason);
    await rollout.close();
  });
});

describe('the table of cases', async () => {
  const db = await testDatabase();
  const cases = eligibilityCases.map((one, place) => ({ ...one, feature: `case_${place}` }));
  await insertFeatures(
    db,
    cases.flatMap(({ spec, feature }) => (spec ? [{ feature, ...spec }] : [])),
  );

  test.each([false, true])('the table of cases holds with the global stop %s', async (stop) => {
    await db.pool.query('update rollout_state set global_stop = $1, generation = generation + 1', [stop]);
    const here = cases.filter(({ global_stop }) => global_stop === stop);
    // The same id has another category in another case: those of one subject at a time.
    for (const written of new Set(here.map(({ subject }) => JSON.stringify(subject)))) {
      const subject = JSON.parse(written) as Subject;
      await db.pool.query('truncate repository_categories');
      await insertSubjects(db, [subject]);
      const rollout = await openRollout({ connectionString: db.connectionString, listen: false });
      for (const { feature, expected, subject: meant } of here) {
        if (JSON.stringify(meant) !== written) continue;
        expect({ feature, ...rollout.evaluate(feature, subject.id) }).toMatchObject({ feature, ...expected });
      }
      await rollout.close();
    }
  });
});

const FILE = join(import.meta.dirname, '../../../shared/data/repositories.csv');

if (existsSync(FILE)) {
  describe('the list of real repositories', async () => {
    const db = await testDatabase();
    const rows: Record<string, string>[] = parse(readFileSync(FILE), { columns: true });
    const count = (column: string) => rows.map((row) => (row[column] ? Number(row[column]) : null));
    const names = rows.map(({ full_name = '' }) => full_name);
    await db.pool.query(
      `insert into repository_categories (repository_id, full_name, star_count, contributor_count, pr_count)
       select 'id-' || md5(name), name, stars, contributors, prs
       from unnest($1::text[], $2::int[], $3::int[], $4::int[]) r(name, stars, contributors, prs)`,
      [names, count('star_count'), count('contributor_count'), count('pr_count')],
    );
    await categorizeAll(db.pool, { actor: 'test' });
    const all = await db.rows<{ id: string }>(`select repository_id as id from repository_categories`);
    const ids = all.map(({ id }) => id);
    const listed = {
      whitelist: ids.slice(0, 40),
      blacklist: [...ids.slice(20, 60), foldName(names[100] ?? '')],
    };

    it('library, PostgreSQL and plan admit equally many real repositories for every strategy and percentage', async () => {
      const features = STRATEGIES.flatMap((strategy) =>
        [0, 1, 10, 25, 50, 75, 100].flatMap((percentage) =>
          [{}, { categories: ['medium' as const, 'large' as const] }, listed].map((rest, place) => ({
            feature: `${strategy}_${percentage}_${place}`,
            ...exposure({ strategy, percentage, salt: 'capture', ...rest }),
          })),
        ),
      );
      await insertFeatures(db, features);
      const rollout = await openRollout({ connectionString: db.connectionString });
      for (const { feature, ...said } of features) {
        const library = ids.filter((id) => rollout.isEligible(feature, id)).length;
        const [sql] = await db.rows<{ count: number }>(
          `select sum(eligible)::int as count from rollout_count_eligible($1)`,
          [feature],
        );
        const plan = await countImpact(db.pool, audience(null, said));
        expect({ feature, library }).toEqual({ feature, library: sql?.count });
        expect({ feature, library }).toEqual({ feature, library: plan.after });
      }
    });
  });
} else {
  test('the list of real repositories is not here: nothing was tested on ../shared/data/repositories.csv', () => {
    expect(existsSync(FILE)).toBe(false);
  });
}

describe('owners that SQL by hand wrote among the ids of a list', async () => {
  const db = await testDatabase();
  await insertSubjects(db, [
    { id: 'in', name: 'acme/in', category: 'small' },
    { id: 'out', name: 'globex/out', category: 'small' },
  ]);
  const listed = exposure({ percentage: 100, whitelist: ['acme/*'] });
  await insertFeatures(db, [
    { feature: 'listed', ...listed, percentage: 0 },
    { feature: 'let_in', ...listed, percentage: 0, whitelist: [] },
    { feature: 'barred', ...listed, blacklist: [], whitelist: [] },
  ]);
  await db.pool.query(
    `update rollout_configuration set target_repositories = '{acme/*}' where feature_name = 'let_in'`,
  );
  await db.pool.query(
    `update rollout_configuration set excluded_repositories = '{acme/*}' where feature_name = 'barred'`,
  );

  it.each(CLIENTS)(
    'an owner among the ids stands for no repository in the library %s, as in PostgreSQL',
    async (_, openOver) => {
      const rollout = await openOver(db.connectionString);
      const rows = await db.rows<{ feature: string; admitted: string[] }>(
        `select f.feature, coalesce(array_agg(u.id order by u.id) filter (where e.eligible), '{}') as admitted
       from unnest('{listed,let_in,barred}'::text[]) f(feature) cross join unnest('{in,out}'::text[]) u(id)
       cross join lateral rollout_evaluate(f.feature, u.id) e group by 1 order by 1`,
      );
      expect(rows).toEqual([
        { feature: 'barred', admitted: ['in', 'out'] },
        { feature: 'let_in', admitted: [] },
        { feature: 'listed', admitted: ['in'] },
      ]);
      for (const { feature, admitted } of rows) {
        const here = ['in', 'out'].filter((id) => rollout.isEligible(feature, id));
        expect({ feature, admitted: here }).toEqual({ feature, admitted });
      }
      await rollout.close();
    },
  );
});
