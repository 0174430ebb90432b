import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forget } from '../../../src/app/registry/forget.ts';
import { verifyHistory } from '../../../src/store/configuration/history.ts';
import { connect, openPool } from '../../../src/store/db/client.ts';
import { migrate } from '../../../src/store/db/migrate.ts';
import { createStore, type Store } from '../../../src/store/store.ts';
import { importRows, repository } from '../../helpers/data/features.ts';
import { record } from '../../helpers/data/traffic.ts';
import { databaseUrl } from '../../helpers/database/server.ts';
import { DEBIAN_POSTGRES, debianServer } from '../../helpers/debian/debian.ts';
import { fileOf, type GitProject, gitProject } from '../../helpers/projects/project.ts';

const ID = '884422661';
const NAME = 'Jane-Doe/Secret.Garden';
const TRACE = /884422661|jane-doe\/secret\.garden(?![\w-])/i;

/** Everything that the database has, as text: each table with each row. */
async function everything(pool: GitProject['db']['pool']): Promise<string> {
  const { rows } = await pool.query<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace`,
  );
  const texts = await Promise.all(
    rows.map(({ name }) =>
      pool.query<{ line: string }>(`select '${name} ' || to_jsonb(t)::text as line from ${name} t`),
    ),
  );
  return texts.flatMap((found) => found.rows.map(({ line }) => line)).join('\n');
}

const tracesIn = (text: string) => text.split('\n').filter((line) => TRACE.test(line));

/** Puts the subject into every table that can name one. */
async function leaveTraces({ db }: GitProject): Promise<void> {
  await db.rows(
    `insert into rollout_category_history (repository_id, category, until) values ($1, 'small', now())`,
    [ID],
  );
  await record(db, 'checkout', { jobs: 3, errors: 1, subject: ID } as never);
  const said = `the job of ${NAME} (${ID}) failed: https://github.com/${NAME}/issues/3`;
  await db.rows(
    `insert into rollout_errors (feature_name, processor_type, arm, day, message, last_at) values ('checkout', 'p', 'treatment', now(), $1, now())`,
    [said],
  );
  await db.rows(
    `insert into rollout_jobs (id, feature_name, subject_id, epoch, arm, processor_type, routed_at, last_error) values ($2, 'checkout', $3, 1, 'treatment', 'p', now(), $1)`,
    [said, `${NAME}#1`, ID],
  );
  await db.rows(`insert into rollout_outcome_ids (feature_name, id) values ('checkout', $1)`, [
    `job of ${ID}`,
  ]);
  await db.rows(
    `insert into rollout_metrics (feature_name, subject_id, processor_type, arm, epoch, metrics_window_start, last_error_message) values ('checkout', $2, 'q', 'treatment', 1, date_bin('5 minutes', now(), 'epoch'), $1)`,
    [said, ID],
  );
  await db.rows(
    `insert into rollout_observations (feature_name, metric, epoch, window_start, subject_id, arm, events, bad) values ('checkout', 'm', 1, date_bin('5 minutes', now(), 'epoch'), $1, 'treatment', 1, 1)`,
    [ID],
  );
  await db.rows(
    `insert into rollout_events (feature_name, customer_id, event, metadata) values ('checkout', $1, 'error', $2)`,
    [ID, { who: said }],
  );
  await db.rows(
    `insert into rollout_batches (sender, numbers, answered, answer) values (gen_random_uuid(), '{[0,0]}', 0, $1)`,
    [{ refused: [{ subject: ID, why: said }] }],
  );
  await db.rows(
    `insert into rollout_outbox (dedupe_key, severity, kind, message, details) values ('k', 'info', 'test', $1, $2)`,
    [said, { worst: [{ subject: ID, name: NAME }] }],
  );
  await db.rows(
    `insert into rollout_health_checks (feature_name, epoch, verdict, reason_code, reason, severity, scope, action, jobs, errors, scores, evidence) values ('checkout', 1, 'warning', 'x', $1, 'info', 'all', 'none', 1, 1, '{}', $2)`,
    [said, { subjects: { [ID]: 3 }, worst: [NAME.toLowerCase()] }],
  );
  await db.rows(
    `insert into rollout_history (action, triggered_by, reason, metadata) values ('note', 'ada', $1, $2)`,
    [said, { by: [ID], [NAME]: 1 }],
  );
  await db.rows(
    `insert into rollout_refusals (feature_name, entry, policy) values ('gone', $1, '{"largest_raise": {}, "require": [], "hours": null, "largest_category_last": false}')`,
    [{ whitelist: [NAME] }],
  );
}

