import type { Arm, OutcomePlace } from '../domain/outcomes.ts';
import { plainArray, textArray, timeArray } from './arrays.ts';
import type { Queryable } from './client.ts';
import { translated } from './translated.ts';

/** A routed job: where its outcome will count, whenever and wherever it ends. */
export interface Stamp extends OutcomePlace {
  id: string;
  /** Milliseconds since 1970. */
  routed_at: number;
}

/**
 * Keeps the stamps of jobs that are still open, so that those that never end can be counted. Returns how many are
 * new: a job that has finished or timed out meanwhile is not opened again.
 */
export async function openJobs(db: Queryable, stamps: readonly Stamp[]): Promise<number> {
  const { rows } = await translated(() =>
    db.query<{ opened: number }>(
      `select rollout_open_jobs($1, $2, $3, $4, $5, $6, $7, $8, $9) as opened`,
      columnsOf(stamps),
    ),
  );
  return rows[0]?.opened ?? 0;
}

/**
 * Closes jobs and returns the ids whose outcome counts: the first end of a job that has not timed out. To be
 * called in the transaction that records those outcomes.
 */
export async function finishJobs(db: Queryable, stamps: readonly Stamp[]): Promise<Set<string>> {
  const { rows } = await translated(() =>
    db.query<{ id: string }>(
      `select rollout_finish_jobs($1, $2, $3, $4, $5, $6, $7, $8, $9) as id`,
      columnsOf(stamps),
    ),
  );
  return new Set(rows.map(({ id }) => id));
}

/** Counts jobs of a feature that never finished as failures, once; `timeouts` are seconds by processor. */
export async function timeOutJobs(
  db: Queryable,
  feature: string,
  timeouts: Readonly<Record<string, number>>,
): Promise<number> {
  const { rows } = await translated(() =>
    db.query<{ late: number }>(`select rollout_time_out_jobs($1, $2) as late`, [
      feature,
      JSON.stringify(timeouts),
    ]),
  );
  return rows[0]?.late ?? 0;
}

/** Routed jobs of one processor that have not ended. */
export interface OpenJobs {
  feature: string;
  processor: string;
  arm: Arm;
  open: number;
  /** When the oldest of them was routed. */
  oldest: Date;
}

/** Open jobs by processor and arm, of one feature or of all. */
export async function countOpenJobs(db: Queryable, feature?: string): Promise<OpenJobs[]> {
  const { rows } = await db.query<OpenJobs>(
    `select feature_name as feature, processor_type as processor, arm, count(*)::float8 as open,
       min(routed_at) as oldest
     from rollout_jobs where state = 'open' and ($1::text is null or feature_name = $1)
     group by 1, 2, 3 order by 1, 2, 3`,
    [feature ?? null],
  );
  return rows;
}

function columnsOf(stamps: readonly Stamp[]): string[] {
  return [
    textArray(stamps.map((stamp) => stamp.id)),
    textArray(stamps.map((stamp) => stamp.feature)),
    textArray(stamps.map((stamp) => stamp.subject)),
    plainArray(stamps.map((stamp) => stamp.epoch)),
    textArray(stamps.map((stamp) => stamp.arm)),
    textArray(stamps.map((stamp) => stamp.category)),
    textArray(stamps.map((stamp) => stamp.processor)),
    textArray(stamps.map((stamp) => stamp.job_class)),
    timeArray(stamps.map((stamp) => stamp.routed_at)),
  ];
}
