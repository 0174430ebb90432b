import Table from 'cli-table3';
import type pg from 'pg';
import { type EvidenceRow, type Judgement, judgeByCategory } from '../../src/domain/health.ts';
import { readEvidence } from '../../src/store/evidence.ts';
import { withDatabase } from './database.ts';

/**
 * Judging 100 features over 24 hours: by the roll-up that recording writes, feature by feature as a tick reads it,
 * beside the same over raw job rows, in one statement for all features and feature by feature with an index.
 *
 *   npx tsx test/bench/health.ts [rounds] [jobs an hour of a feature]
 *
 * The roll-up costs the same whatever the traffic; the raw rows do not.
 */
const ROUNDS = Number(process.argv[2] ?? 7);
const FEATURES = 100;
const JOBS_AN_HOUR = Number(process.argv[3] ?? 400);
const JOBS = FEATURES * JOBS_AN_HOUR * 24;

/** Jobs of both arms, five categories and two processors, spread evenly over the day; 2 % of them failed. */
const RAW = `create table raw_jobs as
  select 'feature_' || n % ${FEATURES} as feature, gen_random_uuid()::text as subject,
    (array['inngest', 'github_actions'])[1 + (random() * 1.999)::int % 2] as processor,
    case when random() < 0.25 then 'treatment' else 'control' end as arm, 1 as epoch,
    (array['test', 'small', 'medium', 'large', 'enterprise'])[1 + floor(random() * 5)::int] as category,
    random() >= 0.02 as ok, random() * 5000 as duration_ms,
    now() - random() * interval '24 hours' as finished_at
  from generate_series(1, ${JOBS}) n`;

async function fill(pool: pg.Pool): Promise<void> {
  await pool.query(`select setseed(0.5)`);
  await pool.query(RAW);
  await pool.query(`create index raw_jobs_feature on raw_jobs (feature, epoch, finished_at)`);
  await pool.query(`insert into rollout_configuration (feature_name) select distinct feature from raw_jobs`);
  for (let feature = 0; feature < FEATURES; feature++) await record(pool, `feature_${feature}`);
  await pool.query(`vacuum analyze`);
}

/** What flushes would have recorded: the same function, one batch a feature. */
async function record(pool: pg.Pool, feature: string): Promise<void> {
  await pool.query(
    `select rollout_record_outcomes(gen_random_uuid(), array_agg(feature), array_agg(subject), array_agg(processor),
       array_agg(arm), array_agg(epoch), array_agg(''::text), array_agg(category), array_agg(finished_at),
       array_agg(1), array_agg((not ok)::int), array_agg(1), array_agg(duration_ms), array_agg(null::text),
       array_agg(null::timestamptz))
     from (select feature, 'subject' as subject, processor, arm, epoch, category, finished_at, ok, duration_ms
       from raw_jobs where feature = $1) jobs`,
    [feature],
  );
}

const RAW_COLUMNS = `(extract(epoch from date_bin('15 minutes', finished_at, 'epoch')) / 60)::float8 as minute,
    category,
    (count(*) filter (where arm = 'treatment'))::int as jobs,
    (count(*) filter (where arm = 'treatment' and not ok))::int as errors,
    (count(*) filter (where arm = 'control'))::int as "controlJobs",
    (count(*) filter (where arm = 'control' and not ok))::int as "controlErrors"
  from raw_jobs where epoch = 1 and finished_at >= now() - interval '30 days'`;

async function readRaw(pool: pg.Pool, feature: string): Promise<EvidenceRow[]> {
  return (await pool.query<EvidenceRow>(`select ${RAW_COLUMNS} and feature = $1 group by 1, 2`, [feature]))
    .rows;
}

/** Everything in one statement, and then from memory. */
async function readAllRaw(pool: pg.Pool): Promise<Map<string, EvidenceRow[]>> {
  const { rows } = await pool.query<EvidenceRow & { feature: string }>(
    `select feature, ${RAW_COLUMNS} group by feature, 2, 3`,
  );
  const features = new Map<string, EvidenceRow[]>();
  for (const { feature, ...row } of rows) {
    const found = features.get(feature);
    if (found) found.push(row);
    else features.set(feature, [row]);
  }
  return features;
}

interface Spent {
  read: number;
  judged: number;
  judgements: Judgement[];
}

/** Feature by feature, as a tick does it. */
async function judgeAll(read: (feature: string) => Promise<EvidenceRow[]>): Promise<Spent> {
  const spent: Spent = { read: 0, judged: 0, judgements: [] };
  for (let feature = 0; feature < FEATURES; feature++) {
    const begin = performance.now();
    const rows = await read(`feature_${feature}`);
    const middle = performance.now();
    spent.judgements.push(judgeByCategory(rows));
    spent.read += middle - begin;
    spent.judged += performance.now() - middle;
  }
  return spent;
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

await withDatabase(async (pool) => {
  await fill(pool);
  const oneStatement: Spent[] = [];
  const raw: Spent[] = [];
  const rolledUp: Spent[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const begin = performance.now();
    const all = await readAllRaw(pool);
    const reading = performance.now() - begin;
    const spent = await judgeAll(async (feature) => all.get(feature) ?? []);
    oneStatement.push({ ...spent, read: spent.read + reading });
    raw.push(await judgeAll((feature) => readRaw(pool, feature)));
    rolledUp.push(await judgeAll((feature) => readEvidence(pool, feature, 1)));
  }
  const table = new Table({
    head: ['evidence from', 'read', 'judged', 'together'],
    style: { head: [], border: [] },
  });
  const line = (name: string, spent: Spent[]) => {
    const read = median(spent.map((one) => one.read));
    const judged = median(spent.map((one) => one.judged));
    const together = median(spent.map((one) => one.read + one.judged));
    table.push([name, ...[read, judged, together].map((ms) => `${ms.toFixed(0)} ms`)]);
    return { read, together };
  };
  const ways = [line('raw job rows, one statement', oneStatement), line('raw job rows, by feature', raw)];
  const after = line('the roll-up, by feature', rolledUp);
  const faster = (part: 'read' | 'together') =>
    (Math.min(...ways.map((way) => way[part])) / after[part]).toFixed(1);
  const judgements = [oneStatement, raw, rolledUp].map((spent) => JSON.stringify(spent.at(-1)?.judgements));
  const same = new Set(judgements).size === 1 ? 'the same' : 'NOT the same';
  const jobs = JOBS.toLocaleString('en-US');
  console.log(`${FEATURES} features, 24 h, ${jobs} jobs, ${ROUNDS} rounds\n${table.toString()}`);
  console.log(
    `${faster('together')} x faster than the quicker of the two, reading alone ${faster('read')} x; the judgements are ${same}`,
  );
});
