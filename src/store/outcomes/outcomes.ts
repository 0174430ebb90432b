import { setTimeout as sleep } from 'node:timers/promises';
import type { Arm, ErrorSum, OutcomeSum } from '../../domain/evidence/outcomes.ts';
import { RolloutError } from '../../errors.ts';
import { errorCode, errorText } from '../../lib/error-text.ts';
import { retry } from '../../lib/retry.ts';
import { plainArray, textArray, timeArray } from '../db/arrays.ts';
import type { Queryable } from '../db/client.ts';
import { isClash, translated } from '../db/driver-errors.ts';
import { type Routes, routesCall } from './routes.ts';
import { timesOf } from './time-counts.ts';

/** Data that a process gathered between two flushes. */
export interface Flush {
  sums: readonly OutcomeSum[];
  errors: readonly ErrorSum[];
  routes?: Routes | undefined;
}

/**
 * Adds sums of outcomes to the recorded ones: per subject, for health, and error texts of failed jobs, all or nothing.
 *
 * A batch counts once, however often it is sent: after a lost answer send it again under the same id. False: it was
 * recorded before. Throws `record_invalid` for impossible counts and `unknown_feature`; then nothing was recorded.
 * Windows in the future, from a clock that is ahead, count as now.
 */
export async function recordOutcomes(db: Queryable, batch: string, flush: Flush): Promise<boolean> {
  const { sums, errors } = flush;
  const times = timesOf(sums);
  const more = routesCall(flush.routes, 31);
  const { rows } = await named(() =>
    db.query<{ recorded: boolean }>(
      `select rollout_record_outcomes($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15,
         $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30) as recorded${more.sql}`,
      [
        batch,
        textArray(sums.map((s) => s.feature)),
        textArray(sums.map((s) => s.subject)),
        textArray(sums.map((s) => s.processor)),
        textArray(sums.map((s) => s.arm)),
        plainArray(sums.map((s) => s.epoch)),
        textArray(sums.map((s) => s.job_class)),
        textArray(sums.map((s) => s.category)),
        timeArray(sums.map((s) => s.window)),
        plainArray(sums.map((s) => s.jobs)),
        plainArray(sums.map((s) => s.errors)),
        plainArray(sums.map((s) => s.timed_jobs)),
        plainArray(sums.map((s) => s.processing_ms)),
        textArray(sums.map((s) => s.last_error)),
        timeArray(sums.map((s) => (s.last_error === null ? null : s.last_error_at))),
        textArray(errors.map((e) => e.feature)),
        textArray(errors.map((e) => e.processor)),
        textArray(errors.map((e) => e.arm)),
        textArray(errors.map((e) => e.message)),
        plainArray(errors.map((e) => e.occurrences)),
        timeArray(errors.map((e) => e.last_at)),
        textArray(sums.map(({ times: counters }) => (counters ? pairsText(counters) : null))),
        textArray(times.map((t) => t.feature)),
        textArray(times.map((t) => t.processor)),
        textArray(times.map((t) => t.arm)),
        plainArray(times.map((t) => t.epoch)),
        textArray(times.map((t) => t.category)),
        timeArray(times.map((t) => t.window)),
        plainArray(times.map((t) => t.place)),
        plainArray(times.map((t) => t.count)),
        ...more.values,
      ],
    ),
  );
  return rows[0]?.recorded === true;
}

/** Formats counters as `place:count place:count`. */
function pairsText(counters: readonly number[]): string {
  return counters.map((value, at) => (at % 2 === 0 ? `${value}:` : `${value} `)).join('');
}

/** A finished job as reported by a program, without a stamp. */
export interface ReportedJob {
  feature: string;
  /** Id, or the current `owner/name` of a repository. */
  subject: string;
  processor: string;
  ok: boolean;
  /** Arm; null: the subject's present arm. */
  arm: Arm | null;
  duration_ms: number | null;
  error: string | null;
  /** Milliseconds since 1970; null: now. */
  finished_at: number | null;
  /** Id of the job: only the first end per id and feature counts. */
  id: string | null;
  /** True: another attempt follows. Needs an id; left out: false. */
  will_retry?: boolean;
}

