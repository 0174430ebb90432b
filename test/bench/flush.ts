import { randomUUID } from 'node:crypto';
import { availableParallelism, loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import pg from 'pg';
import { OutcomeSums } from '../../src/domain/evidence/outcomes.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { recordOutcomes } from '../../src/store/outcomes/outcomes.ts';
import { withDatabase } from './database.ts';
import { cpuOf } from './processor-time.ts';

/**
 * What the score and the counters of times cost a flush, and whether many processes get in each other's way.
 *
 *   npx tsx test/bench/flush.ts [seconds of a turn] [turns]
 *
 * One connection flushes as fast as it can, by turns whole, without the score and without the counters: there
 * `rollout_score` or `rollout_record_times` is replaced by nothing. A turn is longer than the five seconds that a flush without a failure may wait, so the mean holds what every
 * fold costs, whoever pays for it. What counts is the processor time of PostgreSQL's backend (of Linux alone): what else
 * the machine does is not in it. Then 50 connections flush 200 times a second: every job has to arrive in the
 * outcomes and in the score, and nobody may run into a deadlock.
 */
const SECONDS = Number(process.argv[2] ?? 6);
const TURNS = Number(process.argv[3] ?? 2);
const SUBJECTS = 5_000;
const CONNECTIONS = 50;
const FLUSHES_A_SECOND = 200;
/** Times the cost of a flush without the score. */
const MOST_TIMES = 1.15;

interface Case {
  sums: number;
  /** Shares of the jobs: in treatment, and failing. */
  treated: number;
  failing: number;
}

const CASES: Case[] = [
  { sums: 20, treated: 0.1, failing: 0.01 },
  { sums: 20, treated: 0.5, failing: 0 },
  { sums: 200, treated: 0.1, failing: 0.01 },
  { sums: 1_000, treated: 0.1, failing: 0 },
  { sums: 1_000, treated: 0.5, failing: 0.01 },
];

const random = seededRandom(1);

function batch({ sums, treated, failing }: Case): OutcomeSums {
  const all = new OutcomeSums();
  for (let place = 0; place < sums; place++) {
    all.add({
      ...{
        feature: 'checkout',
        subject: `s${Math.floor(random() * SUBJECTS)}`,
        processor: 'inngest',
        epoch: 1,
      },
      ...{ arm: random() < treated ? 'treatment' : 'control', job_class: '', category: 'small' },
      ...{ ok: random() >= failing, duration_ms: timeOfJob(), error: null, finished_at: Date.now() },
    });
  }
  return all;
}

/** Log-normal: half of them below a second, one in twenty above seven. */
function timeOfJob(): number {
  const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return Math.exp(Math.log(1_000) + 1.2 * normal);
}

/** Milliseconds. */
interface Times {
  median: number;
  p99: number;
  /** Processor time of the backend, mean. */
  cpu: number;
}

function timesOf(values: number[], cpu: number): Times {
  const sorted = values.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
  return { median: at(0.5), p99: at(0.99), cpu: cpu / values.length };
}

/** What is replaced by nothing, in turn; null: the whole flush. */
const LEFT_OUT = [
  { name: 'rollout_score', nothing: `rollout_score(given rollout_increments[])` },
  {
    name: 'rollout_record_times',
    nothing: `rollout_record_times(features text[], processors text[], arms text[], epochs integer[], categories text[],
      ended timestamptz[], places integer[], counts bigint[])`,
  },
  null,
] as const;

/** Without the score, without the counters of times, and whole. */
async function costOf(pool: pg.Pool, one: Case): Promise<Times[]> {
  const sources = new Map<string, string>();
  for (const { name } of LEFT_OUT.filter((left) => left !== null)) {
    const { rows } = await pool.query<{ source: string }>(
      'select pg_get_functiondef($1::regproc::oid) as source',
      [name],
    );
    sources.set(name, rows[0]?.source ?? '');
  }
  const client = await pool.connect();
  const pid = (await client.query<{ pid: number }>('select pg_backend_pid() as pid')).rows[0]?.pid ?? 0;
  const times: number[][] = LEFT_OUT.map(() => []);
  const cpu = LEFT_OUT.map(() => 0);
  for (let turn = 0; turn < TURNS * LEFT_OUT.length; turn++) {
    const way = turn % LEFT_OUT.length;
    for (const source of sources.values()) await client.query(source);
    const left = LEFT_OUT[way];
    if (left)
      await client.query(`create or replace function ${left.nothing} returns void language sql as ''`);
    // Plans are made anew after the change of the function, and what the last turn left waiting is folded.
    await client.query('select rollout_fold_or_keep($1, null)', ['checkout']);
    for (let warm = 0; warm < 3; warm++) await recordOutcomes(client, randomUUID(), batch(one));
    const end = performance.now() + SECONDS * 1_000;
    const spent = cpuOf(pid);
    while (performance.now() < end) {
      const given = batch(one);
      const begin = performance.now();
      await recordOutcomes(client, randomUUID(), given);
      times[way]?.push(performance.now() - begin);
    }
    cpu[way] = (cpu[way] ?? 0) + cpuOf(pid) - spent;
  }
  for (const source of sources.values()) await client.query(source);
  client.release();
  return times.map((all, way) => timesOf(all, cpu[way] ?? Number.NaN));
}

/** 50 connections, each at a pace of its own. */
async function crowd(pool: pg.Pool, url: string): Promise<boolean> {
  await pool.query(
    `truncate rollout_increments, rollout_timelines, rollout_spans, rollout_slices, rollout_levels, rollout_metrics`,
  );
  const deadlocks = async () =>
    (await pool.query(`select deadlocks::int as n from pg_stat_database where datname = current_database()`))
      .rows[0].n as number;
  const before = await deadlocks();
  const many = new pg.Pool({ connectionString: url, max: CONNECTIONS });
  const pause = (CONNECTIONS * 1_000) / FLUSHES_A_SECOND;
  const end = performance.now() + 2 * SECONDS * 1_000;
  const times: number[] = [];
  let sent = 0;
  const problems: string[] = [];
  const lane = async (place: number) => {
    const client = await many.connect();
    let next = performance.now() + (place / CONNECTIONS) * pause;
    for (; next < end; next += pause) {
      await sleep(Math.max(0, next - performance.now()));
      const given = batch({ sums: 20, treated: 0.5, failing: 0.01 });
      const begin = performance.now();
      try {
        await recordOutcomes(client, randomUUID(), given);
        sent += 20;
      } catch (error) {
        problems.push(String(error));
      }
      times.push(performance.now() - begin);
    }
    client.release();
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, (_, place) => lane(place)));
  await many.end();
  await pool.query('select rollout_trip()');
  const { rows } = await pool.query<{ recorded: number; treated: number; scored: number; faults: number }>(
    `select (select sum(total_jobs) from rollout_metrics)::int as recorded,
       (select sum(total_jobs) from rollout_metrics where arm = 'treatment')::int as treated,
       (select sum(jobs) from rollout_slices where scope = 'all')::int as scored,
       (select count(*) from rollout_score_faults)::int as faults`,
  );
  const found = rows[0];
  const { median, p99 } = timesOf(times, 0);
  const lost = sent - (found?.recorded ?? 0) + (found?.treated ?? 0) - (found?.scored ?? 0);
  console.log(
    `${CONNECTIONS} connections, ${(times.length / (2 * SECONDS)).toFixed(0)} flushes a second: median ${median.toFixed(1)} ms, ` +
      `p99 ${p99.toFixed(0)} ms, deadlocks ${(await deadlocks()) - before}, refused ${problems.length}, ` +
      `faults ${found?.faults}, jobs lost ${lost} of ${sent}`,
  );
  return problems.length === 0 && lost === 0 && found?.faults === 0;
}

await withDatabase(async (pool, url) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, salt, is_active, rollout_percentage, spec)
     values ('checkout', 'checkout', true, 50, '{"percentage": 50}')`,
  );
  const table = new Table({
    head: ['sums', 'treatment', 'failing', 'median, p99, CPU', 'score: times CPU', 'counters: times CPU', ''],
    style: { head: [], border: [] },
  });
  const ms = (...values: number[]) => `${values.map((value) => value.toFixed(1)).join(', ')} ms`;
  for (const one of CASES) {
    const [scoreless, uncounted, whole] = (await costOf(pool, one)) as [Times, Times, Times];
    const [ofScore, ofCounters] = [whole.cpu / scoreless.cpu, whole.cpu / uncounted.cpu];
    table.push([
      ...[one.sums, `${one.treated * 100}%`, `${one.failing * 100}%`, ms(whole.median, whole.p99, whole.cpu)],
      ...[ofScore.toFixed(2), ofCounters.toFixed(2), ofScore > MOST_TIMES ? 'MISSED' : ''],
    ]);
  }
  console.log(
    `${TURNS} turns of ${SECONDS} s each way, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1)}`,
  );
  console.log(table.toString());
  if (!(await crowd(pool, url))) process.exitCode = 1;
});
