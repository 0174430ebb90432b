import type { Queryable } from '../db/client.ts';

/** A tick's reading of the view `rollout_repository_source`. */
export interface SourceTurn {
  began_at: Date;
  /** True: the preceding import failed. */
  failing: boolean;
}

/** Begins a daily import; null: the view does not exist, or a tick began an import within the last day. */
export async function beginSource(db: Queryable): Promise<SourceTurn | null> {
  const { rows } = await db.query<SourceTurn>('select began_at, failing from rollout_begin_source()');
  return rows[0] ?? null;
}

/** Records whether the view could be read. */
export async function endSource(db: Queryable, read: boolean): Promise<void> {
  await db.query('select rollout_end_source($1)', [read]);
}
