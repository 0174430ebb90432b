import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../../src/domain/health/health.ts';
import { ODDS_MULTIPLIERS } from '../../../src/domain/score/factor.ts';
import { type SubjectWindow, windowsOf } from '../../../src/domain/score/window.ts';
import { monitorOf } from '../../../src/domain/simulation/monitor.ts';
import { runLife } from '../../../src/domain/simulation/simulation.ts';
import { drawArrivals, lifeOf } from '../../../src/domain/simulation/traffic.ts';
import { evidenceOf } from '../../../src/domain/verdict/evidence.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { runs } from '../../helpers/run/runs.ts';
import { judged, type Row, SHORT_JOBS } from '../health/health-rows.ts';

const subjectWindow: fc.Arbitrary<SubjectWindow> = fc
  .record({
    window: fc.nat(40),
    subject: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    category: fc.constantFrom('small', 'large'),
    arm: fc.constantFrom('treatment', 'control') as fc.Arbitrary<'treatment' | 'control'>,
    begun: fc.nat(4),
    finished: fc.nat(6),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ window, share, ...rest }) => ({
    ...rest,
    subject: `${rest.subject} ${rest.category}`,
    startedAt: window * 300,
    failed: Math.floor(rest.finished * share),
  }));

/** One row for each subject, window and arm. */
const subjectWindows = fc.uniqueArray(subjectWindow, {
  maxLength: 60,
  selector: ({ startedAt, subject, arm }) => `${startedAt} ${subject} ${arm}`,
});

const NOW = 41 * 300;

function known(rows: readonly SubjectWindow[]) {
  const windows = windowsOf(rows);
  return evidenceOf({ startedAt: 0, now: NOW, windows, durations: SHORT_JOBS, startsPerControl: null });
}

describe('evidence of any kind', () => {
  test('a judgement does not depend on the order of its evidence', () => {
    fc.assert(
      fc.property(subjectWindows, fc.infiniteStream(fc.nat()), (rows, luck) => {
        const shuffled = rows
          .map((row) => [luck.next().value, row] as const)
          .sort(([a], [b]) => a - b)
          .map(([, row]) => row);
        const [one, other] = [judge(known(rows), NOW).judgement, judge(known(shuffled), NOW).judgement];
        expect(other.verdict).toBe(one.verdict);
        expect(other.scores.absolute).toBeCloseTo(one.scores.absolute, 8);
        expect(other.scores.relative).toBeCloseTo(one.scores.relative, 8);
      }),
    );
  });

  test('a subject counts once per window: its jobs have one factor, by their failed share', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(50), (jobs, failures) => {
        const failed = Math.min(jobs, failures);
        const row = {
          startedAt: 0,
          subject: 'a',
          category: '',
          arm: 'treatment',
          begun: 0,
          finished: jobs,
          failed,
        } as const;
        const [window] = windowsOf([row]);
        expect(window).toMatchObject({ spans: 1, jobs, failed, failedSpans: failed > 0 ? 1 : 0 });
        ODDS_MULTIPLIERS.forEach((k, i) => {
          expect(window?.gain[i]).toBeCloseTo(Math.log(1 + (k - 1) * (failed / jobs)), 12);
        });
      }),
    );
  });

  test('a span that fails at the limit has a mean factor of one, however its jobs fail', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.001, max: 0.9, noNaN: true }),
        fc.integer({ min: 1, max: 9 }),
        (limit, jobs) => {
          // All jobs of the span fail together, or each for itself.
          const together = ODDS_MULTIPLIERS.map((k) => limit * k + (1 - limit));
          const binomial = (n: number) => {
            let chance = 1;
            for (let i = 0; i < n; i++) chance *= (jobs - i) / (i + 1);
            return chance * limit ** n * (1 - limit) ** (jobs - n);
          };
          ODDS_MULTIPLIERS.forEach((k, i) => {
            const cost = 1 + (k - 1) * limit;
            let alone = 0;
            for (let n = 0; n <= jobs; n++) alone += binomial(n) * (1 + (k - 1) * (n / jobs));
            expect((together[i] ?? 0) / cost).toBeCloseTo(1, 9);
            expect(alone / cost).toBeCloseTo(1, 9);
          });
        },
      ),
    );
  });

  test('a failed treatment job instead of a succeeded one never lowers the score', () => {
    fc.assert(
      fc.property(subjectWindows, fc.nat(), (rows, place) => {
        const good = rows.filter(({ arm, finished, failed }) => arm === 'treatment' && failed < finished);
        const chosen = good[place % Math.max(1, good.length)];
        fc.pre(chosen !== undefined);
        const worse = rows.map((row) => (row === chosen ? { ...row, failed: row.failed + 1 } : row));
        const [before, after] = [known(rows), known(worse)].map((one) => {
          const { scores } = judge(one, NOW, { evidence: 1e300 }).judgement;
          return scores;
        });
        for (const rate of ['absolute', 'warning', 'critical'] as const) {
          expect(after?.[rate]).toBeGreaterThanOrEqual((before?.[rate] ?? 0) - 1e-9);
        }
      }),
    );
  });

  test('the scores stay finite at a thousand million jobs a window', () => {
    const many = fc.tuple(fc.nat(1e9), fc.nat(1e9), fc.nat(1e9), fc.nat(1e9));
    fc.assert(
      fc.property(fc.array(many, { minLength: 1, maxLength: 30 }), (list) => {
        const rows = list.map(
          ([a, b, c, d], n): Row => [
            ...([n * 5, Math.max(a, b), Math.min(a, b), Math.max(c, d), Math.min(c, d)] as const),
          ],
        );
        const { scores, verdict } = judged(rows);
        expect(Object.values(scores).every(Number.isFinite)).toBe(true);
        expect(verdict).not.toBe('error');
      }),
    );
  });
});