const sealsOf = (row: { metadata: Record<string, unknown> } | undefined) =>
  (row?.metadata.seals ?? []) as [number, string][];

const answer = (subject: string) => ({
  subject: 'repository' as const,
  who: subject,
  reason: `asked for by ${NAME}`,
  agree: async () => true,
});

async function lived(): Promise<GitProject> {
  const one = await gitProject();
  await importRows(one.db.pool, [
    repository(ID, { name: NAME }),
    repository('77', { name: 'jane-doe/secret.garden-2' }),
  ]);
  const lists = { whitelist: [NAME, '77'], blacklist: ['999999'] };
  await one.commit(
    fileOf(
      { checkout: { percentage: 10, ...lists }, beta: { percentage: 0, blacklist: [ID] } },
      { test_repositories: [NAME] },
    ),
  );
  await one.reconcile();
  await createStore(one.db.pool).incidents.stop('checkout', `${NAME} is broken`, 'ada');
  await leaveTraces(one);
  return one;
}

const clean = fileOf({
  checkout: { percentage: 10, whitelist: ['77'], blacklist: ['999999'] },
  beta: { percentage: 0 },
});

describe('forgetting a subject', () => {
  let one: GitProject;
  let head: string | null;

  beforeAll(async () => {
    one = await lived();
  });

  it('forget is refused while the file names the subject, and lists every line', async () => {
    await expect(forget(one.controller, answer(NAME))).rejects.toMatchObject({
      code: 'held',
      message: expect.stringMatching(
        /^the file still names "Jane-Doe\/Secret\.Garden": .*rollout\.yaml:\d+, .*rollout\.yaml:\d+/,
      ),
      hint: expect.stringContaining('stay in the history of the repository'),
    });
  });

  it('forget is refused while the database still lists a subject that left the file', async () => {
    await one.commit(clean);
    await expect(forget(one.controller, answer(ID))).rejects.toMatchObject({
      code: 'held',
      hint: 'the file no longer has it; run: rollout reconcile',
    });
  });

  it('forget is not done without a confirmation', async () => {
    await one.reconcile();
    head = (await one.verify()).head;
    const said = await one.cli(['forget', NAME, '--reason', 'asked for']);
    expect([said.code, said.stderr]).toEqual([1, expect.stringContaining('this cannot be undone')]);
    expect(tracesIn(await everything(one.db.pool)).length).toBeGreaterThan(15);
  });

  it('forget leaves no trace of id or name in any table, and the chain verifies with its earlier head', async () => {
    const counts = () =>
      one.db.rows(
        `select sum(total_jobs)::int as jobs, count(distinct subject_id)::int as subjects from rollout_metrics`,
      );
    const before = await counts();
    const done = await one.cli(['forget', NAME, '--reason', `asked for by ${NAME}`, '--yes', '--json']);
    expect([done.code, done.stderr]).toEqual([0, '']);
    expect(JSON.parse(done.stdout).erased.map(({ place }: { place: string }) => place)).toEqual(
      expect.arrayContaining([
        'registry',
        'rollout_history',
        'rollout_incidents',
        'rollout_observations',
        'rollout_outbox',
        'rollout_refusals',
      ]),
    );
    expect(tracesIn(await everything(one.db.pool))).toEqual([]);
    expect(await verifyHistory(one.db.pool, head ?? '')).toMatchObject({ valid: true });
    expect(await counts()).toEqual(before);
  });

  it('forget keeps every other subject, even one whose name begins with the same letters', async () => {
    const others = await one.db.rows(`select full_name from repository_categories`);
    expect(others).toEqual([{ full_name: 'jane-doe/secret.garden-2' }]);
    expect(
      (
        await one.db.rows(
          `select target_repositories from rollout_configuration where feature_name = 'checkout'`,
        )
      )[0]?.target_repositories,
    ).toContain('77');
  });

  it('forget leaves a plan without changes and without drift', async () => {
    const { changes } = await one.plan();
    expect(changes.filter(({ action }) => action !== 'held')).toEqual([]);
  });

  it('forget is noted in history by a row that names nobody', async () => {
    const row = (await one.history()).find(({ action }) => action === 'forgotten');
    expect(row).toMatchObject({ reason: expect.stringMatching(/^asked for by forgotten-[0-9a-f]{12}$/) });
    expect(sealsOf(row).length).toBeGreaterThan(3);
  });

  it("forget's note has row numbers as numbers, so forgetting a subject of that id keeps them", async () => {
    const row = (await one.history()).find(({ action }) => action === 'forgotten');
    const numbers = sealsOf(row).map(([id]) => id);
    expect(numbers.every((id) => Number.isInteger(id))).toBe(true);
    const seals = [...numbers, 123_456].map((id) => [id, 'ab']);
    const [erased] = await one.db.rows(`select rollout_erased($1::jsonb, '123456', '{}', 'gone') as said`, [
      { seals, by: '123456' },
    ]);
    expect(erased?.said).toEqual({ seals, by: 'gone' });
  });

  it('forget works again for another subject in the same rows, and the chain still verifies', async () => {
    await one.db.rows(
      `insert into rollout_history (action, triggered_by, reason) values ('note', 'ada', 'about another-one')`,
    );
    await one.commit(fileOf({ checkout: { percentage: 10, whitelist: ['77'] }, beta: { percentage: 0 } }));
    await one.reconcile();
    await forget(one.controller, answer('another-one'));
    expect(await everything(one.db.pool)).not.toContain('another-one');
    expect(await verifyHistory(one.db.pool, head ?? '')).toMatchObject({ valid: true });
  });

  it('forget does not hide a row that is changed afterwards', async () => {
    const client = await one.db.client();
    const [row] = await one.db.rows<{ id: string }>(
      `select h.metadata #>> '{seals,0,0}' as id from rollout_history h where h.action = 'forgotten' order by h.id limit 1`,
    );
    await client.query(`begin; alter table rollout_history disable trigger user;
      update rollout_history set reason = 'never happened' where id = ${row?.id}`);
    expect(await verifyHistory(client)).toMatchObject({ valid: false, first_bad: Number(row?.id) });
    await client.query('rollback');
  });

  it('forget is refused when the history chain does not hold, because it would hide that', async () => {
    const client = await one.db.client();
    await client.query(`begin; alter table rollout_history disable trigger user;
      update rollout_history set reason = 'never happened' where id = 1;
      alter table rollout_history enable trigger user`);
    await expect(client.query(`select * from rollout_forget('12345678', '{}', 'x')`)).rejects.toThrow(
      'the history does not hold',
    );
    await client.query('rollback');
  });
});

