import { refusalOf } from '../../app/operate/change-file.ts';
import type { ChangeOutcome } from '../../domain/change/outcome.ts';
import { RolloutError } from '../../errors.ts';
import { notLiveText, refusalText } from '../../report/words/outcome-words.ts';
import type { PilotResult } from '../calls/types.ts';

/** What became of a change, as the originals gave it: an error that a person can mend is a result and not thrown. */
export async function resultOf<R extends PilotResult>(work: () => Promise<R>): Promise<R | PilotResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return { success: false, error: refusalText(refusalOf(error)), code: error.code };
  }
}

/** A change is a success when it is live. */
export function liveResult(outcome: ChangeOutcome): PilotResult {
  const why = notLiveText(outcome);
  return why === null ? { success: true } : { success: false, error: why };
}
