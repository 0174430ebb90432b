import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bursts } from '../../../src/domain/fleet/bursts.ts';
import { independentJobs } from '../../../src/domain/fleet/independent.ts';
import { type Fleet, steady } from '../../../src/domain/fleet/job.ts';
import { jobsBegan, jobsFailed, newDetector, readDetector } from '../../../src/domain/score/detector.ts';
import { ODDS_MULTIPLIERS } from '../../../src/domain/score/factor.ts';
import { seededRandom } from '../../../src/lib/random.ts';

const LIMIT = 0.05;
const HOUR = 3600;
const CROSSED = Math.log(10_000);

const detector = () => newDetector({ limit: LIMIT, startedAt: 0, longestJob: 0 });

/** The jobs of one span in this order, and the score after them. */
function scoreOfSpan(fails: readonly boolean[]): number {
  const watched = detector();
  for (const failed of fails) {
    const span = jobsBegan(watched, 10, 'acme/api');
    if (failed) jobsFailed(watched, span);
  }
  return readDetector(watched).score;
}

/** The second at which a life crosses, and the failures until then. */
function crossing(fleet: Fleet): { at: number | null; failed: number } {
  const watched = detector();
  let failed = 0;
  for (const job of fleet) {
    const span = jobsBegan(watched, job.at, job.subject);
    if (!job.fails) continue;
    failed += 1;
    jobsFailed(watched, span);
    if (readDetector(watched).score >= CROSSED) return { at: job.at, failed };
  }
  return { at: null, failed };
}

describe('the bet of one span', () => {
  it('the bet of a span is the mean likelihood ratio of its failed fraction, whatever the order of jobs', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (fails) => {
        const fraction = fails.filter(Boolean).length / fails.length;
        // One start before the epoch, one of 10 / 900 with the first job of the slice.
        const factors = ODDS_MULTIPLIERS.map((k) => (1 + (k - 1) * fraction) / (1 + (k - 1) * LIMIT));
        const mean = factors.reduce((sum, factor) => sum + (1 + 10 / 900) * factor, 0) / factors.length;
        expect(scoreOfSpan(fails)).toBeCloseTo(Math.log(mean), 9);
        expect(scoreOfSpan([...fails].reverse())).toBeCloseTo(scoreOfSpan(fails), 9);
      }),
    );
  });

  it('a thousand failures of one subject within five minutes count no more than one', () => {
    expect(scoreOfSpan(new Array(1000).fill(true))).toBeCloseTo(scoreOfSpan([true]), 9);
  });

  it('failures of a thousand subjects are counted one by one', () => {
    const watched = detector();
    for (let subject = 0; subject < 1000; subject++) jobsFailed(watched, jobsBegan(watched, 10, subject));
    const { score, run } = readDetector(watched);
    expect(score).toBeGreaterThan(1000);
    expect(run).toEqual({ since: 10, jobs: 1000, failed: 1000, failedSpans: 1000 });
  });

  it("a subject's span ends after five minutes, and a new one begins", () => {
    const watched = detector();
    jobsFailed(watched, jobsBegan(watched, 10, 'acme/api'));
    jobsFailed(watched, jobsBegan(watched, 309, 'acme/api'));
    expect(readDetector(watched).run.failedSpans).toBe(1);
    jobsFailed(watched, jobsBegan(watched, 310, 'acme/api'));
    expect(readDetector(watched).run.failedSpans).toBe(2);
  });
});

describe('a job that runs', () => {
  it('a running job counts as not failed until it fails, however late', () => {
    const watched = newDetector({ limit: LIMIT, startedAt: 0, longestJob: 2 * HOUR });
    const late = jobsBegan(watched, 10, 'late');
    for (let at = 20; at < HOUR; at += 20) jobsBegan(watched, at, at);
    const before = readDetector(watched).score;
    jobsFailed(watched, late);
    expect(readDetector(watched).score).toBeGreaterThan(before);
  });

  it('a late failure adds nothing to the starts that were given after the job began', () => {
    const play = (jobs: number, failAtOnce: boolean) => {
      const watched = newDetector({ limit: LIMIT, startedAt: 0, longestJob: 24 * HOUR });
      const span = jobsBegan(watched, 10, 'late');
      if (failAtOnce) jobsFailed(watched, span);
      for (let i = 1; i <= jobs; i++) jobsBegan(watched, i * 900 + 10, i);
      if (!failAtOnce) jobsFailed(watched, span);
      return readDetector(watched).score;
    };
    expect(play(40, false)).toBeCloseTo(play(40, true), 9);
  });
});

describe('the detector', () => {
  it.each([
    [true, 1000],
    [false, 0],
  ])('the score stays finite at 10^9 jobs in 10^5 spans (all of them fail: %s)', (fails, least) => {
    const watched = detector();
    for (let subject = 0; subject < 100_000; subject++) {
      const span = jobsBegan(watched, Math.floor(subject / 50) * 400, subject, 10_000);
      if (fails) jobsFailed(watched, span, 10_000);
    }
    const { score, run } = readDetector(watched);
    expect(Number.isFinite(score)).toBe(true);
    expect(run.failed).toBe(fails ? 1e9 : 0);
    expect(score > 1000).toBe(fails);
    expect(score).toBeGreaterThan(least - 10);
  });

  it('good days do not slow the detector: a fortnight delays a crossing by at most a fifth of the jobs', () => {
    // 500 an hour, three spans in four fail from a moment on.
    const needed = (goodHours: number) => {
      const watched = detector();
      const good = goodHours * 500;
      for (let job = 0; job < good; job++) jobsBegan(watched, job * 7.2, job);
      let job = good;
      for (; readDetector(watched).score < CROSSED; job++) {
        const span = jobsBegan(watched, job * 7.2, job);
        if (job % 4 < 3) jobsFailed(watched, span);
      }
      return job - good;
    };
    expect(needed(14 * 24)).toBeLessThanOrEqual(Math.ceil(needed(0) * 1.2));
  });

  it('the detector gives the same score however often it is read', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            gap: fc.integer({ min: 0, max: 400 }),
            subject: fc.nat(5),
            fails: fc.boolean(),
            look: fc.boolean(),
          }),
          { maxLength: 200 },
        ),
        (steps) => {
          const [often, once] = [detector(), detector()];
          let at = 0;
          for (const { gap, subject, fails, look } of steps) {
            at += gap;
            for (const watched of [often, once]) {
              const span = jobsBegan(watched, at, subject);
              if (fails) jobsFailed(watched, span);
            }
            if (look) readDetector(often);
          }
          expect(readDetector(often)).toEqual(readDetector(once));
        },
      ),
    );
  });

  it('the detector finds a total breakage of independent jobs within ten failures', () => {
    const random = seededRandom(3);
    const life = independentJobs({ jobsPerHour: 200, until: HOUR, rate: steady(1) }, random);
    expect(crossing(life).failed).toBeLessThanOrEqual(10);
  });

  it('the detector does not flag a healthy feature whose jobs fail together in bursts', () => {
    const random = seededRandom(5);
    let alarms = 0;
    for (let life = 0; life < 20; life++) {
      const fleet = bursts(
        { jobsPerHour: 200, size: 20, correlation: 0.3, until: 24 * HOUR, rate: steady(0.045) },
        random,
      );
      if (crossing(fleet).at !== null) alarms += 1;
    }
    expect(alarms).toBe(0);
  });
});
