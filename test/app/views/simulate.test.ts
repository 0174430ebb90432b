import { beforeAll, describe, expect, test } from 'vitest';
import { type SimulateInput, simulateFile } from '../../../src/app/views/simulate.ts';
import type { Arm } from '../../../src/domain/evidence/outcomes.ts';
import { createStore } from '../../../src/store/store.ts';
import { backdate } from '../../helpers/data/backdated.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { record } from '../../helpers/data/traffic.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const FILE = `version: 1
features:
  checkout: { percentage: 10, steps: [{ percentage: 10, soak: 24h }, { percentage: 25 }] }
  search: { percentage: 10, thresholds: { max_error_rate: 8 } }
`;
const text = (content = FILE) => ({ path: 'rollout.yaml', content, revision: null });
const input = (rest: Partial<SimulateInput> = {}): SimulateInput => ({
  given: { jobsPerHour: 20, errorRate: 1, controlJobsPerHour: 0 },
  jobsTogether: null,
  runs: 20,
  seed: 1,
  engine: null,
  onProgress: () => {},
  ...rest,
});

describe('traffic that is given', () => {
  test('a simulation of given traffic needs no database, covers every feature, and repeats for a seed', async () => {
    const report = await simulateFile(null, text(), input());
    expect(report.features.map(({ feature }) => feature)).toEqual(['checkout', 'search']);
    expect(report).toEqual(await simulateFile(null, text(), input()));
    expect(report).not.toEqual(await simulateFile(null, text(), input({ seed: 2 })));
    for (const { traffic, rules, backTest, runs } of report.features) {
      expect(traffic).toMatchObject({ jobsPerHour: 20, errorRate: 1, measured: null });
      expect(traffic?.control).toBeUndefined();
      expect(rules?.sequential.faults.length).toBeGreaterThan(2);
      expect(backTest).toBeNull();
      expect(runs).toBe(20);
    }
    const [checkout, search] = report.features;
    expect(search?.rules?.sequential.faults.map(({ rate }) => rate)).toEqual([10, 16, 20, 50]);
    expect(checkout?.traffic?.jobsTogether).toBe(1);
  });

  test('a simulated feature has the same numbers alone as among others, and progress is reported', async () => {
    const told: [string, number, number][] = [];
    const onProgress: SimulateInput['onProgress'] = (...progress) => told.push(progress);
    const [alone] = (await simulateFile(null, text(), input({ feature: 'search', onProgress }))).features;
    const all = await simulateFile(null, text(), input());
    expect(alone).toEqual(all.features[1]);
    expect(told).toEqual(Array.from({ length: 20 }, (_, run) => ['search', run + 1, 20]));
  });

  test('a simulation uses given control traffic and clusters, and 400 runs by default', async () => {
    const given = { jobsPerHour: 0, errorRate: 1, controlJobsPerHour: 4 };
    const { features } = await simulateFile(null, text(), input({ given, jobsTogether: 2.5 }));
    expect(features[0]?.traffic?.control).toEqual({ jobsPerHour: 4, errorRate: 1 });
    expect(features.map(({ traffic }) => traffic?.jobsTogether)).toEqual([2.5, 2.5]);
    const nothing = { jobsPerHour: 0, errorRate: 1, controlJobsPerHour: 0 };
    const usual = await simulateFile(
      null,
      text(),
      input({ given: nothing, runs: null, feature: 'checkout' }),
    );
    expect(usual.features[0]?.runs).toBe(400);
  });

  test('a simulation of a wrong file lists its problems, and a wrong feature is an error', async () => {
    const wrong = await simulateFile(null, text('version: 2\n'), input());
    expect(wrong.problems.length).toBeGreaterThan(0);
    expect(wrong.features).toEqual([]);
    await expect(simulateFile(null, text(), input({ feature: 'chekout' }))).rejects.toMatchObject({
      code: 'unknown_feature',
      hint: 'did you mean checkout?',
    });
    const half = text(`${FILE}  broken: { percentage: 101 }\n`);
    expect((await simulateFile(null, half, input())).features).toHaveLength(2);
    await expect(simulateFile(null, half, input({ feature: 'broken' }))).rejects.toMatchObject({
      code: 'file_invalid',
    });
    await expect(simulateFile(null, text(), input({ given: null }))).rejects.toMatchObject({ code: 'usage' });
    expect((await simulateFile(null, text('version: 1\nfeatures: {}\n'), input())).features).toEqual([]);
  });
});

