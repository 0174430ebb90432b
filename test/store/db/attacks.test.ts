import { beforeAll, describe, expect, it } from 'vitest';
import { verifyHistory } from '../../../src/store/configuration/history.ts';
import { applyFeature, historyOf, importRows, memberOf, repository } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
  // As by default up to PostgreSQL 14.
  await db.rows('grant create on schema public to public');
  await applyFeature(db.pool, 'capture', { percentage: 50 });
  await importRows(db.pool, [repository('r1'), repository('r2')]);
});

describe('a trigger function of ours', () => {
  it.each([
    ['rollout_take_history_lock', 'before insert', 'statement', 'a int'],
    ['rollout_head_history', 'after insert', 'row', 'feature_name text, id bigint, digest bytea'],
    ['rollout_record_change', 'after insert', 'row', 'feature_name text, rollout_percentage numeric'],
    ['rollout_record_incident', 'after insert', 'row', 'id bigint, feature_name text, state text'],
    ['rollout_keep_category', 'after update', 'row', 'repository_id text, category text'],
    ['rollout_resolve_subject', 'after insert', 'row', 'repository_id text'],
    ['rollout_chain_history', 'before insert', 'row', 'id bigint'],
    ['rollout_normalize_configuration', 'before insert', 'row', 'salt text'],
    ['rollout_announce_state', 'after insert', 'row', 'a int'],
    ['rollout_refuse_history_change', 'after insert', 'row', 'a int'],
  ])(
    'the trigger function %s cannot be put on a temporary table, whatever grants the login has',
    async (name, when, each, columns) => {
      for (const role of ['rollout_reader', 'rollout_recorder', 'rollout_controller', null]) {
        const client = await memberOf(db, role);
        await expect(
          client.query(
            `create temp table forged (${columns}); create trigger t ${when} on forged for each ${each} execute function public.${name}()`,
          ),
        ).rejects.toThrow(/permission denied for function/);
      }
    },
  );

  it('no function that runs as its owner is executable by PUBLIC', async () => {
    expect(
      await db.rows(
        `select p.oid::regprocedure from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef
         and exists (select from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a where a.grantee = 0)`,
      ),
    ).toEqual([]);
  });
});

/** Functions and operators of pg_catalog, with types that fit a call of ours better than the variadic or wider original. */
const CAPTURES = [
  `function public.jsonb_build_array(bigint, text, text, numeric, numeric, text, text, text, text, integer, jsonb, numeric)
     returns jsonb language plpgsql as $$ begin perform public.caught(); return '[]'::jsonb; end $$`,
  `function public.jsonb_build_object(text, jsonb, text, jsonb, text, text, text, boolean)
     returns jsonb language plpgsql as $$ begin perform public.caught(); return '{}'::jsonb; end $$`,
  `function public.format(text, bigint) returns text language plpgsql as $$ begin perform public.caught(); return ''; end $$`,
  `function public.format(text, text, text) returns text language plpgsql as $$ begin perform public.caught(); return ''; end $$`,
  `function public.hashtextextended(text, integer) returns bigint language plpgsql as $$ begin perform public.caught(); return 0; end $$`,
  `function public.cardinality(text[]) returns integer language plpgsql as $$ begin perform public.caught(); return 0; end $$`,
  `function public.encode(bytea, text) returns text language plpgsql as $$ begin perform public.caught(); return ''; end $$`,
  `function public.times(numeric, integer) returns numeric language plpgsql as $$ begin perform public.caught(); return 0; end $$`,
  `operator public.* (leftarg = numeric, rightarg = integer, function = public.times)`,
  `function public.rollout_reason(boolean, boolean, text, numeric, text[], text[], text[], text, text, text, varchar)
     returns text language plpgsql as $$ begin perform public.caught(); return ''; end $$`,
];

