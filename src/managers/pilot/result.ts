import type { ChangeOutcome } from '../../app/operate/change-file.ts';
import { RolloutError } from '../../errors.ts';
import type { PilotResult } from '../calls/types.ts';

/** What became of a change, as the originals gave it: an error that a person can mend is a result and not thrown. */
export async function resultOf<R extends PilotResult>(work: () => Promise<R>): Promise<R | PilotResult> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    const hint = error.hint === undefined ? '' : `; ${error.hint}`;
    return { success: false, error: `${error.message}${hint}`, code: error.code };
  }
}

/** A change is a success when it is live. */
export function liveResult({ title, not_live }: Pick<ChangeOutcome, 'title' | 'not_live'>): PilotResult {
  return not_live === null
    ? { success: true }
    : { success: false, error: `${title}: not live yet: ${not_live}` };
}