describe('a column that is not searched for names', () => {
  it('a column not searched for names has words of the controller or of code, or is erased directly', async () => {
    const one = await gitProject();
    const left = await one.db.rows<{ table: string; column: string }>(
      `select c.relname as table, a.attname as column
       from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
       where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
         and a.atttypid in ('text'::regtype, 'text[]'::regtype, 'jsonb'::regtype)
         and (c.oid, a.attname::text) not in (select relation, column_name from rollout_naming_columns())
       order by 1, 2`,
    );
    const own = ['rollout_configuration', 'rollout_incidents', 'rollout_state', 'rollout_history'];
    const registry = [
      'repository_categories',
      'rollout_customers',
      'rollout_category_history',
      'rollout_facts_history',
      'rollout_allowed',
    ];
    const others = left.filter(({ table }) => ![...own, ...registry].includes(table));
    expect([...new Set(others.map(({ column }) => column))].sort()).toEqual(
      'action arm basis breakers categories category control_categories event excuse feature_name job_class keeping kind lines measure metric process processor_type reason_code scope severity state verdict'.split(
        ' ',
      ),
    );
    const erased =
      `target_repositories excluded_repositories metadata spec resolved quarantined seal held before permit reason evidence
      write_back_error test_repositories freezes global_stop_reason`.split(/\s+/);
    const kept = left.filter(({ table, column }) => own.includes(table) && !erased.includes(column));
    expect(kept.map(({ table, column }) => `${table.replace('rollout_', '')}.${column}`)).toEqual(
      `configuration.audience configuration.categories configuration.feature_name configuration.revision configuration.rollout_strategy
      configuration.salt configuration.spec_digest configuration.subject_type history.action history.feature_name
      history.revision history.session_role history.triggered_by history.verified_by incidents.feature_name
      incidents.issue_digest incidents.issue_state incidents.kind incidents.merged_digest incidents.opened_by incidents.resumed_by
      incidents.settled_by incidents.severity incidents.state incidents.write_back incidents.write_back_commit
      incidents.write_back_url state.deployments state.environment state.global_stop_by state.notify state.outcomes state.plans_seen state.policy state.revision
      state.tick_holder`.split(/\s+/),
    );
  });
});