describe('a role that may create in schema public', () => {
  it('a role that may create in schema public gains nothing by functions that shadow those of pg_catalog', async () => {
    const attacker = await memberOf(db, null);
    await attacker.query(`create table public.catches (who text)`);
    await attacker.query(`grant insert on public.catches to public`);
    await attacker.query(`create function public.caught() returns void language sql as
      $$ insert into public.catches values (current_user) $$`);
    for (const capture of CAPTURES) await attacker.query(`create ${capture}`);
    const before = (await historyOf(db.pool)).length;
    const [honest] = await db.rows(`select bucket from rollout_evaluate('capture', 'r1')`);

    for (const role of ['rollout_reader', 'rollout_recorder', 'rollout_controller']) {
      const pool = await memberOf(db, role);
      expect(await verifyHistory(pool)).toMatchObject({ valid: true });
      const { rows } = await pool.query(`select bucket from rollout_evaluate('capture', 'r1')`);
      expect(rows[0]).toEqual(honest);
      await pool.query(
        `select rollout_bucket('capture', 'r1'), is_repository_eligible_for_rollout('r1', 'capture')`,
      );
      await pool.query(`select * from rollout_count_eligible('capture')`);
    }
    await (await memberOf(db, 'rollout_recorder')).query(
      `select rollout_record_override('capture', 'ROLLOUT_PERCENTAGE', '5', true)`,
    );
    const controller = await memberOf(db, 'rollout_controller');
    await controller.query(`update rollout_configuration set rollout_percentage = 25`);
    await controller.query(`select * from categorize_all_repositories()`);
    await controller.query(`select * from rollout_emergency_stop('capture', 'why')`);
    await controller.query(`select * from rollout_maintain()`);

    expect(await db.rows(`select distinct who from public.catches`)).toEqual([]);
    expect((await historyOf(db.pool)).length).toBe(before + 3);
    expect(await verifyHistory(db.pool)).toMatchObject({ valid: true });
    // The twin: where somebody calls one of them by name, it runs, as whoever called it.
    await attacker.query(`select public.format('x', 1::bigint)`);
    expect(await db.rows(`select count(*)::int as catches from public.catches`)).toEqual([{ catches: 1 }]);
  });
});

describe('rollout_controller, by SQL of its own', () => {
  it.each([
    [`update repository_categories set category = 'test'`],
    [`update repository_categories set full_name = null`],
    [`update repository_categories set star_count = 1`],
    [`update rollout_state set global_stop = false`],
    [`update rollout_state set test_repositories = '{r1}'`],
    [`update rollout_state set history_id = 99`],
    [`update rollout_configuration set history_id = null`],
    [`update rollout_incidents set held = held || '{"percentage": 100}'`],
    [
      `insert into rollout_incidents (feature_name, kind, reason, held, opened_by) values ('capture', 'drift', '', '{}', 'x')`,
    ],
    [`insert into rollout_history (feature_name, action, triggered_by) values ('capture', 'note', 'x')`],
    [`select rollout_append_history('capture', 'created', 'forged')`],
    [
      `insert into rollout_jobs (id, feature_name, subject_id, epoch, arm, processor_type, routed_at) values ('1', 'capture', 'r1', 1, 'treatment', 'p', now())`,
    ],
  ])('the role rollout_controller is refused: %s', async (sql) => {
    await expect((await memberOf(db, 'rollout_controller')).query(sql)).rejects.toThrow(/permission denied/);
  });

  it('a change of an incident by rollout_controller’s own SQL leaves a row of history', async () => {
    const controller = await memberOf(db, 'rollout_controller');
    await applyFeature(db.pool, 'held', { percentage: 50 });
    await controller.query(`select * from rollout_emergency_stop('held', 'why')`);
    for (const [change, told] of [
      [
        `permit = jsonb_build_object('ceiling', before || '{"percentage": 100}', 'granted_by', 'me', 'reason', 'mine',
          'expires_at', now() + interval '1 day')`,
        { permit: { ceiling: { percentage: 100 } } },
      ],
      [`state = 'resumed'`, { state: 'resumed' }],
    ] as const) {
      const before = await historyOf(db.pool, 'held');
      await controller.query(`update rollout_incidents set ${change} where feature_name = 'held'`);
      const added = (await historyOf(db.pool, 'held')).slice(before.length);
      expect(added).toMatchObject([
        {
          action: 'note',
          reason: expect.stringMatching(/^incident \d+ was changed by SQL$/),
          metadata: { after: told },
        },
      ]);
      expect(added[0]?.session_role).toMatch(/^rollout_controller_member/);
    }
    // The twin: what decides nothing leaves none.
    const before = await historyOf(db.pool, 'held');
    await controller.query(
      `update rollout_incidents set write_back_attempts = 7 where feature_name = 'held'`,
    );
    expect(await historyOf(db.pool, 'held')).toHaveLength(before.length);
    await controller.query(
      `select rollout_open_incident('held', 'drift', 'info', 'mine', e.of, e.of)
       from (select rollout_exposure(c) as of from rollout_configuration c where feature_name = 'held') e`,
    );
    expect((await historyOf(db.pool, 'held')).slice(before.length)).toMatchObject([
      { action: 'note', reason: expect.stringContaining('was opened by SQL') },
    ]);
  });

  it('rollout_controller cannot make history state another spec than the row by a claim of its session', async () => {
    const client = await memberOf(db, 'rollout_controller');
    await applyFeature(db.pool, 'claimed', { percentage: 50 });
    await client.query(`begin; select set_config('rollout.metadata', '{"spec": {"percentage": 1}, "before": {}, "mine": 1}', true);
      update rollout_configuration set rollout_percentage = 75 where feature_name = 'claimed'; commit`);
    const [row] = (await historyOf(db.pool, 'claimed')).slice(-1);
    expect(row?.metadata).toMatchObject({ spec: { percentage: 75 }, before: { percentage: 50 }, mine: 1 });
  });

  it('rollout_controller can add notes to history, but no row that reports a change', async () => {
    const controller = await memberOf(db, 'rollout_controller');
    await controller.query(`select rollout_add_history('capture', 'note', 'a remark', '{"spec": {}}')`);
    const [row] = (await historyOf(db.pool, 'capture')).slice(-1);
    expect(row).toMatchObject({ action: 'note', metadata: { claimed: { spec: {} } } });
    await expect(
      controller.query(`select rollout_add_history('capture', 'resumed', 'forged')`),
    ).rejects.toThrow('resumed is written with the change that it tells of, never alone');
  });
});

