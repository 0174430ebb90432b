import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import Table from 'cli-table3';
import type pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type Outcome, OutcomeSums } from '../../src/domain/evidence/outcomes.ts';
import { CATEGORIES } from '../../src/domain/spec/vocabulary.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { recordOutcomes } from '../../src/store/outcomes/outcomes.ts';
import { withDatabase } from './database.ts';

/**
 * Recording of job outcomes: a flush of sums, beside one upsert a job and COPY of raw rows.
 *
 *   npx tsx test/bench/record.ts [rounds]
 *
 * Each way is timed from the outcomes to the answer: ours adds up, sends and writes both roll-ups; COPY writes its
 * text and fills a table without any index, which nobody could judge from; beside it COPY with its text ready.
 * Every way takes its turn in each round, on one connection; the median counts.
 *
 * What a flush costs goes with the sums it holds, so with how many subjects its jobs share: where every job is of
 * another subject it writes as many indexed rows as there are jobs, and cannot be quicker than they are.
 */
const ROUNDS = Number(process.argv[2] ?? 15);
const ONE_BY_ONE = 300;
/** At least so many times the one-by-one way; and, from 10,000 outcomes on, at least COPY. */
const LEAST_TIMES = 50;

const random = seededRandom(1);

function outcomes(amount: number, subjects: readonly string[]): Outcome[] {
  const now = Date.now();
  return Array.from({ length: amount }, () => {
    const place = Math.floor(random() * subjects.length);
    const ok = random() >= 0.02;
    return {
      feature: 'hybrid_progressive_capture',
      subject: subjects[place] ?? '',
      processor: place % 2 === 0 ? 'inngest' : 'github_actions',
      arm: place % 10 === 0 ? 'treatment' : 'control',
      epoch: 1,
      job_class: '',
      category: CATEGORIES[place % CATEGORIES.length] ?? '',
      ok,
      duration_ms: Math.round(random() * 5_000),
      error: ok ? null : 'connect ECONNREFUSED 10.0.0.7:443',
      finished_at: now - Math.floor(random() * 10_000),
    };
  });
}

async function flush(client: pg.PoolClient, batch: Outcome[]): Promise<void> {
  const sums = new OutcomeSums();
  for (const outcome of batch) sums.add(outcome);
  await recordOutcomes(client, randomUUID(), sums);
}

const UPSERT = `insert into one_by_one as m values ($1, $2, $3, $4, $5, $6, $7, date_bin('5 minutes', $8, 'epoch'), 1, $9, 1, $10, $11)
  on conflict (feature, subject, at, processor, arm, epoch, class) do update set jobs = m.jobs + 1,
    errors = m.errors + excluded.errors, timed = m.timed + 1, ms = m.ms + excluded.ms,
    error = coalesce(excluded.error, m.error)`;

/** One prepared upsert a job, per subject only: half of what a flush does. */
async function oneByOne(client: pg.PoolClient, batch: Outcome[]): Promise<void> {
  for (const o of batch) {
    const place = [o.feature, o.subject, o.processor, o.arm, o.epoch, o.job_class, o.category];
    const values = [...place, new Date(o.finished_at), o.ok ? 0 : 1, o.duration_ms, o.error];
    await client.query({ name: 'upsert', text: UPSERT, values });
  }
}

function rawText(batch: Outcome[]): string {
  return batch
    .map((o) =>
      [
        ...[o.feature, o.subject, o.processor, o.arm, o.epoch, o.category, o.ok, o.duration_ms],
        ...[o.error ?? '\\N', new Date(o.finished_at).toISOString()],
      ].join('\t'),
    )
    .join('\n')
    .concat('\n');
}

async function copy(client: pg.PoolClient, text: string): Promise<void> {
  const stream = client.query(copyFrom('copy raw_jobs from stdin'));
  stream.end(text);
  await once(stream, 'finish');
}

async function timed(work: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await work();
  return performance.now() - begin;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Jobs a second of the three ways, at one size of a flush. */
async function measure(client: pg.PoolClient, amount: number, subjectCount: number) {
  const subjects = Array.from({ length: subjectCount }, () => randomUUID());
  const times: Record<'flush' | 'copy' | 'ready' | 'single', number[]> = {
    ...{ flush: [], copy: [], ready: [], single: [] },
  };
  for (let round = 0; round < ROUNDS; round++) {
    const batch = outcomes(amount, subjects);
    const text = rawText(batch);
    times.flush.push(await timed(() => flush(client, batch)));
    times.copy.push(await timed(() => copy(client, rawText(batch))));
    times.ready.push(await timed(() => copy(client, text)));
    times.single.push(await timed(() => oneByOne(client, batch.slice(0, ONE_BY_ONE))));
  }
  return {
    flush: (amount / median(times.flush)) * 1_000,
    copy: (amount / median(times.copy)) * 1_000,
    ready: (amount / median(times.ready)) * 1_000,
    single: (ONE_BY_ONE / median(times.single)) * 1_000,
  };
}

await withDatabase(async (pool) => {
  const client = await pool.connect();
  await client.query(`
    insert into rollout_configuration (feature_name) values ('hybrid_progressive_capture');
    create table raw_jobs (feature text, subject text, processor text, arm text, epoch int, category text,
      ok boolean, duration_ms float8, error text, finished_at timestamptz);
    create table one_by_one (feature text, subject text, processor text, arm text, epoch int, class text,
      category text, at timestamptz, jobs int, errors int, timed int, ms float8, error text,
      primary key (feature, subject, at, processor, arm, epoch, class));
  `);
  const table = new Table({
    head: [
      ...['outcomes', 'subjects', 'flush', 'one upsert a job', 'COPY', 'text ready'],
      ...['x one by one', '', 'x COPY', ''],
    ],
    style: { head: [], border: [] },
  });
  const rate = (value: number) => `${Math.round(value).toLocaleString('en-US')}/s`;
  for (const [amount, subjects] of [
    [1_000, 50],
    [1_000, 100],
    [1_000, 1_000],
    [10_000, 100],
    [10_000, 1_000],
    [10_000, 10_000],
  ] as const) {
    const { flush, copy, ready, single } = await measure(client, amount, subjects);
    const [times, copied] = [flush / single, flush / copy];
    const reached = [times >= LEAST_TIMES, amount < 10_000 || copied >= 1].map((met) =>
      met ? '' : 'MISSED',
    );
    table.push([
      ...[amount, subjects, rate(flush), rate(single), rate(copy), rate(ready)],
      ...[
        times.toFixed(0),
        reached[0],
        `${copied.toFixed(2)} (${(flush / ready).toFixed(2)} text ready)`,
        reached[1],
      ],
    ]);
  }
  client.release();
  console.log(`${ROUNDS} rounds, one connection, commits do not wait for the disk\n${table.toString()}`);
});
