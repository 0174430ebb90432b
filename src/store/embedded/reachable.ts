import { existsSync } from 'node:fs';
import { cp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Binaries } from './binaries.ts';
import { exclusively } from './lock.ts';
import { canReach, type Place, type PlaceOptions, sharedFolder } from './place.ts';

/**
 * Returns programs that the server's user can run: the installed ones, or, if that user cannot enter their folder, a
 * copy beside root's relocated clusters. `log` receives a message about a copy.
 */
export async function reachableBinaries(
  binaries: Binaries,
  place: Place,
  options: PlaceOptions & { patience: number },
): Promise<Binaries> {
  const installed = dirname(binaries.postgres);
  if (place.identity === undefined || (await canReach(place.identity, installed))) return binaries;
  const shared = await sharedFolder(options.durable);
  const folder = join(shared, `postgres-${binaries.version}`);
  await exclusively(shared, options.patience, async () => {
    if (existsSync(folder)) return;
    options.log(
      `the database server runs as another user, who cannot enter ${installed}: copying it to ${folder}`,
    );
    await copyWhole(binaries.folder, folder, shared);
  });
  const inCopy = (path: string): string => path.replace(binaries.folder, folder);
  const { initdb, postgres, pgCtl, version } = binaries;
  return { folder, version, initdb: inCopy(initdb), postgres: inCopy(postgres), pgCtl: inCopy(pgCtl) };
}

/** Copied under another name and renamed, so that an interrupted copy is never taken for a whole one. */
async function copyWhole(from: string, to: string, shared: string): Promise<void> {
  const suffix = '.partial';
  for (const name of await readdir(shared)) {
    if (name.endsWith(suffix)) await rm(join(shared, name), { recursive: true, force: true });
  }
  await cp(from, `${to}${suffix}`, { recursive: true, verbatimSymlinks: true });
  await rename(`${to}${suffix}`, to);
}
