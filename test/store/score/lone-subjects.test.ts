import { beforeAll, describe, expect, it } from 'vitest';
import { reasonSentence } from '../../../src/domain/health/sentence.ts';
import { newLedger } from '../../../src/domain/score/ledger.ts';
import { newLevelWatch, readLevels } from '../../../src/domain/score/level-watch.ts';
import { type Rule, ruleOf } from '../../../src/domain/score/rule.ts';
import { speaking } from '../../../src/domain/verdict/decide.ts';
import { isToBlame, runOfSubject } from '../../../src/domain/verdict/lone-subject.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { readLoneSubjects } from '../../../src/store/score/lone-subjects.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { epochOf, record } from '../../helpers/data/traffic.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
/** What waits is folded first, as every tick does. */
async function lone() {
  await db.rows('select rollout_trip()');
  const asked = [{ feature: 'checkout', epoch: await epoch() }];
  return (await readLoneSubjects(db.pool, asked)).get('checkout');
}

const epoch = () => epochOf(db, 'checkout');

/** Windows of five minutes ago in which a subject failed everything, beside others that did not. */
async function failing(subject: string, windows: number, jobs = 5): Promise<void> {
  for (let n = windows - 1; n >= 0; n--) {
    await record(db, 'checkout', { subject, jobs, errors: jobs, ms: 10, minutesAgo: n * 5 });
  }
}

/** What SQL says of them is what the tick says of the same evidence. */
async function expectTheTicksWords(feature: string): Promise<void> {
  const of = await epochOf(db, feature);
  const [row] = await db.rows<{ subjects: string[] | null; reason: string | null; now: number }>(
    `select b.subjects, b.reason, extract(epoch from now())::float8 as now from rollout_lone_blame($1, $2, now()) b`,
    [feature, of],
  );
  const worst = (await readLoneSubjects(db.pool, [{ feature, epoch: of }])).get(feature) ?? [];
  const blamed = worst.length > 0 ? worst.map(({ subject }) => subject) : null;
  const absolute = speaking(readLevels(newLevelWatch(5), newLedger(), ruleOf({}) as Rule), 5, 5_000);
  const reason = { code: 'few_subjects', absolute, without: null, worst } as const;
  expect({ feature, subjects: row?.subjects, reason: row?.reason }).toEqual({
    ...{ feature, subjects: blamed },
    reason: blamed && reasonSentence(reason, Math.floor((row?.now ?? 0) / 60)),
  });
}

beforeAll(async () => {
  await applyFeature(db.pool, 'checkout', { percentage: 100 });
  for (let n = 1; n <= 40; n++)
    await record(db, 'checkout', { subject: `good${n}`, jobs: 1, ms: 10, minutesAgo: (n % 6) * 5 });
});

