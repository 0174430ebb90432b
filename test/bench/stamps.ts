import { randomUUID } from 'node:crypto';
import { createRollout } from '../../src/runtime/index.ts';
import { withDatabase } from './database.ts';
import { interleaved, print } from './table.ts';

/**
 * What it costs that a stamp counts once in whatever process it ends: the database remembers each, where an end that
 * nobody else reports (`elsewhere: false`) is added up in memory.
 *
 *   npx tsx test/bench/stamps.ts [rounds]
 */
const ROUNDS = Number(process.argv[2] ?? 5);
const JOBS = 20_000;
const SUBJECTS = 1_000;

await withDatabase(async (pool) => {
  await pool.query(
    `insert into rollout_configuration (feature_name, is_active, rollout_percentage) values ('checkout', true, 25)`,
  );
  const rollout = await createRollout({
    ...{ pool, env: {}, flushMs: 3_600_000, flushOnExit: false, maxPending: 1e6, closeMs: 600_000 },
  });
  const subjects = Array.from({ length: SUBJECTS }, () => randomUUID() as string);
  const jobs = (elsewhere: boolean | undefined) => async () => {
    for (let job = 0; job < JOBS; job++) {
      const { stamp } = rollout.route('checkout', { subject: subjects[job % SUBJECTS] ?? '' });
      rollout.record({ stamp, ok: true, durationMs: 3, elsewhere });
    }
    await rollout.flush();
  };
  const [once = 0, here = 0] = await interleaved(ROUNDS, [jobs(undefined), jobs(false)]);
  print(`${JOBS.toLocaleString('en-US')} jobs routed, ended and flushed`, [
    { what: 'each stamp once, in whatever process', milliseconds: once },
    { what: 'elsewhere: false', milliseconds: here },
  ]);
  const { rows } = await pool.query<{ jobs: number; bytes: number }>(
    `select count(*)::float8 as jobs, pg_total_relation_size('rollout_jobs')::float8 as bytes from rollout_jobs`,
  );
  const [{ jobs: remembered, bytes } = { jobs: 1, bytes: 0 }] = rows;
  console.log(`${Math.round(bytes / remembered)} bytes a stamp on disk, kept for a week\n`);
  await rollout.close();
});
