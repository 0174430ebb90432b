import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { OutcomeSums } from '../../src/domain/evidence/outcomes.ts';
import { seededRandom } from '../../src/lib/random.ts';
import { recordOutcomes } from '../../src/store/outcomes/outcomes.ts';
import { withDatabase } from './database.ts';

/**
 * Outages that both arms share, as the fuse meets them where one process runs treatment and another one control: each has
 * a connection of its own, and neither knows when the other flushes.
 *
 *   npx tsx test/bench/shared-outage.ts [rounds] [features] [seconds of the outage]
 *
 * Every feature is a run of its own, in real time: first 1% of the jobs of both arms fail, then half of them. What the fuse
 * rolls back was taken for a fault of the feature.
 */
const ROUNDS = Number(process.argv[2] ?? 3);
const FEATURES = Number(process.argv[3] ?? 100);
const OUTAGE_SECONDS = Number(process.argv[4] ?? 120);
const WARM_UP_SECONDS = 30;
/** Of each arm of a feature. */
const JOBS_A_MINUTE = 16;
const FLUSH_MS = { treatment: 5_000, control: 5_300 };
const SUBJECTS = 500;
const BEFORE = 0.01;
const BROKEN = 0.5;
const MOST_SHARE = 0.01;

type Side = keyof typeof FLUSH_MS;

const random = seededRandom(1);
const nameOf = (feature: number) => `feature_${feature}`;

async function newRound(pool: pg.Pool): Promise<void> {
  await pool.query(`truncate rollout_increments, rollout_timelines, rollout_spans, rollout_slices, rollout_levels,
    rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_evidence_hours, rollout_jobs`);
  await pool.query(`delete from rollout_incidents`);
  await pool.query(
    `with claimed as (select set_config('rollout.state', 'controlled', true))
     update rollout_configuration set is_active = true, rollout_percentage = 50, epoch = epoch + 1,
       epoch_started_at = now() - interval '2 hours' from claimed`,
  );
  await pool.query(
    `insert into rollout_evidence_hours (feature_name, epoch, hour_start, arm, processor_type, timed_jobs, processing_ms)
     select feature_name, 0, date_bin('1 hour', now() - interval '1 day', 'epoch'), 'control', 'inngest', 100, 100
     from rollout_configuration`,
  );
}

async function epochOf(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ epoch: number }>(
    `select max(epoch) as epoch from rollout_configuration`,
  );
  return rows[0]?.epoch ?? 1;
}

/** The jobs of one arm of all features in some seconds. */
function jobsOf(arm: Side, epoch: number, seconds: number, share: number): OutcomeSums {
  const sums = new OutcomeSums();
  const jobs = Math.round((FEATURES * JOBS_A_MINUTE * seconds) / 60);
  for (let n = 0; n < jobs; n++) {
    const subject = `${arm[0]}${Math.floor(random() * SUBJECTS)}`;
    sums.add({
      ...{ feature: nameOf(Math.floor(random() * FEATURES)), subject, processor: 'inngest', arm, epoch },
      ...{ job_class: '', category: '', ok: random() >= share, duration_ms: 5, error: null },
      finished_at: Date.now(),
    });
  }
  return sums;
}

/** One process: flushes what its arm did since its last flush, and looks after it as the library does. */
async function side(url: string, arm: Side, epoch: number, breaksAt: number, endsAt: number): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  let last = Date.now() - random() * FLUSH_MS[arm];
  while (Date.now() < endsAt) {
    await sleep(Math.max(0, last + FLUSH_MS[arm] - Date.now()));
    const now = Date.now();
    const share = last >= breaksAt ? BROKEN : BEFORE;
    await recordOutcomes(client, randomUUID(), jobsOf(arm, epoch, (now - last) / 1_000, share));
    await client.query('select rollout_trip()');
    last = now;
  }
  await client.end();
}

function wilson(found: number, of: number): string {
  const z = 1.96;
  const p = found / of;
  const middle = (p + (z * z) / (2 * of)) / (1 + (z * z) / of);
  const half = (z * Math.sqrt((p * (1 - p)) / of + (z * z) / (4 * of * of))) / (1 + (z * z) / of);
  const percent = (value: number) => `${(100 * Math.max(0, value)).toFixed(1)}%`;
  return `${found} of ${of} (${percent(middle - half)} to ${percent(middle + half)})`;
}

await withDatabase(async (pool, url) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, salt, is_active, rollout_percentage, spec)
     select 'feature_' || n, 'feature_' || n, true, 50, '{"percentage": 50}' from generate_series(0, $1::int - 1) n`,
    [FEATURES],
  );
  let rolledBack = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    await newRound(pool);
    const epoch = await epochOf(pool);
    const breaksAt = Date.now() + WARM_UP_SECONDS * 1_000;
    const endsAt = breaksAt + OUTAGE_SECONDS * 1_000;
    await Promise.all([
      side(url, 'treatment', epoch, breaksAt, endsAt),
      side(url, 'control', epoch, breaksAt, endsAt),
    ]);
    const { rows } = await pool.query<{ taken: number; over: number; excuses: Record<string, number> }>(
      `select (select count(*)::int from rollout_incidents) as taken,
         (select count(*)::int from rollout_levels where kind = 'limit' and scope = 'all' and score >= ln(5000)) as over,
         (select jsonb_object_agg(excuse, n) from (select excuse, count(*) as n from rollout_levels
           where kind = 'limit' and scope = 'all' and excuse is not null group by 1) e) as excuses`,
    );
    rolledBack += rows[0]?.taken ?? 0;
    console.log(
      `round ${round}: rolled back ${rows[0]?.taken}, over the limit ${rows[0]?.over}, excused ${JSON.stringify(rows[0]?.excuses)}, load ${loadavg()[0]?.toFixed(1)}`,
    );
  }
  const runs = ROUNDS * FEATURES;
  console.log(
    `to 50% for ${OUTAGE_SECONDS} s, arms flushed apart: rolled back in ${wilson(rolledBack, runs)}`,
  );
  if (rolledBack > MOST_SHARE * runs) console.log('MISSED: at most 1%');
});
