import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Gate, judgeAdvance, nextStep, reviewOf, wayTo } from '../../../src/domain/gate/advance.ts';
import type { Wait } from '../../../src/domain/gate/wait.ts';
import type { Verdict } from '../../../src/domain/health/health.ts';
import type { Spec } from '../../../src/domain/spec/spec.ts';
import { spec } from '../../helpers/data/specs.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const HOUR = 3_600;
const FIRST = { name: null, percentage: 10, soak: 24 * HOUR };
const STEPS = [
  FIRST,
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
    policyHours: null,
    spending: null,
    now: NOW,
    ...rest,
  };
}

const freeze = { from: '2026-11-20', to: '2026-11-22', reason: 'holidays' };
const judged = (verdict: Verdict) => ({ judgement: { verdict, reason: 'because' } });

describe('the gate to the next step', () => {
  it("the gate to the next step is open when every condition holds, and carries the step's jobs", () => {
    expect(judgeAdvance(gate())).toEqual({
      next: STEPS[1],
      soakLeft: 0,
      wait: null,
      step: { jobs: 100, errors: 2 },
    });
  });

  it.each<[string, Parameters<typeof gate>[0], Wait]>([
    ['there are no steps', { said: { steps: [] } }, { code: 'no_steps' }],
    ['it is at the last step', { said: { percentage: 50 } }, { code: 'last_step' }],
    ['it is beyond the last step', { said: { percentage: 80 } }, { code: 'last_step' }],
    ['its strategy has no percentage', { said: { strategy: 'whitelist' } }, { code: 'last_step' }],
    ['an incident holds it', { held: true }, { code: 'held' }],
    ['it is paused', { said: { paused: true } }, { code: 'paused' }],
    [
      'its step asks for more jobs than the thresholds',
      { said: { percentage: 12, steps: [{ ...FIRST, minimum_jobs: 500 }, ...STEPS.slice(1)] } },
      { code: 'few_jobs', jobs: 100, needed: 500 },
    ],
    [
      'its first day has not come',
      { said: { not_before: '2026-11-21' } },
      { code: 'not_before', day: '2026-11-21' },
    ],
    ['its cutoff has passed', { said: { cutoff: '2026-11-19' } }, { code: 'cutoff', day: '2026-11-19' }],
    [
      'it is outside of its hours',
      { said: { hours: { days: ['mon'], from: '09:00', to: '16:00', zone: 'UTC' } } },
      { code: 'hours', opens: new Date('2026-11-23T09:00:00Z'), zone: 'UTC' },
    ],
    ['there is a freeze', { freeze }, { code: 'freeze', to: '2026-11-22', reason: 'holidays' }],
    ...(['warning', 'suspect', 'harmful', 'insufficient', 'no_data', 'error'] as const).map(
      (verdict): [string, Parameters<typeof gate>[0], Wait] => [
        `its verdict is ${verdict}`,
        judged(verdict),
        { code: 'verdict', verdict, reason: 'because' },
      ],
    ),
    [
      'outcomes stopped coming',
      { spread: { expectedHours: 20, heardHours: 18, newestAge: 6.1 * HOUR } },
      { code: 'newest_job_old', age_seconds: 6.1 * HOUR, most_seconds: 6 * HOUR },
    ],
    [
      'outcomes stopped coming during a soak of minutes',
      {
        said: { steps: [{ name: null, percentage: 10, soak: 600 }, ...STEPS.slice(1)] },
        spread: { expectedHours: 0, heardHours: 0, newestAge: 901 },
      },
      { code: 'newest_job_old', age_seconds: 901, most_seconds: 900 },
    ],
    [
      'too few hours had jobs',
      { spread: { expectedHours: 20, heardHours: 9, newestAge: 60 } },
      { code: 'silent_hours', heard: 9, expected: 20 },
    ],
    [
      'no job of the step has finished although earlier ones have',
      { spread: { expectedHours: 0, heardHours: 0, newestAge: null } },
      { code: 'no_job_of_step' },
    ],
    ['few jobs have finished', { step: { jobs: 9, errors: 0 } }, { code: 'few_jobs', jobs: 9, needed: 10 }],
    ['no job has finished', { step: { jobs: 0, errors: 0 } }, { code: 'few_jobs', jobs: 0, needed: 10 }],
    [
      'the observed rate is too high',
      { step: { jobs: 30, errors: 3 } },
      { code: 'failing', jobs: 30, errors: 3, limit: 3 },
    ],
    ['it soaks', { soakingSince: ago(20) }, { code: 'soak', left_seconds: 4 * HOUR }],
    [
      'a last moment is left',
      { soakingSince: new Date(ago(24).getTime() + 1) },
      { code: 'soak', left_seconds: expect.closeTo(0.001, 6) },
    ],
    ['it was paused for a time', { pausedSeconds: 90 * 60 }, { code: 'soak', left_seconds: 30 * 60 }],
    ['a person has the last word', { said: { advance: 'manual' } }, { code: 'person', percentage: 25 }],
  ])('the gate to the next step is closed when %s', (_case, changed, wait) => {
    expect(judgeAdvance(gate(changed)).wait).toEqual(wait);
  });

  it('the gate opens exactly at the end of the soak and at the limit rate', () => {
    expect(judgeAdvance(gate({ soakingSince: ago(24) }))).toMatchObject({ wait: null, soakLeft: 0 });
    expect(judgeAdvance(gate({ step: { jobs: 100, errors: 3 } })).wait).toBeNull();
    expect(judgeAdvance(gate({ step: { jobs: 10, errors: 0 } })).wait).toBeNull();
  });

  it('the gate compares the error rate in whole numbers', () => {
    const { thresholds } = spec();
    const said = { thresholds: { ...thresholds, advance_error_rate: 2.3 } };
    expect(judgeAdvance(gate({ said, step: { jobs: 3_000, errors: 69 } })).wait).toBeNull();
    expect(judgeAdvance(gate({ said, step: { jobs: 3_000, errors: 70 } })).wait).not.toBeNull();
  });

  it('a person may advance through the same gate when the file leaves the advance to a person', () => {
    const said: Partial<Spec> = { advance: 'manual' };
    expect(judgeAdvance(gate({ said }), true)).toMatchObject({ wait: null, next: STEPS[1] });
    expect(judgeAdvance(gate({ said, held: true }), true).wait).not.toBeNull();
  });

  it('a percentage between two steps soaks as long as the lower step', () => {
    expect(judgeAdvance(gate({ said: { percentage: 12 }, soakingSince: ago(1) }))).toMatchObject({
      wait: { code: 'soak' },
      soakLeft: 23 * HOUR,
      next: STEPS[1],
    });
    expect(judgeAdvance(gate({ said: { percentage: 1 }, soakingSince: NOW }))).toMatchObject({
      wait: null,
      next: STEPS[0],
    });
  });

  it('the next step is always the next higher one', () => {
    const next = (percentage: number) => nextStep(spec({ percentage, steps: STEPS }))?.percentage ?? null;
    expect([0, 5, 10, 11, 25, 49.99, 50, 100].map(next)).toEqual([10, 10, 25, 25, 50, 50, null, null]);
  });

  it('a raise needs a review exactly when it reaches or passes a step with approve', () => {
    const steps = STEPS.map((step) => (step.percentage === 25 ? { ...step, approve: true as const } : step));
    const asked = (said: Partial<Spec>, to: number) =>
      reviewOf(spec({ steps, advance: 'commit', ...said }), to);
    const rule = { code: 'approve', percentage: 25 };
    expect(asked({ percentage: 10 }, 24.99)).toBeNull();
    expect(asked({ percentage: 10 }, 25)).toEqual(rule);
    expect(asked({ percentage: 10 }, 100)).toEqual(rule);
    expect(asked({ percentage: 25 }, 50)).toBeNull();
    expect(asked({ percentage: 25, active: false }, 25)).toEqual(rule);
    expect(asked({ percentage: 25, emergency_stop: true }, 25)).toEqual(rule);
    expect(asked({ percentage: 10, advance: 'pull_request' }, 11)).toEqual({ code: 'advance' });
    const way = (said: Partial<Spec>) => wayTo(spec({ steps, percentage: 10, ...said }), 25);
    expect([way({ advance: 'manual' }), way({ advance: 'commit' })]).toEqual(['manual', 'pull_request']);
    expect(judgeAdvance(gate({ said: { steps } })).wait).toBeNull();
  });

  it('the gate is never open when any condition fails', () => {
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
          expect(advance.wait === null).toBe(open);
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
