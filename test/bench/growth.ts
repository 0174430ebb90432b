import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Table from 'cli-table3';
import type pg from 'pg';
import { reconcile } from '../../src/app/reconcile/reconcile.ts';
import { readReport } from '../../src/app/views/report.ts';
import { status } from '../../src/app/views/status.ts';
import { words } from '../../src/report/kept.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { openWorkingTree } from '../../src/worktree/working-tree.ts';
import { fillRegistry, withDatabase } from './database.ts';
import { once } from './table.ts';

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

const table = new Table({ head: ['', 'ms'], style: { head: [], border: [] } });
const row = (what: string, ms: number) => void table.push([what, Math.round(ms)]);

await withDatabase(async (pool) => {
  await fillRegistry(pool, REPOSITORIES);
  await pool.query('select count(*) from categorize_all_repositories()');
  const store = createStore(pool);
  row(`first reconcile of ${FEATURES} features`, await once(() => reconcileAll(store)));
  row(`filling: ${REPOSITORIES} repositories, ${ROWS} rows, ${DAYS} days`, await once(() => fill(pool)));
  const slow = watched(pool);
  row('status', await once(() => status(store)));
  row('status, again', await once(() => status(store)));
  row('report', await once(() => readReport({ store }, { simulate: false })));
  const { rows } = await pool.query<{ bytes: number }>(
    'select pg_database_size(current_database())::float8 as bytes',
  );
  table.push(['disk, MB', Math.round((rows[0]?.bytes ?? 0) / 1e6)]);
  console.log(table.toString());
  for (const [text, { ms, times }] of slow) {
    if (ms >= SLOW_MS)
      console.log(`${Math.round(ms)} ms in ${times}: ${text.replace(/\s+/g, ' ').slice(0, 140)}`);
  }
});

async function reconcileAll(store: Store): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'rollout-growth-'));
  const file = join(folder, 'rollout.yaml');
  const features = Object.fromEntries(
    KEYS.map((key, i) => [
      key,
      { percentage: STEPS[i % STEPS.length], ...(i % 10 === 0 ? { whitelist: ['r1'] } : {}) },
    ]),
  );
  writeFileSync(file, JSON.stringify({ version: 1, features }));
  const repository = await openWorkingTree(file);
  await reconcile({ store, repository, words }, { actor: 'bench', allowRewind: false, revision: null });
  rmSync(folder, { recursive: true, force: true });
}

/** Outcomes of the last day by subject, and of some days by window. */
async function fill(pool: pg.Pool): Promise<void> {
  await pool.query('select rollout_create_partitions()').catch(() => {});
  await pool.query(
    `insert into rollout_metrics (feature_name, subject_id, processor_type, arm, epoch, category, metrics_window_start,
       total_jobs, error_count, success_count, timed_jobs, processing_ms)
     select 'feature_' || n % $1, r.repository_id, 'inngest', case when n % 2 = 0 then 'treatment' else 'control' end, 1,
       coalesce(r.category, ''), date_bin('5 minutes', now() - random() * interval '23 hours', 'epoch'), 3, 0, 3, 3, 900
     from generate_series(1, $2::int) n
     join (select repository_id, category, row_number() over () as place from repository_categories) r
       on r.place = 1 + (n::bigint * 7919) % $3
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
  await pool.query('vacuum analyze');
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
