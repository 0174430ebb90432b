import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Outcome, OutcomeSums } from '../../../src/domain/evidence/outcomes.ts';
import { type SubjectWindow, windowsOf } from '../../../src/domain/score/window.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { openJobs, recordEnds } from '../../../src/store/outcomes/jobs.ts';
import { recordOutcomes } from '../../../src/store/outcomes/outcomes.ts';
import { readWindows, slicesOf } from '../../../src/store/score/windows.ts';
import { readWorstSubjects } from '../../../src/store/score/worst-subjects.ts';
import { applyFeature } from '../../helpers/data/features.ts';
import { testDatabase } from '../../helpers/database/database.ts';

const db = await testDatabase();
const WINDOW = 300_000;
const HOUR = 3_600_000;
/** Start of the window of three hours ago. */
const START = Math.floor(Date.now() / WINDOW) * WINDOW - 3 * HOUR;
const began = (feature: string, epoch = 2) => ({ feature, epoch, epoch_started_at: new Date(START) });

const outcome = (one: Partial<Outcome>): Outcome => ({
  ...{ feature: 'checkout', subject: 'r1', processor: 'inngest', arm: 'treatment', epoch: 2, job_class: '' },
  ...{ category: 'small', ok: true, duration_ms: null, error: null, finished_at: START },
  ...one,
});

async function record(...outcomes: Outcome[]): Promise<void> {
  const sums = new OutcomeSums();
  for (const one of outcomes) sums.add(one);
  await recordOutcomes(db.pool, randomUUID(), sums);
}

/** What SQL has to find, added up here. */
class Expected {
  readonly #rows = new Map<string, SubjectWindow>();

  readonly listed: ReadonlySet<string>;
  readonly past: ReadonlyMap<string, { jobs: number; failed: number }>;

  constructor(listed: ReadonlySet<string>, past: ReadonlyMap<string, { jobs: number; failed: number }>) {
    this.listed = listed;
    this.past = past;
  }

