import pg from 'pg';
import { beforeAll, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import type { ReportData, ReportFeature } from '../../../src/domain/report/report.ts';
import { createStore } from '../../../src/store/store.ts';
import { checksum, type Project, project } from '../../helpers/projects/project.ts';
import { tenFeatures } from '../../helpers/reports/ten-features.ts';

let one: Project;
let data: ReportData;

beforeAll(async () => {
  one = await tenFeatures();
  data = await readReport(one.controller, { repositoryUrl: 'https://github.com/acme/rollouts' });
});

function feature(name: string, of = data): ReportFeature {
  const found = of.features.find((one) => one.feature === name);
  if (!found) throw new Error(`there is no feature ${name}`);
  return found;
}

describe('the report', () => {
  it('the report writes nothing', async () => {
    const small = await project();
    await small.apply('version: 1\nfeatures: { checkout: { percentage: 50 } }\n');
    const before = await checksum(small.db);
    expect((await readReport(small.controller)).features).toHaveLength(1);
    expect(await checksum(small.db)).toEqual(before);
  });

  it('the report needs only the reader role', async () => {
    const { connectionString } = one.db;
    const pool = new pg.Pool({ connectionString, options: '-c role=rollout_reader', max: 1 });
    const { features } = await readReport({ store: createStore(pool) }).finally(() => pool.end());
    expect(features).toHaveLength(10);
  });

  it('the report has a one-word state for every feature', () => {
    expect(Object.fromEntries(data.features.map(({ feature, state }) => [feature, state]))).toEqual({
      ...{ billing_export: 'warning', dark_launch: 'off', hybrid_progressive_capture: 'soaking' },
      ...{ incremental_sync: 'healthy', legacy_import: 'stopped', partner_invites: 'no_data' },
      ...{
        review_hints: 'paused',
        search_index: 'suspect',
        size_bands: 'gathering',
        workspace_cache: 'held',
      },
    });
  });

  it('the report has what is live, and the next step with its time and what it waits for', () => {
    const soaking = feature('hybrid_progressive_capture');
    expect(soaking).toMatchObject({ state: 'soaking', percentage: 25, total: 1_250, stopped_by: null });
    expect(soaking.next).toMatchObject({
      percentage: 50,
      what: { code: 'soak', besides: null, way: 'pull_request' },
    });
    const left = ((soaking.next.at?.getTime() ?? 0) - data.generated_at.getTime()) / 3_600_000;
    expect(left).toBeCloseTo(19.2, 1);
    expect(soaking.soak).toMatchObject({ seconds: 172_800 });
    expect(soaking.soak?.share).toBeCloseTo(60, 0);
  });

  it('the report has the reason and the way out of a held feature, and who stopped a stopped one', () => {
    const held = feature('workspace_cache');
    expect(held).toMatchObject({ state: 'held', eligible: 0 });
    expect(held.next).toEqual({
      ...{ percentage: null, at: null },
      what: {
        code: 'resume',
        incident: held.incidents[0]?.id,
        file: { code: 'proposed', pull_request: 214 },
      },
    });
    expect(held.incidents[0]).toMatchObject({
      ...{ kind: 'rollback', state: 'open', write_back: 'proposed', write_back_pull_request: 214 },
      evidence: {
        scope: 'all',
        scores: { absolute: 11.8 },
        window: { jobs: 214, errors: 31, control_jobs: 720 },
      },
    });
    expect(feature('legacy_import')).toMatchObject({
      ...{ state: 'stopped', eligible: 0 },
      stopped_by: {
        by: expect.stringMatching(/^sql:/),
        reason: expect.stringContaining('the vendor is down'),
      },
    });
  });

  it('the report has exposure as steps: each change, and 0 while a feature is archived or stopped', () => {
    expect(feature('hybrid_progressive_capture').exposure.map(({ percentage }) => percentage)).toEqual([
      1, 5, 10, 25,
    ]);
    expect(feature('workspace_cache').exposure.map(({ percentage, live }) => [percentage, live])).toEqual([
      [10, true],
      [25, true],
      [0, false],
    ]);
  });

  it("the report's finished jobs over time add up to the recorded ones, treatment beside control", async () => {
    const { rates } = feature('search_index');
    const sum = (column: readonly number[]) => column.reduce((all, value) => all + value, 0);
    const [recorded] = await one.db.rows(
      `select sum(total_jobs) filter (where arm = 'treatment')::int as jobs,
         sum(error_count) filter (where arm = 'treatment')::int as errors,
         sum(total_jobs) filter (where arm = 'control')::int as control_jobs
       from rollout_evidence where feature_name = 'search_index'`,
    );
    expect({
      jobs: sum(rates.jobs),
      errors: sum(rates.errors),
      control_jobs: sum(rates.control_jobs),
    }).toEqual(recorded);
    expect(rates.at).toEqual([...rates.at].sort((a, b) => a - b));
    expect(new Set(rates.span)).toEqual(new Set([3_600, 21_600]));
  });

  it('the report has checks over time, each one of the last two days, and the turns of the verdict', () => {
    const { scores, turns } = feature('search_index');
    const recent = scores.at.filter((at) => at > data.generated_at.getTime() / 1_000 - 2 * 86_400);
    expect(recent.length).toBeGreaterThanOrEqual(190);
    expect(scores.at.length).toBeLessThan(600);
    expect(Math.max(...scores.relative)).toBeGreaterThan(Math.log(2_000));
    expect(turns.map(({ verdict }) => verdict)).toEqual(['healthy', 'suspect']);
  });

  it('the report has weeks, costs and advice', () => {
    const { weeks, cost, advice } = feature('incremental_sync');
    expect(weeks.now).toMatchObject({ percentage: 100 });
    expect(weeks.now.treatment.jobs).toBeGreaterThan(1_000);
    expect(weeks.before.treatment.jobs).toBeGreaterThan(1_000);
    expect(cost).toMatchObject({ days: 28, fallback: 'inngest', problem: null });
    expect(advice.map(({ code }) => code)).toContain('clean_up');
    expect(feature('dark_launch').advice.map(({ code }) => code)).toEqual(['remove']);
  });

  it('the report shows names of subjects and error texts only when asked', async () => {
    const shown = feature(
      'hybrid_progressive_capture',
      await readReport(one.controller, { showNames: true }),
    );
    expect(shown.lists.names).toEqual({ whitelist: ['r1', 'r2'], blacklist: [] });
    expect(shown.health.error_texts.map(({ message }) => message)).toContain('queue: connection refused');
    const hidden = feature('hybrid_progressive_capture');
    expect(hidden.lists).toEqual({ whitelist: 2, blacklist: 0, names: null });
    expect(hidden.health.error_texts).toEqual([]);
  });

  it('the report of a named feature has only that feature, and an unknown one is refused', async () => {
    const { features } = await readReport(one.controller, { feature: 'size_bands', simulate: false });
    expect(features.map(({ feature }) => feature)).toEqual(['size_bands']);
    await expect(readReport(one.controller, { feature: 'nobody' })).rejects.toMatchObject({
      code: 'unknown_feature',
    });
  });

  it('the report shows a global stop, and that nobody is in any feature', async () => {
    const stopped = await project();
    await stopped.apply('version: 1\nfeatures: { checkout: { percentage: 50 } }\n');
    await stopped.controller.store.incidents.stop(null, 'fire', 'tester');
    const { global_stop, features } = await readReport(stopped.controller);
    expect(global_stop).toMatchObject({ reason: 'fire', by: 'tester' });
    expect(features[0]).toMatchObject({
      ...{ state: 'stopped', eligible: 0, stopped_by: { by: 'tester', reason: 'fire' } },
      next: { what: { code: 'resume', file: { code: 'pending' } } },
    });
    expect(features[0]?.exposure.at(-1)).toMatchObject({ percentage: 0, live: false });
  });

  it('the report has the reason of a rollback until the resume, even after the file agrees', async () => {
    const other = await project();
    const { store } = other.controller;
    const told = async () => (await readReport(other.controller)).features[0];
    await other.apply('version: 1\nfeatures: { checkout: { percentage: 50 } }\n');
    const taken = { feature: 'checkout', actor: 'rollout tick', reason: '9 of 10 jobs failed', evidence: {} };
    await store.incidents.rollBack({ ...taken, severity: 'warning', to: null, epoch: 1 });
    expect(await told()).toMatchObject({ state: 'held' });
    await other.apply('version: 1\nfeatures: { checkout: { active: false } }\n');
    const settled = await told();
    expect(settled).toMatchObject({
      state: 'rolled_back',
      incidents: [{ state: 'settled', reason: '9 of 10 jobs failed' }],
      next: { what: { code: 'resume', incident: null, file: null } },
    });
    await store.incidents.stop('checkout', 'to be sure', 'mara');
    await other.apply('version: 1\nfeatures: { checkout: { active: false, emergency_stop: true } }\n');
    expect(await told()).toMatchObject({
      ...{ state: 'stopped', stopped_by: { by: 'mara', reason: 'to be sure' } },
    });
  });
});
