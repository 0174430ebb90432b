import { WINDOW_MINUTES } from '../../domain/evidence/outcomes.ts';
import type { Observation } from '../../store/guardrails/observation.ts';

const WINDOW_MS = WINDOW_MINUTES * 60_000;

/** Events added up until they are flushed, by where they count; one with an id stays alone. */
export class ObservedSums {
  readonly items: Observation[] = [];
  /** Events that were added. */
  events = 0;
  readonly #byPlace = new Map<string, Observation>();

  /** False where `most` items are there already and the event belongs to none of them: it was not added. */
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

/** No part holds the separator: names and ids have no control characters. */
function placeOf({ feature, metric, subject, arm, epoch, category, at }: Observation): string {
  const window = at === null ? '' : Math.floor(at / WINDOW_MS);
  return [feature, metric, subject, arm, epoch, category, window].join('\u001f');
}
