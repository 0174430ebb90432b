import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, chown, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { RolloutError } from '../../errors.ts';
import { type Identity, run } from './process.ts';

/** The actual folder of a cluster, and the user of its server. */
export type Place = { dir: string; identity: Identity };

export type PlaceOptions = { durable: boolean; log: (line: string) => void };

/**
 * Decides where the cluster requested in `wanted` is stored, and creates that folder.
 *
 * For an ordinary user it is exactly there. PostgreSQL refuses to run as root, so root's server runs as the owner of
 * the cluster or of the folder around it, otherwise as `postgres`, otherwise as `nobody`. If that user cannot enter the
 * folder (below `/root`, in a private temporary folder), the cluster is placed below `/var/lib/rollout`, or in the
 * temporary folder if it need not last. `log` receives a message.
 */
export async function choosePlace(wanted: string, options: PlaceOptions): Promise<Place> {
  const folder = resolve(wanted);
  if (process.getuid?.() !== 0) return { dir: await makeFolder(folder), identity: undefined };

  const around = nearestExisting(folder);
  const cluster = join(folder, 'cluster');
  const { uid, gid } = existsSync(cluster) ? await stat(cluster) : await serverUser(around);
  const identity = { uid, gid };
  if (await canReach(identity, around)) return { dir: await makeFolder(folder, identity), identity };

  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const dir = join(await sharedFolder(options.durable), name);
  options.log(`the database server runs as another user, who cannot enter ${around}: it uses ${dir}`);
  return { dir: await makeFolder(dir), identity };
}

/** Creates a folder with its parents; new folders belong to `owner` if that user owns the parent. */
async function makeFolder(folder: string, owner?: Identity): Promise<string> {
  try {
    const around = await stat(nearestExisting(folder));
    const first = await mkdir(folder, { recursive: true });
    for (let made = folder; first !== undefined && made.length >= first.length; made = dirname(made)) {
      if (process.getuid?.() === 0) await chmod(made, 0o755);
      if (owner !== undefined && owner.uid === around.uid) await chown(made, owner.uid, owner.gid);
    }
    return await realpath(folder);
  } catch (cause) {
    throw new RolloutError('embedded_failed', `cannot make the folder ${folder} for the database`, {
      hint: 'run the command where you may write, or set DATABASE_URL to a PostgreSQL 14 or newer',
      cause,
    });
  }
}

/**
 * Creates a folder for files that root's servers cannot reach elsewhere. Anyone may write to the temporary folder, so
 * its owner is checked.
 */
export async function sharedFolder(durable: boolean): Promise<string> {
  const folder = durable ? '/var/lib/rollout' : join(tmpdir(), 'rollout-embedded');
  await makeFolder(folder);
  const found = await lstat(folder);
  if (found.isDirectory() && found.uid === 0 && (found.mode & 0o022) === 0) return folder;
  throw new RolloutError('embedded_failed', `${folder} must be a folder that only root may write`, {
    hint: `remove ${folder} and run the command again`,
  });
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}

async function serverUser(path: string): Promise<{ uid: number; gid: number }> {
  const owner = await stat(path);
  // initdb needs a user with a name, which the owner of a folder mounted into a container may lack.
  const named = await run('id', ['-un', `${owner.uid}`], { timeout: 10_000 });
  if (owner.uid !== 0 && named.code === 0) return { uid: owner.uid, gid: owner.gid };
  for (const name of ['postgres', 'nobody']) {
    const uid = await run('id', ['-u', name], { timeout: 10_000 });
    const gid = await run('id', ['-g', name], { timeout: 10_000 });
    if (uid.code === 0 && gid.code === 0) return { uid: Number(uid.output), gid: Number(gid.output) };
  }
  throw new RolloutError('embedded_failed', 'PostgreSQL does not run as root, and there is no other user', {
    hint: 'run the command as an ordinary user, or set DATABASE_URL to a PostgreSQL 14 or newer',
  });
}

/** Tested by trying as that user: only the kernel knows every mode, group, list and mount on the way. */
export async function canReach(identity: Identity, folder: string): Promise<boolean> {
  const tried = await run('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { identity, timeout: 10_000 });
  return tried.code === 0;
}
