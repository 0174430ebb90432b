/** Writes src/store/db/migration-names.ts from migrations/; `npm run generate` runs it. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const MIGRATIONS = join(import.meta.dirname, '../migrations');
const NAMES = join(import.meta.dirname, '../src/store/db/migration-names.ts');

/** The text of migration-names.ts. */
export function migrationNamesText(): string {
  const names = readdirSync(MIGRATIONS)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => `  '${file.slice(0, -'.sql'.length)}',\n`)
    .sort();
  return `/** The migrations of this version, in order. Generated from migrations/ by \`npm run generate\`; do not edit. */
export const MIGRATION_NAMES: readonly string[] = [
${names.join('')}];
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) writeFileSync(NAMES, migrationNamesText());
