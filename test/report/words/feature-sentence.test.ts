import { describe, expect, it } from 'vitest';
import type { Next } from '../../../src/domain/report/next.ts';
import { nextSentence, stateSentence, waitsForText } from '../../../src/report/words/feature-sentence.ts';
import { reportFeature, reportIncident } from '../../helpers/reports/report-data.ts';

const at = new Date('2026-11-22T12:00:00Z');
const soak = (besides: Extract<Next, { code: 'soak' }>['besides']): Next => {
  return { code: 'soak', left_seconds: 7_200, besides, way: 'manual' };
};
const said = (what: Next, percentage: number | null = 50, when: Date | null = null) =>
  nextSentence('new_checkout', { percentage, at: when, what });

describe('what comes next while the soak runs', () => {
  it('the sentence about the next step during a soak names what else the gate waits for', () => {
    const wait = { code: 'failing', jobs: 180, errors: 8, limit: 3 } as const;
    expect(said(soak(wait), 50, at)).toBe(
      '50% is next, not before 2026-11-22 12:00 UTC (2 hours of the soak left) and only if it stays healthy; ' +
        'a person runs rollout advance. It also waits: 8 of 180 jobs of this step failed: 4.44%, above advance_error_rate 3%.',
    );
  });

  it('the sentence about the next step repeats nothing if the gate waits for the soak alone', () => {
    expect(said(soak(null), 50, at)).not.toContain('It also waits');
  });
});

describe('what comes next of a feature that waits for something else', () => {
  it.each<[Next, string, string | null]>([
    [
      { code: 'resume', incident: '7', file: { code: 'proposed', pull_request: 214 } },
      'Nothing raises it while incident 7 is open. The file still asks for more: pull request #214 brings it in line. To go on: rollout resume new_checkout --reason "..."',
      'a person',
    ],
    [
      { code: 'resume', incident: '7', file: { code: 'pending' } },
      'Nothing raises it while incident 7 is open. rollout.yaml has still to be brought in line. To go on: rollout resume new_checkout --reason "..."',
      'a person',
    ],
    [
      { code: 'resume', incident: null, file: null },
      'Nothing raises it by itself. To go on: rollout resume new_checkout --reason "..."',
      'a person',
    ],
    [
      { code: 'everything_stopped' },
      'Everything is stopped; to go on: rollout resume --all --reason "..."',
      'a person',
    ],
    [
      { code: 'stopped_by_file' },
      'Nothing, until somebody removes emergency_stop from rollout.yaml.',
      'a person',
    ],
    [{ code: 'off' }, 'Nothing, until somebody switches it on in rollout.yaml.', null],
    [{ code: 'no_steps' }, 'Nothing by itself: the file has no steps.', null],
    [{ code: 'last_step' }, 'Nothing more: this is the last step.', null],
    [
      { code: 'ready', way: 'manual' },
      '50% is next and may come now: a person runs rollout advance.',
      'a person',
    ],
    [{ code: 'ready', way: 'commit' }, '50% is next and may come now: the controller commits it.', null],
    [
      { code: 'state', state: 'warning' },
      '50% is next; it waits until it is healthy again.',
      'until it is healthy again',
    ],
    [{ code: 'gate', wait: { code: 'paused' } }, '50% is next; it waits: paused.', 'paused'],
    [{ code: 'gate', wait: null }, '50% is next; it waits: a tick.', 'a tick'],
  ])('the sentence about the next step says for %j what to do', (what, sentence, waits) => {
    expect(said(what)).toBe(sentence);
    expect(waitsForText({ percentage: 50, at: null, what })).toBe(waits);
  });
});

describe('the state of a feature in a sentence', () => {
  it('the sentence about a stopped feature says who stopped it and why', () => {
    const stopped = { state: 'stopped' as const, since: at, stopped_by: { by: 'mara', reason: 'fire.' } };
    expect(stateSentence(reportFeature(stopped))).toBe(
      'Stopped since 2026-11-22 12:00 UTC by mara: fire. Nobody is in.',
    );
    expect(stateSentence(reportFeature({ ...stopped, stopped_by: null }))).toBe(
      'Stopped by the file since 2026-11-22 12:00 UTC. Nobody is in.',
    );
  });

  it('the sentence about a rolled-back feature gives the reason, even when the file agrees', () => {
    const incidents = [reportIncident({ state: 'settled', reason: '9 of 10 jobs failed' })];
    expect(stateSentence(reportFeature({ state: 'rolled_back', since: at, incidents }))).toBe(
      'Rolled back on 2026-11-22 12:00 UTC: 9 of 10 jobs failed. The file agrees. Nobody is in.',
    );
  });
});
