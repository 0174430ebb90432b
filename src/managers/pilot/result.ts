import { refusalOf } from '../../app/operate/change-file.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { RolloutError } from '../../errors.ts';
import { notLiveText, refusalText } from '../../report/words/outcome-words.ts';
import type { PilotResult } from '../calls/types.ts';

/**
 * Returns the result of a change, as in the originals: an error that a person can fix is returned instead of thrown.
 */
export async function resultOf<R extends PilotResult>(work: () => Promise<R>): Promise<R | PilotResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return { success: false, error: refusalText(refusalOf(error)), code: error.code };
  }
}

/** A change is a success if it is live. */
export function liveResult(outcome: ChangeOutcome): PilotResult {
  const why = notLiveText(outcome);
  return why === null ? { success: true } : { success: false, error: why };
}
