import { WINDOW_MINUTES } from '../../domain/evidence/outcomes.ts';
import type { Observation } from '../../store/guardrails/observation.ts';

const WINDOW_MS = WINDOW_MINUTES * 60_000;

/** Events added up by place until they are flushed; an event with an id stays separate. */
export class ObservedSums {
  readonly items: Observation[] = [];
  /** Number of events added. */
  events = 0;
  readonly #byPlace = new Map<string, Observation>();

  /**
   * Adds an event. Returns false, without adding it, if there are already `most` items and the event belongs to none of
   * them.
   */
  add(event: Observation, most = Number.POSITIVE_INFINITY): boolean {
    const key = event.id === null ? placeOf(event) : null;
    const known = key === null ? undefined : this.#byPlace.get(key);
    if (!known && this.items.length >= most) return false;
    this.events += event.events;
    if (known) {
      known.events += event.events;
      known.bad += event.bad;
      return true;
    }
    const item = { ...event };
    this.items.push(item);
    if (key !== null) this.#byPlace.set(key, item);
    return true;
  }
}

/** No part contains the separator, because names and ids have no control characters. */
function placeOf({ feature, metric, subject, arm, epoch, category, at }: Observation): string {
  const window = at === null ? '' : Math.floor(at / WINDOW_MS);
  return [feature, metric, subject, arm, epoch, category, window].join('\u001f');
}
