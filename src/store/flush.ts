import type pg from 'pg';
import { type Outcome, type OutcomeSum, OutcomeSums } from '../domain/outcomes.ts';
import { inTransaction, type Queryable } from './client.ts';
import { finishJobs, openJobs, type Stamp } from './jobs.ts';
import { type Flush, recordOutcomes } from './outcomes.ts';
import { categoriesOf } from './runtime-registry.ts';

/** The end of a routed job. */
export interface StampedEnd {
  stamp: Stamp;
  outcome: Outcome;
}

/** Records sums; what has no category gets the one the registry knows. See `recordOutcomes`. */
export async function flushSums(pool: pg.Pool, batch: string, { sums, errors }: Flush): Promise<void> {
  await recordOutcomes(pool, batch, { sums: await withCategories(pool, sums), errors });
}

/** Keeps open stamps. Sent again, it changes nothing. */
export async function flushOpenings(pool: pg.Pool, stamps: readonly Stamp[]): Promise<void> {
  await openJobs(pool, await withCategories(pool, stamps));
}

/**
 * Closes routed jobs and records those ends that count, in one transaction: sent again after a lost answer, no job
 * is open any more and nothing is added.
 */
export async function flushEnds(pool: pg.Pool, batch: string, ends: readonly StampedEnd[]): Promise<void> {
  await inTransaction(pool, 'begin', async (client) => {
    const stamps = await withCategories(
      client,
      ends.map(({ stamp }) => stamp),
    );
    const counted = await finishJobs(client, stamps);
    const sums = new OutcomeSums();
    for (const [place, { outcome }] of ends.entries()) {
      const stamp = stamps[place];
      if (!stamp || !counted.delete(stamp.id)) continue;
      sums.add({ ...outcome, category: stamp.category });
    }
    if (sums.outcomes > 0) await recordOutcomes(client, batch, sums);
  });
}

/** An application that decides by percentage alone does not know how large its subjects are; judging wants to. */
async function withCategories<T extends Pick<OutcomeSum, 'feature' | 'subject' | 'category'>>(
  db: Queryable,
  places: readonly T[],
): Promise<T[]> {
  const unknown = places.filter(({ category }) => category === '');
  const found = await categoriesOf(db, unknown);
  let next = 0;
  return places.map((place) => (place.category === '' ? { ...place, category: found[next++] ?? '' } : place));
}
