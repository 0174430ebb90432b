import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import type pg from 'pg';
import { withDatabase } from './database.ts';

/**
 * The fuse from end to end; what it costs a flush stands in `flush.ts`.
 *
 *   npx tsx test/bench/fuse.ts [processes]
 *
 * Processes of an application route and end jobs; at one moment half of the treatment jobs begin to fail. Printed is
 * how long after that the feature is off in the database, and how many jobs had failed with it until every process
 * knew.
 */
const PROCESSES = Number(process.argv[2] ?? 20);
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
});
