import { describe, expect, it } from 'vitest';
import type { Wait } from '../../../src/domain/gate/wait.ts';
import { advanceText } from '../../../src/report/words/wait-words.ts';

const step = { jobs: 100, errors: 2 };

describe('a gate in a sentence', () => {
  it('the sentence about an open gate says why the next step may come', () => {
    expect(advanceText({ wait: null, step })).toBe(
      'healthy for the whole soak: 2 of 100 jobs of this step failed (2%)',
    );
  });

  it('the sentence about a gate names the step that a person approves, both while it waits and when it is open', () => {
    const next = { percentage: 50, soak: null, name: null, approve: true } as const;
    expect(advanceText({ wait: null, step, next })).toBe(
      'healthy for the whole soak: 2 of 100 jobs of this step failed (2%); a person approves 50% by a pull request',
    );
    expect(advanceText({ wait: { code: 'soak', left_seconds: 14_400 }, step, next })).toBe(
      'waits: 4 hours of the soak left; a person approves 50% by a pull request',
    );
    expect(
      advanceText({ wait: { code: 'paused' }, step, next: { ...next, approve: undefined } as never }),
    ).toBe('waits: paused');
  });

  it.each<[Wait, string]>([
    [{ code: 'no_steps' }, 'no steps'],
    [{ code: 'last_step' }, 'at the last step'],
    [{ code: 'held' }, 'waits: held by an incident'],
    [{ code: 'paused' }, 'waits: paused'],
    [{ code: 'freeze', to: '2026-11-22', reason: 'holidays' }, 'waits: freeze until 2026-11-22 (holidays)'],
    [{ code: 'not_before', day: '2026-12-01' }, 'waits: not before 2026-12-01'],
    [
      { code: 'cutoff', day: '2026-12-24' },
      'waits: its cutoff, 2026-12-24, has passed; set a later cutoff to go on',
    ],
    [
      { code: 'hours', opens: new Date('2026-11-23T08:00:00Z'), zone: 'Europe/Berlin' },
      'waits: outside its hours, which begin at 2026-11-23 08:00 UTC (Europe/Berlin)',
    ],
    [{ code: 'verdict', verdict: 'suspect', reason: 'because' }, 'waits: suspect, because'],
    [{ code: 'verdict', verdict: 'no_data', reason: 'because' }, 'waits: no finished jobs, because'],
    [{ code: 'few_jobs', jobs: 9, needed: 10 }, 'waits: 9 of 10 jobs of this step have finished'],
    [
      { code: 'failing', jobs: 30, errors: 3, limit: 3 },
      'waits: 3 of 30 jobs of this step failed: 10%, above advance_error_rate 3%',
    ],
    [{ code: 'soak', left_seconds: 14_400 }, 'waits: 4 hours of the soak left'],
    [{ code: 'soak', left_seconds: 0.001 }, 'waits: 1 minute of the soak left'],
    [{ code: 'soak', left_seconds: 604_740 }, 'waits: 7 days of the soak left'],
    [{ code: 'soak', left_seconds: 1_741 }, 'waits: 30 minutes of the soak left'],
    [{ code: 'no_job_of_step' }, 'waits: no job of this step has finished yet'],
    [
      { code: 'newest_job_old', age_seconds: 21_960, most_seconds: 21_600 },
      'waits: no job has finished for 7 hours; the newest must be at most 6 hours old',
    ],
    [
      { code: 'silent_hours', heard: 9, expected: 20 },
      'waits: jobs finished in 9 of the 20 hours of the soak that had any the day before',
    ],
    [
      { code: 'over_budget', over: 'monthly', percentage: 25, cost: 312.4, budget: 300 },
      'waits: 25% would cost 312.40 a month at present traffic, above its budget of 300.00; raise budget.monthly to go on',
    ],
    [
      { code: 'over_budget', over: 'per_job', percentage: 25, cost: 0.031, budget: 0.02 },
      'waits: at 25% more jobs would cost 0.031 each, above its budget of 0.02 a job; raise budget.per_job to go on',
    ],
    [
      { code: 'cost_unknown', problem: { code: 'untimed', processors: ['actions'] } },
      'waits: the cost of the next step is not known: how long the jobs of actions took is not known',
    ],
    [{ code: 'person', percentage: 25 }, 'ready for 25%: waits for a person'],
  ])('the sentence about the gate %j says what it waits for', (wait, text) => {
    expect(advanceText({ wait, step })).toBe(text);
  });
});
