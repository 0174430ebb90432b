import type { ErrorSum, OutcomeSum } from '../../../domain/evidence/outcomes.ts';
import type { NumberedIds } from '../../../lib/portable/numbered-ids.ts';
import { randomId } from '../../../lib/portable/uuid.ts';
import type { Observation } from '../../../store/guardrails/observation.ts';
import type { StampedEnd } from '../../../store/outcomes/jobs.ts';
import type { Routes } from '../../../store/outcomes/routes.ts';
import type { Stamp } from '../../host/job.ts';
import type { OpenBreaker } from '../../host/rollout-events.ts';

/** A job that has not ended, with the error of its last attempt if it is retried. */
export interface Opening extends Stamp {
  lastError: string | null;
}

/** A process reports that it is alive, or that it ends. */
export interface Presence {
  /** Eight hexadecimal digits, the prefix of the ids of jobs that it routes. */
  process: string;
  ageSeconds: number;
  leaving: boolean;
  breakers: OpenBreaker[];
}

/**
 * The content of one statement, under an id by which the database recognizes a repetition. Only sums and events are
 * numbered; stamps and processes identify themselves.
 */
export type Parcel =
  | ({ kind: 'openings'; id: string; items: Opening[] } & WithRoutes)
  | ({ kind: 'sums'; id: string; items: OutcomeSum[]; errors: ErrorSum[] } & WithRoutes)
  | ({ kind: 'ends'; id: string; items: StampedEnd[] } & WithRoutes)
  | { kind: 'events'; id: string; items: Observation[] }
  | { kind: 'presence'; id: string; items: Presence[] };

interface WithRoutes {
  /** Counts of routing rules travel with jobs, so that they cost no extra round trip. */
  routes?: Routes;
}

/** Items of a parcel, unless the other side says that this is too much. */
export const LARGEST_PARCEL = 5_000;

/**
 * Packs gathered items into parcels of at most `largest` items. Openings go first, because an end closes an open job.
 */
export function pack(
  openings: Opening[],
  { sums, errors }: { sums: OutcomeSum[]; errors: ErrorSum[] },
  ends: StampedEnd[],
  events: Observation[],
  { largest, ids }: { largest: number; ids: NumberedIds },
): Parcel[] {
  return [
    ...slices(openings, largest).map((items): Parcel => ({ kind: 'openings', id: randomId(), items })),
    ...slices(sums, largest).map((items, place): Parcel => {
      return { kind: 'sums', id: ids.next(), items, errors: place === 0 ? errors : [] };
    }),
    ...slices(ends, largest).map((items): Parcel => ({ kind: 'ends', id: randomId(), items })),
    ...slices(events, largest).map((items): Parcel => ({ kind: 'events', id: ids.next(), items })),
  ];
}

/** Splits a parcel that was refused or is too large, to find the cause; null if it has only one item. */
export function halves(parcel: Parcel, ids: NumberedIds): [Parcel, Parcel] | null {
  if (parcel.items.length < 2) return null;
  const middle = parcel.items.length >> 1;
  const half = (from: number, to: number): Parcel => {
    const id = isNumbered(parcel) ? ids.next() : randomId();
    const routes = from === 0 ? routesOf(parcel) : undefined;
    const first = routes ? { routes } : {};
    switch (parcel.kind) {
      case 'openings':
        return { kind: 'openings', id, items: parcel.items.slice(from, to), ...first };
      case 'sums':
        return {
          kind: 'sums',
          id,
          items: parcel.items.slice(from, to),
          errors: from === 0 ? parcel.errors : [],
          ...first,
        };
      case 'ends':
        return { kind: 'ends', id, items: parcel.items.slice(from, to), ...first };
      case 'events':
        return { kind: 'events', id, items: parcel.items.slice(from, to) };
      case 'presence':
        return { kind: 'presence', id, items: parcel.items.slice(from, to) };
    }
  };
  return [half(0, middle), half(middle, parcel.items.length)];
}

/** Returns the counts of routing rules that travel with a parcel. */
export function routesOf(parcel: Parcel): Routes | undefined {
  return 'routes' in parcel ? parcel.routes : undefined;
}

/** Adds counts of routing rules to the first parcel that accepts them; false: none does. */
export function takeAlong(parcels: readonly Parcel[], routes: Routes): boolean {
  for (const parcel of parcels) {
    if (parcel.kind === 'events' || parcel.kind === 'presence' || parcel.routes) continue;
    parcel.routes = routes;
    return true;
  }
  return false;
}

/** Returns an empty parcel under the same id, which only makes the database remember the id. */
export function nothingOf({ id }: Parcel): Parcel {
  return { kind: 'sums', id, items: [], errors: [] };
}

/** Does the database recognize the parcel by its id? */
export function isNumbered({ kind }: Parcel): boolean {
  return kind === 'sums' || kind === 'events';
}

/** Returns how many outcomes would be lost with the parcel. */
export function outcomesIn(parcel: Parcel): number {
  if (parcel.kind === 'presence') return 0;
  if (parcel.kind === 'sums') return parcel.items.reduce((jobs, sum) => jobs + sum.jobs, 0);
  return parcel.kind === 'events'
    ? parcel.items.reduce((events, item) => events + item.events, 0)
    : parcel.items.length;
}

function slices<T>(items: T[], largest: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / largest) }, (_, place) =>
    items.slice(place * largest, (place + 1) * largest),
  );
}
