import type { EventKind } from '../../domain/originals/pilot.ts';
import { errorText } from '../../lib/error-text.ts';
import { redact } from '../../lib/redact.ts';
import { isPlainObject } from '../calls/arguments.ts';

/** A recorded event of one customer. */
export interface RecordedEvent {
  feature: string;
  customer: string;
  event: EventKind;
  /** Time of the event; null: now. */
  at: Date | null;
  metadata: object;
}

interface Given {
  featureName: string;
  customerId: string;
  event: EventKind;
  timestamp: unknown;
  metadata: unknown;
}

/** Returns the event to record. `log` receives errors of its time or its details, which do not lose the event. */
export function recordedEvent(given: Given, log: (line: string) => void): RecordedEvent {
  const { featureName, customerId, event } = given;
  return {
    feature: featureName,
    customer: customerId,
    event,
    at: momentOf(given.timestamp, () =>
      log(
        `${featureName}: timestamp must be a Date, or a moment as ISO 8601; an event is recorded as of now`,
      ),
    ),
    metadata: detailsOf(given.metadata, () =>
      log(`${featureName}: metadata must be an object that JSON can say; an event is recorded without it`),
    ),
  };
}

function momentOf(timestamp: unknown, refuse: () => void): Date | null {
  if (timestamp === undefined || timestamp === null) return null;
  const moment = timestamp instanceof Date || typeof timestamp === 'string' ? new Date(timestamp) : null;
  if (moment && Number.isFinite(moment.getTime())) return moment;
  refuse();
  return null;
}

/** The text of an error is in the field `error`, without secrets. */
function detailsOf(metadata: unknown, refuse: () => void): object {
  if (metadata === undefined || metadata === null) return {};
  if (!isPlainObject(metadata)) {
    refuse();
    return metadata instanceof Error ? { error: redact(errorText(metadata)) } : {};
  }
  const { error } = metadata;
  const said = error === undefined || error === null ? {} : { error: redact(errorText(error)) };
  try {
    return JSON.parse(JSON.stringify({ ...metadata, ...said }));
  } catch {
    refuse();
    return said;
  }
}
