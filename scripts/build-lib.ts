/**
 * Builds the published package into lib/: `npm run build:lib`.
 *
 * What an application embeds stays as it is in src, file by file, and may need `pg` and the optional peers only. The
 * command line and the managers are bundled with everything that they use, so that `npm install rollout-controller`
 * brings `pg` and nothing else. Both share the file of the errors: an error of either is an instance of the same class.
 */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { type Bundle, bundle, ROOT, sizeOf } from './bundle.ts';

const LIB = 'lib';
/** Programs that are bundled: they need packages that nobody should have to install. */
const BUNDLED = ['cli/main', 'managers/index'];
const ERRORS = 'errors';

interface Manifest {
  bin: Record<string, string>;
  exports: Record<string, string | { types: string; default: string }>;
  dependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
}

/** The command line and the managers, which have the chunks in `lib/cli` in common. */
export async function bundlePackage(): Promise<Bundle> {
  const { dependencies, peerDependencies } = manifest();
  return bundle('The command line of rollout-controller', `${LIB}/cli`, {
    entryPoints: Object.fromEntries(BUNDLED.map((name) => [name, `src/${name}.ts`])),
    outdir: LIB,
    chunkNames: 'cli/[name]-[hash]',
    // Packages in the old form call require for what Node brings. Without import.meta an application has bundled this
    // as CommonJS.
    banner: {
      js: "import { createRequire as requireFor } from 'node:module'; const require = requireFor(import.meta.url ?? __filename);",
    },
    external: [...Object.keys(dependencies), ...Object.keys(peerDependencies)],
    plugins: [sharedErrors],
  });
}

/** Every output lies in a folder of lib, so the file is at the same place from each. */
const sharedErrors: Plugin = {
  name: 'shared-errors',
  setup: ({ onResolve }) =>
    onResolve({ filter: new RegExp(`/${ERRORS}\\.ts$`) }, ({ path, resolveDir }) =>
      join(resolveDir, path) === join(ROOT, 'src', `${ERRORS}.ts`)
        ? { path: `../${ERRORS}.js`, external: true }
        : undefined,
    ),
};

function manifest(): Manifest {
  return JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as Manifest;
}

/** The entries of package.json as modules: `runtime/index`. */
function entries(): string[] {
  const paths = Object.values(manifest().exports).flatMap((one) =>
    typeof one === 'string' ? [] : one.default,
  );
  return paths.map((path) => relative(LIB, path).replace(/\.js$/, ''));
}

/**
 * Files that the entries for applications consist of. Throws where one of them needs a package that is not installed
 * with this one.
 */
async function plainFiles(built: string): Promise<string[]> {
  const { dependencies, peerDependencies } = manifest();
  const names = entries().filter((name) => !BUNDLED.includes(name));
  const { metafile } = await build({
    absWorkingDir: built,
    entryPoints: [...names, ERRORS].map((name) => `${name}.js`),
    ...{ bundle: true, splitting: true, write: false, metafile: true, outdir: 'none', logLevel: 'silent' },
    ...{ platform: 'node', format: 'esm', packages: 'external' },
  });
  const known = { ...dependencies, ...peerDependencies };
  for (const [file, { imports }] of Object.entries(metafile.inputs)) {
    const strange = imports.find(
      ({ path, external }) => external && !/^node:/.test(path) && !(path in known),
    );
    if (strange) throw new Error(`${file} imports ${strange.path}, which is not installed with the package`);
  }
  return Object.keys(metafile.inputs);
}

/**
 * Files of types that the entries name, themselves or through others. Throws where one of them names a package that has
 * no types where only this package is installed: `pg` brings none.
 */
function typeFiles(built: string): string[] {
  const { peerDependencies } = manifest();
  const found = new Set<string>();
  const follow = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    const text = readFileSync(join(built, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
    for (const [, path = ''] of text.matchAll(/(?:\bfrom|\bimport|\bimport\() ?['"]([^'"]+)['"]/g)) {
      if (path.startsWith('.')) follow(join(dirname(file), path).replace(/\.[jt]s$/, '.d.ts'));
      else if (!(path in peerDependencies))
        throw new Error(`${file} names types of ${path}, which are not installed`);
    }
  };
  for (const name of entries()) follow(`${name}.d.ts`);
  return [...found];
}

/**
 * Makes lib consist of these files. One that is there already is left alone and another one exchanged as a whole: who
 * packs at the same moment never reads half of it.
 */
function write(files: ReadonlyMap<string, Uint8Array>, staged: string): void {
  for (const [path, content] of files) {
    const to = join(ROOT, path);
    if (existsSync(to) && readFileSync(to).equals(content)) continue;
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(staged, content);
    renameSync(staged, to);
  }
  for (const entry of readdirSync(join(ROOT, LIB), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !files.has(relative(ROOT, path))) rmSync(path, { force: true });
  }
}

async function buildLib(): Promise<void> {
  // On the disk of lib, for what is renamed.
  const built = mkdtempSync(join(ROOT, 'node_modules/.lib-'));
  try {
    const compiler = [join(ROOT, 'node_modules/typescript/bin/tsc'), '--project', 'tsconfig.build.json'];
    execFileSync(process.execPath, [...compiler, '--outDir', built], { cwd: ROOT, stdio: 'inherit' });
    const plain = await plainFiles(built);
    const kept = [...plain, ...typeFiles(built)];
    const bundled = await bundlePackage();
    const files = kept.map((file): [string, Uint8Array] => [
      join(LIB, file),
      readFileSync(join(built, file)),
    ]);
    write(new Map([...files, ...bundled.files]), join(built, 'staged'));
    // On standard error: `npm pack --json` has the other one for itself.
    console.error(`${LIB}: ${plain.length} files for applications; bundled: ${sizeOf(bundled)}`);
  } finally {
    rmSync(built, { recursive: true });
  }
}

if (import.meta.filename === process.argv[1]) await buildLib();
