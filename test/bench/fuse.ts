import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import type pg from 'pg';
import { OutcomeSums } from '../../src/domain/evidence/outcomes.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { recordOutcomes } from '../../src/store/outcomes/outcomes.ts';
import { withDatabase } from './database.ts';

/**
 * The fuse from end to end, and what it costs.
 *
 *   npx tsx test/bench/fuse.ts [processes] [rounds of flushes]
 *
 * Processes of an application route and end jobs; at one moment half of the treatment jobs begin to fail. Printed is
 * how long after that the feature is off in the database, and how many jobs had failed with it until every process
 * knew. Then flushes of sums with the score and without: `rollout_score` is replaced by nothing.
 */
const PROCESSES = Number(process.argv[2] ?? 20);
const ROUNDS = Number(process.argv[3] ?? 30);
const WARM_UP_MS = 15_000;

interface Case {
  subjects: number;
  jobsASecond: number;
  /** How long it is watched after the breakage. */
  seconds: number;
}

const CASES: Case[] = [
  { subjects: 1_000, jobsASecond: 200, seconds: 20 },
  { subjects: 100_000, jobsASecond: 200, seconds: 20 },
  { subjects: 90, jobsASecond: 200, seconds: 60 },
  { subjects: 1_000, jobsASecond: 2, seconds: 60 },
];

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

function application(url: string, args: readonly (string | number)[]): Promise<{ failed: number }> {
  const child = spawn(
    process.execPath,
    ['--import', tsx, join(import.meta.dirname, 'fuse-process.ts'), url, ...args.map(String)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`ended with ${code}`)),
    );
  });
}

async function aFeature(pool: pg.Pool): Promise<void> {
  await pool.query(`truncate rollout_increments, rollout_timelines, rollout_spans, rollout_slices, rollout_levels,
    rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_evidence_hours, rollout_jobs`);
  await pool.query(`delete from rollout_incidents`);
  await pool.query(
    `with claimed as (select set_config('rollout.state', 'controlled', true))
     update rollout_configuration set is_active = true, rollout_percentage = 50, epoch = epoch + 1,
       epoch_started_at = now() - interval '2 hours' from claimed`,
  );
}

/** As if it had been so for an hour: the length of slices follows from the hour before. */
async function anHourOf(pool: pg.Pool, jobsASecond: number): Promise<void> {
  await pool.query(`update rollout_timelines set minutes = array_fill($1::bigint, array[60])`, [
    jobsASecond * 30,
  ]);
}

async function breakage(pool: pg.Pool, url: string, { subjects, jobsASecond, seconds }: Case) {
  await aFeature(pool);
  // Processes start one after the other where there are more of them than cores.
  const breaksAt = Date.now() + WARM_UP_MS + (PROCESSES * 3_000) / availableParallelism();
  const endsAt = breaksAt + seconds * 1_000;
  const running = Array.from({ length: PROCESSES }, (_, place) =>
    application(url, [place + 1, subjects, jobsASecond / PROCESSES, breaksAt, endsAt]),
  );
  await sleep(breaksAt - Date.now() - 5_000);
  await anHourOf(pool, jobsASecond);
  const failed = (await Promise.all(running)).reduce((sum, one) => sum + one.failed, 0);
  const { rows } = await pool.query<{ after: number }>(
    `select extract(epoch from opened_at)::float8 - $1::float8 as after from rollout_incidents where opened_by = 'fuse'`,
    [breaksAt / 1_000],
  );
  return { failed, after: rows[0]?.after ?? null };
}

function batch(sums: number, random: () => number, treated: number): OutcomeSums {
  const all = new OutcomeSums();
  for (let place = 0; place < sums; place++) {
    all.add({
      ...{ feature: 'checkout', subject: `s${Math.floor(random() * 5_000)}`, processor: 'inngest', epoch: 1 },
      ...{ arm: random() < treated ? 'treatment' : 'control', job_class: '', category: 'small' },
      ...{ ok: random() >= 0.01, duration_ms: 5, error: null, finished_at: Date.now() },
    });
  }
  return all;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Medians in milliseconds; each way takes its turn in each round. */
async function flushes(
  pool: pg.Pool,
  sums: number,
  treated: number,
): Promise<[without: number, with_: number]> {
  const { rows } = await pool.query<{ source: string }>(
    `select pg_get_functiondef('rollout_score'::regproc) as source`,
  );
  const nothing = `create or replace function rollout_score(given rollout_increments[]) returns void language sql as ''`;
  const random = seededRandom(1);
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    for (const [way, definition] of [nothing, rows[0]?.source ?? ''].entries()) {
      await pool.query(definition);
      const client = await pool.connect();
      // Its plans are made anew after the change of the function.
      await recordOutcomes(client, randomUUID(), batch(sums, random, treated));
      const given = batch(sums, random, treated);
      const begin = performance.now();
      await recordOutcomes(client, randomUUID(), given);
      times[way as 0 | 1].push(performance.now() - begin);
      client.release();
    }
  }
  return [median(times[0]), median(times[1])];
}

await withDatabase(async (pool, url) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, salt, is_active, rollout_percentage, spec)
     values ('checkout', 'checkout', true, 50, '{"percentage": 50}')`,
  );
  const ends = new Table({
    head: ['subjects', 'jobs/s', 'off after', 'failed jobs'],
    style: { head: [], border: [] },
  });
  for (const one of CASES) {
    const { failed, after } = await breakage(pool, url, one);
    ends.push([one.subjects, one.jobsASecond, after === null ? 'never' : `${after.toFixed(1)} s`, failed]);
  }
  console.log(`${PROCESSES} processes, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`);
  console.log(ends.toString());
  const costs = new Table({
    head: ['sums', 'of treatment', 'without', 'with', 'times'],
    style: { head: [], border: [] },
  });
  for (const [sums, treated] of [
    [20, 0.1],
    [200, 0.1],
    [1_000, 0.1],
    [1_000, 0.5],
  ] as const) {
    const [without, with_] = await flushes(pool, sums, treated);
    costs.push([
      ...[sums, `${treated * 100}%`, `${without.toFixed(1)} ms`, `${with_.toFixed(1)} ms`],
      (with_ / without).toFixed(2),
    ]);
  }
  console.log(`one flush, median of ${ROUNDS} rounds\n${costs.toString()}`);
});
