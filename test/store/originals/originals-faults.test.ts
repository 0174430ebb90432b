import { beforeEach, describe, expect, test } from 'vitest';
import { bucketsBelow, evaluate } from '../../../src/domain/eligibility/eligibility.ts';
import { HYBRID_FEATURE, readOverrides } from '../../../src/domain/eligibility/overrides.ts';
import { isOff } from '../../../src/domain/spec/at-most.ts';
import { readFeatures } from '../../../src/store/configuration/actual.ts';
import { evaluateInDatabase } from '../../../src/store/registry/lookup.ts';
import { spec } from '../../helpers/data/specs.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const SUBJECTS = 20_000;
const FEATURE = HYBRID_FEATURE;

const db = await testDatabase();
await db.pool.query(
  `insert into repository_categories (repository_id, full_name, category)
   select 'repository-' || n, 'acme/repo-' || n, (array['test', 'small', 'medium', 'large', 'enterprise'])[n % 5 + 1]
   from generate_series(1, ${SUBJECTS}) n`,
);
await db.pool.query(
  `insert into rollout_configuration (feature_name, is_active, rollout_percentage) values ($1, true, 0)`,
  [FEATURE],
);

/** What the hand-written rollout manager ran. */
const ORIGINAL = {
  percentage: `hashtext(repository_id) % 100 < $1`,
  size: `case $1::int when 10 then category = 'test' when 25 then category in ('test', 'small')
    when 50 then category in ('test', 'small', 'medium') when 75 then category <> 'enterprise' else true end`,
  whitelistFirst: `repository_id = any ('{repository-1,repository-2}') or hashtext(repository_id) % 100 < $1`,
};

async function originalShare(rule: string, percentage: number, which = 'true'): Promise<number> {
  const [row] = await db.rows(
    `select (count(*) filter (where ${rule}))::float8 / count(*) as share from repository_categories where ${which}`,
    [percentage],
  );
  return row?.share;
}

async function ourShare(category?: string): Promise<number> {
  const [row] = await db.rows(
    `select (sum(eligible) / sum(total))::float8 as share from rollout_count_eligible($1)
     where $2::text is null or category = $2`,
    [FEATURE, category ?? null],
  );
  return row?.share;
}

async function set(columns: Record<string, unknown>): Promise<void> {
  const assignments = Object.keys(columns).map((column, place) => `${column} = $${place + 2}`);
  await db.pool.query(`update rollout_configuration set ${assignments.join(', ')} where feature_name = $1`, [
    FEATURE,
    ...Object.values(columns),
  ]);
}

beforeEach(async () => {
  await set({
    is_active: true,
    rollout_strategy: 'percentage',
    rollout_percentage: 0,
    target_repositories: [],
  });
});

describe('the signed hash', () => {
  test.each([
    [0, 0.487],
    [10, 0.545],
  ])(
    'the originals’ signed hash admitted half of all at %d %%: measured about %f of them',
    async (percentage, share) => {
      expect(Math.abs((await originalShare(ORIGINAL.percentage, percentage)) - share)).toBeLessThan(0.02);
    },
  );

  test('our hash admits nobody at 0%, 10% at 10% and everybody at 100%', async () => {
    expect(await ourShare()).toBe(0);
    await set({ rollout_percentage: 10 });
    // 5 standard deviations of 20,000 draws are 1.06%; more has probability 5.7e-7.
    expect(Math.abs((await ourShare()) - 0.1)).toBeLessThan(0.0106);
    await set({ rollout_percentage: 100 });
    expect(await ourShare()).toBe(1);
  });
});

describe('the size strategy between its bands', () => {
  test.each([5, 20, 30])(
    'the originals’ size strategy admitted every enterprise repository at %d %%',
    async (percentage) => {
      expect(await originalShare(ORIGINAL.size, percentage, `category = 'enterprise'`)).toBe(1);
    },
  );

  test.each([
    [5, ['test']],
    [20, ['test', 'small']],
    [30, ['test', 'small', 'medium']],
  ])('our size strategy at %d %% admits %j and nobody else', async (percentage, categories) => {
    await set({ rollout_strategy: 'repository_size', rollout_percentage: percentage });
    for (const category of ['test', 'small', 'medium', 'large', 'enterprise']) {
      expect(await ourShare(category)).toBe(categories.includes(category) ? 1 : 0);
    }
  });
});

describe('a rollback', () => {
  const whitelisted = `repository_id in ('repository-1', 'repository-2')`;

  test('the originals’ rollback to 0% left everybody on the whitelist exposed', async () => {
    expect(await originalShare(ORIGINAL.whitelistFirst, 0, whitelisted)).toBe(1);
  });

  test.each(['percentage', 'whitelist', 'repository_size'])(
    'our switch to off is off for the whitelist too, with the strategy %s',
    async (strategy) => {
      const target_repositories = ['repository-1', 'repository-2'];
      await set({ rollout_strategy: strategy, rollout_percentage: 0, target_repositories });
      expect((await ourShare()) * SUBJECTS).toBeCloseTo(2);
      await set({ is_active: false });
      expect(await ourShare()).toBe(0);
      const columns = (await readFeatures(db.pool, FEATURE)).get(FEATURE)?.columns;
      expect(columns && isOff(columns)).toBe(true);
      expect(await evaluateInDatabase(db.pool, FEATURE, 'repository-1')).toMatchObject({
        eligible: false,
        reason: 'inactive',
      });
    },
  );
});

