import type pg from 'pg';
import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../../src/domain/evidence/outcomes.ts';
import type { Spec } from '../../../src/domain/spec/spec.ts';
import { openJobs, type Stamp } from '../../../src/store/outcomes/jobs.ts';
import { createStore } from '../../../src/store/store.ts';
import { historyOf, memberOf } from '../../helpers/data/features.ts';
import { spec } from '../../helpers/data/specs.ts';
import type { TestDatabase } from '../../helpers/database/database.ts';
import {
  addFeature,
  excuse,
  fuseWorld,
  jobs,
  LIVE,
  OFF,
  ROLLBACK,
  record,
  recorded,
  standing,
  trip,
} from './fuse-world.ts';

const QUARANTINE = { rollback: { ...ROLLBACK, few_subjects: 'quarantine' } } satisfies Partial<Spec>;
const MINUTE = 60_000;
const ago = (minutes: number) => ({ finished_at: Date.now() - minutes * MINUTE, duration_ms: 10 });

/** One subject fails six jobs in each of three windows, beside 33 others whose job went well. */
function failsAlone(subject = 'bad', feature = 'checkout'): Outcome[][] {
  return [10, 5, 0].map((minutes) => [
    ...jobs(11, { feature, ok: true, ...ago(minutes) }).map((job, n) => ({
      ...job,
      subject: `good${minutes * 11 + n}`,
    })),
    ...jobs(6, { feature, ...ago(minutes) }).map((job) => ({ ...job, subject })),
  ]);
}

/** So that the next failure is looked at: it is folded ten times a second, few subjects are looked for once a second at most. */
async function lookAgain(db: TestDatabase): Promise<void> {
  await db.rows(`update rollout_timelines set few_looked_at = '-infinity', few_look = '0'`);
  await new Promise((resolve) => setTimeout(resolve, 300));
}

async function recordAll(
  db: TestDatabase,
  flushes: readonly Outcome[][],
  by: pg.Pool | pg.Client = db.pool,
): Promise<void> {
  for (const flush of flushes) {
    if (flush === flushes.at(-1)) await lookAgain(db);
    await record(by, flush);
  }
}

/** Everything that was recorded is looked at; returns what is pending. */
async function tripAgain(db: TestDatabase): Promise<number> {
  await lookAgain(db);
  return trip(db);
}

const inside = async (db: TestDatabase) =>
  (
    await db.rows<{ subject: string }>(
      'select subject_id as subject from rollout_quarantine where ended_at is null order by id',
    )
  ).map(({ subject }) => subject);

const notices = (db: TestDatabase) =>
  db.rows<{ kind: string; key: string; message: string; details: object; severity: string }>(
    'select kind, dedupe_key as key, message, details, severity from rollout_outbox order by id',
  );

const quarantinedRows = async (db: TestDatabase, feature = 'checkout') =>
  (await historyOf(db.pool, feature)).filter(({ action }) => action === 'quarantined');

