import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { stats } from '../../../src/app/views/status.ts';
import { type Outcome, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { timePlace } from '../../../src/domain/evidence/time-counters.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { recordJobs, recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { createStore } from '../../../src/store/store.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
await applyFeature(db.pool, 'checkout', { percentage: 50 });
beforeEach(() => db.pool.query('truncate rollout_evidence, rollout_evidence_times, rollout_batches'));

function outcome(duration_ms: number | null, rest: Partial<Outcome> = {}): Outcome {
  return {
    ...{
      feature: 'checkout',
      subject: 'r1',
      processor: 'inngest',
      arm: 'treatment',
      epoch: 1,
      job_class: '',
    },
    ...{ category: '', ok: true, duration_ms, error: null, finished_at: Date.now() },
    ...rest,
  } as Outcome;
}

const sumsOf = (outcomes: readonly Outcome[]) => {
  const sums = new OutcomeSums();
  for (const one of outcomes) sums.add(one);
  return sums;
};
const record = (...outcomes: Outcome[]) => recordOutcomes(db.pool, randomUUID(), sumsOf(outcomes));

/** Arm, then place and count of what is kept, all windows together. */
async function kept(): Promise<Record<string, [number, number][]>> {
  const rows = await db.rows<{ arm: string; place: number; jobs: number }>(
    `select arm, u.place, sum(u.jobs)::int as jobs from rollout_evidence_times, unnest(places, counts) u(place, jobs)
     group by 1, 2 order by 1, 2`,
  );
  const found: Record<string, [number, number][]> = {};
  for (const { arm, place, jobs } of rows) found[arm] = [...(found[arm] ?? []), [place, jobs]];
  return found;
}

describe('times of jobs', () => {
  it('a time has the same place in PostgreSQL as in TypeScript', async () => {
    const random = seededRandom(3);
    const times = [0, 0.5, 1, 1.0001, ...Array.from({ length: 2_000 }, () => Math.exp(30 * random()))];
    const [row] = await db.rows<{ places: number[] }>(
      'select array_agg(rollout_time_place(ms) order by place) as places from unnest($1::float8[]) with ordinality o(ms, place)',
      [times],
    );
    expect(row?.places).toEqual(times.map(timePlace));
  });

  it('times are counted once, of single jobs and of sums, flush after flush', async () => {
    const busy = [100, 100, 5_000].map((ms) => outcome(ms));
    await record(...busy, outcome(100, { subject: 'r2' }), outcome(null, { subject: 'r3' }));
    await record(outcome(5_000), outcome(70, { arm: 'control', subject: 'r4' }));
    const [short, long] = [timePlace(100), timePlace(5_000)];
    expect(await kept()).toEqual({
      control: [[timePlace(70), 1]],
      treatment: [
        [short, 3],
        [long, 2],
      ],
    });
    const batch = randomUUID();
    const again = sumsOf([outcome(100), outcome(100)]);
    await recordOutcomes(db.pool, batch, again);
    await recordOutcomes(db.pool, batch, again);
    expect((await kept()).treatment).toEqual([
      [short, 5],
      [long, 2],
    ]);
  });

  it('times of reported jobs are counted, and places that do not exist are left out', async () => {
    const line = {
      feature: 'checkout',
      processor: 'inngest',
      ok: true,
      arm: 'treatment' as const,
      error: null,
    };
    const jobs = [250, 250, null].map((duration_ms, i) => {
      return { ...line, subject: `r${i}`, duration_ms, finished_at: null, id: null };
    });
    await recordJobs(db.pool, randomUUID(), jobs, { skipInvalid: false, anySubject: true });
    expect(await kept()).toEqual({ treatment: [[timePlace(250), 2]] });
    const { sums } = sumsOf([outcome(10), outcome(10)]);
    const strange = sums.map((sum) => ({ ...sum, times: [-1, 2, 999, 1, 5, 0] }));
    await recordOutcomes(db.pool, randomUUID(), { sums: strange, errors: [] });
    expect(await kept()).toEqual({ treatment: [[timePlace(250), 2]] });
  });

  it('times are shown as quantiles by processor and arm beside the mean', async () => {
    const of = (arm: 'treatment' | 'control', factor: number) =>
      Array.from({ length: 100 }, (_, i) => outcome((i + 1) * 10 * factor, { arm, subject: `r${i % 7}` }));
    await record(...of('treatment', 2), ...of('control', 1));
    const [feature] = (await stats(createStore(db.pool), 'checkout')).features;
    const { treatment, control, times, rates } = feature?.health ?? {};
    const near = (ms: number) => ({ asymmetricMatch: (found: number) => Math.abs(found - ms) <= 0.05 * ms });
    expect(treatment).toMatchObject({ p50_ms: near(1_000), p95_ms: near(1_900), p99_ms: near(1_980) });
    expect(control).toMatchObject({ p50_ms: near(500), p95_ms: near(950), p99_ms: near(990) });
    expect(rates?.map(({ arm, p95_ms }) => [arm, p95_ms])).toEqual([
      ['control', near(950)],
      ['treatment', near(1_900)],
    ]);
    expect(times).toMatchObject([
      { processor: 'inngest', arm: 'control', p95_ms: near(950) },
      { processor: 'inngest', arm: 'treatment', p95_ms: near(1_900) },
    ]);
  });
});
