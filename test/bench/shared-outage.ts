import { type ChildProcess, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import Table from 'cli-table3';
import type pg from 'pg';
import { withDatabase } from './database.ts';
import type { Outage } from './shared-outage-process.ts';
import { wilson } from './wilson.ts';

/**
 * Outages that both arms share, as the fuse meets them where one process runs treatment and another one control: each is a
 * process with the library, flushes when it likes, and nobody knows when the other one does.
 *
 *   npx tsx test/bench/shared-outage.ts [lives] [seconds of the outage] [features at a time]
 *
 * Every feature is a life of its own, in real time: 1% of the jobs of both arms fail, then many more, then 1% again. What the
 * fuse rolls back was taken for a fault of the feature; a storm would have been one more rollback, so it is counted as one.
 */
const LIVES = Number(process.argv[2] ?? 480);
const OUTAGE_SECONDS = Number(process.argv[3] ?? 90);
const FEATURES = Number(process.argv[4] ?? 60);
const WARM_UP_SECONDS = 30;
const AFTER_SECONDS = 15;
/** Of both arms of a feature. */
const JOBS_A_MINUTE = 32;
const SHARES = [10, 50, 90];
const BROKEN = [0.2, 0.5];
/** Milliseconds between the flushes of the processes of treatment and control; early flushes come between them. */
const FLUSH_MS = [
  [5_000, 5_300],
  [2_000, 9_000],
  [9_000, 2_000],
  [700, 4_100],
] as const;
const MOST_SHARE = 0.01;

interface Life {
  feature: string;
  share: number;
  broken: number;
}

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
const ROUNDS = Math.ceil(LIVES / FEATURES);
const all: Life[] = Array.from({ length: ROUNDS * FEATURES }, (_, place) => ({
  feature: `feature_${place}`,
  share: SHARES[place % SHARES.length] ?? 50,
  broken: BROKEN[Math.floor(place / SHARES.length) % BROKEN.length] ?? 0.5,
}));

async function application(url: string, place: number, arm: string, flushMs: number): Promise<ChildProcess> {
  const file = join(import.meta.dirname, 'shared-outage-process.ts');
  const child = spawn(process.execPath, ['--import', tsx, file, url, String(place), arm, String(flushMs)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  await answerOf(child);
  return child;
}

function answerOf<Answer>(child: ChildProcess): Promise<Answer> {
  return new Promise((resolve, reject) => {
    child.once('message', (answer) => resolve(answer as Answer));
    child.once('error', reject);
    child.once('exit', () => reject(new Error('a process ended')));
  });
}

/** Features two hours old, of which it is known that jobs are quick. */
async function addFeatures(pool: pg.Pool): Promise<void> {
  await pool.query(
    `insert into rollout_configuration (feature_name, salt, is_active, rollout_percentage, spec, epoch_started_at)
     select f, f, true, share, jsonb_build_object('percentage', share), now() - interval '2 hours'
     from unnest($1::text[], $2::int[]) o(f, share)`,
    [all.map(({ feature }) => feature), all.map(({ share }) => share)],
  );
  await pool.query(
    `insert into rollout_evidence_hours (feature_name, epoch, hour_start, arm, processor_type, total_jobs, timed_jobs, processing_ms)
     select feature_name, 0, date_bin('1 hour', now() - interval '1 day', 'epoch'), 'control', 'inngest', 100, 100, 100
     from rollout_configuration`,
  );
}

async function round(pairs: ChildProcess[][], lives: readonly Life[]): Promise<number> {
  const breaksAt = Date.now() + WARM_UP_SECONDS * 1_000;
  const recoversAt = breaksAt + OUTAGE_SECONDS * 1_000;
  const times = { breaksAt, recoversAt, endsAt: recoversAt + AFTER_SECONDS * 1_000 };
  const answers = pairs.flatMap((pair, place) => {
    const own = lives.filter((_, n) => n % pairs.length === place);
    return pair.map((child, side) => {
      const answer = answerOf<{ jobs: number }>(child);
      const features = own.map(({ feature, share, broken }) => ({
        ...{ feature, broken },
        jobsAMinute: (JOBS_A_MINUTE * (side === 0 ? share : 100 - share)) / 100,
      }));
      child.send({ features, ...times } satisfies Outage);
      return answer;
    });
  });
  return (await Promise.all(answers)).reduce((sum, { jobs }) => sum + jobs, 0);
}

/** What became of each feature: rolled back, or the excuse of a score that is or was over the limit. */
async function ends(pool: pg.Pool): Promise<Map<string, { taken: boolean; over: boolean }>> {
  const { rows } = await pool.query<{ feature: string; taken: boolean; over: boolean }>(
    `select c.feature_name as feature,
       exists (select from rollout_incidents i where i.feature_name = c.feature_name)
         or exists (select from rollout_outbox o where o.feature_name = c.feature_name and o.dedupe_key like 'storm:%') as taken,
       exists (select from rollout_levels l where l.feature_name = c.feature_name and l.kind = 'limit' and l.scope = 'all'
         and l.peak >= ln(5000)) as over
     from rollout_configuration c`,
  );
  return new Map(rows.map(({ feature, ...found }) => [feature, found]));
}

await withDatabase(async (pool, url) => {
  await addFeatures(pool);
  const pairs: ChildProcess[][] = [];
  for (const [place, [treatment, control]] of FLUSH_MS.entries()) {
    pairs.push([
      await application(url, 2 * place + 1, 'treatment', treatment),
      await application(url, 2 * place + 2, 'control', control),
    ]);
  }
  console.log(`${2 * pairs.length} processes, ${availableParallelism()} cores`);
  for (let n = 0; n < ROUNDS; n++) {
    const lives = all.slice(n * FEATURES, (n + 1) * FEATURES);
    const jobs = await round(pairs, lives);
    const found = await ends(pool);
    const of = (what: 'taken' | 'over') => lives.filter(({ feature }) => found.get(feature)?.[what]).length;
    console.log(
      `round ${n + 1} of ${ROUNDS}: ${jobs} jobs, rolled back ${of('taken')} of ${lives.length}, were over the limit ${of('over')}, load ${loadavg()[0]?.toFixed(1)}`,
    );
  }
  const found = await ends(pool);
  const table = new Table({
    head: ['treatment', 'outage to', 'rolled back', 'were over the limit'],
    style: { head: [], border: [] },
  });
  const count = (lives: readonly Life[], what: 'taken' | 'over') =>
    wilson(lives.filter(({ feature }) => found.get(feature)?.[what]).length, lives.length);
  for (const share of SHARES)
    for (const broken of BROKEN) {
      const lives = all.filter((life) => life.share === share && life.broken === broken);
      table.push([`${share}%`, `${100 * broken}%`, count(lives, 'taken'), count(lives, 'over')]);
    }
  table.push(['all', '', count(all, 'taken'), count(all, 'over')]);
  console.log(table.toString());
  const taken = all.filter(({ feature }) => found.get(feature)?.taken).length;
  if (taken > MOST_SHARE * all.length) console.log('MISSED: at most 1%');
  const closed = pairs.flat().map((child) => new Promise((resolve) => child.once('exit', resolve)));
  for (const child of pairs.flat()) child.send('close');
  await Promise.all(closed);
});
