import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const FOLDER = join(import.meta.dirname, '../../../migrations');

/** `public.name(types)` of each function that a migration defines. */
function functionsIn(sql: string): string[] {
  const found = sql.matchAll(
    /create\s+(?:or\s+replace\s+)?function\s+(public\.\w+)\s*\(([^$]*?)\)\s*(?:returns|language)/gi,
  );
  return [...found].map(([, name, given = '']) => `${name}(${given.replace(/\s+/g, ' ').trim()})`);
}

it('each function of the migrations is defined in one place', () => {
  const defined = readdirSync(FOLDER)
    .filter((file) => file.endsWith('.sql'))
    .flatMap((file) => functionsIn(readFileSync(join(FOLDER, file), 'utf8')));
  expect(defined.length).toBeGreaterThan(150);
  const twice = defined.filter((signature, i) => defined.indexOf(signature) !== i);
  // Until the first release a change is made where the function is: no released database has the old one.
  expect(twice).toEqual([]);
});
