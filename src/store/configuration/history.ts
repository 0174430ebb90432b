import { byKey } from '../../domain/evidence/rates.ts';
import type { HistoryEntry } from '../../domain/report/history.ts';
import type { Queryable } from '../db/client.ts';

export interface HistoryQuery {
  feature?: string | undefined;
  action?: string | undefined;
  /** Newest first; default 50. */
  limit?: number | undefined;
  /** Rows with a smaller number, for the next page. */
  before?: number | undefined;
}

export interface Verification {
  valid: boolean;
  entries: number;
  /** Number of the first row whose digest is wrong; null: none. */
  first_bad: number | null;
  problem: string | null;
  /** Digest of the last row, to store elsewhere and pass to `--expect` later. */
  head: string | null;
}

const COLUMNS = `id::float8, feature_name as feature, action, previous_percentage::float8, new_percentage::float8,
  reason, triggered_by, session_role, verified_by, revision, epoch, metadata, created_at, encode(digest, 'hex') as digest`;

export async function readHistory(db: Queryable, query: HistoryQuery = {}): Promise<HistoryEntry[]> {
  const { rows } = await db.query<HistoryEntry>(
    `select ${COLUMNS} from rollout_history
     where ($1::text is null or feature_name = $1) and ($2::text is null or action = $2)
       and ($3::bigint is null or id < $3)
     order by id desc limit $4`,
    [query.feature ?? null, query.action ?? null, query.before ?? null, query.limit ?? 50],
  );
  return rows;
}

/** Reads the newest rows of each feature, or of one, newest first, by feature. */
export async function readLatestHistory(
  db: Queryable,
  limit: number,
  feature?: string,
): Promise<Map<string, HistoryEntry[]>> {
  const { rows } = await db.query<HistoryEntry & { feature: string }>(
    `select n.* from rollout_configuration c
     cross join lateral (
       select ${COLUMNS} from rollout_history h where h.feature_name = c.feature_name order by h.id desc limit $1
     ) n
     where $2::text is null or c.feature_name = $2`,
    [limit, feature ?? null],
  );
  return byKey(rows, (row) => row.feature);
}

export interface ExportQuery {
  feature?: string | undefined;
  action?: string | undefined;
  /** Only rows with a larger number. */
  after: number;
  /** Only rows since this moment; null: from the first row. */
  since: Date | null;
  limit: number;
}

/**
 * Reads rows in the order of their numbers, which is the order in which they were committed: the last row's number is a
 * cursor.
 */
export async function readHistoryOnward(db: Queryable, query: ExportQuery): Promise<HistoryEntry[]> {
  const { rows } = await db.query<HistoryEntry>(
    `select ${COLUMNS} from rollout_history
     where id > $1 and ($2::timestamptz is null or created_at >= $2)
       and ($3::text is null or feature_name = $3) and ($4::text is null or action = $4)
     order by id limit $5`,
    [query.after, query.since, query.feature ?? null, query.action ?? null, query.limit],
  );
  return rows;
}

/** Reads the last row of a feature with its whole spec that was written at or before a moment; null: none. */
export async function historyAt(db: Queryable, feature: string, at: Date): Promise<HistoryEntry | null> {
  const { rows } = await db.query<HistoryEntry>(
    `select ${COLUMNS} from rollout_history
     where feature_name = $1 and created_at <= $2 and metadata ? 'spec' order by id desc limit 1`,
    [feature, at],
  );
  return rows[0] ?? null;
}

/**
 * Returns the digest of the last row, in hexadecimal; empty before the first. Stored elsewhere, it reveals a rewritten
 * tail.
 */
export async function historyHead(db: Queryable): Promise<string> {
  const { rows } = await db.query<{ digest: string }>(
    `select encode(digest, 'hex') as digest from rollout_history order by id desc limit 1`,
  );
  return rows[0]?.digest ?? '';
}

/** Verifies the chain. `expect` is a digest in hexadecimal that must be one of its rows. */
export async function verifyHistory(db: Queryable, expect?: string): Promise<Verification> {
  const { rows } = await db.query<Verification>(
    `select v.valid, v.entries::float8, v.first_bad::float8, v.problem,
       (select encode(digest, 'hex') from rollout_history order by id desc limit 1) as head
     from rollout_verify_history($1) v`,
    [expect ?? null],
  );
  return rows[0] ?? { valid: true, entries: 0, first_bad: null, problem: null, head: null };
}
