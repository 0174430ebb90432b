import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { emptyDatabase, type TestDatabase } from '../database/database.ts';

type Original = 'application' | 'hybrid' | 'hybrid-rows' | 'pilot';

/** A database with tables of the hand-written managers, as test/fixtures/originals has them. */
export async function originals(...files: Original[]): Promise<TestDatabase> {
  const db = await emptyDatabase();
  for (const file of files) {
    await db.rows(readFileSync(join(import.meta.dirname, `../../fixtures/originals/${file}.sql`), 'utf8'));
  }
  return db;
}
