import type { Queryable } from '../db/client.ts';

/**
 * Measures the 95th percentile of control's durations of the last week, for the guardrails that compare with it. The
 * earlier measurement stays if control now has too few jobs. Returns the number of processors with a limit.
 */
export async function measureTimes(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ measured: number }>('select rollout_measure_times() as measured');
  return rows[0]?.measured ?? 0;
}
