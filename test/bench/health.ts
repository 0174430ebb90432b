import Table from 'cli-table3';
import type pg from 'pg';
import { readGathered } from '../../src/app/health/health-inputs.ts';
import { type FeatureEvidence, type Judgement, judge } from '../../src/domain/health/health.ts';
import { trustedRule } from '../../src/domain/score/rule.ts';
import { type SubjectWindow, windowsOf } from '../../src/domain/score/window.ts';
import { evidenceOf, noEvidence } from '../../src/domain/verdict/evidence.ts';
import { nextCheckpoint } from '../../src/domain/verdict/next-checkpoint.ts';
import { keepCheckpoints } from '../../src/store/score/checkpoints.ts';
import { keepWindows } from '../../src/store/score/kept-windows.ts';
import { readResumedWindows, SCORE_DAYS, slicesOf } from '../../src/store/score/windows.ts';
import { createStore } from '../../src/store/store.ts';
import { withDatabase } from './database.ts';

/**
 * Judging 100 features over 24 hours: from the checkpoint of the last hour as a tick does, from the windows that ticks
 * keep, and where none are kept yet from what is kept of each subject in five minutes, of all features at once, beside the
 * same over raw job rows, in one statement for all features (the anchor) and feature by feature with an index. The last
 * line is all that a tick reads before it judges: also times, the jobs of the step, soaks and the checks before, which the
 * raw ways do not read.
 *
 *   npx tsx test/bench/health.ts [rounds] [jobs an hour of a feature]
 */
const ROUNDS = Number(process.argv[2] ?? 7);
const FEATURES = 100;
const JOBS_AN_HOUR = Number(process.argv[3] ?? 400);
const JOBS = FEATURES * JOBS_AN_HOUR * 24;

/** Jobs of both arms, five categories and two processors, spread evenly over the day; 2% of them failed. */
const RAW = `create table raw_jobs as
  select 'feature_' || n % ${FEATURES} as feature, 's' || floor(random() * 90)::int as subject,
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
     from (select feature, subject, processor, arm, epoch, category, finished_at, ok, duration_ms
       from raw_jobs where feature = $1) jobs`,
    [feature],
  );
}

const RAW_COLUMNS = `(extract(epoch from date_bin('5 minutes', finished_at, 'epoch')))::float8 as "startedAt",
    subject, max(category) as category, arm, 0 as begun, count(*)::int as finished,
    (count(*) filter (where not ok))::int as failed
  from raw_jobs where epoch = 1 and finished_at >= now() - interval '7 days'`;

const BEGAN = new Date(Date.now() - 24 * 3_600_000);

function evidenceOfRows(rows: readonly SubjectWindow[]): FeatureEvidence {
  return evidenceOf({
    ...{ startedAt: BEGAN.getTime() / 1_000, now: Date.now() / 1_000, windows: windowsOf(rows) },
    ...{ durations: { timed: 1_000, meanSeconds: 2.5 }, startsPerControl: null },
  });
}

async function readRaw(pool: pg.Pool, feature: string): Promise<FeatureEvidence> {
  const statement = `select ${RAW_COLUMNS} and feature = $1 group by 1, 2, 4`;
  return evidenceOfRows((await pool.query<SubjectWindow>(statement, [feature])).rows);
}

/** Everything in one statement, and then from memory. */
async function readAllRaw(pool: pg.Pool): Promise<Map<string, () => FeatureEvidence>> {
  const { rows } = await pool.query<SubjectWindow & { feature: string }>(
    `select feature, ${RAW_COLUMNS} group by feature, 2, 3, 5`,
  );
  const features = new Map<string, SubjectWindow[]>();
  for (const { feature, ...row } of rows) {
    const found = features.get(feature);
    if (found) found.push(row);
    else features.set(feature, [row]);
  }
  return new Map([...features].map(([feature, some]) => [feature, () => evidenceOfRows(some)]));
}

interface Spent {
  read: number;
  judged: number;
  judgements: Judgement[];
}

const NAMES = Array.from({ length: FEATURES }, (_, n) => `feature_${n}`);
const EPOCHS = NAMES.map((feature) => ({ feature, epoch: 1, epoch_started_at: BEGAN }));

function judged(evidence: FeatureEvidence): Judgement {
  const { judgement, needsAllWindows } = judge(evidence, Date.now() / 1_000);
  if (needsAllWindows) throw new Error('a checkpoint does not suffice');
  return judgement;
}

/** All are read, then all are judged. */
async function together(read: () => Promise<Map<string, () => FeatureEvidence>>): Promise<Spent> {
  const begin = performance.now();
  const rows = await read();
  const middle = performance.now();
  const judgements = NAMES.map((feature) => judged((rows.get(feature) ?? noEvidence)()));
  return { read: middle - begin, judged: performance.now() - middle, judgements };
}

/** Each is read and judged before the next. */
async function oneByOne(read: (feature: string) => Promise<FeatureEvidence>): Promise<Spent> {
  const spent: Spent = { read: 0, judged: 0, judgements: [] };
  for (const feature of NAMES) {
    const begin = performance.now();
    const rows = await read(feature);
    const middle = performance.now();
    spent.judgements.push(judged(rows));
    spent.read += middle - begin;
    spent.judged += performance.now() - middle;
  }
  return spent;
}

