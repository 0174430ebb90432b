import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Status, type StatusEvent, stepOf } from '../../../src/runtime/follow/status-table.ts';

const STATUSES: readonly Status[] = ['starting', 'ready', 'stale', 'expired', 'refused', 'closed'];
const EVENTS: readonly StatusEvent[] = [
  'confirmed',
  'recalled',
  'rejected',
  'misfit',
  'aged',
  'outlived',
  'closed',
];

const events = fc.array(fc.constantFrom(...EVENTS), { maxLength: 12 });

/** The status after some events, and where decisions come from. */
function standingAfter(all: readonly StatusEvent[]) {
  let now = { status: 'starting' as Status, decisions: 'not_ready', news: [] as string[] };
  for (const event of all) {
    const step = stepOf(now.status, event);
    if (step) now = { ...step, news: step.news === null ? now.news : [...now.news, step.news] };
  }
  return now;
}

describe('the status of a snapshot', () => {
  it('the status of a snapshot follows the table for every event in every status', () => {
    const table = STATUSES.map((status) =>
      [status, ...EVENTS.map((event) => stepOf(status, event)?.status ?? '-')].join(' '),
    );
    // status, then: confirmed recalled rejected misfit aged outlived closed
    expect(table).toEqual([
      'starting ready stale refused refused - expired closed',
      'ready - - - refused stale expired closed',
      'stale ready - - refused - expired closed',
      'expired ready - - refused - - closed',
      'refused ready - - - - - closed',
      'closed - - - - - - -',
    ]);
  });

  it('a snapshot decides only if one was confirmed since the last refusal, and never after it expired', () => {
    fc.assert(
      fc.property(events, (all) => {
        let [meant, untouched] = [false, true];
        for (const event of all) {
          // One that was kept is for the start alone.
          if (event === 'confirmed' || (event === 'recalled' && untouched)) meant = true;
          if (event === 'misfit' || event === 'outlived') meant = false;
          if (event !== 'aged') untouched = false;
        }
        const byTable = standingAfter(all).decisions === 'snapshot';
        expect(byTable).toBe(meant && !all.includes('closed'));
      }),
    );
  });

  it('a closed snapshot stays closed and reports nothing any more', () => {
    fc.assert(
      fc.property(events, events, (before, later) => {
        const closed = standingAfter([...before, 'closed']);
        expect(standingAfter([...before, 'closed', ...later])).toEqual(closed);
        expect(closed.status).toBe('closed');
      }),
    );
  });

  it('each status is reported once, however often the same event arrives', () => {
    fc.assert(
      fc.property(events, (all) => {
        expect(standingAfter(all.flatMap((event) => [event, event])).news).toEqual(standingAfter(all).news);
      }),
    );
  });
});
