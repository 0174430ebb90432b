import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import Table from 'cli-table3';
import type pg from 'pg';
import { type BuiltRelay, serveBuilt, TOKEN, WRITE_TOKEN } from './built-relay.ts';
import { withDatabase } from './database.ts';
import { cpuOf, cpuOfServer, postmasterOf } from './processor-time.ts';

/**
 * One relay (`rollout serve`, built) takes outcomes of several applications for a while; then what the database has is
 * counted. Beside it, of the same relay: applications that hold a stream, and as many that ask for the snapshot every
 * second.
 *
 *   npx tsx test/bench/relay-outcomes.ts [seconds] [outcomes a second] [applications] [seconds of streams and of polls]
 *
 * Each outcome is of one of 10,000 subjects and 100 features, one of a hundred failed: nearly each is a row of its own.
 */
const [SECONDS = 60, RATE = 20_000, SENDERS = 4, BESIDE_SECONDS = 15] = process.argv.slice(2).map(Number);
const FOLLOWERS = 500;

interface Sent {
  /** By feature. */
  sent: number[];
  dropped: number;
  /** Milliseconds until the last was recorded, and until the relay had taken it. */
  recorded: number;
  flushed: number;
}

/** What a work took of the relay and of PostgreSQL, in milliseconds of processor time a second of it. */
interface Spent {
  relay: number;
  server: number;
}