describe('a crossing', () => {
  /** Jobs until a breakage to 15% is found, after so many good days; looked at after each slice. */
  function needed(days: number, jobs: number): number {
    const arrivals = Array.from(
      { length: days * 288 },
      (_, n): Row => [n * 5, jobs, n % 5 === 0 && jobs >= 20 ? 1 : 0],
    );
    const broken = Array.from(
      { length: 400 },
      (_, n): Row => [
        ...([
          days * 1440 + n * 5,
          jobs,
          Math.round((n + 1) * jobs * 0.15) - Math.round(n * jobs * 0.15),
        ] as const),
      ],
    );
    const list = [...arrivals, ...broken];
    for (let count = 1; count <= broken.length; count++) {
      const until = list.slice(0, arrivals.length + count);
      if (judged(until).verdict === 'harmful') return count * jobs;
    }
    throw new Error('never found');
  }

  test('good days, however many, delay a crossing by at most a fifth of the jobs of a fresh epoch', () => {
    for (const jobs of [2, 20]) {
      const fresh = needed(0, jobs);
      for (const days of [1, 6]) expect(needed(days, jobs)).toBeLessThanOrEqual(fresh * 1.2 + jobs);
    }
  });
});

/** Share of lives in which something comes true, of two days at this traffic. */
function share(lives: number, seed: number, jobsPerHour: number, jobsTogether: number): number {
  const random = seededRandom(seed);
  let crossed = 0;
  for (let life = 0; life < lives; life++) {
    const arrivals = drawArrivals({ jobsPerHour, errorRate: 4.5, jobsTogether }, 48, random);
    const { harmfulAt } = runLife(lifeOf(arrivals, { errorRate: 4.5 }), monitorOf('sequential', {}));
    if (harmfulAt !== null) crossed += 1;
  }
  return crossed / lives;
}

describe('healthy features', () => {
  test('ten times the traffic does not roll back more healthy features', () => {
    // The promise is 48 h / (5,000 x 15 min) = 3.8% at the limit itself.
    for (const jobsPerHour of [20, 200, 2_000])
      expect(share(runs(25, 60), 3, jobsPerHour, 1)).toBeLessThanOrEqual(0.05);
  });

  test('jobs of a subject that fail together do not roll back a healthy feature', () => {
    expect(share(runs(25, 60), 4, 200, 20)).toBeLessThanOrEqual(0.05);
  });

  test('a feature is not distinguished from a control that fails as often', () => {
    const random = seededRandom(5);
    let suspect = 0;
    const lives = runs(25, 60);
    for (let life = 0; life < lives; life++) {
      const traffic = { jobsPerHour: 60, errorRate: 2, control: { jobsPerHour: 120, errorRate: 2 } };
      const steps = lifeOf(drawArrivals(traffic, 48, random), { errorRate: 2 });
      const monitor = monitorOf('sequential', {});
      if ([...steps].some((step) => monitor(step) === 'suspect')) suspect += 1;
    }
    expect(suspect / lives).toBeLessThanOrEqual(0.05);
  });
});
