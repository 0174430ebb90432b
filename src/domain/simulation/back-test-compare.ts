import { minuteOf } from '../../lib/time.ts';
import { BUCKET_MINUTES } from '../evidence/evidence.ts';
import type { IncidentKind } from '../spec/incident.ts';
import type { BackTest, EpochTest } from './back-test.ts';

/** A rollback, stop or reduction that really happened. */
export interface PastIncident {
  id: string;
  kind: IncidentKind;
  opened_at: Date;
  reason: string;
}

/** One epoch that these thresholds would have rolled back, or that was really rolled back, or both. */
export interface Comparison {
  epoch: number;
  agreement: 'both' | 'only_proposed' | 'only_past';
  /** Minutes since 1970. */
  rolledBackAt: number | null;
  incident: PastIncident | null;
  /** Hours by which these thresholds would have been earlier; negative if later, null unless both happened. */
  hoursEarlier: number | null;
}

/** Compares each epoch's simulated rollback with the real one; epochs without either are left out. */
export function compareWithPast(
  { epochs }: Pick<BackTest, 'epochs'>,
  incidents: readonly PastIncident[],
): Comparison[] {
  const first = new Map<EpochTest, PastIncident>();
  for (const incident of [...incidents].sort((a, b) => minuteOf(a.opened_at) - minuteOf(b.opened_at))) {
    const epoch = epochOf(minuteOf(incident.opened_at), epochs);
    if (epoch && !first.has(epoch)) first.set(epoch, incident);
  }
  return epochs.flatMap((epoch) => {
    const { rolledBackAt } = epoch;
    const incident = first.get(epoch) ?? null;
    if (rolledBackAt === null && incident === null) return [];
    const both = rolledBackAt !== null && incident !== null;
    const hoursEarlier = both ? (minuteOf(incident.opened_at) - rolledBackAt) / 60 : null;
    const agreement = both ? 'both' : incident ? 'only_past' : 'only_proposed';
    return [{ epoch: epoch.epoch, agreement, rolledBackAt, incident, hoursEarlier } satisfies Comparison];
  });
}

/**
 * Returns the epoch that an incident ended: the last one with evidence before it. If the incident lies in that epoch's
 * first quarter of an hour and the epoch before had jobs until then, it ended the earlier one.
 */
function epochOf(minute: number, epochs: readonly EpochTest[]): EpochTest | undefined {
  const begun = epochs.filter(({ from, problem }) => problem === null && from <= minute);
  const [last, before] = [begun.at(-1), begun.at(-2)];
  if (last && before && minute < last.from + BUCKET_MINUTES && before.until > last.from) return before;
  return last;
}
