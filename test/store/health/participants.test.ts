import { expect, it } from 'vitest';
import { countParticipants } from '../../../src/store/health/rates.ts';
import { applyFeature, importRows, repository } from '../../helpers/data/features.ts';
import { spec } from '../../helpers/data/specs.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const ids = Array.from({ length: 8 }, (_, n) => `r${n}`);
await importRows(
  db.pool,
  ids.map((id) => repository(id, { name: `acme/${id}`, star_count: 0 })),
);
await db.pool.query(`insert into rollout_customers (customer_id, name) values ('r1', 'One'), ('c2', 'Two')`);
const { thresholds } = spec();
await applyFeature(db.pool, 'all', { percentage: 100, blacklist: ['acme/r3'] });
await applyFeature(db.pool, 'few', { percentage: 0, whitelist: ['r1', 'r2'] });
await applyFeature(db.pool, 'longer', { percentage: 100, thresholds: { ...thresholds, window: 7 * 86_400 } });
await applyFeature(db.pool, 'customers', { percentage: 100, subject: 'customer' });
await applyFeature(db.pool, 'off', { percentage: 100, active: false });

/** Jobs of each subject, so many days ago. */
async function jobs(
  feature: string,
  subjects: readonly string[],
  days = 0,
  arm = 'treatment',
): Promise<void> {
  await db.pool.query(
    `insert into rollout_metrics (feature_name, subject_id, processor_type, arm, epoch, metrics_window_start, total_jobs, success_count)
     select $1, s, p, $3, 1, date_bin('5 minutes', now() - make_interval(days => $4, mins => 6), 'epoch'), 1, 1
     from unnest($2::text[]) s, unnest(array['inngest', 'github_actions']) p`,
    [feature, subjects, arm, days],
  );
}

it('participants are the eligible subjects of each feature with a treatment job in its own window', async () => {
  for (const feature of ['all', 'few', 'off']) await jobs(feature, ids);
  await jobs('all', ['nobody knows me']);
  await jobs('all', ['r7'], 0, 'control');
  await jobs('longer', ids.slice(0, 2));
  await jobs('longer', ids.slice(1, 5), 3);
  await jobs('few', ids, 3);
  await jobs('customers', ['r1', 'r2', 'c2']);
  const all = await countParticipants(db.pool);
  expect(Object.fromEntries([...all].sort())).toEqual({ all: 7, customers: 2, few: 2, longer: 5 });
  for (const feature of ['all', 'few', 'longer', 'customers', 'off']) {
    const alone = await countParticipants(db.pool, feature);
    expect([feature, [...alone]]).toEqual([feature, [...all].filter(([name]) => name === feature)]);
  }
});

it('no subject participates while everything is stopped', async () => {
  await db.pool.query('update rollout_state set global_stop = true, generation = generation + 1');
  expect([...(await countParticipants(db.pool))]).toEqual([]);
});