describe('rollout_recorder', () => {
  const outcomes = (jobs: string, errors: string) =>
    `select rollout_record_outcomes(gen_random_uuid(), '{capture,capture}', '{r1,r2}', '{p,p}', '{treatment,treatment}',
       '{1,1}', '{"",""}', '{"",""}', array[now(), now()], '{1,${jobs}}', '{0,${errors}}', '{0,0}', '{0,0}', '{null,null}', '{null,null}')`;

  it('rollout_recorder cannot poison a window: counts are bounded, and the refusal names the line', async () => {
    const recorder = await memberOf(db, 'rollout_recorder');
    for (const jobs of ['2147483647', '9000000000000000000', '10000001', '0']) {
      await expect(recorder.query(outcomes(jobs, '0'))).rejects.toThrow(
        `line 2: impossible counts for 'capture': ${jobs} jobs, 0 errors, 0 timed, 0 ms`,
      );
    }
    expect(await db.rows('select from rollout_metrics')).toEqual([]);
    for (let time = 0; time < 3; time++) await recorder.query(outcomes('10000000', '0'));
    expect(await db.rows(`select max(total_jobs)::float8 as jobs from rollout_metrics`)).toEqual([
      { jobs: 30_000_000 },
    ]);
    const lines = Array(11).fill('10000000').join();
    const of = (value: string) => `array_fill(${value}, array[11])`;
    await expect(
      recorder.query(`select rollout_record_outcomes(gen_random_uuid(), ${of(`'capture'::text`)}, ${of(`'r1'::text`)},
        ${of(`'p'::text`)}, ${of(`'treatment'::text`)}, ${of('1')}, ${of(`''::text`)}, ${of(`''::text`)}, ${of('now()')},
        '{${lines}}', ${of('0::bigint')}, ${of('0::bigint')}, ${of('0::float8')}, ${of('null::text')}, ${of('null::timestamptz')})`),
    ).rejects.toThrow('the batch has more than 100000000 jobs');
  });

  it('rollout_recorder writes at most a hundred rows of history a day, in one statement or in many', async () => {
    const recorder = await memberOf(db, 'rollout_recorder');
    await recorder.query(
      `select rollout_record_override('capture', 'V' || n, 'x', true) from generate_series(1, 5000) n`,
    );
    await recorder.query(`select rollout_record_override(null, 'W', 'x', true)`);
    const written = (await historyOf(db.pool)).filter(({ action }) => action === 'env_override');
    expect(written).toHaveLength(100);
    await expect(recorder.query(`select rollout_record_override('nowhere', 'V', 'x', true)`)).rejects.toThrow(
      `there is no feature 'nowhere'`,
    );
  });
});
