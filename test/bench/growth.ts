import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import Table from 'cli-table3';
import type pg from 'pg';
import { healthRound } from '../../src/app/health/health-round.ts';
import { type PlanDependencies, planFile } from '../../src/app/reconcile/plan.ts';
import { reconcile } from '../../src/app/reconcile/reconcile.ts';
import { importSubjects } from '../../src/app/registry/import-subjects.ts';
import { readReport } from '../../src/app/views/report.ts';
import { stats, status } from '../../src/app/views/status.ts';
import { words } from '../../src/report/kept.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { openWorkingTree } from '../../src/worktree/working-tree.ts';
import { fillRegistry, withDatabase } from './database.ts';
import { cpuOfServer, postmasterOf } from './processor-time.ts';

/**
 * What people look at, with many features, subjects and outcomes.
 *
 *   npx tsx test/bench/growth.ts [features] [repositories] [rows of rollout_metrics] [days of evidence]
 */
const [FEATURES = 98, REPOSITORIES = 50_000, ROWS = 1_000_000, DAYS = 7] = process.argv.slice(2).map(Number);
const KEYS = Array.from({ length: FEATURES }, (_, i) => `feature_${i}`);
const STEPS = [1, 5, 10, 25, 50, 75, 100];
/** A statement is printed that took at least so long, in all its runs together. */
const SLOW_MS = 300;

const table = new Table({
  head: ['', 'PostgreSQL, CPU s', 'Node, CPU s', 'elapsed, s', 'reach, s', 'load'],
  style: { head: [], border: [] },
});

/** `reach`: seconds at the full size, 98 features with 1,000,000 repositories and 20,000,000 rows. */
async function row(
  postmaster: number,
  what: string,
  work: () => Promise<unknown>,
  reach?: number,
): Promise<void> {
  const [server, own, began] = [cpuOfServer(postmaster), process.cpuUsage(), performance.now()];
  await work();
  const elapsed = (performance.now() - began) / 1_000;
  const { user, system } = process.cpuUsage(own);
  const cells = [
    ...[(cpuOfServer(postmaster) - server) / 1_000, (user + system) / 1e6, elapsed].map((n) => n.toFixed(1)),
    reach === undefined ? '' : `${reach}${elapsed <= reach ? '' : ' MISSED'}`,
    (loadavg()[0] ?? 0).toFixed(0),
  ];
  table.push([what, ...cells]);
  // The whole takes long: each is printed as soon as it is known.
  console.log([what, ...cells].join(', '));
}

await withDatabase(async (pool, _connectionString, embedded) => {
  const measured = (what: string, work: () => Promise<unknown>, reach?: number) =>
    row(postmasterOf(embedded), what, work, reach);
  await fillRegistry(pool, REPOSITORIES);
  await pool.query('select count(*) from categorize_all_repositories()');
  const store = createStore(pool);
  const folder = mkdtempSync(join(tmpdir(), 'rollout-growth-'));
  const file = join(folder, 'rollout.yaml');
  writeFileSync(file, fileWith(STEPS));
  const repository = await openWorkingTree(file);
  const deps = { store, repository, words };
  const input = { actor: 'bench', allowRewind: false, revision: null };
  await measured(`first reconcile of ${FEATURES} features`, () => reconcile(deps, input), 20);
  await measured(`filling: ${REPOSITORIES} repositories, ${ROWS} rows, ${DAYS} days`, () => fill(pool));
  const slow = watched(pool);
  await measured('counts that a tick keeps, first', () => store.features.keepCounts());
  await measured('participation that a tick keeps, first', () => store.outcomes.keepParticipation());
  await measured('status', () => status(store), 2);
  await measured('status, again', () => status(store), 2);
  await measured('report', () => readReport({ store }), 10);
  await measured('stats of one feature', () => stats(store, 'feature_0'));
  await measured('stats of all, with the worst five of each', () => stats(store, undefined, 5));
  writeFileSync(file, fileWith(STEPS.map((step) => Math.min(100, step + 1))));
  const text = await repository.readTip();
  await measured(`plan, all ${FEATURES} changed`, () => planFile(deps, text));
  await measured(`reconcile, all ${FEATURES} changed`, () => reconcile(deps, input));
  const lines = await registryLines(pool);
  await measured(`import of ${lines.length} unchanged`, () => importLines(store, lines), 5);
  await measured('import of 1,000 changed', () => importLines(store, lines.slice(0, 1_000).map(grown)));
  await measured('status after it', () => status(store), 2);
  await measured('judging all, as the first tick does', () => judgeAll(deps));
  await measured('flush of 10,000 outcomes of 10,000 subjects', () => flush(pool));
  const { rows } = await pool.query<{ bytes: number }>(
    'select pg_database_size(current_database())::float8 as bytes',
  );
  console.log(`${table.toString()}\ndisk, MB: ${Math.round((rows[0]?.bytes ?? 0) / 1e6)}`);
  for (const [text, { ms, times }] of slow) {
    if (ms >= SLOW_MS)
      console.log(`${Math.round(ms)} ms in ${times}: ${text.replace(/\s+/g, ' ').slice(0, 140)}`);
  }
  rmSync(folder, { recursive: true, force: true });
});