/** A job that cannot be recorded, by its index in the input, from 0. */
export interface RefusedJob {
  place: number;
  problem: 'unknown_feature' | 'unknown_subject' | 'other_subject_type';
  subject_type: string | null;
}

export interface RecordAnswer {
  recorded: number;
  /** Jobs left out because their id was seen before. */
  repeated: number;
  /** Failed attempts that another one follows: kept until their jobs end or time out. */
  kept: number;
  refused: RefusedJob[];
}

/**
 * Records reported jobs: all of them, or with `skipInvalid` all with a known feature and subject. If some are refused
 * and must not be skipped, nothing is recorded.
 *
 * After a lost answer, repeat the call with the same batch: every job still counts once.
 */
export async function recordJobs(
  db: Queryable,
  batch: string,
  jobs: readonly ReportedJob[],
  options: { skipInvalid: boolean; anySubject: boolean },
): Promise<RecordAnswer> {
  const values = [
    batch,
    textArray(jobs.map((job) => job.feature)),
    textArray(jobs.map((job) => job.subject)),
    textArray(jobs.map((job) => job.processor)),
    plainArray(jobs.map((job) => job.ok)),
    textArray(jobs.map((job) => job.arm)),
    plainArray(jobs.map((job) => job.duration_ms)),
    textArray(jobs.map((job) => job.error)),
    timeArray(jobs.map((job) => job.finished_at)),
    textArray(jobs.map((job) => job.id)),
    options.skipInvalid,
    options.anySubject,
    plainArray(jobs.map((job) => job.will_retry ?? false)),
  ];
  const { rows } = await persistently(() =>
    named(() =>
      db.query<{ answer: RecordAnswer }>(
        `select rollout_record_jobs($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) as answer`,
        values,
      ),
    ),
  );
  const { recorded = 0, repeated = 0, kept = 0, refused = [] } = rows[0]?.answer ?? {};
  return { recorded, repeated, kept, refused: fromZero(refused) };
}

/** Returns which of these would be refused; writes nothing. */
export async function refusedJobs(
  db: Queryable,
  jobs: readonly ReportedJob[],
  anySubject: boolean,
): Promise<RefusedJob[]> {
  const { rows } = await db.query<{ refused: RefusedJob[] }>(
    `select rollout_refused_jobs($1, $2, $3) as refused`,
    [textArray(jobs.map((job) => job.feature)), textArray(jobs.map((job) => job.subject)), anySubject],
  );
  return fromZero(rows[0]?.refused ?? []);
}

function fromZero(refused: readonly RefusedJob[]): RefusedJob[] {
  return refused.map((one) => ({ ...one, place: one.place - 1 }));
}

/** Pauses in milliseconds, long enough in total for a server restart. */
const PAUSES_MS = [50, 250, 1_000, 3_000, 6_000];

/** Repeats the work while the database is unreachable or another transaction is quicker. */
export function persistently<T>(work: () => Promise<T>): Promise<T> {
  const pause = (failures: number) => sleep(PAUSES_MS[failures - 1]);
  return retry(work, { attempts: PAUSES_MS.length + 1, mayPass, pause });
}

function mayPass(error: unknown): boolean {
  if (error instanceof RolloutError) return error.code === 'database_unreachable' || error.code === 'busy';
  return isClash(error);
}

/** Converts errors about impossible counts, which the caller caused. */
export function named<T>(work: () => Promise<T>): Promise<T> {
  return translated(work).catch((error: unknown) => {
    if (errorCode(error) !== '23514') throw error;
    throw new RolloutError('record_invalid', errorText(error), {
      hint: 'errors are at most as many as jobs, none of them negative; nothing of this batch was recorded',
      cause: error,
    });
  });
}
