import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import type pg from 'pg';
import { readGathered } from '../../src/app/health/health-inputs.ts';
import { judgeAll } from '../../src/app/health/judge-guardrails.ts';
import { fillSpec } from '../../src/config/read/fill.ts';
import { createStore, type Store } from '../../src/store/store.ts';
import { withDatabase } from './database.ts';
import type { Breakage } from './fuse-process.ts';

/**
 * The fuse from end to end; what it costs a flush stands in `flush.ts`.
 *
 *   npx tsx test/bench/fuse.ts [times the rounds] [processes]
 *
 * Processes of an application route and end jobs, 1% of which fail; at one moment half of the treatment jobs begin to
 * fail. Measured is how long after that the feature is off in the database, and how many jobs had failed with it until
 * every process knew. So it is again and again, each time in a new epoch; what earlier rounds left is deleted.
 *
 * At the start of a span: it was eight seconds ago that every span began. In the middle, at the end: the moment before the
 * breakage every span is made 150 or 290 s older, with as many times more jobs of the same failed share, as if it had gone
 * on for that long.
 *
 * The tick beside it: in rounds without the fuse the evidence is judged once a second, which gives the moment from which
 * on a tick would roll back. The wait for the next tick is computed, not measured: of ticks every five (or fifteen)
 * minutes half of that in the middle and all of that at worst; half of the treatment jobs of that time fail.
 */
const TIMES = Number(process.argv[2] ?? 1);
const PROCESSES = Number(process.argv[3] ?? 20);
const WARM_UP_MS = 8_000;
/** Seconds by which spans are made older. */
const OLDER = { start: 0, middle: 150, end: 290 };

interface Case {
  subjects: number;
  jobsASecond: number;
  breaks: keyof typeof OLDER;
  rounds: number;
  /** How long it is watched after the breakage at most. */
  seconds: number;
}

const CASES: Case[] = [
  { subjects: 1_000, jobsASecond: 200, breaks: 'start', rounds: 20, seconds: 60 },
  { subjects: 1_000, jobsASecond: 200, breaks: 'end', rounds: 20, seconds: 60 },
  { subjects: 1_000, jobsASecond: 200, breaks: 'middle', rounds: 5, seconds: 90 },
  { subjects: 100_000, jobsASecond: 200, breaks: 'start', rounds: 20, seconds: 30 },
  { subjects: 90, jobsASecond: 200, breaks: 'start', rounds: 5, seconds: 90 },
  { subjects: 90, jobsASecond: 200, breaks: 'end', rounds: 5, seconds: 90 },
  { subjects: 90, jobsASecond: 200, breaks: 'middle', rounds: 3, seconds: 180 },
  { subjects: 90, jobsASecond: 2, breaks: 'start', rounds: 3, seconds: 240 },
  { subjects: 1_000, jobsASecond: 2, breaks: 'start', rounds: 3, seconds: 240 },
  { subjects: 1_000, jobsASecond: 2, breaks: 'end', rounds: 3, seconds: 240 },
  { subjects: 100_000, jobsASecond: 2, breaks: 'start', rounds: 3, seconds: 240 },
];

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

async function application(url: string, place: number): Promise<ChildProcess> {
  const child = spawn(
    process.execPath,
    ['--import', tsx, join(import.meta.dirname, 'fuse-process.ts'), url, String(place)],
    { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  );
  await answerOf(child);
  return child;
}

function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as Answer));
    child.once('error', reject);
  });
}

async function newEpoch(pool: pg.Pool, fuse: boolean): Promise<void> {
  await pool.query(`truncate rollout_increments, rollout_timelines, rollout_spans, rollout_slices, rollout_levels,
    rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_evidence_hours, rollout_jobs`);
  await pool.query(`delete from rollout_incidents`);
  await pool.query(
    `with claimed as (select set_config('rollout.state', 'controlled', true))
     update rollout_configuration set is_active = true, rollout_percentage = 50, epoch = epoch + 1,
       epoch_started_at = now() - interval '2 hours', spec = jsonb_build_object('percentage', 50,
         'rollback', jsonb_build_object('fuse', $1::boolean)) from claimed`,
    [fuse],
  );
}

/** As if it had been so for an hour: the length of slices follows from the hour before. Nobody folds meanwhile. */
async function makeOlder(pool: pg.Pool, { jobsASecond, breaks }: Case): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(`select pg_advisory_xact_lock(hashtextextended('rollout fold checkout', 0))`);
    await client.query(`update rollout_timelines set minutes = array_fill($1::bigint, array[60])`, [
      jobsASecond * 30,
    ]);
    const seconds = OLDER[breaks];
    await client.query(
      `update rollout_spans set started_at = started_at - make_interval(secs => $1), jobs = jobs * $2,
         failed = failed * $2`,
      [seconds, 1 + Math.round((seconds * 1_000) / WARM_UP_MS)],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
}

