import { expect, it } from 'vitest';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { record } from '../../helpers/data/traffic.ts';
import { testDatabase } from '../../helpers/database/database.ts';

it('the times of a week are counted by processor and arm, apart from those of another week', async () => {
  const db = await testDatabase();
  await applyFeature(db.pool, 'checkout', { percentage: 10 });
  await record(db, 'checkout', { jobs: 90, ms: 1_000 }, { jobs: 10, ms: 60_000 });
  await record(db, 'checkout', { jobs: 5, ms: 500, arm: 'control' });
  await db.pool.query(
    `insert into rollout_evidence_times (feature_name, epoch, hour_start, arm, processor_type, category, places, counts)
     select feature_name, epoch, hour_start - interval '10 days', arm, processor_type, category, places, counts
     from rollout_evidence_times where arm = 'control'`,
  );
  await db.pool.query(
    `insert into rollout_evidence_hours (feature_name, epoch, hour_start, arm, processor_type, category, total_jobs)
     select feature_name, epoch, hour_start - interval '10 days', arm, processor_type, category, total_jobs
     from rollout_evidence_hours where arm = 'control'`,
  );
  const sums = await createStore(db.pool).reading((read) => read.outcomes.processorSums(2));
  const counted = (arm: string, week: number) => {
    const times = sums.find((sum) => sum.arm === arm && sum.week === week)?.times;
    return [...(times?.values() ?? [])].sort((a, b) => a - b);
  };
  expect(counted('control', 0)).toEqual([5]);
  expect(counted('control', 1)).toEqual([5]);
  expect(counted('treatment', 1)).toEqual([]);
});