describe('history', () => {
  const entries = () =>
    db.rows(
      `select id, action, new_percentage::float8 as percentage, triggered_by, session_role
       from rollout_history where feature_name = $1 order by id desc limit 1`,
      [FEATURE],
    );

  test('a change whose history row fails is refused completely; the originals kept such a change', async () => {
    const before = await entries();
    const client = await db.client();
    await client.query(`begin; select set_config('rollout.action', 'no such action', true)`);
    await expect(
      client.query(`update rollout_configuration set rollout_percentage = 90 where feature_name = $1`, [
        FEATURE,
      ]),
    ).rejects.toThrow('rollout_history_action_check');
    await client.query('commit'); // of a transaction that failed: a rollback
    expect(await ourShare()).toBe(0);
    expect(await entries()).toEqual(before);
  });

  test('history is written in the transaction of the change, even for manual SQL', async () => {
    await set({ rollout_percentage: 33 });
    const [entry] = await entries();
    const [session] = await db.rows(`select session_user::text as name`);
    expect(entry).toMatchObject({
      action: 'updated',
      percentage: 33,
      triggered_by: `sql:${session?.name}`,
      session_role: session?.name,
    });
  });

  test('the history of a change that is rolled back is rolled back with it', async () => {
    const before = await entries();
    const client = await db.client();
    await client.query('begin');
    await client.query(`update rollout_configuration set rollout_percentage = 44 where feature_name = $1`, [
      FEATURE,
    ]);
    await client.query('rollback');
    expect(await entries()).toEqual(before);
  });
});

describe('the cohort that the console shows', () => {
  /** The string hash of the console: 31 * hash + character, in 32 bits. */
  function consoleHash(id: string): number {
    let hash = 0;
    for (const character of id) hash = (Math.imul(hash, 31) + character.charCodeAt(0)) | 0;
    return Math.abs(hash) % 100;
  }

  test('the originals’ console showed another cohort than the one in the database', async () => {
    const rows = await db.rows<{ id: string; original: boolean }>(
      `select repository_id as id, ${ORIGINAL.percentage} as original from repository_categories`,
      [10],
    );
    const differing = rows.filter(({ id, original }) => original !== consoleHash(id) < 10);
    expect(differing.length / SUBJECTS).toBeGreaterThan(0.4);
  });

  test('our console shows the real cohort, subject by subject and bucket by bucket', async () => {
    await set({ rollout_percentage: 10 });
    const columns = (await readFeatures(db.pool, FEATURE)).get(FEATURE)?.columns;
    const rows = await db.rows<{ id: string; eligible: boolean; bucket: number }>(
      `select r.repository_id as id, e.eligible, e.bucket
       from repository_categories r cross join lateral rollout_evaluate($1, r.repository_id) e
       where r.repository_id <= 'repository-12'`,
      [FEATURE],
    );
    expect(rows.length).toBeGreaterThan(2_000);
    expect(rows.filter(({ bucket }) => bucket < bucketsBelow(10))).toEqual(
      rows.filter(({ eligible }) => eligible),
    );
    for (const { id, eligible, bucket } of rows) {
      expect(evaluate(columns, { id })).toMatchObject({ eligible, bucket });
    }
  });
});

describe('an override of the environment', () => {
  const environment = { HYBRID_ROLLOUT_PERCENTAGE: '100', HYBRID_EMERGENCY_STOP: 'true' };

  test.each([
    ['HYBRID_ROLLOUT_PERCENTAGE', true, 'percentage'],
    ['HYBRID_EMERGENCY_STOP', false, 'env_stop'],
  ] as const)(
    'the override %s was documented and never read in the originals; in ours it decides',
    (variable, eligible, reason) => {
      const said = spec({ percentage: eligible ? 0 : 100 });
      const { overrides } = readOverrides({ [variable]: environment[variable] }, FEATURE, said);
      expect(evaluate(said, { id: 'repository-1' }, overrides)).toMatchObject({ eligible, reason });
      expect(evaluate(said, { id: 'repository-1' })).toMatchObject({ eligible: !eligible });
    },
  );

  test('an override of the environment is in history once per day, value and host group', async () => {
    const { notes } = readOverrides(environment, FEATURE, spec());
    for (const host of ['web', 'web', 'worker']) {
      for (const { variable, value, applied } of notes) {
        await db.pool.query(`select rollout_record_override($1, $2, $3, $4, $5)`, [
          FEATURE,
          variable,
          value,
          applied,
          host,
        ]);
      }
    }
    const kept = await db.rows(
      `select reason, metadata ->> 'host_group' as host from rollout_history
       where action = 'env_override' order by host, reason`,
    );
    expect(kept).toEqual(
      ['web', 'worker'].flatMap((host) => [
        { host, reason: 'HYBRID_EMERGENCY_STOP=true is in force' },
        { host, reason: 'HYBRID_ROLLOUT_PERCENTAGE=100 is in force' },
      ]),
    );
  });
});