describe('history that says what was erased', () => {
  it('a session that claims to have erased something cannot write that into history', async () => {
    const one = await lived();
    const client = await one.db.client();
    await client.query(`begin; select set_config('rollout.action', 'forgotten', true), set_config('rollout.metadata', '{"seals": [[1, "00"]]}', true);
      update rollout_configuration set metadata = '{"a": 1}' where feature_name = 'beta'; commit`);
    await client.query(
      `insert into rollout_history (action, triggered_by, metadata) values ('forgotten', 'eve', '{"seals": [[1, "00"]]}')`,
    );
    await expect(client.query(`select rollout_add_history(null, 'forgotten', 'x')`)).rejects.toThrow();
    const rows = await one.db.rows(
      `select action, metadata ? 'seals' as seals from rollout_history order by id desc limit 2`,
    );
    expect(rows.map(({ action }) => action)).toEqual(['note', 'updated']);
    expect(rows[1]?.seals).toBe(false);
    expect(await one.verify()).toMatchObject({ valid: true });
  });

  it('a statement that looks like the erasing one cannot change history', async () => {
    const one = await lived();
    const statement = `update public.rollout_history h set reason = public.rollout_erased(h.reason, 'x', '{}', 'y'), salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) where h.id = any (touched)`;
    const tail = 'PL/pgSQL function public.rollout_forget(text,text[],text,text) line 1 at SQL statement';
    for (const text of [
      `do $do$ declare touched bigint[] := '{1}'; begin ${statement}; end $do$`,
      `do $do$ begin execute $sql$/* ${statement}"\n${tail} */ update public.rollout_history set reason = 'x'$sql$; end $do$`,
      `do $do$ begin execute $sql$update public.rollout_history set reason = 'x' --${statement}"\n--${tail}$sql$; end $do$`,
    ])
      await expect(one.db.pool.query(text)).rejects.toThrow('append-only');
  });
});

describe.skipIf(DEBIAN_POSTGRES === null)(
  `a dump by Debian's pg_dump (skipped where it is not installed)`,
  () => {
    const open: { end(): Promise<void> }[] = [];
    afterAll(async () => {
      for (const one of open) await one.end();
    });

    it('a dump by pg_dump has no trace of id or name after the subject was forgotten', async () => {
      const url = databaseUrl(await debianServer(), 'postgres');
      const client = await connect(url);
      open.push(client);
      await migrate(client);
      const pool = openPool(url);
      open.push(pool);
      const store: Store = createStore(pool);
      await importRows(pool, [repository(ID, { name: NAME })]);
      await store.history.note({
        feature: null as never,
        actor: 'ada',
        text: `about ${NAME}`,
        metadata: { subject: ID },
      });
      const dump = async () =>
        (await promisify(execFile)(join(DEBIAN_POSTGRES ?? '', 'pg_dump'), [url], { maxBuffer: 1 << 26 }))
          .stdout;
      expect(tracesIn(await dump()).length).toBeGreaterThan(1);
      const repository_ = {
        readTip: async () => ({ path: 'rollout.yaml', content: Buffer.from('version: 1\n'), revision: null }),
      };
      await forget({ store, repository: repository_, actor: 'ada' }, answer(NAME));
      expect(tracesIn(await dump())).toEqual([]);
      expect(await verifyHistory(pool)).toMatchObject({ valid: true });
    });
  },
);
