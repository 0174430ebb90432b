import type pg from 'pg';
import type { PerMultiplier } from '../../../src/domain/score/factor.ts';
import type { StoredSlice } from '../../../src/domain/score/stored-slice.ts';

/** What a flush says of the jobs of one subject, as the recording functions hand it to the score. */
export interface Increment {
  subject: string;
  category?: string;
  /** Default true; of control only `began`, here the jobs that ended, and `failed` count. */
  treatment?: boolean;
  /** Seconds since 1970; when the flush was heard unless it is given. */
  beganAt?: number;
  began?: number;
  opened?: number;
  closed?: number;
  failed?: number;
}

export interface StoredLevels {
  tolerated: number;
  levels: PerMultiplier;
  pages: PerMultiplier;
  runs: number[];
  score: number;
}

/** Hands a flush to the score under a clock of its own, in seconds since 1970, which the recording functions have not. */
export async function score(
  db: pg.ClientBase | pg.Pool,
  feature: string,
  heardAt: number,
  given: readonly Increment[],
): Promise<void> {
  const treated = given.filter(({ treatment = true }) => treatment);
  const control = given.filter(({ treatment = true }) => !treatment);
  await db.query(
    `select rollout_score(array[(0, $1, 1, '', to_timestamp($2), $3::text[], $4::text[],
       array(select to_timestamp(at) from unnest($5::float8[]) with ordinality o(at, place) order by place),
       $6::int[], $7::int[], $8::int[], $9::int[], $10::text[], $11::bigint[], $12::bigint[]
     )::rollout_increments])`,
    [
      ...[feature, heardAt],
      ...[treated.map(({ subject }) => subject), treated.map(({ category = '' }) => category)],
      ...[treated.map(({ beganAt = heardAt }) => beganAt), treated.map(({ began = 0 }) => began)],
      ...[treated.map(({ opened = 0 }) => opened), treated.map(({ closed = 0 }) => closed)],
      treated.map(({ failed = 0 }) => failed),
      control.map(({ category = '' }) => category),
      ...[control.map(({ began = 0 }) => began), control.map(({ failed = 0 }) => failed)],
    ],
  );
}

/** The slices of a scope, in the order of their birth. */
export async function slicesOf(db: pg.Pool, feature: string, scope = 'all'): Promise<StoredSlice[]> {
  const { rows } = await db.query<StoredSlice>(
    `select extract(epoch from started_at)::float8 as "startedAt", weight, spans::int, gain, jobs::int, failed::int,
       failed_spans::int as "failedSpans", control_jobs::int as "controlJobs", control_failed::int as "controlFailed"
     from rollout_slices where feature_name = $1 and scope = $2 order by slice`,
    [feature, scope],
  );
  return rows;
}

/** The levels of a scope against each of its limits. */
export async function levelsOf(
  db: pg.Pool,
  feature: string,
  scope = 'all',
): Promise<Map<string, StoredLevels>> {
  const { rows } = await db.query<StoredLevels & { kind: string }>(
    `select kind, tolerated, levels, pages, run_slices as runs, score from rollout_levels
     where feature_name = $1 and scope = $2`,
    [feature, scope],
  );
  return new Map(rows.map(({ kind, ...levels }) => [kind, levels]));
}
