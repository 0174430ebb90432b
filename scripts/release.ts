import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/**
 * Writes what a release consists of into a folder: the packed package, its bill of materials and its notes.
 *
 *   npx tsx scripts/release.ts FOLDER [REF]
 *
 * REF is the git ref that is released. A tag has to name the version of package.json, and the changelog has to have a
 * section for it; any other ref is a rehearsal, with the notes of what is not released yet.
 */
const root = join(import.meta.dirname, '..');
const [folder, ref = ''] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder: npx tsx scripts/release.ts FOLDER [REF]');
const into = resolve(folder);

const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<
  'name' | 'version',
  string
>;
const tag = /^refs\/tags\/(.+)$/.exec(ref)?.[1];
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
writeFileSync(join(into, 'sbom.cdx.json'), billOfMaterials());
writeFileSync(join(into, 'notes.md'), `${notes}\n`);
console.log(`version ${version}, ${tag === undefined ? 'a rehearsal' : `released as ${tag}`}: ${into}`);

function npm(...args: string[]): string {
  return execFileSync('npm', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

/** What the package is made of. npm names its root after the folder that it lies in. */
function billOfMaterials(): string {
  const sbom = JSON.parse(npm('sbom', '--omit', 'dev', '--sbom-format', 'cyclonedx')) as {
    metadata: { component: { name: string } };
  };
  sbom.metadata.component.name = name;
  return `${JSON.stringify(sbom, null, 2)}\n`;
}

/** The section of the changelog under this heading; null where there is none. */
function notesOf(heading: string): string | null {
  const sections = readFileSync(join(root, 'CHANGELOG.md'), 'utf8').split(/^## /m);
  const own = sections.find((section) => section.split(/[\s,]/, 1)[0] === heading);
  return own?.slice(own.indexOf('\n')).trim() ?? null;
}
