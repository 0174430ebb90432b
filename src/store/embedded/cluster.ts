import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RolloutError } from '../../errors.ts';
import type { Binaries } from './binaries.ts';
import type { Place } from './place.ts';
import { run } from './process.ts';

/** The server's own folder inside a place, and the credentials of its clients. */
export type Cluster = { data: string; user: string; password: string };

const user = 'postgres';
const unfinished = 'unfinished-';

/**
 * Opens the cluster of a place; creates it if there is none. Call it under the place's lock.
 *
 * It is created under another name and renamed when complete: so a cluster is either whole, with its password, or
 * absent. Remains of a killed command are removed.
 */
export async function openCluster(
  place: Place,
  binaries: Binaries,
  options: { durable: boolean; patience: number },
): Promise<Cluster> {
  const folder = join(place.dir, 'cluster');
  if (!existsSync(folder)) {
    await removeUnfinished(place.dir);
    const made = await makeCluster(place, binaries, options);
    await rename(made, folder);
  }
  const password = await readFile(join(folder, 'password'), 'utf8').catch((cause: unknown) => {
    throw new RolloutError('embedded_failed', `cannot read the database's password in ${folder}`, {
      hint: `it belongs to whoever ran rollout here first: run this as that user, or remove ${place.dir} to begin anew without its data`,
      cause,
    });
  });
  return { data: join(folder, 'data'), user, password: password.trim() };
}

async function makeCluster(
  place: Place,
  binaries: Binaries,
  options: { durable: boolean; patience: number },
): Promise<string> {
  const folder = join(place.dir, `${unfinished}${randomBytes(6).toString('hex')}`);
  const password = join(folder, 'password');
  await mkdir(folder, { mode: 0o700 });
  await writeFile(password, `${randomBytes(24).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
  if (place.identity !== undefined) {
    for (const path of [password, folder]) await chown(path, place.identity.uid, place.identity.gid);
  }
  const settings = ['--encoding=UTF8', '--locale=C', '--auth=scram-sha-256', '--no-instructions'];
  const where = [`--pgdata=${join(folder, 'data')}`, `--username=${user}`, `--pwfile=${password}`];
  const made = await run(
    binaries.initdb,
    [...where, ...settings, ...(options.durable ? [] : ['--no-sync'])],
    { cwd: folder, identity: place.identity, timeout: options.patience },
  );
  if (made.code === 0) return folder;
  await rm(folder, { recursive: true, force: true });
  const reason = made.output.split('\n').slice(-8).join('\n');
  throw new RolloutError('embedded_failed', `cannot make a database cluster in ${place.dir}:\n${reason}`, {
    hint: 'fix what it names and run the command again, or set DATABASE_URL to a PostgreSQL 14 or newer',
  });
}

/** An initdb whose command was killed may still be writing; the next run removes its further files. */
async function removeUnfinished(dir: string): Promise<void> {
  for (const name of await readdir(dir)) {
    if (!name.startsWith(unfinished)) continue;
    await rm(join(dir, name), { recursive: true, force: true, maxRetries: 3 }).catch(() => {});
  }
}
