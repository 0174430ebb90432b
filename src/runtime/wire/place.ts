import type { WireMoment } from './wire.ts';

/** Where a relay's content stands in the history of configuration. */
export type Place = Pick<WireMoment, 'generation' | 'head' | 'read_at' | 'standby'>;

export type Step =
  /** It is what is known, or what came after it. */
  | 'newer'
  /** The relay has not seen yet what another one showed: it shows it later. */
  | 'behind'
  /** The database was restored, or a fail-over lost changes. */
  | 'other_history';

/** Two relays read the database's clock at most so far apart from the moment that their statements saw. */
const MARGIN_MS = 1_000;

/**
 * What the place of an answer says about the place that is known. `unconfirmedMs` is how long nothing confirmed the known one; for
 * `lagMs` it is believed against a relay that knows less.
 */
export function stepTo(known: Place | null, read: Place, unconfirmedMs: number, lagMs: number): Step {
  if (known === null || read.generation > known.generation) return 'newer';
  const isTrusted = unconfirmedMs <= lagMs;
  const isLost =
    read.generation < known.generation ||
    (read.head.id === known.head.id && read.head.digest !== known.head.digest);
  if (!isLost) return isTrusted && read.read_at < known.read_at ? 'behind' : 'newer';
  // A primary that was read later, and knows less, has lost it. A replica may only be late.
  if (!read.standby && read.read_at > known.read_at + MARGIN_MS) return 'other_history';
  return isTrusted ? 'behind' : 'other_history';
}
