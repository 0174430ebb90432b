import type pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRights } from '../../../src/store/db/rights.ts';
import { applyFeature, importRows, memberOf, repository } from '../../helpers/data/features.ts';
import { type TestDatabase, testDatabase } from '../../helpers/database/database.ts';

/** What each role may do beside reading: the whole of it, so that a new function or table has to be put here too. */
const READING = [
  'is_repository_eligible_for_rollout',
  'rollout_admits',
  'rollout_attributes',
  'rollout_audience_of',
  'rollout_audiences',
  'rollout_band',
  'rollout_bucket',
  'rollout_category',
  'rollout_count_audiences',
  'rollout_count_eligible',
  'rollout_count_features',
  'rollout_count_participants',
  'rollout_evaluate',
  'rollout_exposure',
  'rollout_facts_since',
  'rollout_filter',
  'rollout_grants',
  'rollout_history_digest',
  'rollout_history_seal',
  'rollout_is_audience',
  'rollout_is_exposure',
  'rollout_is_filter',
  'rollout_is_named',
  'rollout_lone_subjects',
  'rollout_participants',
  'rollout_patience',
  'rollout_reason',
  'rollout_resolve_jobs',
  'rollout_rights',
  'rollout_seal',
  'rollout_sealed',
  'rollout_silent_hosts',
  'rollout_subject_group',
  'rollout_texts',
  'rollout_verify_history',
  'rollout_window',
  'rollout_wrong_arms',
];
const RECORDING = [
  'rollout_note_process',
  'rollout_open_jobs',
  'rollout_record_ends',
  'rollout_record_event',
  'rollout_record_jobs',
  'rollout_record_observations',
  'rollout_record_outcomes',
  'rollout_record_override',
  'rollout_record_routes',
  'rollout_record_step',
  'rollout_refused_events',
  'rollout_refused_jobs',
  'rollout_trip',
];
const CONTROLLING = [
  'categorize_all_repositories',
  'categorize_repository',
  'rollout_add_history',
  'rollout_begin_source',
  'rollout_count_customers',
  'rollout_create_partitions',
  'rollout_emergency_stop',
  'rollout_end_source',
  'rollout_forget',
  'rollout_forget_ids',
  'rollout_heard_customers',
  'rollout_keep_counts',
  'rollout_keep_participation',
  'rollout_lift_global_stop',
  'rollout_lock_holders',
  'rollout_lock_registry',
  'rollout_maintain',
  'rollout_measure_times',
  'rollout_merge_repositories',
  'rollout_names_of',
  'rollout_open_incident',
  'rollout_quarantine_subjects',
  'rollout_release_subjects',
  'rollout_reopen_incident',
  'rollout_resolve_pending',
  'rollout_restart_soaks',
  'rollout_set_test_repositories',
  'rollout_soak_ends',
  'rollout_take_lease',
  'rollout_time_out_jobs',
];

let db: TestDatabase;
let relations: { name: string; kind: string; column: string; partition: boolean }[];
let functions: { name: string; call: string }[];

beforeAll(async () => {
  db = await testDatabase();
  await applyFeature(db.pool, 'capture', { percentage: 50 });
  await importRows(db.pool, [repository('r1')]);
  relations = await db.rows(
    `select c.relname as name, c.relkind as kind, c.relispartition as partition, coalesce((
       select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         and a.attidentity = '' and a.attgenerated = ''
       order by a.attnum limit 1), '') as column
     from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S') order by 1`,
  );
  functions = await db.rows(
    `select p.proname as name, format('%s(%s)', p.oid::regproc, (
       select string_agg('null::' || t::regtype, ', ' order by place)
       from unnest(p.proargtypes) with ordinality a(t, place))) as call
     from pg_proc p where p.pronamespace = 'public'::regnamespace order by 1, 2`,
  );
});

/** Whether a statement gets past the check of rights; whatever else it ends with, it is rolled back. */
async function may(client: pg.PoolClient, sql: string): Promise<boolean> {
  await client.query('begin');
  const code = await client.query(sql).then(
    () => null,
    (error: pg.DatabaseError) => error.code,
  );
  await client.query('rollback');
  return code !== '42501';
}

/** All that a role may do, found by trying it on every table and function of ours. */
async function tried(role: string | null) {
  const client = await (await memberOf(db, role)).connect();
  const found = { reads: [] as string[], writes: [] as string[], calls: [] as string[] };
  for (const { name, kind, column } of relations) {
    if (await may(client, `select * from ${name} limit 1`)) found.reads.push(name);
    if (kind === 'S') {
      for (const sql of [`select nextval('${name}')`, `select setval('${name}', 1)`]) {
        if (await may(client, sql)) found.writes.push(sql);
      }
      continue;
    }
    // A view of ours cannot be written, whoever asks.
    if (kind === 'v') continue;
    for (const sql of [
      `insert into ${name} (${column}) select ${column} from ${name} where false`,
      `update ${name} set ${column} = ${column} where false`,
      `delete from ${name} where false`,
      `truncate ${name}`,
      `lock table ${name} in access exclusive mode`,
    ]) {
      if (await may(client, sql)) found.writes.push(sql);
    }
  }
  for (const { name, call } of functions) {
    if (await may(client, `select ${call}`)) found.calls.push(name);
  }
  client.release();
  return { ...found, calls: [...new Set(found.calls)] };
}

