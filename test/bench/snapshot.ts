import Table from 'cli-table3';
import type pg from 'pg';
import { createRollout, type Rollout } from '../../src/runtime/index.ts';
import { fillRegistry, withDatabase } from './database.ts';
import { once } from './table.ts';

/**
 * What a large snapshot costs an application: ten thousand features, a whitelist of a hundred thousand, categories
 * of a million subjects.
 *
 *   node --expose-gc --import tsx test/bench/snapshot.ts [subjects]
 */
const SUBJECTS = Number(process.argv[2] ?? 1_000_000);
const FEATURES = 10_000;
const LISTED = 100_000;
const PORTION = 100;

const table = new Table({ head: ['', 'ms', 'MB'], style: { head: [], border: [] } });

/** Heap and array buffers in MB, without what is only waiting to be collected. */
function memory(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1e6;
}

async function opened(pool: pg.Pool, what: string): Promise<Rollout> {
  const before = memory();
  let rollout: Rollout | null = null;
  const time = await once(async () => {
    rollout = await createRollout({ pool, env: {}, flushOnExit: false, startMs: 600_000 });
  });
  if (!rollout) throw new Error('not opened');
  table.push([what, time.toFixed(0), globalThis.gc ? (memory() - before).toFixed(1) : 'with --expose-gc']);
  return rollout;
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}

await withDatabase(async (pool) => {
  // Before the features: each of them is asked for the name of a repository that is inserted without an import.
  await fillRegistry(pool, SUBJECTS);
  await pool.query(`select count(*) from categorize_all_repositories()`);
  const empty = await opened(pool, 'open, no feature');
  await empty.close();
  // In many transactions, as a reconcile does: history is a chain, and one transaction makes it a long one.
  for (let from = 1; from <= FEATURES; from += PORTION) {
    await pool.query(
      `insert into rollout_configuration (feature_name, is_active, rollout_percentage)
       select 'feature_' || n, true, 25 from generate_series($1::int, $2::int) n`,
      [from, from + PORTION - 1],
    );
  }
  const many = await opened(pool, `open, ${FEATURES.toLocaleString('en-US')} features`);
  const one = await once(async () => {
    await pool.query(
      `update rollout_configuration set rollout_percentage = 0 where feature_name = 'feature_7'`,
    );
    await until(() => many.evaluate('feature_7', 'x').percentage === 0);
  });
  table.push(['one of them changed, to the decision', one.toFixed(1), '']);
  await pool.query(
    `update rollout_configuration set target_repositories =
       array(select gen_random_uuid()::text from generate_series(1, $1::int)) where feature_name = 'feature_8'`,
    [LISTED],
  );
  await many.close();
  const listed = await opened(pool, `open, one with a whitelist of ${LISTED.toLocaleString('en-US')}`);
  const change = await once(async () => {
    await pool.query(
      `update rollout_configuration set rollout_percentage = 1 where feature_name = 'feature_8'`,
    );
    await until(() => listed.evaluate('feature_8', 'x').percentage === 1);
  });
  table.push(['that one changed, to the decision', change.toFixed(1), '']);
  await listed.close();

  await pool.query(
    `update rollout_configuration set rollout_strategy = 'repository_size' where feature_name = 'feature_9'`,
  );
  const sized = await opened(pool, `open, categories of ${SUBJECTS.toLocaleString('en-US')} subjects`);
  const { subjects, subjectBytes } = sized.state();
  table.push([
    `of which the table of subjects (${(subjectBytes / subjects).toFixed(1)} bytes each)`,
    '',
    (subjectBytes / 1e6).toFixed(1),
  ]);
  const [tiny] = (
    await pool.query(
      `select repository_id as id from repository_categories where category = 'enterprise' limit 1`,
    )
  ).rows;
  const difference = await once(async () => {
    await pool.query(`update repository_categories set category = 'test' where repository_id = $1`, [
      tiny.id,
    ]);
    await pool.query(
      `update rollout_configuration set rollout_percentage = 10 where feature_name = 'feature_9'`,
    );
    await until(() => sized.isEligible('feature_9', tiny.id));
  });
  table.push(['one of them of another size, to the decision', difference.toFixed(0), '']);
  await sized.close();
  console.log(table.toString());
});
