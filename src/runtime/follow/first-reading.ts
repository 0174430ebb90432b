import { pause } from '../../lib/portable/timers.ts';
import { backOff } from '../host/poll.ts';
import { within } from '../host/timeout.ts';
import { isRefusal } from './snapshot-status.ts';

const LONGEST_PAUSE_MS = 1_000;

/**
 * Polls until the first answer, for at most `startMs`; pauses grow from `firstPauseMs`. Throws if the database or the
 * relay does not fit.
 */
export async function firstReading(
  poll: () => Promise<void>,
  { startMs, firstPauseMs }: { startMs: number; firstPauseMs: number },
): Promise<void> {
  const over = new AbortController();
  try {
    await within(startMs, untilAnswered(poll, firstPauseMs, over.signal));
  } finally {
    over.abort();
  }
}

async function untilAnswered(
  poll: () => Promise<void>,
  firstPauseMs: number,
  over: AbortSignal,
): Promise<void> {
  for (let failures = 0; !over.aborted; failures++) {
    try {
      return await poll();
    } catch (error) {
      if (isRefusal(error)) throw error;
      await pause(backOff(firstPauseMs, failures, LONGEST_PAUSE_MS), over);
    }
  }
}
