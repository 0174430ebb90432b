import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { bundlePackage } from './build-lib.ts';

/**
 * Writes what a release consists of into a folder: the packed package, its bill of materials and its notes.
 *
 *   npx tsx scripts/release.ts FOLDER [REF]
 *
 * REF is the git ref that is released. A tag has to name the version of package.json, and the changelog has to have a
 * section for it; any other ref is a rehearsal, with the notes of what is not released yet.
 */
const root = join(import.meta.dirname, '..');
/** How a bill of materials marks what is bundled, in the place of npm's own mark: development. */
const BUNDLED = { name: 'cdx:npm:package:bundled', value: 'true' };
const [folder, ref = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder: npx tsx scripts/release.ts FOLDER [REF]');
const into = resolve(folder);

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  'name' | 'version',
  string
>;
const tag = /^refs\/tags\/(.+)$/.exec(ref)?.[1];
// One of these would become what everybody gets: `latest` in the registry, and the major tags of image and action.
if (tag !== undefined && !/^v\d+\.\d+\.\d+$/.test(tag)) {
  throw new Error(`${tag} is a prerelease, or no version at all: a release is tagged v1.2.3`);
}
if (tag !== undefined && tag !== `v${version}`) {
  throw new Error(
    `the tag is ${tag}, but package.json has version ${version}: tag v${version}, or change the version`,
  );
}
const notes = notesOf(tag === undefined ? 'Unreleased' : version);
if (notes === null) throw new Error(`CHANGELOG.md has no section for ${version}: write "## ${version}"`);

mkdirSync(into, { recursive: true });
// The registry wants to read in the package from which repository its provenance is. On the throwaway checkout of CI.
const repository = process.env.GITHUB_REPOSITORY;
if (process.env.CI && repository) {
  npm('pkg', 'set', 'repository.type=git', `repository.url=git+https://github.com/${repository}.git`);
}
npm('pack', '--pack-destination', into);
writeFileSync(join(into, 'sbom.cdx.json'), await billOfMaterials());
writeFileSync(join(into, 'notes.md'), `${notes}\n`);
console.log(`version ${version}, ${tag === undefined ? 'a rehearsal' : `released as ${tag}`}: ${into}`);

function npm(...args: string[]): string {
  return execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

interface Component {
  name: string;
  version: string;
  'bom-ref': string;
  properties?: { name: string; value: string }[];
}

interface Bill {
  metadata: { component: { name: string } };
  components: Component[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/**
 * What is installed with the package, by the lock file, and what is bundled in it. npm's own `--omit dev` leaves out
 * what a package for development uses too, `pg` among it, and everything that is bundled; and npm names the root after
 * the folder that it lies in.
 */
async function billOfMaterials(): Promise<string> {
  const bill = JSON.parse(npm('sbom', '--sbom-format', 'cyclonedx')) as Bill;
  const [installed, bundled] = [installedPackages(), await bundledPackages()];
  const identity = (one: Component): string => `${one.name}@${one.version}`;
  bill.metadata.component.name = name;
  bill.components = bill.components
    .filter((one) => installed.has(identity(one)) || bundled.has(identity(one)))
    .map((one) => (installed.has(identity(one)) ? one : { ...one, properties: [BUNDLED] }));
  const refs = new Set(bill.components.map((one) => one['bom-ref']));
  const own = bill.dependencies.filter(({ ref }) => refs.has(ref) || ref.startsWith(`${name}@`));
  bill.dependencies = own.map(({ ref, dependsOn = [] }) => ({
    ref,
    dependsOn: dependsOn.filter((each) => refs.has(each)),
  }));
  return `${JSON.stringify(bill, null, 2)}\n`;
}

/** Name and version of what npm installs with the package. */
function installedPackages(): Set<string> {
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<
      string,
      { version?: string } & Partial<Record<'dev' | 'devOptional' | 'optional' | 'peer', true>>
    >;
  };
  return new Set(
    Object.entries(packages)
      .filter(([path, one]) => path !== '' && !(one.dev || one.devOptional || one.optional || one.peer))
      .map(([path, one]) => `${path.split('node_modules/').at(-1)}@${one.version}`),
  );
}

async function bundledPackages(): Promise<Set<string>> {
  const { packages } = await bundlePackage();
  return new Set(
    packages.map((folder) => {
      const own = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Component;
      return `${own.name}@${own.version}`;
    }),
  );
}

/** The section of the changelog under this heading; null where there is none. */
function notesOf(heading: string): string | null {
  const sections = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m);
  const own = sections.find((section) => section.split(/[\s,]/, 1)[0] === heading);
  return own?.slice(own.indexOf('\n')).trim() ?? null;
}
