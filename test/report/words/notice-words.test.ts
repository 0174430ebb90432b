import { describe, expect, it } from 'vitest';
import type { Notice } from '../../../src/domain/change/notice.ts';
import { noticeText, printedText } from '../../../src/report/words/notice-words.ts';
import { HOSTILE } from '../../helpers/data/changes.ts';

const one = { feature: 'one', reason: '9 of 20 jobs failed' };

describe('a notification in a sentence', () => {
  it.each<[Notice, string]>([
    [{ ...one, kind: 'warning' }, 'one is worth a look: 9 of 20 jobs failed'],
    [{ ...one, kind: 'suspect' }, 'one is suspect, its ramp is frozen: 9 of 20 jobs failed'],
    [{ ...one, kind: 'error' }, 'one could not be judged: 9 of 20 jobs failed'],
    [{ ...one, kind: 'harmful', kept: false }, 'one does harm: 9 of 20 jobs failed'],
    [
      { ...one, kind: 'harmful', kept: true },
      'one does harm and is not rolled back, because rollback.enabled is false: 9 of 20 jobs failed',
    ],
    [{ ...one, kind: 'recovered' }, 'one is healthy again: 9 of 20 jobs failed'],
    [{ ...one, kind: 'no_data' }, 'one is live, but 9 of 20 jobs failed'],
    [
      {
        ...{ kind: 'steps_lost', feature: 'one', metric: 'errors' },
        ...{ from: new Date('2026-11-22T01:00:00Z'), until: new Date('2026-11-22T04:05:00Z'), problem: null },
      },
      'one was not judged by the guardrail errors from 2026-11-22 01:00 UTC to 2026-11-22 04:05 UTC: the engine was not read for longer than 6 hours; look at its series of that time',
    ],
    [
      {
        ...{ kind: 'steps_lost', feature: 'one', metric: 'errors', problem: 'bad is 9 and all is 2' },
        ...{ from: new Date('2026-11-22T01:00:00Z'), until: new Date('2026-11-22T01:05:00Z') },
      },
      'one was not judged by the guardrail errors from 2026-11-22 01:00 UTC to 2026-11-22 01:05 UTC: bad is 9 and all is 2; look at its series of that time',
    ],
    [
      { kind: 'cutoff_missed', feature: 'one', day: '2026-12-24', percentage: 50 },
      'one is at 50% after its cutoff, 2026-12-24, and takes no more steps; set a later cutoff, or remove it from the file',
    ],
    [
      { kind: 'source_unread', feature: null },
      'the view rollout_repository_source could not be taken over, so the registry stays as it was; to see why, run: rollout categorize',
    ],
    [
      { kind: 'still_exposed', feature: 'one', eligible: 3 },
      'one was rolled back, but the database still admits 3 subjects; run: rollout stop one --reason "still exposed"',
    ],
  ])('the notification %j has a sentence', (notice, sentence) => {
    expect(noticeText(notice)).toBe(sentence);
  });

  it('a notification is printed in one line with its severity', () => {
    const stop = { severity: 'critical', kind: 'stopped', feature: 'one' } as const;
    expect(printedText({ ...stop, message: 'one was stopped: it\n::error::burns \u001b[31m' })).toBe(
      'critical: one was stopped: it\\n::error::burns \\u{1b}[31m',
    );
  });

  it.each(HOSTILE)('a notification escapes %j for the terminal', (message) => {
    const printed = printedText({ severity: 'info', kind: 'settled', feature: 'one', message });
    expect(printed).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});
