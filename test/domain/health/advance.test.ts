import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Gate, judgeAdvance, nextStep } from '../../../src/domain/health/advance.ts';
import type { Verdict } from '../../../src/domain/health/health.ts';
import type { Spec } from '../../../src/domain/spec/spec.ts';
import { spec } from '../../helpers/specs.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR = 3_600;
const STEPS = [
  { name: null, percentage: 10, soak: 24 * HOUR },
  { name: null, percentage: 25, soak: 48 * HOUR },
  { name: null, percentage: 50, soak: 0 },
];

const ago = (hours: number) => new Date(NOW.getTime() - hours * HOUR * 1_000);

function gate({ said, ...rest }: Partial<Omit<Gate, 'spec'>> & { said?: Partial<Spec> } = {}): Gate {
  return {
    spec: spec({ percentage: 10, steps: STEPS, advance: 'commit', ...said }),
    judgement: { verdict: 'healthy', reason: 'all is well' },
    step: { jobs: 100, errors: 2 },
    soakingSince: ago(25),
    pausedSeconds: 0,
    spread: { expectedHours: 20, heardHours: 18, newestAge: 60 },
    held: false,
    freeze: null,
    now: NOW,
    ...rest,
  };
}

const freeze = { from: '2026-11-20', to: '2026-11-22', reason: 'holidays' };
const judged = (verdict: Verdict) => ({ judgement: { verdict, reason: 'because' } });

