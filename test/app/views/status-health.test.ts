import { beforeAll, describe, expect, it } from 'vitest';
import { stats, status } from '../../../src/app/views/status.ts';
import { openJobs } from '../../../src/store/outcomes/jobs.ts';
import { backdate } from '../../helpers/data/backdated.ts';
import { record } from '../../helpers/data/traffic.ts';
import { addRepositories, fileOf, type Project, project } from '../../helpers/projects/project.ts';

let one: Project;
const HOUR = 60;
const STEPS = [
  { percentage: 50, soak: '24h' },
  { percentage: 100, soak: '24h' },
];

/** How one feature fares. */
async function health(feature: string) {
  const { features } = await stats(one.controller.store, feature);
  const found = features[0]?.health;
  if (!found) throw new Error(`there is no feature ${feature}`);
  return found;
}

beforeAll(async () => {
  one = await project();
  await addRepositories(one.db, 100);
  await one.db.pool.query(
    `insert into repository_categories (repository_id, category) values ('s1', 'small')`,
  );
  await one.apply(
    fileOf({
      off: { active: false },
      rated: { percentage: 100, steps: STEPS },
      soaking: { percentage: 50, whitelist: ['s1'], steps: STEPS },
      uneven: { percentage: 100 },
      listed: { strategy: 'whitelist', whitelist: ['s1'] },
    }),
  );
});

const NO_TIMES = { p50_ms: null, p95_ms: null, p99_ms: null };
/** All jobs took as long. */
const all = (ms: number) => ({ p50_ms: ms, p95_ms: ms, p99_ms: ms });

