import type { Arm, Outcome, OutcomePlace } from '../../domain/evidence/outcomes.ts';
import { plainArray, textArray, timeArray } from '../db/arrays.ts';
import type { Queryable } from '../db/client.ts';
import { translated } from '../db/driver-errors.ts';
import { named } from './outcomes.ts';
import { type Routes, routesCall } from './routes.ts';

/** A routed job: the place where its outcome counts, whenever and wherever it ends. */
export interface Stamp extends OutcomePlace {
  id: string;
  /** Milliseconds since 1970. */
  routed_at: number;
}

/** The end of a routed job. */
export interface StampedEnd {
  stamp: Stamp;
  outcome: Outcome;
}

/**
 * Stores the stamps of open jobs, so that those that never end can be counted. Returns the number of new ones: a job
 * that has finished or timed out meanwhile is not opened again. `lastError` is the error text of an attempt that is
 * followed by another.
 */
export async function openJobs(
  db: Queryable,
  stamps: readonly (Stamp & { lastError?: string | null })[],
  routes?: Routes,
): Promise<number> {
  const more = routesCall(routes, 11);
  const { rows } = await translated(() =>
    db.query<{ opened: number }>(
      `select rollout_open_jobs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) as opened${more.sql}`,
      [...columnsOf(stamps), textArray(stamps.map(({ lastError }) => lastError ?? null)), ...more.values],
    ),
  );
  return rows[0]?.opened ?? 0;
}

/**
 * Records how routed jobs ended. The first end of each job counts, whichever process reports it, unless the job has
 * timed out. Returns how many were counted; a repeated call counts none.
 *
 * Throws `record_invalid` and `unknown_feature` as `recordOutcomes`.
 */
export async function recordEnds(
  db: Queryable,
  batch: string,
  ends: readonly StampedEnd[],
  routes?: Routes,
): Promise<number> {
  const more = routesCall(routes, 15);
  const { rows } = await named(() =>
    db.query<{ counted: number }>(
      `select rollout_record_ends($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) as counted${more.sql}`,
      [
        batch,
        ...columnsOf(ends.map(({ stamp }) => stamp)),
        plainArray(ends.map(({ outcome }) => outcome.ok)),
        plainArray(ends.map(({ outcome }) => outcome.duration_ms)),
        textArray(ends.map(({ outcome }) => outcome.error)),
        timeArray(ends.map(({ outcome }) => outcome.finished_at)),
        ...more.values,
      ],
    ),
  );
  return rows[0]?.counted ?? 0;
}

/** Counts a feature's jobs that never finished as failures, once; `timeouts` are seconds by processor. */
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

/** Counts open jobs by processor and arm, of one feature or of all. */
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