function fileWith(steps: readonly number[]): string {
  const features = Object.fromEntries(
    KEYS.map((key, i) => [
      key,
      { percentage: steps[i % steps.length], ...(i % 10 === 0 ? { whitelist: ['r1'] } : {}) },
    ]),
  );
  return JSON.stringify({ version: 1, features });
}

interface Line {
  id: string;
  name: string;
  stars: number;
  contributors: number;
  prs: number;
}

async function registryLines(pool: pg.Pool): Promise<Line[]> {
  const { rows } = await pool.query<Line>(
    `select repository_id as id, full_name as name, star_count as stars, contributor_count as contributors, pr_count as prs
     from repository_categories where full_name is not null limit 100000`,
  );
  return rows;
}

function grown(line: Line): Line {
  return { ...line, stars: line.stars + 400 };
}

async function importLines(store: Store, lines: readonly Line[]): Promise<void> {
  const csv = [
    'id,name,star_count,contributor_count,pr_count',
    ...lines.map((line) => Object.values(line).join(',')),
  ];
  await importSubjects(store, {
    ...{ stream: Readable.from([Buffer.from(csv.join('\n'))]), name: 'repositories.csv', format: 'csv' },
    ...{ subject: 'repository', actor: 'bench', skipInvalid: false, allowMissing: false },
  });
}

function judgeAll(deps: PlanDependencies): Promise<unknown> {
  return healthRound(deps, { actor: 'bench', dryRun: true, environment: {} });
}

/** As the library sends it: one sum a subject. */
async function flush(pool: pg.Pool): Promise<void> {
  await pool.query(
    `select rollout_record_outcomes(gen_random_uuid(), array_agg('feature_' || n % $1), array_agg('flushed-' || n),
       array_agg('inngest'::text), array_agg('treatment'::text), array_agg(1), array_agg(''::text), array_agg(''::text),
       array_agg(now()), array_agg(1::bigint), array_agg(0::bigint), array_agg(1::bigint), array_agg(100::float8),
       array_agg(null::text), array_agg(null::timestamptz))
     from generate_series(1, 10000) n`,
    [FEATURES],
  );
}