const readable = () =>
  relations.filter(({ kind, partition }) => kind !== 'S' && !partition).map(({ name }) => name);

describe('what a role can do, tried on every table and function', () => {
  it('a login without a grant can use no table and no function', async () => {
    expect(await tried(null)).toEqual({ reads: [], writes: [], calls: [] });
  });

  it('rollout_reader can read every table, write none, and call the reading functions', async () => {
    expect(await tried('rollout_reader')).toEqual({ reads: readable(), writes: [], calls: READING });
  });

  it('rollout_recorder can read every table, write none, and call the reading and recording functions', async () => {
    expect(await tried('rollout_recorder')).toEqual({
      reads: readable(),
      writes: [],
      calls: [...READING, ...RECORDING].sort(),
    });
  });

  it('rollout_controller can call its functions and write a whole row only in listed tables', async () => {
    expect(await tried('rollout_controller')).toEqual({
      reads: readable(),
      writes: [
        'insert into rollout_back_tests (feature_name) select feature_name from rollout_back_tests where false',
        'insert into rollout_customers (customer_id) select customer_id from rollout_customers where false',
        'insert into rollout_health_checks (feature_name) select feature_name from rollout_health_checks where false',
        'insert into rollout_metric_reads (feature_name) select feature_name from rollout_metric_reads where false',
        'insert into rollout_outbox (dedupe_key) select dedupe_key from rollout_outbox where false',
        'insert into rollout_past_subjects (feature_name) select feature_name from rollout_past_subjects where false',
        'insert into rollout_pasts (feature_name) select feature_name from rollout_pasts where false',
        'insert into rollout_refusals (feature_name) select feature_name from rollout_refusals where false',
        'insert into rollout_score_checkpoints (feature_name) select feature_name from rollout_score_checkpoints where false',
        'insert into rollout_score_windows (feature_name) select feature_name from rollout_score_windows where false',
      ],
      calls: [...READING, ...RECORDING, ...CONTROLLING].sort(),
    });
  });

  it('rollout_controller writes listed columns, and never one that changes exposure without a record', async () => {
    const rows = await db.rows<{ columns: string }>(
      `select table_name || '(' || string_agg(distinct column_name, ', ' order by column_name) || ')' as columns
       from information_schema.column_privileges
       where grantee = 'rollout_controller' and privilege_type in ('INSERT', 'UPDATE') and table_schema = 'public'
       group by table_name order by 1`,
    );
    const written = rows.map(({ columns }) => columns);
    expect(written.map((columns) => columns.split('(')[0])).toEqual([
      'rollout_back_tests',
      'rollout_configuration',
      'rollout_customers',
      'rollout_health_checks',
      'rollout_incidents',
      'rollout_metric_reads',
      'rollout_outbox',
      'rollout_past_subjects',
      'rollout_pasts',
      'rollout_quarantine',
      'rollout_refusals',
      'rollout_score_checkpoints',
      'rollout_score_windows',
      'rollout_state',
    ]);
    expect(written.join()).not.toMatch(/history_id|history_digest|global_stop|test_repositories|category/);
  });
});

describe('the catalog', () => {
  it('PUBLIC and foreign roles hold no right on our tables, views, sequences and functions', async () => {
    const held = await db.rows(
      `select c.relname as name, a.grantee::regrole::text as role
       from pg_class c, aclexplode(c.relacl) a
       where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
       union
       select p.oid::regprocedure::text, a.grantee::regrole::text
       from pg_proc p, aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) a
       where p.pronamespace = 'public'::regnamespace and a.grantee <> p.proowner
       order by 1`,
    );
    const ours = ['rollout_reader', 'rollout_recorder', 'rollout_controller'];
    expect(held.length).toBeGreaterThan(100);
    expect(held.filter(({ role }) => !ours.includes(role))).toEqual([]);
    // Up to PostgreSQL 14 everybody may create in public.
    await db.rows('revoke create on schema public from public');
    expect(await readRights(db.pool)).toEqual({ open: [], others: [], missing: 0, creators: [] });
  });

  it('every function is bound when it is created, or looks names up in pg_catalog alone', async () => {
    expect(
      await db.rows(
        `select proname from pg_proc where pronamespace = 'public'::regnamespace
         and not coalesce(proconfig @> array['search_path=pg_catalog, pg_temp'], false) and prosqlbody is null`,
      ),
    ).toEqual([]);
  });
});
