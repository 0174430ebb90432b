import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';

export const ROOT = join(import.meta.dirname, '..');

/** Of these packages only what is never called is used; see stubs/unused.ts. */
const UNUSED = ['@actions/http-client', '@actions/http-client/lib/auth', '@actions/exec', 'glob', 'jiti'];

/** What the status page carries in itself, with the two packages that no module imports. */
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
const OF_PAGE = ['node_modules/idiomorph', 'node_modules/uplot'];

export interface Bundle {
  /** Path below the root -> content. */
  files: Map<string, Uint8Array>;
  /** Folders below the root of the packages of which something is in the bundle. */
  packages: string[];
}

type Given = Required<Pick<BuildOptions, 'entryPoints' | 'outdir' | 'chunkNames' | 'banner' | 'external'>> &
  Pick<BuildOptions, 'plugins'>;

/**
 * Bundles programs with all packages that they use, but for `external`. They are split, so that a command loads only
 * what it needs, and not minified: minified code takes longer to start, and its stack traces name nothing. The same
 * sources give the same bytes in every folder.
 *
 * `home` is the folder below `outdir` for the page's assets and the licences: the one that the chunks are in.
 */
export async function bundle(what: string, home: string, given: Given): Promise<Bundle> {
  const stub = join(ROOT, 'scripts/stubs/unused.ts');
  const result = await build({
    absWorkingDir: ROOT,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    alias: Object.fromEntries(UNUSED.map((name) => [name, stub])),
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
    ...given,
  });
  const files = new Map(result.outputFiles.map(({ path, contents }) => [relative(ROOT, path), contents]));
  const packages = [...packagesIn(result.metafile), ...OF_PAGE].sort();
  for (const path of PAGE) files.set(`${home}/page/${basename(path)}`, readFileSync(join(ROOT, path)));
  files.set(`${home}/LICENCES.txt`, new TextEncoder().encode(licencesOf(what, packages)));
  return { files, packages };
}

function packagesIn({ inputs }: Metafile): string[] {
  const found = Object.keys(inputs).flatMap(
    (path) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  );
  return [...new Set(found)].sort();
}

/** The licences of packages, as their authors ask to be named where their code goes. */
function licencesOf(what: string, folders: readonly string[]): string {
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
    return [`${name} ${version} (${license})`, '', licenceIn(join(ROOT, folder)), ''].join('\n');
  });
  return `${what} contains code of these packages.\n\n${parts.join(`${'-'.repeat(72)}\n\n`)}`;
}

function licenceIn(folder: string): string {
  const names = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
  const texts = names.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return texts.length > 0 ? texts.join('\n\n') : 'No text of the licence is in the package.';
}

/** How large a bundle is, for the person who builds it. */
export function sizeOf({ files }: Bundle): string {
  const size = [...files.values()].reduce((sum, { length }) => sum + length, 0);
  return `${files.size} files, ${Math.round(size / 1024)} KiB`;
}
