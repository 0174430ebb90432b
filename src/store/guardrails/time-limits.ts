import type { Queryable } from '../db/client.ts';

/**
 * Measures the 95th percentile of control's times of the last week, for the guardrails that compare with it. What was
 * measured before stands where control has too few jobs by now. Returns how many processors have a limit.
 */
export async function measureTimes(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ measured: number }>('select rollout_measure_times() as measured');
  return rows[0]?.measured ?? 0;
}
