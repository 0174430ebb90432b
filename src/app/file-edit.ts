import { RolloutError } from '../errors.ts';
import type { Edited } from './ports/configuration-repository.ts';

/** Runs `edit` and returns its text, or the `RolloutError` that it throws, as a value. */
export function attempted(edit: () => string): Edited<RolloutError> {
  try {
    return { text: edit() };
  } catch (error) {
    if (!(error instanceof RolloutError)) throw error;
    return { refused: error };
  }
}
