import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type HealthParams, judge } from '../../../src/domain/health/health.ts';
import { trustedRule } from '../../../src/domain/score/rule.ts';
import { type ScoreWindow, type SubjectWindow, windowsOf } from '../../../src/domain/score/window.ts';
import type { Checkpoint } from '../../../src/domain/verdict/checkpoint.ts';
import { evidenceOf, type Windows } from '../../../src/domain/verdict/evidence.ts';
import { nextCheckpoint } from '../../../src/domain/verdict/next-checkpoint.ts';
import { seededRandom } from '../../../src/lib/random.ts';
import { SHORT_JOBS } from '../health/health-rows.ts';

const HOUR = 3600;
const DELAY = 900;

interface World {
  seed: number;
  hours: number;
  startedAt: number;
  /** Share of a window's subjects that have jobs. */
  busy: number;
  /** Probability that a job fails, in each arm, and in treatment of the category `large` from half of the time on. */
  fails: { treatment: number; control: number; later: number };
  isRouted: boolean;
  categories: string[];
}

const world: fc.Arbitrary<World> = fc.record({
  seed: fc.nat(1e6),
  hours: fc.integer({ min: 2, max: 30 }),
  startedAt: fc.integer({ min: 0, max: 2 * HOUR }),
  busy: fc.constantFrom(0.02, 0.2, 0.8),
  fails: fc.record({
    treatment: fc.constantFrom(0, 0.01, 0.03, 0.05, 0.08),
    control: fc.constantFrom(0, 0.01, 0.05),
    later: fc.constantFrom(0, 0.02, 0.05, 0.3),
  }),
  isRouted: fc.boolean(),
  categories: fc.constantFrom([''], ['small', 'large'], ['', 'small', 'medium', 'large']),
});

function windowsIn({ seed, hours, startedAt, busy, fails, isRouted, categories }: World): ScoreWindow[] {
  const random = seededRandom(seed);
  const rows: SubjectWindow[] = [];
  const first = Math.floor(startedAt / 300) * 300;
  for (let at = first; at < first + hours * HOUR; at += 300) {
    for (let n = 0; n < 12; n++) {
      if (random() >= busy) continue;
      const category = categories[n % categories.length] as string;
      const arm = n % 3 === 0 ? 'treatment' : 'control';
      const isLater = at > first + (hours * HOUR) / 2 && category === categories.at(-1);
      const chance = arm === 'control' ? fails.control : isLater ? fails.later : fails.treatment;
      const finished = 1 + Math.floor(random() * 4);
      let failed = 0;
      for (let job = 0; job < finished; job++) if (random() < chance) failed += 1;
      rows.push({
        ...{ startedAt: at, subject: `s${n}`, category, arm, finished, failed },
        begun: isRouted ? finished : 0,
        listed: n === 7,
      });
    }
  }
  return windowsOf(rows, 0);
}

const PARAMS: HealthParams = { maxErrorRate: 5 };
const rule = trustedRule(PARAMS);

const stored = (checkpoint: Checkpoint): Checkpoint => JSON.parse(JSON.stringify(checkpoint));

/** Judges every quarter of an hour, each time from the sum that the time before left. */
function* judgedBothWays(one: World) {
  const all = windowsIn(one);
  const { startedAt } = one;
  const seen = { startedAt, durations: SHORT_JOBS, startsPerControl: null };
  let checkpoint: Checkpoint | null = null;
  for (let now = startedAt + 600; now < startedAt + one.hours * HOUR; now += 900) {
    const windows = all.filter((window) => window.startedAt <= now);
    const rest: Windows = {
      ...{ ...seen, now, checkpoint },
      windows: windows.filter((window) => checkpoint === null || window.startedAt >= checkpoint.until),
    };
    const whole = judge(evidenceOf({ ...seen, now, windows }), now, PARAMS);
    yield { whole, resumed: judge(evidenceOf(rest), now, PARAMS), checkpoint, now };
    const next = nextCheckpoint(rest, rule, Math.floor((now - DELAY) / HOUR) * HOUR);
    if (next === 'forget') checkpoint = null;
    else if (next !== 'keep') checkpoint = stored(next);
  }
}

