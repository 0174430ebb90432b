import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readReport } from '../../../src/app/views/report.ts';
import { maintain } from '../../../src/store/db/maintenance.ts';
import { openJobs } from '../../../src/store/outcomes/jobs.ts';
import { readWindows } from '../../../src/store/score/windows.ts';
import { pass } from '../../helpers/data/traffic.ts';
import { addRepositories } from '../../helpers/projects/project.ts';
import { type TickWorld, tickFile, tickWorld, verdictOf } from '../../helpers/projects/tick-world.ts';

const FEATURES = {
  one: { percentage: 100, rollback: { fuse: false, few_subjects: 'quarantine' } },
  two: { percentage: 100 },
};
let world: TickWorld;

const keep = async (outcomes: object) => {
  await world.commit(tickFile(FEATURES, { outcomes }), `outcomes: ${JSON.stringify(outcomes)}`);
  await world.reconcile();
};
const kept = () =>
  world.db.rows<{ subject: string; jobs: number; failed: number }>(
    `select subject_id as subject, sum(total_jobs)::int as jobs, sum(error_count)::int as failed
     from rollout_metrics where epoch > 0 group by 1 order by 1`,
  );
const total = (rows: Awaited<ReturnType<typeof kept>>) => rows.reduce((sum, { jobs }) => sum + jobs, 0);
const inGroups = (subject: string) => subject.startsWith('\u001f');

beforeAll(async () => {
  world = await tickWorld(FEATURES);
  await addRepositories(world.db, 3);
});
beforeEach(() => world.db.pool.query('truncate rollout_metrics, rollout_named_subjects, rollout_jobs'));

describe('outcomes.by_subject: off', () => {
  beforeAll(() => keep({ by_subject: 'off' }));

  it('outcomes.by_subject: off keeps the jobs of 400 subjects in 16 groups, and a span of each subject', async () => {
    await world.db.pool.query('truncate rollout_spans');
    await world.record('one', { jobs: 400, errors: 4 });
    const rows = await kept();
    expect(rows.every(({ subject }) => inGroups(subject))).toBe(true);
    expect([rows.length, total(rows)]).toEqual([16, 400]);
    expect(await world.db.rows('select distinct subject_id from rollout_spans')).toHaveLength(400);
  });

  it('outcomes.by_subject: off puts routed and finished jobs of a subject into the same group', async () => {
    const subjects = Array.from({ length: 40 }, (_, n) => `s${n + 1}`);
    await openJobs(
      world.db.pool,
      subjects.map((subject, n) => ({
        ...{ id: `job ${n}`, feature: 'one', epoch: 1, subject, processor: 'inngest', job_class: '' },
        ...{ category: '', arm: 'treatment' as const, routed_at: Date.now() },
      })),
    );
    await world.record('one', { jobs: 40 });
    const began = new Date(Date.now() - 3_600_000);
    const read = await readWindows(world.db.pool, [{ feature: 'one', epoch: 1, epoch_started_at: began }]);
    const spans = read
      .get('one')?.()
      .windows.map((window) => ({ spans: window.spans, jobs: window.jobs }));
    expect(spans?.reduce((sum, window) => sum + window.jobs, 0)).toBe(40);
    expect(spans?.every((window) => window.spans <= 16)).toBe(true);
  });

  it('outcomes.by_subject: off shows no participation and counts no jobs that a change moves', async () => {
    await world.record('one', { jobs: 400 });
    const [feature] = (await readReport(world.controller)).features;
    expect(feature?.health.participation).toBeNull();
    const exposure = (await world.controller.store.reading((read) => read.features.actual('one'))).get('one');
    const side = { subject: 'repository' as const, exposure: exposure?.columns ?? null };
    const moved = await world.controller.store.reading((read) =>
      read.features.jobsMoved('one', { before: side, after: { ...side, exposure: null }, tests: null }),
    );
    expect(moved).toEqual({ jobs: 0, moving: 0, grouped: 400 });
  });

  it('outcomes.by_subject: off puts nobody into quarantine, because no subject is known', async () => {
    await world.record('one', ...Array.from({ length: 20 }, (_, n) => ({ jobs: 1, subject: `good${n}` })));
    for (let quarter = 0; quarter < 8; quarter++) {
      await world.record('one', { jobs: 4, errors: 4, subject: 'bad' });
      await world.pass(15);
    }
    expect(verdictOf(await world.tick(), 'one')).toEqual(['suspect', 'few_subjects', 'all', 'none']);
    expect(await world.db.rows('select from rollout_quarantine')).toEqual([]);
  });

  it('outcomes.by_subject: off still rolls back what harms everybody', async () => {
    await world.record('one', { jobs: 400, errors: 200 });
    expect(verdictOf(await world.tick(), 'one')?.at(-1)).toBe('rolled_back');
  });
});

describe('outcomes.by_subject: top', () => {
  beforeAll(() => keep({ by_subject: 'top' }));

  it('outcomes.by_subject: top keeps a subject by its id from the window after its first failure', async () => {
    await world.record('one', { jobs: 3, errors: 3, subject: 'bad' }, { jobs: 3, subject: 'good' });
    expect((await kept()).every(({ subject }) => inGroups(subject))).toBe(true);
    await pass(world.db, 15);
    await world.record('one', { jobs: 3, errors: 1, subject: 'bad' }, { jobs: 3, subject: 'good' });
    const named = (await kept()).filter(({ subject }) => !inGroups(subject));
    expect(named).toEqual([{ subject: 'bad', jobs: 3, failed: 1 }]);
  });

  it('outcomes.by_subject: top names at most a thousand subjects of a feature', async () => {
    await world.record('one', { jobs: 900, errors: 900 });
    await world.record('one', { jobs: 900, errors: 900, category: 'small' });
    expect(await world.db.rows('select from rollout_named_subjects')).toHaveLength(1_000);
  });
});

describe('outcomes', () => {
  it('a change of outcomes is noted in history with its old value', async () => {
    await keep({ by_subject: 'top', keep_days: 20 });
    const [note] = await world.db.rows<{ reason: string; metadata: object }>(
      `select reason, metadata from rollout_history where action = 'note' order by id desc limit 1`,
    );
    expect(note).toEqual({
      reason: 'what the file says was applied: how outcomes are kept',
      metadata: {
        before: { outcomes: { by_subject: 'top', keep_days: null } },
        after: { outcomes: { by_subject: 'top', keep_days: 20 } },
      },
    });
  });

  it('outcomes by subject have their own number of days to keep', async () => {
    await keep({ keep_days: 20 });
    await world.db.pool.query(`select rollout_create_partitions((now() at time zone 'UTC')::date - 30, 2)`);
    // The days of outcomes by subject, and two of stamps.
    expect(await maintain(world.db.pool)).toMatchObject({ dropped: 4 });
    const left = await world.db.rows<{ name: string }>(
      `select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
       where c.relkind = 'r' and right(c.relname, 8) < to_char(now() - interval '25 days', 'YYYYMMDD')`,
    );
    expect(left.map(({ name }) => name.replace(/_\d+$/, ''))).toEqual([
      'rollout_evidence',
      'rollout_evidence',
    ]);
  });

  it('after outcomes.by_subject is full again, participants are counted once a window has passed', async () => {
    await keep({ by_subject: 'full' });
    const participation = async () =>
      (await readReport(world.controller)).features.find(({ feature }) => feature === 'two')?.health
        .participation;
    expect(await participation()).toBeNull();
    await world.db.pool.query(
      `update rollout_state set subjects_whole_since = subjects_whole_since - interval '25 hours'`,
    );
    expect(await participation()).toMatchObject({ subjects: 0 });
  });
});