  row(subject: string, category: string, arm: 'treatment' | 'control', at: number): SubjectWindow {
    const startedAt = Math.floor(at / WINDOW) * 300;
    const key = `${startedAt} ${subject} ${arm}`;
    const past = this.past.get(subject);
    const row = this.#rows.get(key) ?? {
      ...{ startedAt, subject, category, arm, begun: 0, finished: 0, failed: 0 },
      listed: this.listed.has(subject),
      ...(past ? { past } : {}),
    };
    this.#rows.set(key, row);
    return row;
  }

  windows(mean: number) {
    return windowsOf([...this.#rows.values()], mean);
  }
}

beforeAll(async () => {
  for (const feature of ['checkout', 'random', 'young', 'worst', 'old']) await applyFeature(db.pool, feature);
  await db.pool.query('update rollout_configuration set epoch = 2');
});

describe('the windows that the score reads', () => {
  it('the windows of the score equal those of the domain for the same jobs, however routed and recorded', async () => {
    const random = seededRandom(11);
    const oneOf = <T>(some: readonly T[]) => some[Math.floor(random() * some.length)] as T;
    const subjects = Array.from({ length: 25 }, (_, n) => ({
      subject: `s${n}`,
      category: oneOf(['', 'small', 'large']),
      arm: oneOf(['treatment', 'control'] as const),
    }));
    await db.pool.query(
      `update rollout_configuration set target_repositories = '{s1,s2}', excluded_repositories = '{s3}'
       where feature_name = 'random'`,
    );
    const past = new Map<string, { jobs: number; failed: number }>();
    const before = subjects.slice(0, 15).flatMap(({ subject, category }) =>
      Array.from({ length: 20 }, () => {
        const ok = random() < 0.8;
        const sum = past.get(subject) ?? { jobs: 0, failed: 0 };
        past.set(subject, { jobs: sum.jobs + 1, failed: sum.failed + (ok ? 0 : 1) });
        const finished_at = START - HOUR;
        return outcome({ feature: 'random', epoch: 1, arm: 'control', subject, category, ok, finished_at });
      }),
    );
    await record(...before);
    const expected = new Expected(new Set(['s1', 's2', 's3']), past);
    const reported = Array.from({ length: 600 }, () => {
      const who = oneOf(subjects);
      const ok = random() < 0.85;
      const finished_at = START + Math.floor(random() * 2.5 * HOUR);
      const row = expected.row(who.subject, who.category, who.arm, finished_at);
      row.finished += 1;
      if (!ok) row.failed += 1;
      return outcome({
        feature: 'random',
        ...who,
        ok,
        finished_at,
        processor: oneOf(['inngest', 'github_actions']),
      });
    });
    await record(...reported, outcome({ feature: 'random', arm: 'fallback', ok: false }));
    const stamps = Array.from({ length: 200 }, (_, n) => {
      const who = oneOf(subjects);
      const routed_at = START + Math.floor(random() * 2.5 * HOUR);
      expected.row(who.subject, who.category, who.arm, routed_at).begun += 1;
      return {
        id: `random ${n}`,
        feature: 'random',
        epoch: 2,
        job_class: '',
        processor: 'inngest',
        ...who,
        routed_at,
      };
    });
    await openJobs(db.pool, stamps);
    const failed = [...past.values()].reduce((sum, one) => sum + one.failed, 0);
    const mean = failed / before.length;
    const found = (await readWindows(db.pool, [began('random')])).get('random')?.().windows ?? [];
    const right = expected.windows(mean);
    expect(found).toHaveLength(right.length);
    expect(right.length).toBeGreaterThan(60);
    right.forEach((window, i) => {
      const { gain, treatment, control, ...counts } = window;
      expect(found[i]).toMatchObject(counts);
      gain.forEach((value, k) => {
        expect(found[i]?.gain[k]).toBeCloseTo(value, 9);
      });
      for (const [arm, own] of [
        ['treatment', treatment],
        ['control', control],
      ] as const) {
        for (const [name, value] of Object.entries(own)) {
          expect(found[i]?.[arm][name as keyof typeof own], `${arm} ${name}`).toBeCloseTo(value, 9);
        }
      }
    });
  });

  it('a routed job counts as not failed in the window in which it began, even if it has ended since', async () => {
    const stamp = { feature: 'checkout', subject: 'r1', epoch: 2, job_class: '', category: 'small' } as const;
    const routed = { ...stamp, processor: 'inngest', arm: 'treatment', routed_at: START } as const;
    await openJobs(
      db.pool,
      [1, 2, 3, 4].map((n) => ({ ...routed, id: `c${n}` })),
    );
    const end = outcome({ ok: false, finished_at: START + 10_000 });
    const ends = [{ outcome: end, stamp: { ...routed, id: 'c1' } }];
    await recordEnds(db.pool, randomUUID(), ends);
    const [window] = (await readWindows(db.pool, [began('checkout')])).get('checkout')?.().windows ?? [];
    expect(window).toMatchObject({ spans: 1, begun: 4, jobs: 4, finished: 1, failed: 1, failedSpans: 1 });
    expect(window?.gain[4]).toBeCloseTo(Math.log(1 + 19 / 4), 9);
  });

  it('the windows go back seven days for the score and thirty for a test of the past', async () => {
    const days = (count: number) => Date.now() - count * 24 * HOUR;
    await record(...[6, 8, 31].map((n) => outcome({ feature: 'old', finished_at: days(n) })));
    const asked = { ...began('old'), epoch_started_at: new Date(days(40)) };
    const score = (await slicesOf(db.pool, [asked])).get('old')?.();
    expect(score?.scopes.get(null)?.slices).toHaveLength(1);
    expect((score?.startedAt ?? 0) * 1000).toBeGreaterThan(days(7.1));
    expect((await readWindows(db.pool, [asked])).get('old')?.().windows).toHaveLength(2);
  });
});

describe('how long jobs take', () => {
  it('durations come from control and earlier epochs, and an epoch is young while successes cannot have ended', async () => {
    const minutes = (count: number, more: Partial<Outcome>) =>
      Array.from({ length: 40 }, () => outcome({ feature: 'young', duration_ms: count * 60_000, ...more }));
    await record(...minutes(90, { arm: 'control' }), ...minutes(0.1, { ok: false, finished_at: Date.now() }));
    const read = (await readWindows(db.pool, [began('young')])).get('young')?.();
    expect(read?.durations).toEqual({ timed: 40, meanSeconds: 5_400 });
    const score = (await slicesOf(db.pool, [began('young')])).get('young')?.();
    expect(score?.young?.until).toBeCloseTo(START / 1_000 + 3.1 * 5_400, 0);
    expect(score?.scopes.get(null)?.slices ?? []).toEqual([]);
  });
});

describe('the worst subjects of a run', () => {
  it('the worst subjects of a run are the one with most failures, or two in a hundred, with their sums', async () => {
    const failing = Array.from({ length: 60 }, (_, n) =>
      outcome({ feature: 'worst', subject: `w${n}`, ok: n > 3, finished_at: START + (n % 4) * WINDOW }),
    );
    const again = [0, 1, 2].map((n) =>
      outcome({ feature: 'worst', subject: 'w1', ok: false, finished_at: START + (n + 6) * WINDOW }),
    );
    await record(...failing, ...again);
    const run = { ...began('worst'), category: null, since: START / 1_000 };
    const worst = await readWorstSubjects(db.pool, run);
    expect(worst.subjects).toBe(60);
    expect(worst.worst[0]).toEqual({ subject: 'w1', jobs: 4, failed: 4 });
    // The others failed once each: that is nobody's fault alone.
    expect(worst.worst).toHaveLength(1);
    expect(worst.windows.reduce((sum, { spans }) => sum + spans, 0)).toBe(4);
    expect(worst.windows[0]?.gain[4]).toBeCloseTo(Math.log(20), 9);
    const none = await readWorstSubjects(db.pool, { ...run, category: 'large' });
    expect(none).toEqual({ subjects: 0, worst: [], windows: [] });
  });
});