describe('how a feature fares', () => {
  it('health is shown by processor, arm and category, with times, texts, open jobs and the window before', async () => {
    await record(one.db, 'rated', { jobs: 100, errors: 4, ms: 250, category: 'small' });
    await record(one.db, 'rated', {
      jobs: 50,
      errors: 1,
      ms: 100,
      arm: 'control',
      processor: 'github_actions',
    });
    await record(one.db, 'rated', { jobs: 200, errors: 2, minutesAgo: 30 * HOUR });
    await record(one.db, 'rated', { jobs: 10, errors: 9, epoch: 7 });
    const routed_at = Date.now() - 3 * HOUR * 60_000;
    const stamp = { feature: 'rated', subject: 's1', epoch: 1, job_class: '', category: '' };
    await openJobs(one.db.pool, [
      { ...stamp, id: 'a', processor: 'inngest', arm: 'treatment', routed_at },
      { ...stamp, id: 'b', processor: 'inngest', arm: 'treatment', routed_at: Date.now() },
    ]);
    await one.db.pool.query(
      `insert into rollout_errors values ('rated', 'inngest', 'treatment', now(), 'boom', 3, now()),
         ('rated', 'inngest', 'treatment', now(), 'rare', 1, now()),
         ('rated', 'inngest', 'treatment', now() - interval '9 days', 'long ago', 99, now())`,
    );
    const found = await health('rated');
    expect(found).toMatchObject({
      window: 86_400,
      treatment: { jobs: 100, errors: 4, error_rate: 4, mean_ms: 250 },
      control: { jobs: 50, errors: 1, error_rate: 2, mean_ms: 100 },
      before: { jobs: 200, errors: 2, error_rate: 1, mean_ms: null },
      trend: 3,
      open_jobs: 2,
      oldest_open: new Date(routed_at),
      open_by_processor: [{ processor: 'inngest', arm: 'treatment', open: 2 }],
      error_texts: [
        { message: 'boom', occurrences: 3 },
        { message: 'rare', occurrences: 1 },
      ],
    });
    // Other epochs are shown by place, so that it stays visible what a rollback was about.
    expect(found.rates).toEqual([
      {
        processor: 'github_actions',
        arm: 'control',
        category: '',
        jobs: 50,
        errors: 1,
        error_rate: 2,
        mean_ms: 100,
        ...all(102),
      },
      {
        processor: 'inngest',
        arm: 'treatment',
        category: '',
        jobs: 10,
        errors: 9,
        error_rate: 90,
        mean_ms: null,
        ...NO_TIMES,
      },
      {
        processor: 'inngest',
        arm: 'treatment',
        category: 'small',
        jobs: 100,
        errors: 4,
        error_rate: 4,
        mean_ms: 250,
        ...all(240),
      },
    ]);
  });

  it('the health score has its parts: the rate, the participation and the last verdict', async () => {
    const before = await health('rated');
    // 4% of 10% critical: 24 of 60; 1 of 101 subjects: 18 of 20.
    expect(before.score_parts).toEqual({ score: 58, errors: 24, slowness: 0, participation: 18, limit: 100 });
    expect(before).toMatchObject({ score: 58, verdict: null, participation: { subjects: 1, share: 0.99 } });
    await one.db.pool.query(
      `insert into rollout_health_checks (feature_name, epoch, verdict, reason_code, reason, severity, scope, action,
         jobs, errors, scores)
       values ('rated', 1, 'healthy', 'healthy', 'old', 'none', 'all', 'none', 1, 0, '{}'),
         ('rated', 1, 'suspect', 'shared_outage', 'both arms fail', 'error', 'small', 'none', 1, 0, '{}'),
         ('rated', 9, 'harmful', 'over_limit', 'another epoch', 'error', 'all', 'none', 1, 0, '{}')`,
    );
    const after = await health('rated');
    expect(after.verdict).toMatchObject({ verdict: 'suspect', reason: 'both arms fail', scope: 'small' });
    expect(after.score).toBe(49);
  });

  it('status warns about few participants and a dominant category, unless the file asks for it', async () => {
    await one.db.pool.query(`update repository_categories set category = 'small'`);
    const few = { code: 'few_participate', participants: 0, eligible: expect.any(Number) };
    const uneven = { code: 'uneven', category: 'small', percent: 100 };
    // A moment after it was switched on nobody can have had a job.
    expect((await health('uneven')).warnings).toEqual([uneven]);
    await backdate(one.db, `epoch_started_at = now() - interval '25 hours' where feature_name = 'uneven'`);
    expect((await health('uneven')).warnings).toEqual([few, uneven]);
    await record(one.db, 'listed', { jobs: 3 });
    expect((await health('listed')).warnings).toEqual([]);
    expect((await health('off')).warnings).toEqual([]);
  });

  it('status has the next step and why it waits, and neither for a feature that is off', async () => {
    expect(await health('soaking')).toMatchObject({
      next_step: 100,
      advance: { wait: { code: 'verdict', verdict: 'no_data' } },
    });
    await record(one.db, 'soaking', { jobs: 20 });
    await one.db.pool.query(
      `insert into rollout_health_checks (feature_name, epoch, verdict, reason_code, reason, severity, scope, action,
         jobs, errors, scores)
       values ('soaking', 1, 'healthy', 'healthy', 'fine', 'none', 'all', 'none', 20, 0, '{}')`,
    );
    const soaking = await health('soaking');
    expect(soaking.advance?.wait).toMatchObject({ code: 'soak' });
    expect(soaking.soak_left).toBeGreaterThan(86_000);
    expect(await health('off')).toMatchObject({ next_step: null, advance: null, score: null, verdict: null });
  });
});

describe('the status', () => {
  it('status has the fixed fields of every feature, and shows when the controller is silent', async () => {
    const { store } = one.controller;
    const first = await status(store);
    expect(first).toMatchObject({ heartbeat: null, heartbeat_stale: false });
    expect(first.features.find(({ feature }) => feature === 'rated')).toMatchObject({
      ...{ strategy: 'percentage', percentage: 100, active: true, emergency_stop: false, held: false },
      ...{ incident: null, revision: null, eligible: 101, total: 101, health: { score: 49 } },
    });
    await one.db.pool.query(`update rollout_state set heartbeat_at = now() - interval '44 minutes'`);
    expect(await status(store)).toMatchObject({ heartbeat_stale: false });
    await one.db.pool.query(`update rollout_state set heartbeat_at = now() - interval '46 minutes'`);
    expect(await status(store)).toMatchObject({ heartbeat_stale: true });
  });

  it('status has no health score during a global stop', async () => {
    const { store } = one.controller;
    await store.incidents.stop(null, 'all hands', 'ada');
    const { features } = await status(store);
    expect(features.map(({ health: { score, advance } }) => [score, advance])).toEqual(
      features.map(() => [null, null]),
    );
  });
});