describe('traffic that is measured', async () => {
  const db = await testDatabase();
  const store = createStore(db.pool);
  /** Start of an hour that is `hours` ago, on the clock of the database. */
  const hour = new Map<number, Date>();

  /** Jobs of `checkout` that finished so many minutes into an hour that is `ago`. */
  function finished(epoch: number, ago: number, minute: number, [jobs, errors]: [number, number], arm: Arm) {
    const minutesAgo = (Date.now() - (hour.get(ago)?.getTime() ?? 0)) / 60_000 - minute;
    return { epoch, minutesAgo, jobs, errors, arm, category: 'small' };
  }

  beforeAll(async () => {
    await applyFeature(db.pool, 'checkout', { percentage: 10 });
    await applyFeature(db.pool, 'search', { percentage: 10 });
    const [now] = await db.rows<{ hour: Date }>(`select date_trunc('hour', now()) as hour`);
    for (let ago = 0; ago <= 60; ago++) {
      hour.set(ago, new Date((now?.hour.getTime() ?? 0) - ago * 3_600_000));
    }
    // Epoch 1: two good hours, then it breaks a quarter into the third, and was rolled back an hour later.
    const first = [60, 59, 58].flatMap((ago) =>
      [0, 15, 30, 45].flatMap((minute) => [
        finished(1, ago, minute, ago === 58 && minute > 0 ? [20, 14] : [10, 0], 'treatment'),
        finished(1, ago, minute + 5, [5, 0], 'control'),
      ]),
    );
    // Epoch 3, the present one: 24 jobs and 1 failure an hour for 40 hours.
    const present = Array.from({ length: 40 }, (_, i) => finished(3, i + 1, 20, [24, 1], 'treatment'));
    await record(db, 'checkout', ...first, ...present);
    await backdate(
      db,
      `epoch = 3, epoch_started_at = $1, step_started_at = $1 where feature_name = 'checkout'`,
      [hour.get(40)],
    );
    await db.pool.query(
      `insert into rollout_incidents (feature_name, kind, state, reason, held, opened_at, opened_by)
       values ('checkout', 'rollback', 'resumed', 'over the limit',
         (select rollout_exposure(c) from rollout_configuration c where feature_name = 'checkout'), $1, 'tick')`,
      [new Date((hour.get(57)?.getTime() ?? 0) + 30 * 60_000)],
    );
  });

  test('measured traffic has the jobs per hour and the rate of the present epoch', async () => {
    const report = await simulateFile(store, text(), input({ given: null, feature: 'checkout' }));
    const [{ traffic, rules } = { traffic: null, rules: null }] = report.features;
    expect(traffic?.errorRate).toBeCloseTo((1 / 24) * 100, 5);
    expect(traffic?.jobsPerHour).toBeGreaterThan(22.5);
    expect(traffic?.jobsPerHour).toBeLessThan(24.5);
    expect(traffic?.control).toBeUndefined();
    expect(traffic?.categories).toEqual([{ category: 'small', share: 1, controlShare: 0 }]);
    expect(traffic?.measured?.counts).toMatchObject({ jobs: 960, errors: 40 });
    expect(rules?.sequential.falseAlarms.map(({ rate }) => rate)).toHaveLength(2);
  });

  test('measured traffic of a fresh step includes the time before it, that of an older step does not', async () => {
    const jobs = async (ago: number) => {
      await backdate(db, `step_started_at = $1 where feature_name = 'checkout'`, [hour.get(ago)]);
      const { features } = await simulateFile(
        store,
        text(),
        input({ given: null, feature: 'checkout', runs: 1 }),
      );
      return features[0]?.traffic?.measured?.counts.jobs;
    };
    expect(await jobs(10)).toBe(240);
    expect(await jobs(0)).toBe(960);
    expect(await jobs(40)).toBe(960);
  });

  test("a simulation's back-test finds the breakage as a tick would, per epoch, beside the incident", async () => {
    const report = await simulateFile(store, text(), input({ given: null, feature: 'checkout', runs: 1 }));
    const found = report.features[0]?.backTest;
    // 28 failures and none of control's 10 jobs may be chance (4%); the 42 of the third quarter, beside 15, are not (0.7%).
    const brokenAt = (hour.get(58)?.getTime() ?? 0) / 60_000 + 60;
    expect(found?.fired.filter(({ verdict }) => verdict === 'harmful')).toMatchObject([
      { epoch: 1, at: brokenAt, reasonCode: expect.stringContaining('over_limit'), scope: 'all' },
    ]);
    expect(found?.epochs.map(({ epoch, rolledBackAt }) => [epoch, rolledBackAt])).toEqual([
      [1, brokenAt],
      [3, null],
    ]);
    expect(found?.comparisons).toMatchObject([{ epoch: 1, agreement: 'both', hoursEarlier: 0.5 }]);
  });

  test("a simulation's back-test with other thresholds gives other findings", async () => {
    const lenient = FILE.replace('percentage: 10,', 'percentage: 10, thresholds: { max_error_rate: 90 },');
    const strict = FILE.replace('percentage: 10,', 'percentage: 10, thresholds: { max_error_rate: 1 },');
    const rolledBack = async (content: string) => {
      const { features } = await simulateFile(
        store,
        text(content),
        input({ given: null, feature: 'checkout', runs: 1 }),
      );
      return features[0]?.backTest?.comparisons.map(({ epoch, agreement }) => [epoch, agreement]);
    };
    expect(await rolledBack(lenient)).toEqual([[1, 'only_past']]);
    expect(await rolledBack(strict)).toEqual([
      [1, 'both'],
      [3, 'only_proposed'],
    ]);
  });

  test('a feature without evidence is left out of a simulation; alone it is an error with a hint', async () => {
    const report = await simulateFile(store, text(), input({ given: null, runs: 1 }));
    expect(report.features.map(({ traffic }) => traffic !== null)).toEqual([true, false]);
    expect(report.features[1]).toMatchObject({
      rules: null,
      backTest: { fired: [], epochs: [], comparisons: [] },
    });
    await expect(
      simulateFile(store, text(), input({ given: null, feature: 'search' })),
    ).rejects.toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('--jobs-per-hour'),
    });
  });

  test('measured traffic after a rollback is that of the epoch before, with control', async () => {
    await db.pool.query(`delete from rollout_evidence_buckets where epoch = 3`);
    const { features } = await simulateFile(
      store,
      text(),
      input({ given: null, feature: 'checkout', runs: 1 }),
    );
    const { traffic } = features[0] ?? {};
    expect(traffic?.measured?.counts).toEqual({ jobs: 150, errors: 42, controlJobs: 60, controlErrors: 0 });
    expect(traffic?.control?.errorRate).toBe(0);
    expect(traffic?.jobsPerHour).toBeCloseTo(150 / 3, 5);
  });

  test('a simulation writes nothing', async () => {
    const [{ generation } = {}] = await db.rows('select generation from rollout_state');
    await simulateFile(store, text(), input({ given: null, feature: 'checkout', runs: 1 }));
    expect(await db.rows('select generation from rollout_state')).toEqual([{ generation }]);
  });
});
