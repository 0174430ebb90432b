import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { openPool } from '../../../src/store/db/client.ts';
import { type ReportedJob, recordJobs, recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { cuttingProxy } from '../../helpers/database/cutting-proxy.ts';
import { testDatabase } from '../../helpers/database/database.ts';
import { runCompiled } from '../../helpers/processes/cli.ts';

const db = await testDatabase();
const PROCESSES = 16;
const FLUSHES = 10;
const OUTCOMES = 100;

/** What every table says of the same jobs. */
const COUNTS = `select
  (select sum(total_jobs)::int from rollout_metrics) as metrics,
  (select sum(total_jobs)::int from rollout_evidence) as evidence,
  (select sum(jobs + control_jobs)::int from rollout_evidence_buckets) as buckets,
  (select sum(error_count)::int from rollout_evidence) as errors,
  (select sum(occurrences)::int from rollout_errors) as said`;

const all = (jobs: number, errors: number) => [
  { metrics: jobs, evidence: jobs, buckets: jobs, errors, said: errors },
];

beforeAll(async () => {
  await applyFeature(db.pool, 'checkout', { percentage: 10 });
  await db.pool.query(`insert into repository_categories (repository_id) values ('r1')`);
});
beforeEach(() =>
  db.pool.query(
    `truncate rollout_metrics, rollout_evidence, rollout_evidence_buckets, rollout_errors, rollout_batches,
       rollout_outcome_ids`,
  ),
);

function recorders(): Promise<{ lost: number }[]> {
  const runs = Array.from({ length: PROCESSES }, async (_, process) => {
    const args = [db.connectionString, 'checkout', process, FLUSHES, OUTCOMES].map(String);
    const { code, stdout, stderr } = await runCompiled('test/store/outcomes/recorder.ts', args);
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as { lost: number };
  });
  return Promise.all(runs);
}

describe('16 processes that record the same subjects', () => {
  it('16 processes that record the same subjects lose no count and count none twice', async () => {
    const lost = await recorders();
    expect(lost.every((one) => one.lost === 0)).toBe(true);
    const jobs = PROCESSES * FLUSHES * OUTCOMES;
    expect(await db.rows(COUNTS)).toEqual(all(jobs, jobs / 10));
  });

  it('16 processes whose connections die again and again lose no count and count none twice', async () => {
    let over = false;
    const running = recorders().finally(() => {
      over = true;
    });
    let killed = 0;
    let counted = 0;
    while (!over) {
      // Each round of deaths waits for one batch more: a machine on which a flush takes longer than a connection
      // lives would otherwise never come to an end.
      const [row] = await db.rows<{ batches: number; n: number }>(
        `with counted as materialized (select count(*)::int as batches from rollout_batches)
         select batches, (select count(*) filter (where pg_terminate_backend(pid))::int from pg_stat_activity
           where batches > $1 and datname = current_database() and application_name = 'rollout'
             and random() < 0.3) as n
         from counted`,
        [counted],
      );
      counted = row?.batches ?? 0;
      killed += row?.n ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const lost = (await running).reduce((sum, one) => sum + one.lost, 0);
    expect(killed).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
    const jobs = PROCESSES * FLUSHES * OUTCOMES;
    expect(await db.rows(COUNTS)).toEqual(all(jobs, jobs / 10));
  });
});

describe('a connection that dies after the commit, before the answer', () => {
  it('a batch whose connection died after the commit counts once when it is sent again', async () => {
    const proxy = await cuttingProxy(db.connectionString, 'rollout_record_outcomes');
    const pool = openPool(proxy.connectionString);
    const sums = new OutcomeSums();
    sums.add({
      ...{
        feature: 'checkout',
        subject: 'r1',
        processor: 'inngest',
        arm: 'treatment',
        epoch: 1,
        job_class: '',
      },
      ...{ category: '', ok: false, duration_ms: 1, error: 'boom', finished_at: Date.now() },
    });
    const batch = randomUUID();
    await expect(recordOutcomes(pool, batch, sums)).rejects.toMatchObject({ code: 'database_unreachable' });
    expect(proxy.cut()).toBe(1);
    expect(await db.rows(COUNTS)).toEqual(all(1, 1));
    expect(await recordOutcomes(pool, batch, sums)).toBe(false);
    expect(await db.rows(COUNTS)).toEqual(all(1, 1));
    await pool.end();
  });

  it('a lost answer about reported jobs is given again, twice in a row', async () => {
    const proxy = await cuttingProxy(db.connectionString, 'rollout_record_jobs', 2);
    const pool = openPool(proxy.connectionString);
    const job: ReportedJob = {
      ...{
        feature: 'checkout',
        subject: 'r1',
        processor: 'inngest',
        ok: false,
        arm: null,
        duration_ms: null,
      },
      ...{ error: 'boom', finished_at: null, id: 'job 1' },
    };
    const options = { skipInvalid: false, anySubject: false };
    const batch = randomUUID();
    const answer = await recordJobs(pool, batch, [job, { ...job, id: null }, job], options);
    expect(answer).toEqual({ recorded: 2, repeated: 1, kept: 0, refused: [] });
    expect(proxy.cut()).toBe(2);
    expect(await db.rows(COUNTS)).toEqual(all(2, 2));
    await pool.end();
  });
});
