import type { WireMoment } from './wire.ts';

/** Position of a relay's content in the history of configuration. */
export type Place = Pick<WireMoment, 'generation' | 'head' | 'read_at' | 'standby'>;

export type Step =
  /** Equal to the known position, or after it. */
  | 'newer'
  /** The relay has not read the state yet that another one showed; it will show it later. */
  | 'behind'
  /** The database was restored, or a fail-over lost changes. */
  | 'other_history';

/**
 * Largest difference in milliseconds between two relays' reading of the database's clock and the moment that their
 * statements saw.
 */
const MARGIN_MS = 1_000;

/**
 * Compares the position of a response with the known one. `unconfirmedMs` is how long nothing confirmed the known one;
 * for `lagMs` it is preferred to a relay that knows less.
 */
export function stepTo(known: Place | null, read: Place, unconfirmedMs: number, lagMs: number): Step {
  if (known === null || read.generation > known.generation) return 'newer';
  const isTrusted = unconfirmedMs <= lagMs;
  const isLost =
    read.generation < known.generation ||
    (read.head.id === known.head.id && read.head.digest !== known.head.digest);
  if (!isLost) return isTrusted && read.read_at < known.read_at ? 'behind' : 'newer';
  // A primary that was read later and knows less has lost the state. A replica may only be late.
  if (!read.standby && read.read_at > known.read_at + MARGIN_MS) return 'other_history';
  return isTrusted ? 'behind' : 'other_history';
}
