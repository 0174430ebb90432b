import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import type pg from 'pg';
import { OutcomeSums } from '../../src/domain/evidence/outcomes.ts';
import { recordOutcomes } from '../../src/store/outcomes/outcomes.ts';
import { withDatabase } from './database.ts';
import { cpuOf } from './processor-time.ts';

/**
 * A flush of the outcomes of as many subjects, beside COPY of the same rows into a table with the key of rollout_metrics.
 *
 *   npx tsx test/bench/flush-copy.ts [outcomes] [features] [turns]
 *
 * COPY and each way of keeping outcomes by subject take turns on one connection, fuse on. A flush without a failure folds
 * the score of a feature when five seconds have gone by; both kinds of flush are told apart. What counts is the processor
 * time of PostgreSQL's backend, which other work on the machine is not in.
 */
const [OUTCOMES = 10_000, FEATURES = 98, TURNS = 5] = process.argv.slice(2).map(Number);
const WAYS = ['full', 'top', 'off'] as const;
const FOLDS_AFTER_MS = 5_500;

function batch(): OutcomeSums {
  const sums = new OutcomeSums();
  const run = randomUUID();
  for (let n = 0; n < OUTCOMES; n++) {
    sums.add({
      ...{ feature: `feature_${n % FEATURES}`, subject: `${run}-${n}`, processor: 'inngest', job_class: '' },
      ...{ arm: n % 2 === 0 ? 'treatment' : 'control', epoch: 1, category: 'small', ok: true },
      ...{ duration_ms: 100, error: null, finished_at: Date.now() },
    });
  }
  return sums;
}

const spent = new Map<string, number[]>();

async function measured(pid: number, what: string, work: () => Promise<unknown>): Promise<void> {
  const before = cpuOf(pid);
  await work();
  spent.set(what, [...(spent.get(what) ?? []), cpuOf(pid) - before]);
}

/** Rows as a COPY finds them: in no order. */
const ROWS = `copy (
  select 'feature_' || n % ${FEATURES}, gen_random_uuid() || '-' || n, 'inngest',
    case when n % 2 = 0 then 'treatment' else 'control' end, 1, '', 'small', date_bin('5 minutes', now(), 'epoch'),
    1, 1, 0, 1, 100, null, null, now(), now()
  from generate_series(1, ${OUTCOMES}) n order by random())`;

async function turn(client: pg.PoolClient, pid: number, file: string): Promise<void> {
  await client.query(`${ROWS} to '${file}'`);
  await measured(pid, 'COPY', () => client.query(`copy bench_rows from '${file}'`));
  for (const way of WAYS) {
    await client.query('update rollout_state set outcomes = $1', [{ by_subject: way, keep_days: null }]);
    await sleep(FOLDS_AFTER_MS);
    const [folding, waiting] = [batch(), batch()];
    await measured(pid, `${way}, with the fold`, () => recordOutcomes(client, randomUUID(), folding));
    await measured(pid, way, () => recordOutcomes(client, randomUUID(), waiting));
  }
}

await withDatabase(async (pool) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, salt, is_active, rollout_percentage, spec)
     select 'feature_' || n, 'feature_' || n, true, 50, '{"percentage": 50}' from generate_series(0, $1::int - 1) n`,
    [FEATURES],
  );
  await pool.query('create table bench_rows (like rollout_metrics including all)');
  const client = await pool.connect();
  const { rows } = await client.query<{ pid: number; folder: string }>(
    `select pg_backend_pid() as pid, current_setting('data_directory') as folder`,
  );
  const { pid = 0, folder = '' } = rows[0] ?? {};
  // The first turn is to warm up.
  for (let n = -1; n < TURNS; n++) {
    if (n === 0) spent.clear();
    await turn(client, pid, `${folder}/bench-rows`);
  }
  client.release();
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const copy = mean(spent.get('COPY') ?? []);
  const table = new Table({ head: ['', 'CPU, ms', 'times COPY'], style: { head: [], border: [] } });
  for (const [what, values] of spent) {
    table.push([what, mean(values).toFixed(0), (mean(values) / copy).toFixed(1)]);
  }
  console.log(
    `${OUTCOMES} outcomes of as many subjects, ${FEATURES} features, ${TURNS} turns, load ${loadavg()[0]?.toFixed(0)}`,
  );
  console.log(table.toString());
});