async function firstIncident(pool: pg.Pool, breaksAt: number): Promise<number | null> {
  const { rows } = await pool.query<{ after: number }>(
    `select extract(epoch from opened_at)::float8 - $1::float8 as after from rollout_incidents where opened_by = 'fuse'`,
    [breaksAt / 1_000],
  );
  return rows[0]?.after ?? null;
}

/** What a tick would find at this moment: seconds since the breakage, if it is harm. */
async function judgedHarmful(store: Store, breaksAt: number): Promise<number | null> {
  const [standing] = await store.reading((read) => read.features.standings('checkout'));
  if (!standing) return null;
  const facts = (
    await store.reading((read) => readGathered(read, [{ ...standing, analysis: 'sequential', metrics: [] }]))
  ).get('checkout');
  if (!facts) return null;
  const { jobs } = await judgeAll(store, standing, fillSpec('checkout', {}, {}), facts);
  return jobs.verdict === 'harmful' ? (Date.now() - breaksAt) / 1_000 : null;
}

/** Seconds until it is found, and the jobs that failed with the feature until every process knew. */
interface Found {
  after: number | null;
  failed: number;
}

async function breakage(pool: pg.Pool, running: ChildProcess[], one: Case, fuse: boolean): Promise<Found> {
  await newEpoch(pool, fuse);
  const breaksAt = Date.now() + WARM_UP_MS;
  const { subjects, jobsASecond, seconds } = one;
  const work = { subjects, rate: jobsASecond / PROCESSES, breaksAt, endsAt: breaksAt + seconds * 1_000 };
  const answers = running.map((child) => answerOf<{ failed: number }>(child));
  for (const child of running) child.send(work satisfies Breakage);
  await sleep(breaksAt - Date.now() - 1_000);
  await makeOlder(pool, one);
  await sleep(Math.max(0, breaksAt - Date.now()));
  const store = createStore(pool);
  let after: number | null = null;
  while (after === null && Date.now() < work.endsAt) {
    await sleep(fuse ? 250 : 1_000);
    after = fuse ? await firstIncident(pool, breaksAt) : await judgedHarmful(store, breaksAt);
  }
  await sleep(1_000);
  for (const child of running) child.send('over');
  const failed = (await Promise.all(answers)).reduce((sum, answer) => sum + answer.failed, 0);
  return { after, failed };
}

/** Of few rounds the 99th percentile is the worst. */
function quantile(values: (number | null)[], share: number): number {
  const sorted = values.map((value) => value ?? Infinity).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}

function tickBeside({ jobsASecond }: Case, found: Found, minutes: number): string {
  const failing = jobsASecond / 4;
  const waits = [minutes * 30, minutes * 60].map((wait) => Math.max(wait, found.after ?? Infinity));
  return waits.map((wait) => `${wait.toFixed(0)} s, ${Math.round(wait * failing)}`).join(' / ');
}

async function row(pool: pg.Pool, running: ChildProcess[], one: Case): Promise<string[]> {
  const found: Found[] = [];
  for (let round = 0; round < Math.max(1, one.rounds * TIMES); round++)
    found.push(await breakage(pool, running, one, true));
  const tick = await breakage(pool, running, one, false);
  const times = found.map(({ after }) => after);
  const failed = found.map((each) => each.failed);
  return [
    one.subjects.toLocaleString('en-US'),
    `${one.jobsASecond}, ${one.breaks} of a span`,
    `${found.length}`,
    `${quantile(times, 0.5).toFixed(2)} / ${quantile(times, 0.99).toFixed(2)} s`,
    `${quantile(failed, 0.5)} / ${quantile(failed, 0.99)}`,
    `${tick.after?.toFixed(1) ?? 'never'} s`,
    ...[5, 15].map((minutes) => tickBeside(one, tick, minutes)),
  ];
}

await withDatabase(async (pool, url) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, salt, is_active, rollout_percentage, spec)
     values ('checkout', 'checkout', true, 50, '{"percentage": 50}')`,
  );
  const running: ChildProcess[] = [];
  for (let place = 1; place <= PROCESSES; place++) running.push(await application(url, place));
  const table = new Table({
    head: [
      ...['subjects', 'jobs/s, breaks at the', 'rounds', 'off after p50 / p99', 'failed p50 / p99'],
      ...['a tick knows after', 'tick each 5 min: middle / worst', '15 min'],
    ],
    style: { head: [], border: [] },
  });
  console.log(`${PROCESSES} processes, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`);
  for (const one of CASES) {
    const cells = await row(pool, running, one);
    console.log(`${cells.join(' | ')} (load ${loadavg()[0]?.toFixed(1)})`);
    table.push(cells);
  }
  console.log(table.toString());
  for (const child of running) child.send('close');
});
