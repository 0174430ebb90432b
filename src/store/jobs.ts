import type { Queryable } from './client.ts';

/** Counts routed jobs that never finished as failures, once. `seconds` by processor. Returns how many. */
export async function timeOutJobs(
  db: Queryable,
  feature: string,
  seconds: Readonly<Record<string, number>>,
): Promise<number> {
  const { rows } = await db.query<{ jobs: number }>(`select rollout_time_out_jobs($1, $2) as jobs`, [
    feature,
    JSON.stringify(seconds),
  ]);
  return rows[0]?.jobs ?? 0;
}