describe('the subjects that are to blame alone', () => {
  it('the run of a subject that may be to blame alone is the same in SQL as in TypeScript', async () => {
    const random = seededRandom(7);
    const series = Array.from({ length: 500 }, () => {
      const failing = random();
      const windows = Array.from({ length: 1 + Math.floor(random() * 60) }, () => {
        const jobs = 1 + Math.floor(random() ** 4 * 500);
        return { jobs, failed: Array.from({ length: jobs }, random).filter((one) => one < failing).length };
      });
      return { windows, limit: [0.5, 1, 5, 20, 50, 100][Math.floor(random() * 6)] ?? 5 };
    });
    for (const { windows, limit } of series) {
      const [row] = await db.rows<{
        score: number;
        first: number;
        jobs: number;
        failed: number;
        windows: number;
      }>(
        `select score, first, run_jobs as jobs, run_failed as failed, failed_windows as windows
         from rollout_lone_run($1, $2, $3)`,
        [windows.map(({ jobs }) => jobs), windows.map(({ failed }) => failed), limit / 100],
      );
      const run = runOfSubject(windows, limit);
      expect(row?.score).toBeCloseTo(run.score, 9);
      expect(row).toMatchObject({
        first: run.first + 1,
        jobs: run.jobs,
        failed: run.failed,
        windows: run.failedWindows,
      });
    }
  });

  it('SQL finds exactly the subjects to blame that the definition names, in any fleet', async () => {
    const random = seededRandom(11);
    let named = 0;
    for (let fleet = 0; fleet < 12; fleet++) {
      const feature = `fleet_${fleet}`;
      await applyFeature(db.pool, feature, { percentage: 100 });
      // The fuse would end the epoch of a fleet that breaks altogether.
      await db.rows(
        'update rollout_configuration set auto_rollback_enabled = false where feature_name = $1',
        [feature],
      );
      const subjects = Array.from({ length: 8 }, (_, n) => ({
        ...{ subject: `s${n}`, most: 1 + Math.floor(random() * 6), rate: n < 3 ? random() ** 0.3 : 0.03 },
        windows: [] as { jobs: number; failed: number; place: number }[],
      }));
      for (let place = 0; place < 9; place++) {
        const parts = subjects.flatMap(({ subject, most, rate, windows }) => {
          const jobs = Math.floor(random() * (most + 1));
          if (jobs === 0) return [];
          const errors = Array.from({ length: jobs }, random).filter((one) => one < rate).length;
          windows.push({ jobs, failed: errors, place });
          return [{ subject, jobs, errors, ms: 10, minutesAgo: (8 - place) * 5 }];
        });
        await record(db, feature, ...parts);
      }
      await db.rows('select rollout_fold($1)', [feature]);
      const all = subjects.flatMap(({ windows }) => windows);
      const expected = subjects.flatMap(({ subject, windows }) => {
        const run = runOfSubject(windows, 5);
        const since = windows[run.first]?.place ?? 0;
        const everybody = all.reduce((sum, { place, jobs }) => sum + (place >= since ? jobs : 0), 0);
        return isToBlame(run, everybody, 5)
          ? [{ subject, jobs: run.jobs, failed: run.failed, everybody }]
          : [];
      });
      const found = await readLoneSubjects(db.pool, [{ feature, epoch: await epochOf(db, feature) }]);
      const sorted = (found.get(feature) ?? []).sort((a, b) => a.subject.localeCompare(b.subject));
      expect({ feature, found: sorted }).toMatchObject({ feature, found: expected });
      named += expected.length;
      await expectTheTicksWords(feature);
    }
    expect(named).toBeGreaterThan(5);
  });

  it('a subject is not to blame after failing in two windows, and is after a third', async () => {
    await failing('bad', 2, 8);
    expect(await lone()).toBeUndefined();
    await record(db, 'checkout', { subject: 'bad', jobs: 8, errors: 8, ms: 10, minutesAgo: 10 });
    const found = await lone();
    expect(found).toMatchObject([{ subject: 'bad', jobs: 24, failed: 24, failedWindows: 3 }]);
    expect(found?.[0]?.score).toBeCloseTo(runOfSubject(Array(3).fill({ jobs: 8, failed: 8 }), 5).score, 9);
    expect(found?.[0]?.everybody).toBeGreaterThan(24);
  });

  it('running jobs of a subject that may be to blame count as not failed', async () => {
    const [before] = (await lone()) ?? [];
    await db.rows(`update rollout_spans set open = 40, jobs = jobs + 40 where subject_id = 'bad'
      and started_at = (select max(started_at) from rollout_spans where subject_id = 'bad')`);
    expect(await lone()).toBeUndefined();
    await db.rows(
      `update rollout_spans set open = 0, jobs = jobs - 40 where subject_id = 'bad' and open = 40`,
    );
    expect(await lone()).toEqual([before]);
  });

  it('no subject is to blame while successes that began with the failures may still run', async () => {
    await db.rows(`update rollout_evidence_hours set processing_ms = timed_jobs * 3600000`);
    expect(await lone()).toBeUndefined();
    await db.rows(`update rollout_evidence_hours set processing_ms = timed_jobs * 10`);
    expect(await lone()).toHaveLength(1);
  });

  it('a quarantined subject is not to blame, and a released one does not answer for its past', async () => {
    await db.rows(
      `select rollout_quarantine_subjects('checkout', $1, '{bad}', '{24}', '{24}', 3, 'test', 'maria')`,
      [await epoch()],
    );
    expect(await lone()).toBeUndefined();
    await db.rows(`select rollout_release_subjects('checkout', '{bad}', 'test', 'maria')`);
    expect(await lone()).toBeUndefined();
  });

  it('no subject is to blame if fewer than five had a job', async () => {
    await applyFeature(db.pool, 'checkout', { percentage: 100 });
    await db.rows(`delete from rollout_quarantine`);
    expect(await lone()).toHaveLength(1);
    await db.rows(
      `delete from rollout_metrics where subject_id like 'good%' and subject_id not in ('good1', 'good2', 'good3')`,
    );
    expect(await lone()).toBeUndefined();
  });
});
