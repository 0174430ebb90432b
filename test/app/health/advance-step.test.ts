import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { advanceReady, type Judged } from '../../../src/app/health/advance-step.ts';
import { liveFeatures } from '../../../src/app/health/live-features.ts';
import { reconcile } from '../../../src/app/reconcile/reconcile.ts';
import { words } from '../../../src/report/kept.ts';
import { plainFile } from '../../../src/worktree/file/plain-file.ts';
import { gitProject } from '../../helpers/projects/project.ts';
import { ramp, type TickWorld, tickFile, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

const DAY = 24 * 60;

/** A step that has soaked for a day, healthy at both ends, with jobs until the last. */
async function soaked(world: TickWorld, feature = 'one'): Promise<void> {
  await world.record(feature, { jobs: 90, errors: 1 });
  await world.tick();
  await world.pass(DAY);
  await world.record(feature, { jobs: 10, minutesAgo: 30 });
}

const actions = async (world: TickWorld, feature = 'one') =>
  (await world.history(feature)).map(({ action }) => action);
const waits = (result: Awaited<ReturnType<TickWorld['tick']>>, feature = 'one') =>
  result.results.find((one) => one.feature === feature)?.advance.wait;

describe('a step that has soaked, healthy', () => {
  it('after a healthy soak one tick commits the next step and applies it, and the next tick none', async () => {
    const world = await tickWorld({ one: ramp(10) });
    await soaked(world);
    const before = await world.repository.git('rev-parse', 'HEAD');
    const result = await world.tick();
    expect(verdictOf(result, 'one')).toEqual(['healthy', 'healthy', 'all', 'advanced']);
    expect(await world.row('one')).toMatchObject({ percentage: 25, epoch: 1 });
    expect(await actions(world)).toEqual(['created', 'advanced']);
    expect(await world.fileAt()).toBe(tickFile({ one: ramp(25) }));
    const commits = await world.commitsSince(before);
    expect(commits).toHaveLength(1);
    const gate = { wait: null, step: { jobs: 0, errors: 0 } };
    const step = { code: 'advance', feature: 'one', from: 10, to: 25, gate, forced: false } as const;
    expect(commits[0]).toContain(`${words.title(step)}
`);
    expect(commits[0]).toMatch(/^Rollout-Feature: one$/m);
    const again = await world.tick();
    expect(waits(again)).toEqual({ code: 'few_jobs', jobs: 0, needed: 10 });
    expect((await world.row('one')).percentage).toBe(25);
    expect(again.advanced).toEqual([]);
  });

  it('a step waits when outcomes stopped coming, and advances once they are back', async () => {
    const world = await tickWorld({ one: ramp(10) });
    await world.record('one', { jobs: 100, errors: 1 });
    await world.tick();
    await world.pass(DAY);
    const silent = await world.tick();
    expect(waits(silent)).toMatchObject({ code: 'newest_job_old', most_seconds: 21_600 });
    expect(silent.advanced).toEqual([]);
    expect((await world.row('one')).percentage).toBe(10);
    await world.record('one', { jobs: 1 });
    expect((await world.tick()).advanced).toMatchObject([{ feature: 'one', action: 'advanced' }]);
  });

  it('a step waits when most hours with jobs on the day before had none', async () => {
    const world = await tickWorld({
      one: ramp(10, {
        steps: [
          { percentage: 10, soak: '48h' },
          { percentage: 25, soak: '1h' },
        ],
      }),
    });
    const dayOfJobs = async () => {
      for (let hour = 0; hour < 24; hour++) {
        await world.record('one', { jobs: 10 });
        await world.pass(60);
      }
    };
    await world.tick();
    await dayOfJobs();
    await world.pass(DAY);
    await world.record('one', { jobs: 10 });
    expect(waits(await world.tick())).toMatchObject({ code: 'silent_hours', heard: 0 });
    // The silent day counts as long as the soak does: it takes another two of jobs.
    await dayOfJobs();
    await dayOfJobs();
    expect((await world.tick()).advanced).toMatchObject([{ feature: 'one', action: 'advanced' }]);
  });

  it('a step waits at 3 failures of 30 jobs, and the tick says so', async () => {
    const world = await tickWorld({ one: ramp(10) });
    await world.record('one', { jobs: 30, errors: 3 });
    await world.pass(DAY);
    await world.tick();
    await world.pass(DAY);
    const result = await world.tick();
    expect(waits(result)).toEqual({ code: 'failing', jobs: 30, errors: 3, limit: 3 });
    expect(verdictOf(result, 'one')).toEqual(['healthy', 'healthy', 'all', 'none']);
    expect((await world.row('one')).percentage).toBe(10);
  });

  it('with advance: pull_request only a merge raises, and the branch is deleted when the gate closes', async () => {
    const world = await tickWorld({ one: ramp(10, { advance: 'pull_request' }) });
    await soaked(world);
    const branches = () => world.repository.git('branch', '--list', 'rollout/*');
    expect(verdictOf(await world.tick(), 'one')[3]).toBe('proposed');
    expect(await world.fileAt('rollout/advance/one')).toContain('"percentage":25');
    expect((await world.row('one')).percentage).toBe(10);
    expect(verdictOf(await world.tick(), 'one')[3]).toBe('proposed');
    await world.record('one', { jobs: 60, errors: 4 });
    expect(waits(await world.tick())).toMatchObject({ code: 'failing', limit: 3 });
    expect(await branches()).toBe('');
    await world.record('one', { jobs: 400 });
    await world.tick();
    expect(await branches()).toContain('rollout/advance/one');
    await world.repository.git('merge', '--quiet', '--no-edit', 'rollout/advance/one');
    await world.tick();
    expect((await world.row('one')).percentage).toBe(25);
    expect(await actions(world)).toEqual(['created', 'advanced']);
    expect(await branches()).toBe('');
  });

  it('a step with approve is reached only by a merge, even with advance: commit; the next one by a commit', async () => {
    const steps = [
      { percentage: 10, soak: '24h' },
      { percentage: 25, soak: '24h', approve: true },
      { percentage: 50 },
    ];
    const world = await tickWorld({ one: ramp(10, { steps }) });
    await world.record('one', { jobs: 90, errors: 1 });
    expect(waits(await world.tick())).toMatchObject({ code: 'soak' });
    const branches = () => world.repository.git('branch', '--list', '--format=%(refname:short)', 'rollout/*');
    expect(await branches()).toBe('');
    await world.pass(DAY);
    await world.record('one', { jobs: 10, minutesAgo: 30 });
    expect(verdictOf(await world.tick(), 'one')[3]).toBe('proposed');
    expect(verdictOf(await world.tick(), 'one')[3]).toBe('proposed');
    expect((await world.row('one')).percentage).toBe(10);
    expect(await branches()).toBe('rollout/advance/one');
    await world.repository.git('merge', '--quiet', '--no-edit', 'rollout/advance/one');
    await world.tick();
    expect((await world.row('one')).percentage).toBe(25);
    expect(await branches()).toBe('');
    await soaked(world);
    expect(verdictOf(await world.tick(), 'one')[3]).toBe('advanced');
    expect((await world.row('one')).percentage).toBe(50);
  });

  it.each([
    [
      'a step with approve',
      {
        steps: [
          { percentage: 10, soak: '24h' },
          { percentage: 25, approve: true },
        ],
      },
    ],
    ['advance: pull_request', { advance: 'pull_request' }],
  ])(
    'a step that needs a review is not written into a file outside a repository: %s',
    async (_what, rest) => {
      const path = join(await mkdtemp(join(tmpdir(), 'plain-')), 'rollout.yaml');
      const text = tickFile({ one: ramp(10, rest) });
      await writeFile(path, text);
      const { controller } = await gitProject();
      const plain = { ...controller, repository: plainFile(path) };
      await reconcile(plain, { actor: 'ada', allowRewind: false, revision: null });
      const [live] = await controller.store.reading((read) => liveFeatures(read, 'one'));
      const advance = { next: { percentage: 25 }, soakLeft: 0, wait: null, step: { jobs: 100, errors: 0 } };
      const result = { feature: 'one', action: 'would_advance', advance };
      const judged = [{ live, result }] as unknown as Judged[];
      const done = await advanceReady(plain, judged, []);
      expect(done).toMatchObject([{ feature: 'one', action: 'none', note: { code: 'step_failed' } }]);
      expect(JSON.stringify(done)).toContain('has no pull requests');
      expect(await readFile(path, 'utf8')).toBe(text);
    },
  );

  it("a step's proposal is withdrawn when the feature is stopped or the file no longer asks for proposals", async () => {
    const features = {
      one: ramp(10, { advance: 'pull_request' }),
      two: ramp(10, { advance: 'pull_request' }),
    };
    const world = await tickWorld(features);
    await world.record('two', { jobs: 100 });
    await soaked(world);
    await world.record('two', { jobs: 10, minutesAgo: 30 });
    await world.tick();
    const branches = () => world.repository.git('branch', '--list', '--format=%(refname:short)', 'rollout/*');
    expect(await branches()).toBe('rollout/advance/one\nrollout/advance/two');
    await world.controller.store.incidents.stop('one', 'no more of it', 'ada');
    await world.tick();
    expect(await branches()).toBe('rollout/advance/two');
    const manual = ramp(10, { advance: 'manual' });
    await world.commit((await world.fileAt()).replace(/ {2}"two".*/, `  "two": ${JSON.stringify(manual)}`));
    expect(waits(await world.tick(), 'two')).toEqual({ code: 'person', percentage: 25 });
    expect(await branches()).toBe('');
  });

  it('a tick only reports that a step is ready when advance is manual', async () => {
    const world = await tickWorld({ one: ramp(10, { advance: 'manual' }) });
    await soaked(world);
    const before = await world.repository.git('rev-parse', 'HEAD');
    const result = await world.tick();
    expect(waits(result)).toEqual({ code: 'person', percentage: 25 });
    expect(verdictOf(result, 'one')[3]).toBe('none');
    expect(await world.commitsSince(before)).toEqual([]);
  });

  it('a step waits during a freeze of the file, and advances after it', async () => {
    const freeze = [{ from: '2020-01-01', to: '2099-12-31', reason: 'holidays' }];
    const world = await tickWorld({ one: ramp(10) }, { freeze });
    await soaked(world);
    expect(waits(await world.tick())).toEqual({ code: 'freeze', to: '2099-12-31', reason: 'holidays' });
    await world.commit(tickFile({ one: ramp(10) }), 'the freeze is over');
    expect(verdictOf(await world.tick(), 'one')[3]).toBe('advanced');
  });

  it('a step is not written over a file that has changed since the judgement', async () => {
    const world = await tickWorld({ one: ramp(10) });
    await soaked(world);
    // What cannot be reconciled must not be built upon: somebody lowered it, and history was rewritten.
    await world.repository.git('checkout', '--quiet', '--orphan', 'other');
    const text = tickFile({ one: ramp(5) });
    const tip = await world.commit(text, 'lowered');
    await world.repository.git('branch', '--quiet', '-M', 'other', 'main');
    const result = await world.tick();
    expect(result.results[0]).toMatchObject({
      action: 'none',
      note: {
        code: 'step_failed',
        error: expect.stringContaining('it says something else of one than what was judged'),
      },
    });
    expect(await world.commitsSince(tip)).toEqual([]);
    expect(await world.fileAt()).toBe(text);
  });

  it('a step is not written into the file of another environment', async () => {
    const world = await tickWorld({ one: ramp(10) }, { environment: 'staging' });
    await soaked(world);
    const tip = await world.commit(tickFile({ one: ramp(10) }, { environment: 'production' }));
    const result = await world.tick();
    expect(result.results[0]?.note).toEqual({
      code: 'step_failed',
      error: expect.stringContaining('this is the database of staging'),
    });
    expect(await world.commitsSince(tip)).toEqual([]);
  });
});