await withDatabase(async (pool, connectionString, embedded) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, is_active, rollout_percentage, salt)
     select 'feature_' || n, true, 50, 'salt' from generate_series(1, 100) n`,
  );
  const relay = await serveBuilt(connectionString);
  try {
    await measure(pool, relay, postmasterOf(embedded));
  } finally {
    await relay.end();
  }
});

async function measure(pool: pg.Pool, relay: BuiltRelay, postmaster: number): Promise<void> {
  const { pid } = relay;
  const spentBy = async <T>(work: () => Promise<T>): Promise<Spent & { result: T }> => {
    const [began, ofRelay, ofServer] = [performance.now(), cpuOf(pid), cpuOfServer(postmaster)];
    const result = await work();
    const seconds = (performance.now() - began) / 1_000;
    return {
      ...{ relay: (cpuOf(pid) - ofRelay) / seconds, server: (cpuOfServer(postmaster) - ofServer) / seconds },
      result,
    };
  };
  const pause = () => sleep(BESIDE_SECONDS * 1_000);
  const idle = await spentBy(pause);
  const streams = fork(
    new URL('./relay-process.ts', import.meta.url),
    [relay.url, TOKEN, String(FOLLOWERS)],
    { execArgv: process.execArgv },
  );
  await once(streams, 'message');
  const followed = await spentBy(pause);
  streams.kill();
  const poller = await ready(relay, 'poll', 'poll', FOLLOWERS, BESIDE_SECONDS);
  const polled = await spentBy(() => begun<{ unchanged: number; whole: number }>(poller));
  const senders = await Promise.all(
    Array.from({ length: SENDERS }, (_, n) => ready(relay, 'record', `sender_${n}`, RATE / SENDERS, SECONDS)),
  );
  const before = memoryOf(pid);
  const taken = await spentBy(() => Promise.all(senders.map((sender) => begun<Sent>(sender))));
  const memory = `${before} to ${memoryOf(pid)} MB`;
  printOutcomes(taken, await counted(pool, taken.result), memory);
  printBeside(idle, followed, polled);
}

/** What is missing and what is there too often, by application and feature: one does not make up for the other. */
async function counted(
  pool: pg.Pool,
  all: readonly Sent[],
): Promise<{ lost: number; doubled: number; rows: number; batches: number }> {
  const { rows } = await pool.query<{ place: string; jobs: number }>(
    `select processor_type || ' ' || feature_name as place, sum(total_jobs)::int as jobs from rollout_evidence group by 1`,
  );
  const there = new Map(rows.map(({ place, jobs }) => [place, jobs]));
  let [lost, doubled] = [0, 0];
  for (const [n, { sent }] of all.entries()) {
    for (const [feature, jobs] of sent.entries()) {
      const more = (there.get(`sender_${n} feature_${feature + 1}`) ?? 0) - jobs;
      if (more < 0) lost -= more;
      else doubled += more;
    }
  }
  const [sizes] = (
    await pool.query<{ rows: number; batches: number }>(
      `select (select count(*)::int from rollout_metrics) as rows, (select count(*)::int from rollout_batches) as batches`,
    )
  ).rows;
  return { lost, doubled, rows: sizes?.rows ?? 0, batches: sizes?.batches ?? 0 };
}

function printOutcomes(
  { result, relay, server }: Spent & { result: Sent[] },
  { lost, doubled, rows, batches }: Awaited<ReturnType<typeof counted>>,
  memory: string,
): void {
  const sent = sum(result.flatMap((one) => one.sent));
  const recorded = Math.max(...result.map((one) => one.recorded)) / 1_000;
  const flushed = Math.max(...result.map((one) => one.flushed)) / 1_000;
  const table = new Table({ head: ['outcomes through one relay', ''], style: { head: [], border: [] } });
  table.push(
    [`recorded by ${SENDERS} applications in ${recorded.toFixed(1)} s`, whole(sent)],
    ['in the database', whole(sent - lost + doubled)],
    ['lost', whole(lost)],
    ['of these dropped by an application', whole(sum(result.map(({ dropped }) => dropped)))],
    ['doubled', whole(doubled)],
    ['until the database had the last', `${flushed.toFixed(1)} s`],
    ['outcomes/s until then', whole((sent - lost) / flushed)],
    ['rows of rollout_metrics, batches', `${whole(rows)}, ${whole(batches)}`],
    ['processor time a second: relay', `${relay.toFixed(0)} ms`],
    ['PostgreSQL', `${server.toFixed(0)} ms`],
    ["the relay's memory", memory],
    ['load', load()],
  );
  console.log(table.toString());
}

function printBeside(
  idle: Spent,
  followed: Spent,
  polled: Spent & { result: { unchanged: number; whole: number } },
): void {
  const head = ['the same relay, processor time a second', 'relay', 'PostgreSQL'];
  const table = new Table({ head, style: { head: [], border: [] } });
  const row = (what: string, { relay, server }: Spent) =>
    table.push([what, `${relay.toFixed(1)} ms`, `${server.toFixed(1)} ms`]);
  row('nobody asks', idle);
  row(`${FOLLOWERS} hold a stream`, followed);
  row(`${FOLLOWERS} ask every second`, polled);
  console.log(table.toString());
  const { unchanged, whole: read } = polled.result;
  console.log(
    `asked ${whole(unchanged + read)} times, of which ${whole(read)} read the snapshot; load ${load()}`,
  );
}

/** Applications that wait for their beginning. */
async function ready(
  { url }: BuiltRelay,
  work: 'poll' | 'record',
  name: string,
  count: number,
  seconds: number,
): Promise<ChildProcess> {
  const child = fork(
    new URL('./relay-outcomes-process.ts', import.meta.url),
    [work, url, TOKEN, WRITE_TOKEN, name, String(count), String(seconds)],
    { execArgv: process.execArgv },
  );
  await once(child, 'message');
  return child;
}

async function begun<T>(child: ChildProcess): Promise<T> {
  child.send('begin');
  const [result] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`an application ended with ${code}`))),
  ]);
  return result as T;
}

/** Megabytes; of Linux alone. */
function memoryOf(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Math.round(Number(kilobytes) / 1_000);
}

function sum(all: readonly number[]): number {
  return all.reduce((total, one) => total + one, 0);
}

function whole(number: number): string {
  return Math.round(number).toLocaleString('en-US');
}

function load(): string {
  return loadavg()
    .map((one) => one.toFixed(1))
    .join(' ');
}