/** Outcomes of the last day by subject, and of some days by window. */
async function fill(pool: pg.Pool): Promise<void> {
  // In the order of the key: in any other order millions of rows take many times as long.
  await pool.query(
    `insert into rollout_metrics (feature_name, subject_id, processor_type, arm, epoch, category, metrics_window_start,
       total_jobs, error_count, success_count, timed_jobs, processing_ms)
     select 'feature_' || n % $1, r.repository_id, 'inngest', case when n % 2 = 0 then 'treatment' else 'control' end, 1,
       coalesce(r.category, ''), date_bin('5 minutes', now() - random() * interval '23 hours', 'epoch') as at, 3, 0, 3, 3, 900
     from generate_series(1, $2::int) n
     join (select repository_id, category, row_number() over () as place from repository_categories) r
       on r.place = 1 + (n::bigint * 7919) % $3
     order by at, r.repository_id collate "C"
     on conflict do nothing`,
    [FEATURES, ROWS, REPOSITORIES],
  );
  await pool.query(
    `insert into rollout_evidence (feature_name, epoch, arm, processor_type, category, window_start, total_jobs,
       error_count, timed_jobs, processing_ms)
     select feature_name, 1, arm, processor, category, w, 20, 0, 20, 6000
     from rollout_configuration,
       unnest(array['treatment', 'control']) arm, unnest(array['inngest', 'github_actions']) processor,
       unnest(array['small', 'medium']) category,
       generate_series(date_bin('5 minutes', now(), 'epoch') - make_interval(days => $1), now(), interval '5 minutes') w
     on conflict do nothing`,
    [DAYS],
  );
  await pool.query(
    `insert into rollout_evidence_hours (feature_name, epoch, arm, processor_type, category, hour_start, total_jobs,
       error_count, timed_jobs, processing_ms)
     select feature_name, epoch, arm, processor_type, category, date_bin('1 hour', window_start, 'epoch'),
       sum(total_jobs), sum(error_count), sum(timed_jobs), sum(processing_ms)
     from rollout_evidence group by 1, 2, 3, 4, 5, 6`,
  );
  await pool.query(
    `insert into rollout_evidence_buckets (feature_name, epoch, category, bucket_start, jobs, control_jobs)
     select feature_name, epoch, category, date_bin('15 minutes', window_start, 'epoch'),
       sum(total_jobs) filter (where arm = 'treatment'), sum(total_jobs) filter (where arm = 'control')
     from rollout_evidence group by 1, 2, 3, 4`,
  );
  await fillFailures(pool);
  await pool.query('vacuum analyze');
}

/** Of each feature 2,000 spans of 500 subjects with a failure in the last day, and ten classes of errors on each day. */
async function fillFailures(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into rollout_spans (feature_name, epoch, subject_id, started_at, category, slice, jobs, failed, open, touched_at)
     select c.feature_name, 1, r.repository_id, at, coalesce(r.category, ''), 1, 3, 1, 0, at
     from rollout_configuration c
     cross join generate_series(1, 2000) n
     join (select repository_id, category, row_number() over () as place from repository_categories) r
       on r.place = 1 + (n * n) % 500
     cross join lateral (select now() - (n + random()) * interval '41 seconds' as at) a
     on conflict do nothing`,
  );
  await pool.query(
    `insert into rollout_error_classes (feature_name, day, arm, class, hours, first_at, last_at)
     select c.feature_name, day, arm, 'Kind' || n || 'Error', array_fill(n::bigint, array[24]), day, day + interval '1 day'
     from rollout_configuration c, generate_series(current_date - $1::int, current_date, interval '1 day') day,
       unnest(array['treatment', 'control']) arm, generate_series(1, 10) n`,
    [DAYS],
  );
}

/** What each statement took from now on, whoever sent it. */
function watched(pool: pg.Pool): Map<string, { ms: number; times: number }> {
  const took = new Map<string, { ms: number; times: number }>();
  pool.on('connect', (client) => watch(client));
  const watch = (client: pg.PoolClient) => {
    const query = client.query.bind(client) as (...args: unknown[]) => unknown;
    Object.assign(client, {
      query: (...args: unknown[]) => {
        const [first] = args;
        const text = typeof first === 'string' ? first : String(Reflect.get(Object(first), 'text'));
        const began = performance.now();
        const answer = query(...args);
        if (answer instanceof Promise) {
          void answer.then(
            () => {
              const known = took.get(text) ?? { ms: 0, times: 0 };
              took.set(text, { ms: known.ms + performance.now() - began, times: known.times + 1 });
            },
            () => {},
          );
        }
        return answer;
      },
    });
  };
  // Those that are open already: taken out and thrown away, so that new ones come.
  void Promise.all(Array.from({ length: pool.idleCount }, () => pool.connect())).then((clients) => {
    for (const client of clients) client.release(true);
  });
  return took;
}
