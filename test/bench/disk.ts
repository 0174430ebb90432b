import { randomUUID } from 'node:crypto';
import Table from 'cli-table3';
import type pg from 'pg';
import { type Outcome, OutcomeSums } from '../../src/domain/evidence/outcomes.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { openJobs, recordEnds } from '../../src/store/outcomes/jobs.ts';
import { recordOutcomes } from '../../src/store/outcomes/outcomes.ts';
import { withDatabase } from './database.ts';

/**
 * How much disk a day of outcomes takes, by jobs a second, subjects and the way in which outcomes are kept by subject.
 *
 *   npx tsx test/bench/disk.ts [most jobs a second]
 *
 * Windows of five minutes are recorded as one process flushes them, once a minute, 1% of the jobs failing; what tables
 * and indexes grew by is multiplied up to a day. Jobs that carry stamps or ids are measured by the piece.
 */
const MOST = Number(process.argv[2] ?? 100);
const CASES = [
  { rate: 1, subjects: 1_000 },
  { rate: 10, subjects: 1_000 },
  { rate: 10, subjects: 100_000 },
  { rate: 100, subjects: 1_000 },
  { rate: 100, subjects: 100_000 },
  { rate: 1_000, subjects: 100_000 },
].filter(({ rate }) => rate <= MOST);
const WINDOWS = 6;
const MINUTES = 5;
const WINDOWS_A_DAY = 288;
const PIECES = 20_000;
const FEATURE = 'checkout';
const BY_SUBJECT = ['rollout_metrics', 'rollout_named_subjects'];
const TOGETHER = [
  'rollout_evidence',
  'rollout_evidence_buckets',
  'rollout_evidence_hours',
  'rollout_evidence_times',
];

const random = seededRandom(1);

function outcome(subjects: number, at: number): Outcome {
  const subject = Math.floor(random() * subjects);
  return {
    ...{ feature: FEATURE, subject: `00000000-0000-4000-8000-${String(subject).padStart(12, '0')}` },
    ...{ processor: 'inngest', arm: subject % 2 === 0 ? 'treatment' : 'control', epoch: 1, job_class: '' },
    ...{
      category: 'small',
      ok: random() >= 0.01,
      duration_ms: 1_000 * random(),
      error: null,
      finished_at: at,
    },
  };
}

async function recordWindow(pool: pg.Pool, rate: number, subjects: number, start: number): Promise<void> {
  for (let minute = 0; minute < MINUTES; minute++) {
    const sums = new OutcomeSums();
    for (let job = 0; job < rate * 60; job++) sums.add(outcome(subjects, start + minute * 60_000));
    await recordOutcomes(pool, randomUUID(), sums);
  }
}

/** With indexes and all partitions. */
async function bytesOf(pool: pg.Pool, tables: readonly string[]): Promise<number> {
  const { rows } = await pool.query<{ bytes: number }>(
    `select coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 as bytes
     from unnest($1::text[]) name
     join pg_class c on c.oid = name::regclass or c.oid in (
       select i.inhrelid from pg_inherits i where i.inhparent = name::regclass)`,
    [tables],
  );
  return rows[0]?.bytes ?? 0;
}

async function grows(
  pool: pg.Pool,
  tables: readonly string[],
  work: () => Promise<unknown>,
): Promise<number> {
  const before = await bytesOf(pool, tables);
  await work();
  return (await bytesOf(pool, tables)) - before;
}

/** Megabytes a day. */
async function aDay(pool: pg.Pool, rate: number, subjects: number, bySubject: string): Promise<number[]> {
  await pool.query(
    `truncate ${[...BY_SUBJECT, ...TOGETHER, 'rollout_spans', 'rollout_increments'].join(', ')}`,
  );
  await pool.query(`update rollout_state set outcomes = $1`, [{ by_subject: bySubject, keep_days: null }]);
  const begin = Math.floor(Date.now() / 300_000) * 300_000 - WINDOWS * 300_000;
  const sizes: number[] = [];
  for (const tables of [BY_SUBJECT, TOGETHER]) sizes.push(-(await bytesOf(pool, tables)));
  for (let n = 0; n < WINDOWS; n++) await recordWindow(pool, rate, subjects, begin + n * 300_000);
  const after = [await bytesOf(pool, BY_SUBJECT), await bytesOf(pool, TOGETHER)];
  return after.map((bytes, i) => (((bytes + (sizes[i] ?? 0)) / WINDOWS) * WINDOWS_A_DAY) / 1e6);
}

async function pieces(pool: pg.Pool): Promise<{ stamp: number; id: number; batch: number }> {
  const ends = Array.from({ length: PIECES }, () => {
    const ended = outcome(1_000, Date.now());
    const { ok: _ok, duration_ms: _ms, error: _error, finished_at: _at, ...place } = ended;
    return { stamp: { ...place, id: randomUUID(), routed_at: Date.now() - 1_000 }, outcome: ended };
  });
  const stamp = await grows(pool, ['rollout_jobs'], async () => {
    await openJobs(
      pool,
      ends.map((end) => end.stamp),
    );
    await recordEnds(pool, randomUUID(), ends);
  });
  const id = await grows(pool, ['rollout_outcome_ids'], () =>
    pool.query(
      `insert into rollout_outcome_ids (feature_name, id) select $1, gen_random_uuid() from generate_series(1, $2::int)`,
      [FEATURE, PIECES],
    ),
  );
  const batch = await grows(pool, ['rollout_batches'], () =>
    pool.query(
      `insert into rollout_batches (sender, numbers) select gen_random_uuid(), '{[1,2)}' from generate_series(1, $1::int)`,
      [PIECES],
    ),
  );
  return { stamp: stamp / PIECES, id: id / PIECES, batch: batch / PIECES };
}

await withDatabase(async (pool) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, salt, is_active, rollout_percentage, spec)
     values ($1, $1, true, 50, '{"percentage": 50, "rollback": {"fuse": false}}')`,
    [FEATURE],
  );
  const table = new Table({
    head: ['jobs/s', 'subjects', 'full, MB a day', 'top', 'off', 'without subjects, MB a day'],
    style: { head: [], border: [] },
  });
  const mb = (value: number | undefined) => (value ?? Number.NaN).toFixed(value && value < 10 ? 1 : 0);
  for (const { rate, subjects } of CASES) {
    const [full, top, off] = [
      await aDay(pool, rate, subjects, 'full'),
      await aDay(pool, rate, subjects, 'top'),
      await aDay(pool, rate, subjects, 'off'),
    ];
    table.push([rate, subjects, mb(full?.[0]), mb(top?.[0]), mb(off?.[0]), mb(full?.[1])]);
  }
  console.log(
    `${WINDOWS} windows of five minutes, one feature, one processor, two arms\n${table.toString()}`,
  );
  const { stamp, id, batch } = await pieces(pool);
  const bytes = (value: number) => `${value.toFixed(0)} bytes`;
  console.log(
    `a job with a stamp: ${bytes(stamp)}; an id of an outcome: ${bytes(id)}; a process that flushes: ${bytes(batch)}`,
  );
});