/** What a tick reads: in one transaction, with everything else that the verdicts and the gates rest on. */
async function asATick(pool: pg.Pool): Promise<Map<string, () => FeatureEvidence>> {
  const step_started_at = new Date(Date.now() - 10 * 3_600_000);
  const gathered = await createStore(pool).reading((read) =>
    readGathered(
      read,
      EPOCHS.map((epoch) => ({ ...epoch, step_started_at, analysis: 'sequential' as const, metrics: [] })),
    ),
  );
  return new Map([...gathered].map(([feature, { score }]) => [feature, score]));
}

/** Stores a checkpoint of each feature, as the first tick of an hour does. */
async function makeCheckpoints(pool: pg.Pool): Promise<void> {
  const read = await readResumedWindows(pool, EPOCHS);
  const made = [...read.values()].flatMap(({ windows, standing }) => {
    const checkpoint = nextCheckpoint(windows(), trustedRule(), standing.next);
    return typeof checkpoint === 'string' ? [] : [{ standing, checkpoint }];
  });
  await keepCheckpoints(pool, made);
}

async function forgetQuarter(pool: pg.Pool): Promise<void> {
  await pool.query(`delete from rollout_score_windows where bucket_start >= now() - interval '15 minutes'`);
}

async function resumed(pool: pg.Pool): Promise<Map<string, () => FeatureEvidence>> {
  await keepWindows(pool, EPOCHS, SCORE_DAYS);
  const read = await readResumedWindows(pool, EPOCHS);
  return new Map([...read].map(([feature, { windows }]) => [feature, () => evidenceOf(windows())]));
}

/** A day of earlier checks, every quarter of an hour. */
const CHECKS = `insert into rollout_health_checks
    (feature_name, epoch, checked_at, verdict, reason_code, reason, severity, scope, action, jobs, errors, scores)
  select feature_name, 1, now() - make_interval(mins => 15 * n), 'healthy', 'healthy', '', 'none', 'all', 'none', 0, 0, '{}'
  from rollout_configuration, generate_series(96, 1, -1) n`;

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

const REACH = 20;

await withDatabase(async (pool) => {
  await fill(pool);
  await pool.query(CHECKS);
  const ways: Record<string, () => Promise<Spent>> = {
    'raw job rows, one statement': () => together(() => readAllRaw(pool)),
    'raw job rows, by feature': () => oneByOne((feature) => readRaw(pool, feature)),
    'what is kept by subject, at once': async () => {
      await pool.query('truncate rollout_score_windows');
      return together(() => slicesOf(pool, EPOCHS));
    },
    'windows kept, a day anew': async () => {
      await pool.query('truncate rollout_score_windows, rollout_score_checkpoints');
      return together(async () => {
        await keepWindows(pool, EPOCHS, SCORE_DAYS);
        return slicesOf(pool, EPOCHS);
      });
    },
    'windows kept, 15 minutes anew': async () => {
      await forgetQuarter(pool);
      return together(async () => {
        await keepWindows(pool, EPOCHS, SCORE_DAYS);
        return slicesOf(pool, EPOCHS);
      });
    },
    'a checkpoint made': async () => {
      await forgetQuarter(pool);
      return together(async () => {
        await keepWindows(pool, EPOCHS, SCORE_DAYS);
        const whole = await slicesOf(pool, EPOCHS);
        await makeCheckpoints(pool);
        return whole;
      });
    },
    'from the checkpoint, 15 minutes anew': async () => {
      await forgetQuarter(pool);
      return together(() => resumed(pool));
    },
    'all that a tick reads': () => together(() => asATick(pool)),
  };
  const spent = Object.keys(ways).map((): Spent[] => []);
  for (let round = -1; round < ROUNDS; round++) {
    for (const [index, way] of Object.values(ways).entries()) {
      const one = await way();
      if (round >= 0) spent[index]?.push(one); // the first is to warm up
    }
  }
  const medianOf = (some: Spent[] = [], part: (one: Spent) => number) => median(some.map(part));
  const anchor = medianOf(spent[0], (one) => one.read + one.judged);
  const table = new Table({
    head: ['evidence from', 'read', 'judged', 'together', 'faster than the anchor', `at least ${REACH} x`],
    style: { head: [], border: [] },
  });
  for (const [index, name] of Object.keys(ways).entries()) {
    const read = medianOf(spent[index], (one) => one.read);
    const judged = medianOf(spent[index], (one) => one.judged);
    const both = medianOf(spent[index], (one) => one.read + one.judged);
    const goal = index === 0 ? 'anchor' : index !== 6 ? '' : anchor / both >= REACH ? 'met' : 'MISSED';
    const times = [read, judged, both].map((ms) => `${ms.toFixed(0)} ms`);
    table.push([name, ...times, `${(anchor / both).toFixed(1)} x`, goal]);
  }
  const different = new Set(
    spent.map((some) => JSON.stringify(some.at(-1)?.judgements.map(({ verdict }) => verdict))),
  );
  const jobs = JOBS.toLocaleString('en-US');
  console.log(`${FEATURES} features, 24 h, ${jobs} jobs, ${ROUNDS} rounds\n${table.toString()}`);
  console.log(`the verdicts are ${different.size === 1 ? 'the same' : 'NOT the same'}`);
});
