import { RolloutError } from '../../errors.ts';
import type { Client } from './client.ts';
import { mayBeDone } from './failure.ts';

/** Number of attempts; then the next run continues. */
const ATTEMPTS = 5;

/** First pause in seconds; doubled each time. */
const PAUSE = 0.2;

/** The state has changed since it was read. */
export const MOVED = Symbol('moved');

/**
 * Repeats reading and deciding until nobody else is quicker, with a random pause. A write whose answer was lost is
 * repeated too, which checks its effect.
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
