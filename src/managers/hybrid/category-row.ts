import type { Controller } from '../../compose/controller.ts';
import type { OriginalCategory } from '../../domain/originals/originals.ts';
import { isoOf } from '../calls/options.ts';
import type { RepositoryCategory } from '../calls/types.ts';

/** Assigns one repository the category of its size; null if no repository has this id or `owner/name`. */
export async function categorized(
  { store, actor }: Controller,
  repositoryId: string,
): Promise<RepositoryCategory | null> {
  const row = await store.registry.categorizeOne({ actor }, repositoryId);
  return row && rowOf(row);
}

/** Formats a row as in the originals. */
export function rowOf(row: OriginalCategory): RepositoryCategory {
  return {
    id: row.repository_id,
    ...row,
    last_categorized_at: isoOf(row.last_categorized_at),
    created_at: isoOf(row.created_at),
    updated_at: isoOf(row.updated_at),
  };
}