describe('a subject that fails everything, with few_subjects: quarantine', () => {
  it('a subject that fails everything leaves the feature in the transaction that records it, with a recorder’s rights', async () => {
    const db = await fuseWorld(QUARANTINE);
    await recordAll(db, failsAlone(), await memberOf(db, 'rollout_recorder'));
    expect(await recorded(db)).toBe(18);
    expect(await standing(db)).toEqual(LIVE);
    const [row] = await db.rows(
      `select subject_id, epoch, reason, jobs::int, failed::int, began_by, write_back from rollout_quarantine`,
    );
    const reason = expect.stringMatching(
      /^bad alone is to blame: 18 of 18 jobs failed since [\d:-]+( [\d:]+)?, in 3 windows of five minutes, which is \d+% of all \d+ jobs; that it fails nearly everything is evidence [\d.]+ against 9\.2 needed: quarantine or fix it$/,
    );
    expect(row).toEqual({
      ...{
        subject_id: 'bad',
        epoch: 1,
        reason,
        jobs: 18,
        failed: 18,
        began_by: 'fuse',
        write_back: 'pending',
      },
    });
    expect(await db.rows(`select eligible, reason from rollout_evaluate('checkout', 'bad')`)).toEqual([
      { eligible: false, reason: 'blacklist' },
    ]);
    expect(await quarantinedRows(db)).toMatchObject([
      { triggered_by: 'fuse', reason, metadata: { quarantined: ['bad'] }, epoch: 1 },
    ]);
    expect(await notices(db)).toEqual([
      {
        ...{ kind: 'quarantined', severity: 'warning', details: { subjects: ['bad'], reason } },
        key: expect.stringMatching(/^quarantined:checkout:1:bad:\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        message: expect.stringMatching(
          /^bad left checkout and is in quarantine: bad alone .* fix it; once fixed, run: rollout resume checkout --subject bad --reason "\.\.\."$/,
        ),
      },
    ]);
    expect(await db.rows('select valid from rollout_verify_history()')).toEqual([{ valid: true }]);
    expect(await db.rows('select * from rollout_score_faults')).toEqual([]);
  });

  it.each([
    ['few_subjects is freeze', { rollback: { ...ROLLBACK, few_subjects: 'freeze' } }],
    ['few_subjects is rollback', { rollback: { ...ROLLBACK, few_subjects: 'rollback' } }],
    ['rollback.fuse is false', { rollback: { ...QUARANTINE.rollback, fuse: false } }],
    ['rollback.enabled is false', { rollback: { ...QUARANTINE.rollback, enabled: false } }],
    ['the feature is judged by the plain rule', { ...QUARANTINE, analysis: 'threshold' }],
  ] satisfies [string, Partial<Spec>][])(
    'the fuse leaves a subject that fails everything in where %s',
    async (_, overrides) => {
      const db = await fuseWorld(overrides);
      await recordAll(db, failsAlone());
      await tripAgain(db);
      expect(await inside(db)).toEqual([]);
      expect(await standing(db)).toEqual(LIVE);
    },
  );

  it('the fuse leaves a subject that fails everything in under a stop', async () => {
    const db = await fuseWorld(QUARANTINE);
    await createStore(db.pool).incidents.stop('checkout', 'it burns', 'grace');
    await recordAll(
      db,
      failsAlone().map((flush) => flush.map((job) => ({ ...job, epoch: 2 }))),
    );
    await trip(db);
    expect(await inside(db)).toEqual([]);
  });

  it('the fuse does not wait for the history lock to quarantine: outcomes are recorded, and the next call acts', async () => {
    const db = await fuseWorld(QUARANTINE);
    const other = await db.client();
    await other.query('begin; select from rollout_state for update');
    await recordAll(db, failsAlone());
    expect(await recorded(db)).toBe(18);
    expect(await inside(db)).toEqual([]);
    expect(await trip(db)).toBe(1);
    await other.query('rollback');
    expect(await trip(await memberOf(db, 'rollout_recorder'))).toBe(0);
    expect(await inside(db)).toEqual(['bad']);
    expect(await trip(db)).toBe(0);
    expect(await quarantinedRows(db)).toHaveLength(1);
  });

  it('a subject is quarantined once by any number of flushes, trips and ticks at the same time', async () => {
    const db = await fuseWorld(QUARANTINE);
    for (const name of ['one', 'two', 'three']) await addFeature(db, QUARANTINE, name);
    const store = createStore(db.pool);
    const byTheTick = (feature: string) =>
      store.incidents.quarantine({
        ...{ feature, epoch: 1, subjects: [{ subject: 'bad', jobs: 18, failed: 18 }], most: 3 },
        ...{ reason: 'fails alone', actor: 'tick' },
        notify: (some) => ({
          key: `quarantined:${feature}:1:bad:${some[0]?.began_at.toISOString()}`,
          ...{ feature, severity: 'warning', kind: 'quarantined', message: 'bad left' },
        }),
      });
    const features = ['checkout', 'one', 'two', 'three'];
    for (const feature of features) {
      const [first = [], second = [], last = []] = failsAlone('bad', feature);
      await record(db.pool, [...first, ...second]);
      await lookAgain(db);
      const parts = Array.from({ length: 6 }, (_, n) => last.filter((_job, place) => place % 6 === n));
      await Promise.all([
        ...parts.map((part) => record(db.pool, part)),
        ...[trip(db), trip(db)],
        byTheTick(feature),
      ]);
    }
    for (const feature of features) {
      await trip(db);
      expect(await quarantinedRows(db, feature)).toHaveLength(1);
      const rows = await db.rows('select subject_id from rollout_quarantine where feature_name = $1', [
        feature,
      ]);
      expect(rows).toEqual([{ subject_id: 'bad' }]);
      const told = await db.rows('select kind from rollout_outbox where feature_name = $1', [feature]);
      expect(told).toEqual([{ kind: 'quarantined' }]);
    }
    expect(await db.rows('select valid from rollout_verify_history()')).toEqual([{ valid: true }]);
  });

  it('a quarantine that fails raises nothing: outcomes are recorded, it is noted and tried again', async () => {
    const db = await fuseWorld(QUARANTINE);
    await db.pool.query(`alter table rollout_outbox add constraint broken check (kind <> 'quarantined')`);
    await recordAll(db, failsAlone());
    expect(await recorded(db)).toBe(18);
    expect(await inside(db)).toEqual([]);
    expect(await quarantinedRows(db)).toEqual([]);
    expect(await db.rows('select problem from rollout_score_faults')).toEqual([
      { problem: expect.stringContaining('broken') },
    ]);
    await db.pool.query('alter table rollout_outbox drop constraint broken');
    expect(await trip(db)).toBe(0);
    expect(await inside(db)).toEqual(['bad']);
  });

  it('a quarantine leaves the claims of a transaction to what follows in it', async () => {
    const db = await fuseWorld(QUARANTINE);
    await addFeature(db, {}, 'search');
    const client = await db.client();
    const [first = [], second = [], last = []] = failsAlone();
    await record(db.pool, [...first, ...second]);
    await lookAgain(db);
    await client.query(
      `begin; select set_config('rollout.actor', 'ada', true), set_config('rollout.reason', 'by hand', true)`,
    );
    await record(client, last);
    await client.query(
      `update rollout_configuration set rollout_percentage = 10 where feature_name = 'search'; commit`,
    );
    expect(await inside(db)).toEqual(['bad']);
    expect((await historyOf(db.pool, 'search')).at(-1)).toMatchObject({
      ...{ action: 'updated', triggered_by: 'ada', reason: 'by hand' },
    });
  });

  it('a subject is left to the tick once the quarantine of an epoch is full, and nothing is pending', async () => {
    const db = await fuseWorld(QUARANTINE);
    for (const subject of ['bad1', 'bad2', 'bad3', 'bad4']) {
      await recordAll(db, failsAlone(subject));
      expect(await tripAgain(db)).toBe(0);
    }
    expect(await inside(db)).toEqual(['bad1', 'bad2', 'bad3']);
  });

  it('a released subject is quarantined again by what it does from then on, not by what it did before', async () => {
    const db = await fuseWorld(QUARANTINE);
    await recordAll(db, failsAlone());
    await db.rows(`select rollout_release_subjects('checkout', '{bad}', 'fixed', 'maria')`);
    await lookAgain(db);
    await record(db.pool, jobs(1, { subject: 'bad', ...ago(0) }));
    await tripAgain(db);
    expect(await inside(db)).toEqual([]);
    await db.rows(`update rollout_quarantine set ended_at = ended_at - interval '15 minutes'`);
    await recordAll(db, failsAlone());
    await tripAgain(db);
    expect(await inside(db)).toEqual(['bad']);
    expect(await notices(db)).toHaveLength(2);
  });

  it('a subject is left to the tick where jobs run in another arm than the database gives them', async () => {
    const db = await fuseWorld({ ...QUARANTINE, percentage: 100 });
    // History keeps its moments, since its chain is over them; here nobody verifies it.
    await db.pool.query(`alter table rollout_history disable trigger user;
      update rollout_history set created_at = created_at - interval '2 hours';
      alter table rollout_history enable trigger user`);
    const routed = Array.from({ length: 5 }, (_, n) => ({
      ...{ id: `job ${n}`, feature: 'checkout', subject: `s${n}`, epoch: 1, arm: 'control', category: '' },
      ...{ processor: 'edge', job_class: '', routed_at: Date.now() },
    }));
    await openJobs(db.pool, routed as Stamp[]);
    await recordAll(db, failsAlone());
    expect(await inside(db)).toEqual([]);
    await db.rows('delete from rollout_jobs');
    await lookAgain(db);
    await record(db.pool, jobs(1, { subject: 'bad', ...ago(0) }));
    expect(await inside(db)).toEqual(['bad']);
  });
});

/** Twelve windows in which one subject fails five jobs, beside others with a job each, of which some fail. */
function restsOnOne(failing: readonly string[] = []): Outcome[] {
  return Array.from({ length: 12 }, (_, window) => window * 5).flatMap((minutes) => [
    ...jobs(5, ago(minutes)).map((job) => ({ ...job, subject: 'bad' })),
    ...jobs(6, ago(minutes)).map((job, n) => ({
      ...{ ...job, subject: `other${n}` },
      ok: !failing.includes(`${minutes} ${n}`),
    })),
  ]);
}

describe('a score over its limit that rests on one subject', () => {
  it('a score that rests on one subject quarantines it, and the reason names the score', async () => {
    const db = await fuseWorld({ ...QUARANTINE, thresholds: { ...spec().thresholds, max_error_rate: 2 } });
    await record(db.pool, restsOnOne());
    expect(await inside(db)).toEqual(['bad']);
    expect(await standing(db)).toEqual(LIVE);
    const [row] = await db.rows<{ reason: string }>(
      'select reason, jobs::int, failed::int, began_by from rollout_quarantine',
    );
    expect(row).toEqual({
      ...{ jobs: 60, failed: 60, began_by: 'fuse' },
      reason: expect.stringMatching(
        /^60 of 132 finished jobs failed since .* but without bad \(60 of 60 failed\) of 7 subjects it is -?[\d.]+ against 4\.6 needed: quarantine or fix them$/,
      ),
    });
  });

  it('nothing is rolled back by what a subject did that was quarantined since, also before its score is worked out anew', async () => {
    const db = await fuseWorld({ thresholds: { ...spec().thresholds, max_error_rate: 2 } });
    await record(db.pool, restsOnOne(['0 0', '15 1', '30 2', '45 3']));
    expect(await excuse(db)).toEqual({ excuse: 'few_subjects', crossed: false });
    await db.rows(
      `select rollout_quarantine_subjects('checkout', 1, '{bad}', '{60}', '{60}', 3, 'fails alone', 'tick')`,
    );
    await lookAgain(db);
    await record(db.pool, jobs(1, { ok: true, subject: 'other1' }));
    await record(db.pool, jobs(1, { subject: 'late', ...ago(50) }));
    await tripAgain(db);
    expect(await standing(db)).toEqual(LIVE);
  });

  it('a feature is rolled back, and nobody quarantined, where the others fail too', async () => {
    const db = await fuseWorld(QUARANTINE);
    await record(db.pool, [...jobs(60), ...restsOnOne()]);
    expect(await standing(db)).toEqual(OFF);
    expect(await inside(db)).toEqual([]);
  });

  it('a subject is left to the tick where control fails alike', async () => {
    const db = await fuseWorld(QUARANTINE);
    const everybody = jobs(60);
    await record(db.pool, [...everybody, ...jobs(60, { arm: 'control' })]);
    expect(await excuse(db)).toEqual({ excuse: 'shared_outage', crossed: false });
    await recordAll(db, failsAlone());
    await tripAgain(db);
    expect(await inside(db)).toEqual([]);
  });
});
