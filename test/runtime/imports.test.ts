import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const src = join(import.meta.dirname, '../../src');
const IMPORT = /^\s*(?:import|export)\s+(?!type\b)(?:[^'";]*?\sfrom\s*)?'([^']+)'/gm;

/** Every module and package that an entry pulls in at run time. */
function pulledInBy(entry: string, seen = new Set<string>(), packages = new Set<string>()): Set<string> {
  if (seen.has(entry)) return packages;
  seen.add(entry);
  for (const [, specifier = ''] of readFileSync(entry, 'utf8').matchAll(IMPORT)) {
    if (specifier.startsWith('.')) pulledInBy(resolve(dirname(entry), specifier), seen, packages);
    else if (!specifier.startsWith('node:')) packages.add(specifier);
  }
  return packages;
}

it('the entry for unit tests pulls in no package', () => {
  expect([...pulledInBy(join(src, 'runtime/testing/index.ts'))]).toEqual([]);
});

it('the entry for applications without a database pulls in no package', () => {
  expect([...pulledInBy(join(src, 'runtime/http/index.ts'))]).toEqual([]);
});

it('an application that embeds the library loads pg and no other package', () => {
  expect([...pulledInBy(join(src, 'runtime/index.ts'))]).toEqual(['pg']);
});
