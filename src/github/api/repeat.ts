import { RolloutError } from '../../errors.ts';
import type { Client } from './client.ts';
import { mayBeDone } from './failure.ts';

/** What is decided again more often than this is left to the next run. */
const ATTEMPTS = 5;

/** A pause in parts of a second; doubled each time. */
const PAUSE = 0.2;

/** The world was not as it had been read. */
export const MOVED = Symbol('moved');

/**
 * Reads and decides again until nobody is quicker, with a pause that differs from run to run. A write whose answer
 * was lost counts as one, too: it is looked at what it did.
 */
export async function untilSettled<T>(
  { surroundings, limits, left }: Client,
  what: string,
  work: () => Promise<T | typeof MOVED>,
): Promise<T> {
  let last: unknown = null;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const pause = PAUSE * limits.second * 2 ** (attempt - 2) * (0.5 + surroundings.random());
    if (attempt > 1) await surroundings.sleep(pause);
    try {
      const result = await work();
      if (result !== MOVED) return result;
      last = null;
    } catch (error) {
      if (!mayBeDone(error) || left() <= 0) throw error;
      last = error;
    }
  }
  if (last) throw last;
  throw new RolloutError('github_refused', `${what} moved ${ATTEMPTS} times while it was changed`, {
    hint: 'run the command again; the next tick does so automatically',
  });
}
