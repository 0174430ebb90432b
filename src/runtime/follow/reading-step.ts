import type { RuntimeState } from '../../store/runtime/snapshot.ts';

/** State after the last accepted readings. */
export interface KnownPlace {
  /** Generation of the last complete reading, including the registry; null: none yet. */
  generation: number | null;
  /** Run of the server that answered last; null: none yet. */
  server: string | null;
}

/** Registry work after a reading of the features. */
export interface ReadingStep {
  /** True: another run of the server, for which the transaction numbers of registry differences are not valid. */
  forgetsPlace: boolean;
  /**
   * `before`: read the registry before any decision, because no decision may rest on half of the data. `beside`: at
   * once, without waiting, because a stop must not wait for a scan. `soon`: with a delay. Null: not at all.
   */
  registry: 'before' | 'beside' | 'soon' | null;
}

/**
 * Returns the consequences of a reading. `refused`: the database did not fit until now. `leaves`: the history of the
 * last reading is gone.
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
