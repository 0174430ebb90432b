import { foldName } from '../../domain/spec/resolve.ts';
import type { SubjectType } from '../../domain/spec/vocabulary.ts';
import type { Queryable } from '../db/client.ts';

/** Looks up these names in the registry: name in lower case -> id. */
export async function lookUpNames(db: Queryable, names: readonly string[]): Promise<Map<string, string>> {
  if (names.length === 0) return new Map();
  const { rows } = await db.query<{ name: string; id: string }>(
    `select lower(full_name collate "C") as name, repository_id as id from repository_categories
     where lower(full_name collate "C") = any ($1)`,
    [[...new Set(names.map(foldName))]],
  );
  return new Map(rows.map(({ name, id }) => [name, id]));
}

/** Returns the ids that no subject of this type has; empty if the registry has no subject of this type. */
export async function unknownIds(
  db: Queryable,
  type: SubjectType,
  ids: readonly string[],
): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await db.query<{ id: string }>(
    `select distinct o.id from unnest($2::text[]) o(id)
     where exists (select from rollout_subjects s where s.subject_type = $1)
       and not exists (select from rollout_subjects s where s.subject_type = $1 and s.subject_id = o.id)`,
    [type, ids],
  );
  return rows.map(({ id }) => id);
}
