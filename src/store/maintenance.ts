import type pg from 'pg';

export interface Maintenance {
  /** Partitions made for the days to come. */
  created: number;
  /** Partitions dropped because they are past their keeping. */
  dropped: number;
  /** Remembered ids and batches that were forgotten. */
  forgotten: number;
}

/** Makes the partitions of the next days and drops what is past its keeping: 90 days unless told otherwise. */
export async function maintain(
  pool: pg.Pool,
  { keepDays = 90, aheadDays = 7 }: { keepDays?: number; aheadDays?: number } = {},
): Promise<Maintenance> {
  const { rows } = await pool.query<Maintenance>(
    `select created, dropped, forgotten::float8 from rollout_maintain($1, $2)`,
    [keepDays, aheadDays],
  );
  return rows[0] ?? { created: 0, dropped: 0, forgotten: 0 };
}