describe('the checkpoint', () => {
  test('a judgement that goes on from the checkpoint equals the one from all windows, unless it asks for them', () => {
    const count = { resumed: 0, asked: 0, raised: 0 };
    fc.assert(
      fc.property(world, (one) => {
        for (const { whole, resumed, checkpoint } of judgedBothWays(one)) {
          if (resumed.needsAllWindows) {
            count.asked += 1;
            continue;
          }
          if (checkpoint) count.resumed += 1;
          if (checkpoint && resumed.judgement.verdict !== 'healthy') count.raised += 1;
          expect(resumed.judgement).toEqual(whole.judgement);
          expect(resumed.over).toEqual(whole.over);
        }
      }),
      { numRuns: 60 },
    );
    expect(count.resumed).toBeGreaterThan(200);
    expect(count.raised).toBeGreaterThan(20);
    expect(count.asked).toBeGreaterThan(5);
  });

  test('harm is never judged from a sum: a score over its limit asks for all windows', () => {
    fc.assert(
      fc.property(world, (one) => {
        for (const { whole, resumed, checkpoint } of judgedBothWays(one)) {
          if (checkpoint && whole.judgement.verdict === 'harmful') expect(resumed.needsAllWindows).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });

  const calm: World = {
    ...{ seed: 1, hours: 12, startedAt: 0, busy: 0.8, isRouted: true, categories: ['small', 'large'] },
    fails: { treatment: 0.01, control: 0.01, later: 0.01 },
  };

  test('a checkpoint holds full hours only, and stays small', () => {
    const checkpoints = [...judgedBothWays(calm)].flatMap(({ checkpoint, now }) =>
      checkpoint ? [{ checkpoint, now }] : [],
    );
    for (const { checkpoint, now } of checkpoints) {
      expect(checkpoint.until % HOUR).toBe(0);
      expect(checkpoint.until).toBeGreaterThan(now - DELAY - HOUR - 900);
      expect(checkpoint.until).toBeLessThanOrEqual(now - DELAY);
    }
    const sizes = checkpoints.map(({ checkpoint }) => JSON.stringify(checkpoint).length);
    expect(Math.max(...sizes)).toBeLessThan(20_000);
  });

  test.each([
    ['the limit', { maxErrorRate: 4, warningErrorRate: 2.5, criticalErrorRate: 10 }],
    ['the warning rate', { ...PARAMS, warningErrorRate: 2 }],
    ['the critical rate', { ...PARAMS, criticalErrorRate: 20 }],
    ['the tolerated odds', { ...PARAMS, toleratedOdds: 3 }],
  ])('a checkpoint that was made with another value of %s asks for all windows', (_, params) => {
    const windows = windowsIn(calm);
    const seen = { startedAt: 0, now: 12 * HOUR, durations: SHORT_JOBS, startsPerControl: null };
    const checkpoint = stored(nextCheckpoint({ ...seen, windows }, rule, 11 * HOUR) as Checkpoint);
    const rest = windows.filter((window) => window.startedAt >= checkpoint.until);
    const evidence = evidenceOf({ ...seen, windows: rest, checkpoint });
    expect(judge(evidence, seen.now, PARAMS).needsAllWindows).toBe(false);
    expect(judge(evidence, seen.now, params).needsAllWindows).toBe(true);
    expect(nextCheckpoint({ ...seen, windows: rest, checkpoint }, trustedRule(params), 12 * HOUR)).toBe(
      'forget',
    );
  });

  test('a checkpoint asks for all windows when known durations leave out other windows than before', () => {
    const world = { ...calm, isRouted: false };
    const windows = windowsIn(world);
    const seen = { startedAt: 0, now: 12 * HOUR, startsPerControl: null };
    const checkpoint = stored(
      nextCheckpoint({ ...seen, durations: SHORT_JOBS, windows }, rule, 11 * HOUR) as Checkpoint,
    );
    const rest = windows.filter((window) => window.startedAt >= checkpoint.until);
    const asks = (meanSeconds: number) =>
      judge(
        evidenceOf({ ...seen, durations: { ...SHORT_JOBS, meanSeconds }, windows: rest, checkpoint }),
        seen.now,
        PARAMS,
      ).needsAllWindows;
    expect(asks(SHORT_JOBS.meanSeconds)).toBe(false);
    expect(asks(SHORT_JOBS.meanSeconds + 600)).toBe(true);
    // Still young by these durations.
    expect(asks(24 * HOUR)).toBe(true);
  });
});
