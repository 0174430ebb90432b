import type { TestsChange } from '../../domain/plan/impact.ts';
import type { Facts } from '../../domain/spec/audience/audience.ts';
import { foldName } from '../../domain/spec/resolve.ts';
import type { Category, SubjectType } from '../../domain/spec/vocabulary.ts';
import { categoryAfter } from '../configuration/impact.ts';
import type { Queryable } from '../db/client.ts';

/** A subject of the registry. */
export interface KnownSubject {
  id: string;
  name: string | null;
  category: Category | null;
  facts: Facts;
  registered_at: Date;
}

/**
 * Finds a subject by its id, or a repository by its current `owner/name`; null: not in the registry. With `tests` a
 * repository has the category that follows from that list of test repositories.
 */
export async function findSubject(
  db: Queryable,
  type: SubjectType,
  idOrName: string,
  tests: TestsChange | null = null,
): Promise<KnownSubject | null> {
  if (type === 'customer') return findCustomer(db, idOrName);
  const { rows } = await db.query<KnownSubject>(
    `select repository_id as id, full_name as name, ${tests ? categoryAfter(3) : 'category'} as category,
       facts, created_at as registered_at
     from repository_categories where repository_id = $1 or lower(full_name collate "C") = $2
     order by repository_id = $1 desc limit 1`,
    [idOrName, foldName(idOrName), ...(tests ? [tests.moved, tests.after] : [])],
  );
  return rows[0] ?? null;
}

async function findCustomer(db: Queryable, id: string): Promise<KnownSubject | null> {
  const { rows } = await db.query<KnownSubject>(
    `select customer_id as id, name, null as category, facts, created_at as registered_at
     from rollout_customers where customer_id = $1`,
    [id],
  );
  return rows[0] ?? null;
}

/** Reads a repository's category at a moment in the past; `known` is false if it was not kept. */
export async function categoryAt(
  db: Queryable,
  id: string,
  at: Date,
): Promise<{ category: Category | null; known: boolean }> {
  const { rows } = await db.query<{ category: Category | null; since: Date | null }>(
    `select category, since from (
       select category, since, until from rollout_category_history where repository_id = $1
       union all
       select category, last_categorized_at, 'infinity' from repository_categories where repository_id = $1
     ) held where until > $2 order by until limit 1`,
    [id, at],
  );
  const row = rows[0];
  if (!row) return { category: null, known: false };
  return row.since !== null && row.since <= at
    ? { category: row.category, known: true }
    : { category: null, known: false };
}

/** Reads a subject's facts at a moment in the past; null: they equal the present ones. */
export async function factsAt(db: Queryable, type: SubjectType, id: string, at: Date): Promise<Facts | null> {
  const { rows } = await db.query<{ facts: Facts }>(
    `select facts from rollout_facts_history where subject_type = $1 and subject_id = $2 and until > $3
     order by until limit 1`,
    [type, id, at],
  );
  return rows[0]?.facts ?? null;
}

/** Evaluates one subject in PostgreSQL. */
export async function evaluateInDatabase(
  db: Queryable,
  feature: string,
  subject: string,
): Promise<{ eligible: boolean; reason: string; bucket: number | null }> {
  const { rows } = await db.query(`select eligible, reason, bucket from rollout_evaluate($1, $2)`, [
    feature,
    subject,
  ]);
  return rows[0];
}