describe('the gate to the next step', () => {
  it('is open when everything says so, and says why', () => {
    expect(judgeAdvance(gate())).toEqual({
      ready: true,
      next: STEPS[1],
      soakLeft: 0,
      reason: 'healthy for the whole soak: 2 of 100 jobs of this step failed (2%)',
    });
  });

  it.each<[string, Parameters<typeof gate>[0], string]>([
    ['there are no steps', { said: { steps: [] } }, 'no steps'],
    ['it is at the last step', { said: { percentage: 50 } }, 'at the last step'],
    ['it is beyond the last step', { said: { percentage: 80 } }, 'at the last step'],
    ['its strategy knows no percentage', { said: { strategy: 'whitelist' } }, 'at the last step'],
    ['an incident holds it', { held: true }, 'waits: held by an incident'],
    ['it is paused', { said: { paused: true } }, 'waits: paused'],
    ['there is a freeze', { freeze }, 'waits: freeze until 2026-11-22 (holidays)'],
    ['there is a warning', judged('warning'), 'waits: warning, because'],
    ['it is suspect', judged('suspect'), 'waits: suspect, because'],
    ['it does harm', judged('harmful'), 'waits: harmful, because'],
    ['there is too little evidence', judged('insufficient'), 'waits: not enough jobs yet, because'],
    ['nothing was heard', judged('no_data'), 'waits: no finished job yet, because'],
    ['nothing could be judged', judged('error'), 'waits: not judged, because'],
    [
      'outcomes stopped coming',
      { spread: { expectedHours: 20, heardHours: 18, newestAge: 6.1 * HOUR } },
      'waits: no job has finished for 7 hours; the newest must be at most 6 hours old',
    ],
    [
      'outcomes stopped coming during a soak of minutes',
      {
        said: { steps: [{ name: null, percentage: 10, soak: 600 }, ...STEPS.slice(1)] },
        spread: { expectedHours: 0, heardHours: 0, newestAge: 901 },
      },
      'waits: no job has finished for 16 minutes; the newest must be at most 15 minutes old',
    ],
    [
      'too few hours had jobs',
      { spread: { expectedHours: 20, heardHours: 9, newestAge: 60 } },
      'waits: jobs finished in 9 of the 20 hours of the soak that had any the day before',
    ],
    [
      'no job of the step has finished although earlier ones have',
      { spread: { expectedHours: 0, heardHours: 0, newestAge: null } },
      'waits: no job of this step has finished yet',
    ],
    [
      'few jobs have finished',
      { step: { jobs: 9, errors: 0 } },
      'waits: 9 of 10 jobs of this step have finished',
    ],
    [
      'no job has finished',
      { step: { jobs: 0, errors: 0 } },
      'waits: 0 of 10 jobs of this step have finished',
    ],
    [
      'the observed rate is too high',
      { step: { jobs: 30, errors: 3 } },
      'waits: 3 of 30 jobs of this step failed: 10%, above advance_error_rate 3%',
    ],
    ['it soaks', { soakingSince: ago(20) }, 'waits: 4h of the soak left'],
    [
      'a last moment is left',
      { soakingSince: new Date(ago(24).getTime() + 1) },
      'waits: 1s of the soak left',
    ],
    ['it was paused for a time', { pausedSeconds: 90 * 60 }, 'waits: 30m of the soak left'],
    ['a person has the last word', { said: { advance: 'manual' } }, 'ready for 25%: waits for a person'],
  ])('is closed when %s', (_case, changed, reason) => {
    expect(judgeAdvance(gate(changed))).toMatchObject({ ready: false, reason });
  });

  it('opens at the very end of the soak and at the very rate', () => {
    expect(judgeAdvance(gate({ soakingSince: ago(24) }))).toMatchObject({ ready: true, soakLeft: 0 });
    expect(judgeAdvance(gate({ step: { jobs: 100, errors: 3 } })).ready).toBe(true);
    expect(judgeAdvance(gate({ step: { jobs: 10, errors: 0 } })).ready).toBe(true);
  });

  it('compares the rate in whole numbers', () => {
    const { thresholds } = spec();
    const said = { thresholds: { ...thresholds, advance_error_rate: 2.3 } };
    expect(judgeAdvance(gate({ said, step: { jobs: 3_000, errors: 69 } })).ready).toBe(true);
    expect(judgeAdvance(gate({ said, step: { jobs: 3_000, errors: 70 } })).ready).toBe(false);
  });

  it('lets a person go on where the file leaves it to one, through the same gate', () => {
    const said: Partial<Spec> = { advance: 'manual' };
    expect(judgeAdvance(gate({ said }), true)).toMatchObject({ ready: true, next: STEPS[1] });
    expect(judgeAdvance(gate({ said, held: true }), true).ready).toBe(false);
  });

  it('lets a percentage between two steps soak as long as the lower one', () => {
    expect(judgeAdvance(gate({ said: { percentage: 12 }, soakingSince: ago(1) }))).toMatchObject({
      ready: false,
      soakLeft: 23 * HOUR,
      next: STEPS[1],
    });
    expect(judgeAdvance(gate({ said: { percentage: 1 }, soakingSince: NOW }))).toMatchObject({
      ready: true,
      next: STEPS[0],
    });
  });

  it('goes up only, and one step at a time', () => {
    const next = (percentage: number) => nextStep(spec({ percentage, steps: STEPS }))?.percentage ?? null;
    expect([0, 5, 10, 11, 25, 49.99, 50, 100].map(next)).toEqual([10, 10, 25, 25, 50, 50, null, null]);
  });

  it('is never open when anything at all speaks against it', () => {
    const verdicts: Verdict[] = [
      'healthy',
      'warning',
      'suspect',
      'harmful',
      'insufficient',
      'no_data',
      'error',
    ];
    const rarely = fc.integer({ min: 0, max: 4 }).map((n) => n === 0);
    const anyGate = fc.record({
      percentage: fc.constantFrom(0, 10, 10, 12, 25, 25, 50, 100),
      strategy: fc.constantFrom('percentage' as const, 'repository_size' as const, 'whitelist' as const),
      advance: fc.constantFrom('manual' as const, 'commit' as const, 'pull_request' as const),
      paused: rarely,
      held: rarely,
      frozen: rarely,
      verdict: fc.oneof(
        { weight: 3, arbitrary: fc.constant<Verdict>('healthy') },
        fc.constantFrom(...verdicts),
      ),
      jobs: fc.integer({ min: 0, max: 40 }),
      errors: fc.integer({ min: 0, max: 2 }),
      soaked: fc.integer({ min: 0, max: 60 }),
      pausedHours: fc.integer({ min: 0, max: 20 }),
      byHand: fc.boolean(),
    });
    let opened = 0;
    fc.assert(
      fc.property(
        anyGate,
        ({ jobs, errors, soaked, pausedHours, byHand, verdict, held, frozen, ...said }) => {
          const advance = judgeAdvance(
            gate({
              said,
              judgement: { verdict, reason: 'because' },
              step: { jobs, errors: Math.min(jobs, errors) },
              soakingSince: ago(soaked),
              pausedSeconds: pausedHours * HOUR,
              held,
              freeze: frozen ? freeze : null,
            }),
            byHand,
          );
          const soak = { 0: 0, 10: 24, 12: 24, 25: 48, 50: 0, 100: 0 }[said.percentage] ?? 0;
          const open =
            said.percentage < 50 &&
            said.strategy !== 'whitelist' &&
            !held &&
            !said.paused &&
            !frozen &&
            verdict === 'healthy' &&
            jobs >= 10 &&
            Math.min(jobs, errors) / jobs <= 0.03 &&
            soaked - pausedHours >= soak &&
            (byHand || said.advance !== 'manual');
          expect(advance.ready).toBe(open);
          if (open) opened += 1;
          if (open) expect(advance.next?.percentage).toBeGreaterThan(said.percentage);
          expect(advance.soakLeft).toBeGreaterThanOrEqual(0);
        },
      ),
      { numRuns: 3_000, seed: 7 },
    );
    expect(opened).toBeGreaterThan(30);
  });
});
