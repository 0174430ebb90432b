import type { RuntimeState } from '../../store/runtime/snapshot.ts';

/** State after the last readings. */
export interface KnownPlace {
  /** Generation of the last one that was taken over whole, registry included; null: none was yet. */
  generation: number | null;
  /** Run of the server that answered last; null: none did yet. */
  server: string | null;
}

/** Registry work that follows a reading of the features. */
export interface ReadingStep {
  /** Numbers of transactions, by which the registry's differences are read, count within one run of a server. */
  forgetsPlace: boolean;
  /**
   * `before`: the registry is read before anybody is decided on, for nobody is decided on by half of what is needed.
   * `beside`: at once, without waiting, because a stop must not wait for a scan. `soon`: with a delay. Null: not at all.
   */
  registry: 'before' | 'beside' | 'soon' | null;
}

/**
 * What follows from a reading. `refused`: the database did not fit until now. `leaves`: the history of the last reading
 * is gone.
 */
export function readingStep(
  known: KnownPlace,
  read: Pick<RuntimeState, 'generation' | 'server'>,
  { whole, refused, leaves }: { whole: boolean; refused: boolean; leaves: boolean },
): ReadingStep {
  const restarted = known.server !== null && read.server !== known.server;
  const forgetsPlace = whole || restarted;
  if (known.generation === null || refused) return { forgetsPlace, registry: 'before' };
  if (leaves) return { forgetsPlace, registry: 'beside' };
  return { forgetsPlace, registry: forgetsPlace || read.generation !== known.generation ? 'soon' : null };
}
