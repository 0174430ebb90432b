import { randomUUID } from 'node:crypto';
import type { ErrorSum, OutcomeSum } from '../domain/outcomes.ts';
import { RolloutError } from '../errors.ts';
import { flushEnds, flushOpenings, flushSums, type StampedEnd } from '../store/flush.ts';
import type { Pool } from '../store/runtime-connection.ts';
import type { Stamp } from './types.ts';

/** As much as one statement takes, under an id by which the database knows it again. */
export type Parcel =
  | { kind: 'openings'; id: string; items: Stamp[] }
  | { kind: 'sums'; id: string; items: OutcomeSum[]; errors: ErrorSum[] }
  | { kind: 'ends'; id: string; items: StampedEnd[] };

const LARGEST = 5_000;

/** What was gathered, cut into parcels. Openings go first: an end closes what is open. */
export function pack(
  openings: Stamp[],
  { sums, errors }: { sums: OutcomeSum[]; errors: ErrorSum[] },
  ends: StampedEnd[],
): Parcel[] {
  return [
    ...slices(openings).map((items): Parcel => ({ kind: 'openings', id: randomUUID(), items })),
    ...slices(sums).map((items, place): Parcel => {
      return { kind: 'sums', id: randomUUID(), items, errors: place === 0 ? errors : [] };
    }),
    ...slices(ends).map((items): Parcel => ({ kind: 'ends', id: randomUUID(), items })),
  ];
}

/** Sends it. After an error that says nothing of whether it arrived, it may be sent again. */
export function send(pool: Pool, parcel: Parcel): Promise<void> {
  switch (parcel.kind) {
    case 'openings':
      return flushOpenings(pool, parcel.items);
    case 'sums':
      return flushSums(pool, parcel.id, { sums: parcel.items, errors: parcel.errors });
    case 'ends':
      return flushEnds(pool, parcel.id, parcel.items);
  }
}

/** The two halves of a parcel that was refused, to find what is wrong with it; null where it is one thing. */
export function halves(parcel: Parcel): [Parcel, Parcel] | null {
  if (parcel.items.length < 2) return null;
  const middle = parcel.items.length >> 1;
  const half = (from: number, to: number): Parcel => {
    const id = randomUUID();
    switch (parcel.kind) {
      case 'openings':
        return { kind: 'openings', id, items: parcel.items.slice(from, to) };
      case 'sums':
        return {
          kind: 'sums',
          id,
          items: parcel.items.slice(from, to),
          errors: from === 0 ? parcel.errors : [],
        };
      case 'ends':
        return { kind: 'ends', id, items: parcel.items.slice(from, to) };
    }
  };
  return [half(0, middle), half(middle, parcel.items.length)];
}

/** How many outcomes would be lost with it. */
export function outcomesIn(parcel: Parcel): number {
  return parcel.kind === 'sums'
    ? parcel.items.reduce((jobs, sum) => jobs + sum.jobs, 0)
    : parcel.items.length;
}

const REFUSALS: readonly string[] = ['unknown_feature', 'record_invalid', 'usage'];

/** Of the data, as the server sees it: sending it again would be refused again, and nothing of it was kept. */
export function isRefused(error: unknown): error is Error {
  if (error instanceof RolloutError) return REFUSALS.includes(error.code);
  const state = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^(22|23|54)/.test(state) && state.length === 5;
}

function slices<T>(items: T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / LARGEST) }, (_, place) =>
    items.slice(place * LARGEST, (place + 1) * LARGEST),
  );
}
